"""Daily report files, as a platform would put them into a bucket, and what must stand after them."""

from __future__ import annotations

import csv
import hashlib
import io
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from deploy.local import Infra
from libs.storage.session import new_session
from tests.faults.model import METRICS, Row, Run

TITLES = (
    "Date",
    "Campaign",
    "Strategy",
    "Placement",
    "Creative",
    "Impressions",
    "Clicks",
    "Conversions",
    "Conversion Revenue",
    "Media Spend",
    "Video Completions",
)
NAMESPACE = UUID("00000000-0000-4000-8000-000000000000")


@dataclass(frozen=True)
class File:
    """One version of a day's file. ``bad``: lines that nobody can read as a row."""

    client: UUID
    day: date
    rows: tuple[Row, ...]
    bad: int = 0

    @property
    def key(self) -> str:
        return f"{self.client}/{self.day}.csv"

    @cached_property
    def body(self) -> bytes:
        """The file's bytes."""
        text = io.StringIO()
        lines = csv.writer(text)
        lines.writerow(TITLES)
        for number in range(self.bad):
            lines.writerow(["no date", "a", "b", "c", f"d {number}", *[1] * len(METRICS)])
        for row in self.rows:
            lines.writerow([row.day.isoformat(), *row.path, *map(_cell, METRICS, row.values)])
        return text.getvalue().encode()

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()

    def as_run(self) -> Run:
        """What stands when this version is the last one. Its id and its time are the product's to give."""
        return Run(
            run_id=NAMESPACE,
            client=self.client,
            source="surfside",
            account="",
            delivered_at=datetime.max.replace(tzinfo=UTC),
            batches=(self.rows,),
            coverage=frozenset({self.day}),
        )


def _cell(metric: str, value: int | None) -> str:
    assert value is not None, "files have every metric"
    return f"{value // 10**6}.{value % 10**6:06}" if metric.endswith("_micros") else str(value)


class Buckets:
    """A bucket with reports and the raw archive, of one world."""

    def __init__(self, infra: Infra, name: str) -> None:
        self._infra = infra
        self._open = AsyncExitStack()
        self._s3: Any = None
        self.reports = f"{name}-reports".replace("_", "-")
        self.raw = f"{name}-raw".replace("_", "-")

    async def create(self, *, versioned: bool) -> None:
        """Make both; ``versioned``: the reports keep their versions."""
        await self._connect()
        for bucket in (self.reports, self.raw):
            await self._s3.create_bucket(Bucket=bucket)
        if versioned:
            configuration = {"Status": "Enabled"}
            await self._s3.put_bucket_versioning(Bucket=self.reports, VersioningConfiguration=configuration)

    async def close(self) -> None:
        """End the connection, if there is one."""
        await self._open.aclose()

    async def put(self, file: File) -> None:
        """Put a version of a file in place of the one before."""
        await self._s3.put_object(Bucket=self.reports, Key=file.key, Body=file.body)

    async def archived(self) -> set[str]:
        """Keys in the raw archive."""
        found = await self._s3.list_objects_v2(Bucket=self.raw)
        return {item["Key"] for item in found.get("Contents", [])}

    async def _connect(self) -> None:
        names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION")
        key, secret, region = (self._infra.environment()[name] for name in names)
        session = new_session(key, secret, region)
        client = session.client("s3", endpoint_url=self._infra.s3_endpoint_url)
        self._s3 = await self._open.enter_async_context(client)
