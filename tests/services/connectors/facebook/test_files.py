"""What people really upload: languages, layouts, total rows, breakdowns, periods, hand-made sheets."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from deploy.world import facebook_exports as exports
from deploy.world.facebook_exports import Export, csv_bytes, export, renamed, with_column, xlsx_bytes
from libs.connector.account import RunRefused, SourceSettings
from libs.tabular import Readers, Table
from libs.tabular.errors import FileRefused
from services.connectors.facebook import parse, rules
from services.connectors.facebook.parse import titles
from tests.services.connectors.facebook.conftest import Facebook

DAYS = [date(2025, 11, 1) + timedelta(days=n) for n in range(4)]
MADE = export(DAYS)


def expected(made: Export) -> list[tuple[Any, ...]]:
    """What daily_metrics_flat has to show, from the lines alone."""
    sums: dict[tuple[Any, ...], list[int]] = {}
    for row in made.rows:
        each = sums.setdefault(row.grain, [0] * 5)
        metrics = (
            row.impressions,
            row.clicks,
            row.conversions,
            row.revenue_micros,
            row.media_cost_micros or 0,
        )
        for n, value in enumerate(metrics):
            each[n] += value
    return [
        (*key, *found[:3], Decimal(found[3]) / 1_000_000, Decimal(found[4]) / 1_000_000)
        for key, found in sorted(sums.items())
    ]


async def loaded(facebook: Facebook, body: bytes, **fields: Any) -> dict[str, Any]:
    """The details of an upload that the real loader has loaded."""
    async with facebook.started(), facebook.loader():
        accepted = await facebook.accepted(body, **fields)
        return await facebook.done(accepted["upload_id"])


@pytest.mark.parametrize("language", sorted(exports.TITLES))
async def test_each_language_is_read(facebook: Facebook, language: str) -> None:
    found = await loaded(facebook, csv_bytes(MADE.table(language)))
    assert (found["status"], found["run_status"]) == ("completed", "loaded")
    odd = {"conversions_over_clicks", "conversions_without_impressions", "UNPRICED"}
    assert {warning["code"] for warning in found["warnings"]} <= odd  # every title was understood
    assert await facebook.facts() == expected(MADE)
    assert parse.definition_of("clicks", found["definitions"]["clicks"]) in ("clicks", "link clicks")


LAYOUTS = {
    "bom": csv_bytes(MADE.table(), encoding="utf-8-sig"),
    "utf-16 with tabs": csv_bytes(MADE.table(), encoding="utf-16", delimiter="\t"),
    "semicolons and decimal comma": csv_bytes(MADE.table("de", decimal=","), delimiter=";"),
    "day first": csv_bytes(export([date(2025, 10, 28), *DAYS]).table(dates="%d/%m/%Y")),
    "xlsx": xlsx_bytes(MADE.table()),
    "two sheets": xlsx_bytes(MADE.table("es"), scheduled=True),
    "total row first": csv_bytes([MADE.table()[0], MADE.total_row, *MADE.table()[1:]]),
}


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
async def test_each_layout_is_read(facebook: Facebook, layout: str) -> None:
    found = await loaded(facebook, LAYOUTS[layout], name="whatever")
    made = export([date(2025, 10, 28), *DAYS]) if layout == "day first" else MADE
    assert found["run_status"] == "loaded", found
    assert await facebook.facts() == expected(made)
    assert found["rows_read"] == len(made.rows)


async def test_a_total_row_is_compared_and_never_blocks(facebook: Facebook) -> None:
    body = csv_bytes([MADE.table()[0], MADE.total_row, *MADE.table()[1:]])
    found = await loaded(facebook, body)
    assert found["control_totals"]["impressions"] == MADE.totals.impressions + 37_559
    (told,) = [warning for warning in found["warnings"] if warning["code"] == "control_totals"]
    assert told["differing"] == {
        "impressions": {"said": MADE.totals.impressions + 37_559, "rows": MADE.totals.impressions}
    }
    assert found["rows_rejected"] == 0


async def test_breakdown_rows_are_summed(facebook: Facebook) -> None:
    table = MADE.table()
    twice = [*with_column(table, "Region", "Texas"), *with_column(table, "Region", "Ohio")[1:]]
    found = await loaded(facebook, csv_bytes(twice))
    assert await facebook.facts() == expected(Export(MADE.rows + MADE.rows))
    assert found["rows_merged"] == len(MADE.rows)


async def test_ids_are_kept_in_the_batches(connector: Facebook) -> None:
    table = with_column(MADE.table(), "Ad ID", [f"2385{n}" for n in range(len(MADE.rows))])
    table = with_column(table, "Account ID", "act_1029")
    async with connector.started():
        await connector.accepted(csv_bytes(table))
        (batch,) = await connector.ears.whole_run()
    assert batch.columns["ad_id"] == [f"2385{n}" for n in range(len(MADE.rows))]
    assert batch.account == "1029"
    assert batch.end is not None
    assert (batch.end.on_existing, batch.end.coverage, batch.end.currency) == ("reject", [], "USD")


async def test_missing_levels_come_from_the_form(facebook: Facebook) -> None:
    table = exports.without_column(exports.without_column(MADE.table(), "Campaign name"), "Ad set name")
    found = await loaded(facebook, csv_bytes(table), campaign="  Brand   2025 ", ad_set="Everyone")
    assert found["run_status"] == "loaded"
    assert {row[1:3] for row in await facebook.facts()} == {("Brand 2025", "Everyone")}


def periods(
    first: str, last: str, titles_: tuple[str, str] = ("Reporting starts", "Reporting ends")
) -> bytes:
    table = renamed(MADE.table(), "Day", titles_[0])
    for row in table[1:]:
        row[0] = first
    return csv_bytes(with_column(table, titles_[1], last))


REFUSED: dict[str, tuple[bytes, str, str]] = {
    "a period": (periods("2025-11-01", "2025-11-03"), "NOT_DAILY", "Breakdown → By time → Day"),
    "a period in French": (
        periods("2025-11-01", "2025-11-03", ("Début des rapports", "Fin des rapports")),
        "NOT_DAILY",
        "2025-11-01 to 2025-11-03",
    ),
    "a start without an end": (
        csv_bytes(renamed(MADE.table(), "Day", "Reporting starts")),
        "NOT_DAILY",
        "ends",
    ),
    "months": (csv_bytes(renamed(MADE.table(), "Day", "Month")), "NOT_DAILY", "by week or month"),
    "a month as a range": (
        csv_bytes([MADE.table()[0], ["2025-10-01 - 2025-10-31", *MADE.table()[1][1:]]]),
        "NOT_DAILY",
        "By time",
    ),
    "no ad column": (
        csv_bytes(exports.without_column(MADE.table(), "Ad name")),
        "MISSING_COLUMNS",
        "Ad name",
    ),
    "no campaign": (
        csv_bytes(exports.without_column(MADE.table(), "Campaign name")),
        "MISSING_COLUMNS",
        "Campaign name",
    ),
    "header only": (csv_bytes(MADE.table()[:1]), "HEADER_ONLY", "no row"),
    "nothing": (b"", "EMPTY", "0 bytes"),
    "hand-made": (csv_bytes([["October was great!"], ["Spend", "a lot"]]), "MISSING_COLUMNS", "a lot"),
    "unclear dates": (csv_bytes(MADE.table(dates="%d/%m/%Y")), "UNCLEAR_DATES", "date_format"),
    "euros": (
        csv_bytes(renamed(MADE.table(), "Amount spent (USD)", "Amount spent (EUR)")),
        "CURRENCY",
        "USD",
    ),
    "two accounts": (
        csv_bytes(with_column(MADE.table(), "Account ID", [f"act_{n % 2}" for n in range(len(MADE.rows))])),
        "SEVERAL_ACCOUNTS",
        "on its own",
    ),
    "nothing but bad rows": (csv_bytes([MADE.table()[0], *[["x"] * 9] * 3]), "TOO_MANY_BAD_ROWS", "3 of 3"),
    "a web page": (b"<html><table><tr><td>Day</td></tr></table></html>", "UNSUPPORTED_FORMAT", "HTML"),
    "gzip": (b"\x1f\x8b\x08\x00" + bytes(40), "UNSUPPORTED_FORMAT", "gzip"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096), "UNSUPPORTED_FORMAT", "xls"),
    "a broken workbook": (xlsx_bytes(MADE.table())[:900], "DAMAGED", ""),
    "a zip bomb": (b"PK\x03\x04" + bytes(1000), "DAMAGED", ""),
}


@pytest.mark.parametrize("kind", sorted(REFUSED))
async def test_what_cannot_be_loaded_is_refused_at_once(facebook: Facebook, kind: str) -> None:
    body, code, says = REFUSED[kind]
    async with facebook.started():
        answer = await facebook.send(body)
    found = answer.json()
    assert (answer.status_code, found["error_code"]) == (400, code), found
    assert says in found["detail"]
    assert found["details"]["reason"] == code.lower()
    assert await facebook.records.runs() == []
    assert await facebook.records.fetch("SELECT FROM uploaded_files") == []


async def test_reporting_days_are_daily(facebook: Facebook) -> None:
    table = renamed(MADE.table(), "Day", "Reporting starts")
    found = await loaded(facebook, csv_bytes(with_column(table, "Reporting ends", [r[0] for r in table[1:]])))
    assert found["run_status"] == "loaded"
    assert await facebook.facts() == expected(MADE)


async def test_a_day_column_counts_whatever_the_report_covers(facebook: Facebook) -> None:
    table = with_column(MADE.table(), "Reporting starts", "2025-10-01")
    table = with_column(table, "Reporting ends", "2025-10-31")
    found = await loaded(facebook, csv_bytes(table))
    assert found["run_status"] == "loaded"


async def test_date_format_decides(facebook: Facebook) -> None:
    found = await loaded(facebook, csv_bytes(MADE.table(dates="%d/%m/%Y")), date_format="DD/MM/YYYY")
    assert found["run_status"] == "loaded"
    assert {row[0] for row in await facebook.facts()} == set(DAYS)


async def test_bad_rows_are_quarantined_and_shown(facebook: Facebook) -> None:
    table = MADE.table()
    table[3][4] = "many"
    found = await loaded(facebook, csv_bytes(table))
    assert (found["run_status"], found["rows_rejected"]) == ("partial", 1)
    (row,) = found["rejected_rows"]
    assert row["row_number"] == 4
    assert "Impressions: “many”" in row["reasons"][0]


async def test_a_change_of_definition_is_a_warning(facebook: Facebook) -> None:
    later = export([date(2025, 11, 5)])
    async with facebook.started(), facebook.loader():
        first = await facebook.accepted(csv_bytes(MADE.table("es")))
        await facebook.done(first["upload_id"])
        same = await facebook.accepted(csv_bytes(later.table("en")), wait=30)
        table = renamed(export([date(2025, 11, 6)]).table(), "Link clicks", "Clicks (all)")
        other = await facebook.accepted(csv_bytes(table), wait=30)
        told = [await facebook.done(each["upload_id"]) for each in (same, other)]
    codes = [[warning["code"] for warning in each["warnings"]] for each in told]
    assert "definition_changed" not in codes[0]  # another language, the same clicks
    assert "definition_changed" in codes[1]


def test_priorities_of_clicks_and_conversions() -> None:
    spec = parse.table_spec(SourceSettings(), DAYS[0], campaign=None, ad_set=None, date_format=None)
    found = {field.name: field.aliases for field in spec.fields}
    clicks = [found["clicks"].index(title) for title in ("Clicks", "Link clicks", "Clicks (all)")]
    order = ("Conversions", "Purchases", "Website purchases", "Results")
    conversions = [found["conversions"].index(title) for title in order]
    assert clicks == sorted(clicks)
    assert conversions == sorted(conversions)


def test_no_title_stands_for_two_fields() -> None:
    spec = parse.table_spec(SourceSettings(), DAYS[0], campaign=None, ad_set=None, date_format=None)
    seen: dict[str, str] = {}
    for field in spec.fields:
        for title in field.aliases:
            assert seen.setdefault(title.casefold(), field.name) == field.name, title
    assert not set(seen) & {title.casefold() for title in titles.KNOWN}


@pytest.mark.parametrize(
    ("named", "known", "account"),
    [
        ("", set(), ""),
        ("7", set(), "7"),
        ("", {"7"}, "7"),
        ("8", {"7"}, "8"),
        ("7", {""}, ""),
        ("", {""}, ""),
    ],
)
def test_accounts_make_no_twins(named: str, known: set[str], account: str) -> None:
    assert rules.account_of(named, known) == account


def test_an_export_of_one_of_several_accounts_has_to_say_which() -> None:
    with pytest.raises(RunRefused, match="Account ID"):
        rules.account_of("", {"7", "8"})


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\October.xlsx", "October.xlsx"),
        ("a\x00b\r\nc.csv", "abc.csv"),
        ("\u202eevil.csv", "evil.csv"),
        ("", "upload"),
        ("..", "upload"),
        (None, "upload"),
        ("x" * 400 + ".csv", "x" * 251 + ".csv"),
    ],
)
def test_names_of_files_are_harmless(given: str | None, kept: str) -> None:
    assert rules.safe_name(given) == kept


async def test_reading_a_refused_file_leaves_the_next_one_alone(tmp_path: Any) -> None:
    spec = parse.table_spec(SourceSettings(), DAYS[-1], campaign=None, ad_set=None, date_format=None)
    bad, good = tmp_path / "bad", tmp_path / "good"
    bad.write_bytes(periods("2025-11-01", "2025-11-03"))
    good.write_bytes(csv_bytes(MADE.table()))
    readers = Readers()

    async def rows(table: Table) -> int:
        return sum([chunk.frame.height async for chunk in table.chunks()])

    with pytest.raises(FileRefused, match="not daily"):
        async with readers.read_table(bad, spec) as table:
            await rows(table)
    async with readers.read_table(good, spec) as table:
        assert await rows(table) == len(MADE.rows)
    await readers.close()
