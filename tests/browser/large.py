"""A client of many creatives, loaded as every other: files in its bucket, a backfill, the whole way."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date

from deploy.demo.api import Api
from deploy.demo.world import BUCKET
from deploy.local import Infra
from deploy.world.surfside_files import ClientSpec
from deploy.world.surfside_large import LargeFile, large_file
from libs.testing.waiting import eventually
from tests.bench.rig import object_store

SPEC = ClientSpec("Zenith Retail Group", "zenith")
CREATIVES = 50_000
DAYS = 7
LOAD_SECONDS = 180


async def load(infra: Infra, api: Api, client: str, days: Sequence[date], creatives: int) -> None:
    """Deliver the last days to the client of this id; returns when the API shows all of it."""
    wanted = days[-DAYS:]
    files = [await asyncio.to_thread(large_file, day, creatives=creatives) for day in wanted]
    await _put(infra, files)
    await api.backfill("surfside", client, wanted[0], wanted[-1])
    impressions = sum(file.totals.impressions for file in files)

    async def is_there() -> bool:
        return bool((await api.summary(client, wanted[0], wanted[-1]))["impressions"] == impressions)

    await eventually(is_there, within=LOAD_SECONDS, every=0.5, what=f"{impressions:,} impressions")


async def _put(infra: Infra, files: Sequence[LargeFile]) -> None:
    async with object_store(infra) as s3:
        for file in files:
            key = f"surfside/{SPEC.slug}/media-report-{file.first_day}.csv"
            await s3.put_object(Bucket=BUCKET, Key=key, Body=file.body)
