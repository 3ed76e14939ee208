"""What was found, what was read, and whether the two are the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from libs.storage.errors import StorageUnavailable


@dataclass(frozen=True)
class StoredObject:
    """An object as it stood when it was looked at."""

    bucket: str
    key: str
    size: int
    etag: str
    last_modified: datetime
    version_id: str | None = None
    """None where the bucket keeps no versions."""
    scheme: str = "s3"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.bucket}/{self.key}"


@dataclass(frozen=True)
class Download:
    """A file that was read whole and verified."""

    path: Path
    size: int
    sha256: str


class RawStore(Protocol):
    """Where raw files are kept: a bucket (ObjectStore) or a folder (FileStore)."""

    async def open(self) -> None: ...
    async def close(self) -> None: ...
    async def head(self, bucket: str, key: str) -> StoredObject: ...
    async def download(self, found: StoredObject, to: Path) -> Download: ...
    async def put(self, bucket: str, key: str, path: Path) -> None: ...
    async def put_bytes(self, bucket: str, key: str, body: bytes) -> None: ...
    async def delete(self, bucket: str, key: str) -> None: ...
    async def ensure_bucket(self, bucket: str) -> None: ...


def etag_is_md5(etag: str, answer: Any) -> bool:
    """Whether the ETag is the body's MD5: not after an upload in parts, nor with keys kept elsewhere."""
    encrypted = answer.get("ServerSideEncryption", "AES256") != "AES256" or "SSECustomerAlgorithm" in answer
    return len(etag) == 32 and "-" not in etag and not encrypted


def verify(found: StoredObject, size: int, md5: str, *, plain: bool) -> None:
    """Raise StorageUnavailable unless so many bytes with this MD5 are the object (``plain``: it has one)."""
    if size != found.size:
        raise StorageUnavailable(f"{found.url} was cut short: {size:,} of {found.size:,} bytes came")
    if plain and md5 != found.etag:
        raise StorageUnavailable(f"{found.url} came damaged: its checksum is not {found.etag}")
