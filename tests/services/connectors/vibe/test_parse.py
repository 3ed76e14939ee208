"""Columns, through the connector: what of a report arrives on the bus."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from deploy.world.vibe_reports import DOWNLOAD, vibe_report
from services.connectors.vibe import parse
from tests.connectors.base import DAY
from tests.connectors.harness import totals_of
from tests.services.connectors.vibe.conftest import ADVERTISER, Vibe


async def test_the_real_download(connector: Vibe) -> None:
    """46 columns, floats for counts, several lines per grain; no clicks at all."""
    assert len(DOWNLOAD) == 46
    report = vibe_report(ADVERTISER, date(2025, 11, 3), DAY)
    async with connector.started():
        await connector.pull(client_id=connector.acme, start_date="2025-11-03", end_date="2025-11-04")
        batches = await connector.ears.whole_run()
        (run,) = await connector.records.runs()
    assert totals_of(batches) == report.totals
    assert report.totals.rows < report.totals.lines
    for batch in batches:
        assert "clicks" not in batch.columns
        assert {"media_cost_micros", "video_completions", "conversion_revenue_micros"} <= batch.columns.keys()
    end = batches[-1].end
    assert end is not None
    assert end.coverage == [date(2025, 11, 3), DAY]
    assert end.definitions["media_cost"] == "spend"
    assert end.definitions["placement"] == "channel_name"
    assert end.definitions["conversions"] == "number_of_purchases"
    assert run.warnings == []


async def test_the_documented_columns(connector: Vibe) -> None:
    report = vibe_report(ADVERTISER, DAY, DAY, layout="documented")
    connector.contents[DAY] = report.body
    async with connector.started():
        await connector.trigger(DAY)
        batches = await connector.ears.whole_run()
    assert totals_of(batches) == report.totals
    assert batches[-1].end is not None
    assert batches[-1].end.definitions["placement"] == "placement_name"


async def test_bad_rows_are_kept_with_their_reasons_and_the_good_ones_load(connector: Vibe) -> None:
    body = vibe_report(ADVERTISER, DAY, DAY).body
    lines = body.split(b"\n")
    lines[1] = lines[1].replace(b"2025-11-04", b"2031-01-01", 1)
    connector.contents[DAY] = b"\n".join(lines)
    async with connector.started():
        await connector.trigger(DAY)
        batches = await connector.ears.whole_run()
    (row,) = await connector.records.rejected()
    assert row["row_number"] == 2
    assert "2031-01-01" in str(row["reasons"])
    assert batches[-1].end is not None
    assert batches[-1].end.rows_rejected == 1


async def test_money_is_exact_to_the_sixth_place(connector: Vibe) -> None:
    titles = "impression_date,campaign_name,strategy_name,channel_name,creative_name,spend,impressions,"
    titles += "number_of_purchases,amount_of_purchases,installs\n"
    lines = ["2025-11-04,C,S,P,K,0.123456,4.0,0,0.1,7", "2025-11-04,C,S,P,K,1234.5,10.0,2.0,0.2,9"]
    connector.contents[DAY] = (titles + "\n".join(lines) + "\n").encode()
    async with connector.started():
        await connector.trigger(DAY)
        (batch,) = await connector.ears.whole_run()
    assert sum(batch.columns["media_cost_micros"]) == Decimal("1234.623456") * 1_000_000
    assert batch.columns["conversion_revenue_micros"] == [100_000, 200_000]
    assert batch.columns["impressions"] == [4, 10]
    assert "clicks" not in batch.columns  # installs are none


@pytest.mark.parametrize("title", DOWNLOAD)
def test_every_column_of_the_download_is_known(title: str) -> None:
    used = {alias for field in (*parse._FIELDS, parse.ADVERTISER) for alias in field.aliases}
    assert title in used | set(parse._NOT_USED)
