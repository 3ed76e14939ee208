"""From Vibe's report to rows: connector and loader in one process, on real servers."""

from __future__ import annotations

from datetime import date

import asyncpg

from deploy.world.vibe_reports import vibe_report
from libs.settings import BusSettings
from libs.testing.databases import Database
from libs.testing.waiting import eventually
from services.loader.main import create_app
from services.loader.settings import LoaderSettings
from tests.connectors.base import DAY
from tests.connectors.harness import running
from tests.services.connectors.vibe.conftest import ADVERTISER, Vibe, buckets, connector, records

__all__ = ["buckets", "connector", "records"]

BEFORE = date(2025, 11, 3)
SUMS = (
    "SELECT count(*) AS rows, sum(impressions) AS impressions, sum(conversions) AS conversions, "
    "sum(conversion_revenue_micros) AS revenue, sum(media_cost_micros) AS cost, count(clicks) AS clicks, "
    "count(DISTINCT date) AS days FROM daily_metrics"
)


async def sums(vibe: Vibe) -> asyncpg.Record:
    (row,) = await vibe.records.fetch(SUMS)
    return row


async def test_two_days_land_once_and_half_a_report_changes_nothing(
    connector: Vibe,
    database: Database,
    bus_settings: BusSettings,
) -> None:
    """Clicks stay null; a later report replaces the days; a broken one leaves them as they are."""
    settings = LoaderSettings(
        **bus_settings.model_dump(include={"rabbitmq_url", "rabbitmq_management_url", "retry_seconds"}),
        database_url=database.url_of("loader"),
        graceful_timeout=10,
    )
    await connector.ears.plug("loader.batches")
    # The restated report has other channels: without this it is held until somebody confirms it.
    await connector.records.fetch("UPDATE source_settings SET max_shrink_share = 1")
    window = {"client_id": connector.acme, "start_date": BEFORE, "end_date": DAY}

    async def runs(*expected: str) -> bool:
        found = [run.status for run in await connector.records.runs()]
        return found == list(expected)

    async with running(create_app(settings)), connector.started():
        await connector.pull(**window)
        await eventually(lambda: runs("loaded"), within=40)
        loaded, totals = await sums(connector), vibe_report(ADVERTISER, BEFORE, DAY).totals
        assert (loaded["rows"], loaded["impressions"], loaded["conversions"], loaded["revenue"]) == (
            totals.rows,
            totals.impressions,
            totals.conversions,
            totals.conversion_revenue_micros,
        )
        assert (loaded["cost"], loaded["clicks"], loaded["days"]) == (totals.media_cost_micros, 0, 2)

        connector.api.fail("download", "half")
        await connector.pull(**window)
        await eventually(lambda: runs("loaded", "failed"), within=40)
        assert await sums(connector) == loaded

        await connector.pull(**window)
        await eventually(lambda: runs("loaded", "failed", "unchanged"), within=40)
        connector.contents[DAY] = vibe_report(ADVERTISER, BEFORE, DAY, revision=1).body
        await connector.pull(**window)
        await eventually(lambda: runs("loaded", "failed", "unchanged", "loaded"), within=40)
    changed, totals = await sums(connector), vibe_report(ADVERTISER, BEFORE, DAY, revision=1).totals
    assert (changed["rows"], changed["impressions"]) == (totals.rows, totals.impressions)
