"""An object store over S3's protocol: find, head, download with proof, keep."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

from aiobotocore.config import AioConfig
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from libs.settings import S3Settings
from libs.storage.errors import (
    BucketMissing,
    ObjectChanged,
    ObjectMissing,
    StorageRefused,
    StorageUnavailable,
)
from libs.storage.proof import Download, StoredObject, etag_is_md5, verify
from libs.storage.session import new_session
from libs.storage.translate import storage_errors

if TYPE_CHECKING:
    from types_aiobotocore_s3 import S3Client

RETRIES = 3
CHUNK = 1 << 20
ONE_REQUEST = 100 << 20
"""Up to this size a file goes up in one request: 50 MB in half of the time that eight take."""
PART = 8 << 20
"""Larger files go up in parts of this size, one after the other: that much memory and no more."""
MAX_LISTED = 20_000
"""Keys under one prefix; a pattern that matches more is a mistake, not a delivery."""


class ObjectStore:
    """One client for the life of a process: ``async with ObjectStore(settings) as store``.

    Every call raises the errors of libs.storage.errors. Network trouble, 5xx and throttling were
    tried three times more, with growing pauses, before StorageUnavailable is raised.
    """

    def __init__(self, settings: S3Settings, *, read_timeout: float = 60) -> None:
        self._settings = settings
        self._read_timeout = read_timeout
        self._stack = AsyncExitStack()
        self._client: S3Client | None = None

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def open(self) -> None:
        """Make the client; nothing connects yet."""
        if self._client is not None:
            return
        settings = self._settings
        config = AioConfig(
            connect_timeout=10,
            read_timeout=self._read_timeout,
            max_pool_connections=10,
            retries={"total_max_attempts": RETRIES + 1, "mode": "standard"},
            # Other stores than Amazon's seldom have a host name for each bucket.
            # Bodies carry a checksum, which the store compares; to sign them they would be read once more.
            # Over https that is the default; this holds for plain http, too, where nothing is private.
            s3={
                "addressing_style": "path" if settings.s3_endpoint_url else "auto",
                "payload_signing_enabled": False,
            },
        )
        session = new_session(settings.aws_access_key_id, settings.aws_secret_access_key, settings.aws_region)
        self._client = await self._stack.enter_async_context(
            session.client("s3", endpoint_url=settings.s3_endpoint_url or None, config=config)
        )

    async def close(self) -> None:
        """Close the client's connections."""
        self._client = None
        await self._stack.aclose()

    @property
    def _s3(self) -> S3Client:
        if self._client is None:
            raise RuntimeError("open the ObjectStore first")
        return self._client

    async def find(self, bucket: str, prefix: str) -> AsyncIterator[StoredObject]:
        """Objects whose key starts with a prefix, by key; without version ids (``head`` tells those).

        Raises StorageRefused when there are more than MAX_LISTED of them.
        """
        seen = 0
        with storage_errors(bucket):
            pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
            async for page in pages:
                for item in page.get("Contents", []):
                    seen += 1
                    if seen > MAX_LISTED:
                        raise StorageRefused(
                            f"More than {MAX_LISTED:,} objects in bucket {bucket} start with {prefix!r}: "
                            "narrow the prefix or the pattern"
                        )
                    yield StoredObject(
                        bucket, item["Key"], item["Size"], item["ETag"].strip('"'), item["LastModified"]
                    )

    async def head(self, bucket: str, key: str) -> StoredObject:
        """What stands under a key now. Raises ObjectMissing, or BucketMissing where it can be told."""
        try:
            with storage_errors(bucket, key):
                answer = await self._s3.head_object(Bucket=bucket, Key=key)
        except ObjectMissing:
            await self._need_bucket(bucket)
            raise
        version = answer.get("VersionId")
        return StoredObject(
            bucket,
            key,
            answer["ContentLength"],
            answer["ETag"].strip('"'),
            answer["LastModified"],
            None if version in (None, "null") else version,
        )

    async def download(self, found: StoredObject, to: Path) -> Download:
        """Write that very object to a file, proving length and checksum on the way.

        Raises ObjectChanged when something else stands there by now, ObjectMissing when nothing does.
        """
        async for attempt in AsyncRetrying(
            retry=retry_if_exception(_is_trouble),
            stop=stop_after_attempt(RETRIES),
            wait=wait_exponential_jitter(multiplier=0.2, max=5),
            reraise=True,
        ):
            with attempt, storage_errors(found.bucket, found.key):
                return await self._download_once(found, to)
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _download_once(self, found: StoredObject, to: Path) -> Download:
        wanted: dict[str, Any] = {"VersionId": found.version_id} if found.version_id else {}
        answer = await self._s3.get_object(
            Bucket=found.bucket, Key=found.key, IfMatch=found.etag, ChecksumMode="ENABLED", **wanted
        )
        sha256, md5, size = hashlib.sha256(), hashlib.md5(usedforsecurity=False), 0

        def keep(chunk: bytes, file: IO[bytes]) -> None:
            sha256.update(chunk)
            md5.update(chunk)
            file.write(chunk)

        body = answer["Body"]
        async with body:
            with to.open("wb") as file:
                while chunk := await body.read(CHUNK):
                    size += len(chunk)
                    await asyncio.to_thread(keep, chunk, file)
        verify(found, size, md5.hexdigest(), plain=etag_is_md5(found.etag, answer))
        return Download(to, size, sha256.hexdigest())

    async def put(self, bucket: str, key: str, path: Path) -> None:
        """Keep a file's bytes under a key, in parts where it is large. Idempotent; memory is flat."""
        size = (await asyncio.to_thread(path.stat)).st_size
        with storage_errors(bucket, key):
            if size > ONE_REQUEST:
                await self._put_parts(bucket, key, path)
                return
            with path.open("rb") as file:
                await self._s3.put_object(Bucket=bucket, Key=key, Body=file)

    async def put_bytes(self, bucket: str, key: str, body: bytes) -> None:
        """Keep a small body under a key. Idempotent."""
        with storage_errors(bucket, key):
            await self._s3.put_object(Bucket=bucket, Key=key, Body=body)

    async def delete(self, bucket: str, key: str) -> None:
        """Take an object away. Idempotent."""
        with storage_errors(bucket, key):
            await self._s3.delete_object(Bucket=bucket, Key=key)

    async def _put_parts(self, bucket: str, key: str, path: Path) -> None:
        # aioboto3's own upload waits for ever once every uploader has failed and its queue is full.
        upload = (await self._s3.create_multipart_upload(Bucket=bucket, Key=key))["UploadId"]
        place: dict[str, Any] = {"Bucket": bucket, "Key": key, "UploadId": upload}
        done: list[Any] = []
        try:
            with path.open("rb") as file:
                while part := await asyncio.to_thread(file.read, PART):
                    number = len(done) + 1
                    answer = await self._s3.upload_part(**place, PartNumber=number, Body=part)
                    done.append({"ETag": answer["ETag"], "PartNumber": number})
            await self._s3.complete_multipart_upload(**place, MultipartUpload={"Parts": done})
        except BaseException:
            await self._s3.abort_multipart_upload(**place)
            raise

    async def ensure_bucket(self, bucket: str) -> None:
        """Create a bucket unless it is there."""
        try:
            await self._need_bucket(bucket)
        except BucketMissing:
            region = self._settings.aws_region
            where: dict[str, Any] = {}
            if region != "us-east-1":
                where = {"CreateBucketConfiguration": {"LocationConstraint": region}}
            with storage_errors(bucket):
                try:
                    await self._s3.create_bucket(Bucket=bucket, **where)
                except self._s3.exceptions.BucketAlreadyOwnedByYou:
                    return

    async def _need_bucket(self, bucket: str) -> None:
        try:
            with storage_errors(bucket):
                await self._s3.head_bucket(Bucket=bucket)
        except ObjectMissing as error:
            raise BucketMissing(f"There is no bucket {bucket}: correct the name or create it") from error


def _is_trouble(error: BaseException) -> bool:
    return isinstance(error, StorageUnavailable) and not isinstance(error, ObjectChanged)
