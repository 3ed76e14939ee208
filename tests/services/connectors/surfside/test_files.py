"""What is in a file and what becomes of it: layouts, parts, bad rows, odd dates. End to end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from deploy.world.surfside_export import real_export, real_export_rows
from deploy.world.surfside_files import ClientSpec, GeneratedFile, World
from deploy.world.totals import sum_of
from deploy.world.totals import totals_of as totals_of_rows
from libs.testing.waiting import eventually
from tests.connectors.base import DAY, Kind
from tests.connectors.harness import RunRow, totals_of
from tests.services.connectors.surfside.conftest import ACME, Surfside

KEY = f"surfside/acme-outdoor/media-report-{DAY}"


async def set_source(connector: Surfside, **settings: Any) -> None:
    for name, value in settings.items():
        await connector.records.fetch(f"UPDATE source_settings SET {name} = $1", value)


async def deliver(connector: Surfside, spec: ClientSpec) -> list[GeneratedFile]:
    files = World(11, [spec], [DAY]).files_for(spec, DAY)
    for made in files:
        await connector.buckets.put(made.key, made.body)
    await set_source(connector, file_pattern=spec.pattern)
    return files


async def only_run(connector: Surfside) -> RunRow:
    (run,) = await connector.records.runs()
    return run


LAYOUTS: Sequence[ClientSpec] = [
    replace(ACME, layout="documented"),
    replace(ACME, layout="snake", quirks=frozenset({"bom", "view_through"})),
    replace(ACME, layout="export", quirks=frozenset({"split_sizes", "tab_in_name", "view_through"})),
    replace(ACME, layout="documented", file_format="xlsx"),
    replace(ACME, layout="export", file_format="xlsx", quirks=frozenset({"split_sizes"})),
]


@pytest.mark.parametrize("spec", LAYOUTS, ids=lambda spec: f"{spec.layout}-{spec.file_format}")
async def test_every_layout_arrives_to_the_last_digit(connector: Surfside, spec: ClientSpec) -> None:
    (made,) = await deliver(connector, spec)
    async with connector.started():
        await connector.trigger(DAY)
        batches = await connector.ears.whole_run()
    assert totals_of(batches) == made.by_day[DAY]
    has_cost = {"media_cost_micros" in batch.columns for batch in batches}
    assert has_cost == {spec.layout == "export"}  # a column that is not there was not measured


async def test_the_real_exports_shape(connector: Surfside) -> None:
    """496 lines of seven days, no campaign column: summed nowhere here, warned of, and nothing lost."""
    first = date(2025, 10, 29)
    await connector.buckets.put(f"{KEY}.csv", real_export(first))
    await set_source(connector, default_campaign="Autumn Push")
    async with connector.started():
        await connector.trigger(DAY)
        batches = await connector.ears.whole_run()
    totals = totals_of(batches)
    rows = [replace(row, campaign="Autumn Push") for row in real_export_rows(first)]
    assert totals == totals_of_rows(rows)
    assert (totals.lines, totals.impressions, totals.clicks, totals.conversions) == (496, 541_210, 565, 199)
    assert totals.conversion_revenue_micros == 24_963_380_000
    assert {name for batch in batches for name in batch.names} >= {"Autumn Push", "Placement 1"}
    run = await only_run(connector)
    assert run.warned("conversions_over_clicks")["count"] == 64
    assert run.warned("conversions_without_impressions")["count"] == 4
    assert "no campaign column" in run.warned("no_campaign_column")["message"]
    other = run.warned("other_dates")
    assert other["dates"] == [f"2025-10-{day}" for day in (29, 30, 31)] + [
        f"2025-11-0{day}" for day in (1, 2, 3)
    ]
    end = batches[-1].end
    assert end is not None
    assert end.coverage == [DAY]


async def test_without_a_default_the_campaign_is_unassigned(connector: Surfside) -> None:
    await connector.buckets.put(f"{KEY}.csv", real_export(DAY, days=1))
    async with connector.started():
        await connector.trigger(DAY)
        (batch,) = await connector.ears.whole_run()
    assert {batch.names[index] for index in batch.columns["campaign"]} == {"Unassigned"}


async def test_no_byte_at_all_fails(connector: Surfside) -> None:
    await connector.buckets.put(f"{KEY}.csv", b"")
    async with connector.started():
        await connector.trigger(DAY)
        run = await connector.records.run_in("failed")
    assert run.error_code == "empty"
    assert len(connector.ears.batches()) == 0


async def test_bad_rows_are_kept_with_every_reason_and_the_good_ones_go_on(connector: Surfside) -> None:
    (made,) = await deliver(connector, replace(ACME, quirks=frozenset({"bad_rows"})))
    async with connector.started():
        await connector.trigger(DAY)
        batches = await connector.ears.whole_run()
    assert totals_of(batches) == made.by_day[DAY]
    end = batches[-1].end
    assert end is not None
    assert end.rows_rejected == made.bad_lines == 3
    assert end.rows_read == made.by_day[DAY].lines + 3
    rejected = await connector.records.rejected()
    last = made.by_day[DAY].lines + 1
    assert [row["row_number"] for row in rejected] == [last + 1, last + 2, last + 3]
    assert "someday" in rejected[2]["raw"]
    assert all(row["reasons"] for row in rejected)
    run = await only_run(connector)
    assert run.rows_rejected == 3


async def test_more_than_half_bad_fails_and_sends_no_closing_batch(connector: Surfside) -> None:
    good = "2025-11-04,A,B,C,D,10,1,0,0\n"
    bad = "2025-11-04,A,B,C,D,ten,1,0,0\n"
    header = "Date,Campaign,Strategy,Placement,Creative,Impressions,Clicks,Conversions,Conversion Revenue\n"
    await connector.buckets.put(f"{KEY}.csv", (header + good * 2 + bad * 3).encode())
    async with connector.started():
        await connector.trigger(DAY)
        run = await connector.records.run_in("failed")
        await connector.quiet()
        assert (run.error_code, run.rows_read, run.rows_rejected) == ("too_many_bad_rows", 5, 3)
        assert "3 of 5" in (run.error or "")
        assert not [batch for batch in connector.ears.batches() if batch.last]
        assert len(await connector.records.rejected()) == 3
        assert len(connector.ears.failures()) == 1
        await set_source(connector, max_bad_share=0.6)
        await connector.trigger(DAY)
        (batch,) = await connector.ears.whole_run()
    assert batch.row_count == 2
    assert run.warned("duplicate_lines")["count"] == 3


async def test_text_that_a_database_cannot_store_is_quarantined(connector: Surfside) -> None:
    header = "Date,Campaign,Strategy,Placement,Creative,Impressions,Clicks,Conversions,Conversion Revenue\n"
    good = "2025-11-04,A,B,C,D,10,1,0,0\n"
    body = (header + good * 3 + "2025-11-04,A,B,C,N\x00UL,10,1,0,0\n").encode()
    await connector.buckets.put(f"{KEY}.csv", body)
    async with connector.started():
        await connector.trigger(DAY)
        batches = await connector.ears.whole_run()
    assert sum(batch.row_count for batch in batches) == 3
    (row,) = await connector.records.rejected()
    assert row["row_number"] == 5


async def test_parts_of_one_delivery_are_one_run(connector: Surfside) -> None:
    spec = replace(ACME, quirks=frozenset({"parts", "bad_rows"}))
    files = await deliver(connector, spec)
    await set_source(connector, parts="all")
    async with connector.started():
        await connector.trigger(DAY)
        batches = await connector.ears.whole_run()
    assert totals_of(batches) == sum_of(made.by_day[DAY] for made in files)
    run = await only_run(connector)
    assert run.rows_rejected == 6
    rejected = await connector.records.rejected()
    assert len(rejected) == 6  # numbers go on, so that none is lost to another part's
    assert files[1].key in rejected[-1]["reasons"][0]
    assert run.artifact is not None
    assert [part["name"] for part in run.artifact["parts"]] == [made.key for made in files]
    assert run.artifact["key"].endswith("manifest.json")


async def test_parts_of_equal_content_count_once(connector: Surfside) -> None:
    (made,) = await deliver(connector, ACME)
    await connector.buckets.put(f"{KEY}-again.csv", made.body)
    await set_source(connector, parts="all", file_pattern="media-report-{date}*.csv")
    async with connector.started():
        await connector.trigger(DAY)
        batches = await connector.ears.whole_run()
    assert totals_of(batches) == made.by_day[DAY]
    assert "counted once" in (await only_run(connector)).warned("equal_parts")["message"]


async def test_of_several_files_the_newest_is_read_and_the_others_are_named(connector: Surfside) -> None:
    await connector.buckets.put(f"{KEY}-zz-old.csv", b"an older thing")
    old = await connector.buckets.store.head(connector.buckets.reports, f"{KEY}-zz-old.csv")
    made = World(11, [ACME], [DAY]).file_for(ACME, DAY)

    async def newer() -> bool:
        await connector.buckets.put(made.key, made.body)
        new = await connector.buckets.store.head(connector.buckets.reports, made.key)
        return new.last_modified > old.last_modified

    await eventually(newer)
    await set_source(connector, file_pattern="media-report-{date}*.csv")
    async with connector.started():
        await connector.trigger(DAY)
        batches = await connector.ears.whole_run()
    assert totals_of(batches) == made.by_day[DAY]
    assert f"{KEY}-zz-old.csv" in (await only_run(connector)).warned("other_files")["keys"]


async def test_a_column_map_reads_titles_that_nobody_knows(connector: Surfside) -> None:
    (made,) = await deliver(connector, ACME)
    body = made.body.replace(b"Clicks", b"Taps", 1).replace(b"Conversion Revenue", b"Umsatz", 1)
    await connector.buckets.put(made.key, body)
    await set_source(connector, column_map={"clicks": "Taps", "conversion_revenue": None})
    async with connector.started():
        await connector.trigger(DAY)
        batches = await connector.ears.whole_run()
    assert totals_of(batches) == replace(made.by_day[DAY], conversion_revenue_micros=0)
    assert not any("conversion_revenue_micros" in batch.columns for batch in batches)
    run = await only_run(connector)
    assert run.definitions["clicks"] == "Taps"
    assert "Umsatz" in run.warned("unknown_columns")["message"]


async def test_a_sign_of_a_currency_says_what_the_amounts_are_in(connector: Surfside) -> None:
    """The loader refuses what is not in the client's currency."""
    (made,) = await deliver(connector, ACME)
    await connector.buckets.put(made.key, re.sub(rb",(\d+\.\d+)", ",€\\1".encode(), made.body))
    async with connector.started():
        await connector.trigger(DAY)
        *_, last = await connector.ears.whole_run()
    assert last.end is not None
    assert last.end.currency == "EUR"


async def test_a_file_of_another_day_is_loaded_and_warned_of(connector: Surfside) -> None:
    other = date(2025, 11, 3)
    made = World(11, [ACME], [other]).file_for(ACME, other)
    await connector.buckets.put(f"{KEY}.csv", made.body)
    async with connector.started():
        await connector.trigger(DAY)
        await connector.ears.whole_run()
    run = await only_run(connector)
    assert "no row of 2025-11-04" in run.warned("no_rows_for_date")["message"]
    assert run.warned("other_dates")["count"] == made.by_day[other].lines


async def test_the_third_delivery_of_a_b_a_is_a_third_run(connector: Surfside) -> None:
    await connector.buckets.keep_versions()
    seen: set[UUID] = set()
    async with connector.started():
        kinds: tuple[Kind, ...] = ("happy", "restated", "happy")
        for kind in kinds:
            await connector.deliver(DAY, kind)
            await connector.trigger(DAY)
            batches = await connector.ears.whole_run(beside=seen)
            seen.add(batches[0].run_id)
    assert len(seen) == 3
