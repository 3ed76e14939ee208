"""A raw archive in a folder, for one machine: the same calls as a bucket, durable when they return."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from libs.storage.errors import ObjectMissing, StorageRefused, StorageUnavailable
from libs.storage.proof import Download, StoredObject

_CHUNK = 1 << 20


class FileStore:
    """``<root>/<bucket>/<key>``. A file is there whole or not at all: renamed once it is on the disk."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def open(self) -> None:
        """Make the folder. Raises OSError where that cannot be done."""
        await asyncio.to_thread(self._root.mkdir, parents=True, exist_ok=True, mode=0o700)

    async def close(self) -> None:
        """Nothing is held open."""

    async def head(self, bucket: str, key: str) -> StoredObject:
        """What stands under a key. Raises ObjectMissing."""
        path = self._path(bucket, key)
        with _trouble(path):
            try:
                found = await asyncio.to_thread(path.stat)
            except FileNotFoundError as error:
                raise ObjectMissing(f"There is no file {path}") from error
        at = datetime.fromtimestamp(found.st_mtime, UTC)
        return StoredObject(bucket, key, found.st_size, f"{found.st_mtime_ns:x}", at, scheme="file")

    async def download(self, found: StoredObject, to: Path) -> Download:
        """Copy a file, with its digest. Raises ObjectMissing, or StorageUnavailable when it was cut short."""
        path = self._path(found.bucket, found.key)
        with _trouble(path):
            try:
                size, sha256 = await asyncio.to_thread(_copy, path, to)
            except FileNotFoundError as error:
                raise ObjectMissing(f"There is no file {path}") from error
        if size != found.size:
            raise StorageUnavailable(f"{path} was cut short: {size:,} of {found.size:,} bytes")
        return Download(to, size, sha256)

    async def put(self, bucket: str, key: str, path: Path) -> None:
        """Keep a file's bytes under a key. Idempotent."""

        def write(file: IO[bytes]) -> None:
            with path.open("rb") as source:
                shutil.copyfileobj(source, file, _CHUNK)

        await self._write(bucket, key, write)

    async def put_bytes(self, bucket: str, key: str, body: bytes) -> None:
        """Keep a small body under a key. Idempotent."""
        await self._write(bucket, key, lambda file: file.write(body))

    async def delete(self, bucket: str, key: str) -> None:
        """Take a file away. Idempotent."""
        path = self._path(bucket, key)
        with _trouble(path):
            await asyncio.to_thread(path.unlink, missing_ok=True)

    async def ensure_bucket(self, bucket: str) -> None:
        """Folders are made when something is put there."""

    async def _write(self, bucket: str, key: str, write: Callable[[IO[bytes]], object]) -> None:
        path = self._path(bucket, key)
        with _trouble(path):
            await asyncio.to_thread(_replace, path, write)

    def _path(self, bucket: str, key: str) -> Path:
        path = self._root / bucket / key
        if ".." in path.parts or not bucket or not key or Path(key).is_absolute() or "/" in bucket:
            raise StorageRefused(f"{bucket}/{key} is not a place in the archive")
        return path


def _replace(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(prefix=".part-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _copy(path: Path, to: Path) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as source, to.open("wb") as target:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
            target.write(chunk)
    return size, digest.hexdigest()


@contextmanager
def _trouble(path: Path) -> Iterator[None]:
    """A disk that is full or gone can be repaired: worth another try."""
    try:
        yield
    except OSError as error:
        raise StorageUnavailable(
            f"{path} could not be read or written: {error.strerror or error!r}"
        ) from error
