"""Buckets of a test's own on the shared S3 endpoint."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
from aiobotocore.config import AioConfig

from deploy.local import Infra
from libs.settings import S3Settings
from libs.storage import ObjectStore
from libs.storage.session import new_session


@dataclass(frozen=True)
class Buckets:
    """Two new buckets: where reports come, and the raw archive (not made yet)."""

    settings: S3Settings
    store: ObjectStore

    @property
    def reports(self) -> str:
        return self.settings.s3_bucket_name

    @property
    def raw(self) -> str:
        return self.settings.raw_bucket_name

    async def put(self, key: str, body: bytes) -> None:
        """A report arrives."""
        await self.store.put_bytes(self.reports, key, body)

    async def put_without_checksum(self, key: str, body: bytes) -> None:
        """As older tools do: nothing but the ETag says what was meant."""
        session = new_session("local", "local")
        config = AioConfig(request_checksum_calculation="when_required")
        async with session.client("s3", endpoint_url=self.settings.s3_endpoint_url, config=config) as s3:
            await s3.put_object(Bucket=self.reports, Key=key, Body=body)

    async def keys(self, bucket: str) -> list[str]:
        return [item.key async for item in self.store.find(bucket, "")]

    async def body(self, bucket: str, key: str) -> bytes:
        answer = await self.store._s3.get_object(Bucket=bucket, Key=key)
        async with answer["Body"] as body:
            return await body.read()

    async def delete(self, key: str, *, bucket: str | None = None) -> None:
        await self.store._s3.delete_object(Bucket=bucket or self.reports, Key=key)

    async def keep_versions(self) -> None:
        await self.store._s3.put_bucket_versioning(
            Bucket=self.reports, VersioningConfiguration={"Status": "Enabled"}
        )

    async def deny(self, action: str = "s3:GetObject", *, bucket: str | None = None) -> None:
        """Nobody may do this with a bucket's objects (the reports') any more."""
        name = bucket or self.reports
        statement = {
            "Effect": "Deny",
            "Principal": "*",
            "Action": action,
            "Resource": f"arn:aws:s3:::{name}/*",
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        await self.store._s3.put_bucket_policy(Bucket=name, Policy=policy)

    async def allow(self, *, bucket: str | None = None) -> None:
        await self.store._s3.delete_bucket_policy(Bucket=bucket or self.reports)


@pytest.fixture
async def buckets(infra: Infra) -> AsyncIterator[Buckets]:
    name = uuid4().hex[:12]
    settings = S3Settings(
        aws_access_key_id="local",
        aws_secret_access_key="local",
        s3_endpoint_url=infra.s3_endpoint_url,
        s3_bucket_name=f"reports-{name}",
        raw_bucket_name=f"raw-{name}",
    )
    async with ObjectStore(settings) as store:
        await store.ensure_bucket(settings.s3_bucket_name)
        yield Buckets(settings, store)
        session = new_session("local", "local")
        async with session.resource("s3", endpoint_url=infra.s3_endpoint_url) as s3:
            for bucket_name in (settings.s3_bucket_name, settings.raw_bucket_name):
                bucket = await s3.Bucket(bucket_name)
                try:
                    await bucket.object_versions.delete()
                    await bucket.delete()
                except s3.meta.client.exceptions.NoSuchBucket:
                    continue
