"""Files of the screen: the same figures to the cent, hostile names intact and inert, other clients' never."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import unquote

import openpyxl
import pypdfium2
import pytest
from python_calamine import CalamineWorkbook
from starlette.types import Message

from services.gateway.routes.downloads import Download
from tests.libs.exports.reports import HOSTILE
from tests.services.gateway.conftest import Api
from tests.services.gateway.test_dashboard import LEVELS, PARTLY
from tests.services.gateway.world import FIRST, METRICS, TODAY, Client, expected

RANGE = {"start_date": str(FIRST + timedelta(days=5)), "end_date": str(FIRST + timedelta(days=44))}
ADDITIVE = [name for name in METRICS if METRICS[name] in (0, 2)]


def rows_of(text: str) -> list[dict[str, str]]:
    """Of a CSV file."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


async def csv_of(api: Api, *, who: str = "admin", **params: Any) -> list[dict[str, str]]:
    answer = await api("GET", "/exports/csv", who=who, params=params)
    assert answer.status_code == 200, answer.text
    return rows_of(answer.text)


async def sheet_of(api: Api, **params: Any) -> tuple[list[dict[str, Any]], list[list[Any]], bytes]:
    """Rows of the first sheet by label, the rows of the last one, and the file."""
    answer = await api("GET", "/exports/xlsx", params=params)
    assert answer.status_code == 200, answer.text
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    head, *rows = book.get_sheet_by_index(0).to_python()
    about = book.get_sheet_by_name("About").to_python()
    return [dict(zip(map(str, head), row, strict=True)) for row in rows], about, answer.content


def total(rows: list[dict[str, str]], name: str) -> Decimal:
    return sum((Decimal(row[name]) for row in rows if row[name]), Decimal(0))


def cents(value: Decimal) -> Decimal:
    """As everything that is shown is rounded."""
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


@pytest.mark.parametrize("plural", LEVELS)
async def test_csv_of_a_level_is_the_screens_list(api: Api, plural: str) -> None:
    params = {"client_id": str(api.world.north.public_id), **RANGE, "sort_by": "conversions", "order": "asc"}
    screen = await api.get(f"/dashboard/{plural}", **params, page_size=500)
    level = LEVELS[plural]
    rows = await csv_of(api, level=level, **params)
    assert [row[f"{level}_name"] for row in rows] == [row[f"{level}_name"] for row in screen["data"]]
    for row, seen in zip(rows, screen["data"], strict=True):
        for name, decimals in METRICS.items():
            written = row[name] and Decimal(row[name]).quantize(Decimal(1).scaleb(-decimals), "ROUND_HALF_UP")
            assert written == ("" if seen[name] is None else seen[name]), name
    for name in ADDITIVE:
        assert cents(total(rows, name)) == cents(Decimal(screen["totals"][name] or 0)), name


@pytest.mark.parametrize("level", ["campaign", "day"])
async def test_workbooks_hold_numbers_days_and_totals(api: Api, level: str) -> None:
    params = {"client_id": str(api.world.north.public_id), **RANGE, "level": level}
    rows, about, content = await sheet_of(api, **params)
    summary = await api.get("/dashboard/summary", client_id=api.world.north.public_id, **RANGE)
    spend = [Decimal(repr(row["Spend (USD)"])) for row in rows if row["Spend (USD)"] != ""]
    assert cents(sum(spend, Decimal(0))) == summary["spend"]
    assert sum(row["Impressions"] or 0 for row in rows) == summary["impressions"]
    facts = {str(row[0]): row[1] for row in about if len(row) > 1}
    assert cents(Decimal(repr(facts["Total: Spend"]))) == summary["spend"]
    assert facts["Client"] == "North"
    sheet = openpyxl.load_workbook(io.BytesIO(content))[
        ["Campaigns", "Days", "Sources"][["campaign", "day", "source"].index(level)]
    ]
    cells = {cell.value: place for place, cell in enumerate(sheet[1], 1)}
    assert sheet.cell(2, cells["Impressions"]).number_format == "#,##0"
    assert isinstance(sheet.cell(2, cells["Impressions"]).value, int)
    if level == "day":
        assert isinstance(rows[0]["Date"], date)
        assert [row["Date"] for row in rows] == [FIRST + timedelta(days=n) for n in range(5, 45)]


async def test_columns_filters_and_post_are_what_was_asked(api: Api) -> None:
    north = api.world.north
    asked = {
        "client_id": str(north.public_id),
        **RANGE,
        "level": "creative",
        "source": "surfside",
        "columns": ["spend", "creative_id", "creative_name"],
        "sort_by": "name",
    }
    answer = await api("POST", "/exports/csv", json=asked)
    assert answer.text == (await api("GET", "/exports/csv", params=asked)).text
    assert answer.text.startswith("spend,creative_id,creative_name\r\n")
    rows = rows_of(answer.text)
    assert [row["creative_name"] for row in rows] == [f"North creative {n}" for n in range(10, 14)]
    assert rows[0]["creative_id"] == str(north.ids["creative", 10])
    of_it = expected(
        north.facts,
        lambda f: f.source == "surfside" and RANGE["start_date"] <= str(f.day) <= RANGE["end_date"],
    )
    assert cents(total(rows, "spend")) == of_it["spend"]


async def add_rows(owner: Any, client: Client) -> None:
    """What the sums were made from."""
    for month in sorted({fact.day.replace(day=1) for fact in client.facts}):
        await owner.execute("SELECT ensure_month($1)", month)
    await owner.execute(
        "UPDATE campaigns SET label = $2 WHERE client_id = $1 AND id = 1", client.id, HOSTILE[1]
    )
    names = (
        "impressions", "clicks", "conversions", "conversion_revenue_micros", "media_cost_micros",
        "video_completions",
    )  # fmt: skip
    await owner.copy_records_to_table(
        "daily_metrics",
        records=[
            (client.id, f.day, f.creative, 1, *(getattr(f, name) for name in names)) for f in client.facts
        ],
        columns=["client_id", "date", "creative_id", "run_no", *names],
    )
    rates = {(f.source, f.day): f.cpm for f in client.facts}
    await owner.copy_records_to_table(
        "day_rates",
        records=[(client.id, source, day, cpm) for (source, day), cpm in rates.items()],
        columns=["client_id", "source", "date", "cpm"],
    )


async def test_with_only_dates_given_the_daily_rows(api: Api, guest: Client, owner: Any) -> None:
    """Exact, so that they add up to the screen's totals; names that look like formulas are not."""
    await add_rows(owner, guest)
    rows = await csv_of(api, who=guest.name, **RANGE)
    summary = await api.get("/dashboard/summary", who=guest.name, **RANGE)
    assert len(rows) == summary["rows"]
    for name in ADDITIVE:
        if name in summary:
            assert cents(total(rows, name)) == cents(Decimal(summary[name] or 0)), name
    assert "media_cost" not in rows[0]
    assert "margin" not in rows[0]
    days = [row["date"] for row in rows]
    assert days == sorted(days)
    assert days[0] == RANGE["start_date"]
    surfside = [row for row in rows if row["source"] == "surfside"]
    assert {row["campaign_name"] for row in surfside} == {"'" + HOSTILE[1]}
    only = await csv_of(api, who=guest.name, **RANGE, campaign_id=str(guest.ids["campaign", 1]), order="desc")
    assert len(only) == len(surfside)
    assert total(only, "spend") == total(surfside, "spend")
    answer = await api("GET", "/exports/xlsx", who=guest.name, params=RANGE)
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert sheet.max_row == len(rows) + 1
    cell = next(c for row in sheet.iter_rows(min_row=2) for c in row if c.value == HOSTILE[1])
    assert cell.data_type in ("s", "inlineStr")
    assert cell.quotePrefix, "text for ever: editing the cell does not make it a formula"


PARTS: tuple[dict[str, int], ...] = ({"strategy": 1}, {"placement": 10}, {"placement": 31, "creative": 31})


@pytest.mark.parametrize("part", PARTS, ids=str)
async def test_files_repeat_the_filters_of_the_screen(
    api: Api, guest: Client, owner: Any, part: dict[str, int]
) -> None:
    """Rows, levels, days: of one strategy, placement or creative the same as the screen's."""
    await add_rows(owner, guest)
    within = {f"{level}_id": str(guest.ids[level, key]) for level, key in part.items()}
    screen = await api.get("/metrics/daily", who=guest.name, **RANGE, **within, page_size=1)
    assert screen["total"] > 0
    daily = await csv_of(api, who=guest.name, **RANGE, **within)
    assert len(daily) == screen["total"]
    for level in ("daily", "campaign", "creative", "day", "source"):
        rows = await csv_of(api, who=guest.name, **RANGE, **within, level=level)
        for name in ("impressions", "spend", "conversions"):
            found = sum((Decimal(row[name] or 0) for row in rows), Decimal(0))
            assert cents(found) == cents(Decimal(screen["totals"][name])), (level, name)
    answer = await api(
        "GET", "/exports/xlsx", who=guest.name, params={**RANGE, **within, "level": "creative"}
    )
    about = list(openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[-1].values)
    level = "creative" if "creative" in part else next(iter(part))
    assert level.capitalize() in {row[0] for row in about}
    assert (await api("GET", "/exports/pdf", who=guest.name, params={**RANGE, **within})).status_code == 200
    foreign = {"strategy_id": str(api.world.south.ids["strategy", 1])}
    await api.send("GET", "/exports/csv", 404, who=guest.name, params=foreign)


async def test_files_are_of_the_names_that_were_looked_for(api: Api) -> None:
    north = api.world.north
    asked = {"client_id": str(north.public_id), **RANGE, "name": "CREATIVE 1"}
    screen = await api.get("/creatives", **asked)
    rows = await csv_of(api, **asked, level="creative", sort_by="name")
    assert [row["creative_name"] for row in rows] == [row["creative_name"] for row in screen["data"]]
    assert cents(total(rows, "spend")) == screen["totals"]["spend"]
    _, about, _ = await sheet_of(api, **asked, level="creative")
    facts = {row[0]: row[1] for row in about if len(row) > 1}
    assert facts["Name contains"] == "CREATIVE 1"
    assert facts["Total: Impressions"] == screen["totals"]["impressions"]
    for level in ("daily", "day"):
        answer = await api.send("GET", "/exports/csv", 422, params={**asked, "level": level})
        assert "name" in answer["field_errors"]


async def test_several_clients_of_one_currency_are_named_in_the_rows(api: Api) -> None:
    world = api.world
    both = [str(world.north.public_id), str(world.south.public_id)]
    rows = await csv_of(api, client_id=both, level="campaign", **RANGE)
    assert {row["client_name"] for row in rows} == {"North", "South"}
    summary = await api.get("/dashboard/summary", client_id=both, **RANGE)
    assert cents(total(rows, "spend")) == summary["spend"]
    await api.send("GET", "/exports/pdf", 422, params={"client_id": both})
    euro = [str(world.clients["Euro"].public_id), both[1]]
    assert "EUR, USD" in (await api.send("GET", "/exports/csv", 422, params={"client_id": euro}))["detail"]


WRONG: list[tuple[dict[str, str], str]] = [
    ({"level": "nothing"}, "level"),
    ({"columns": "media_cost"}, "columns"),
    ({"columns": "spend,clicks; DROP TABLE"}, "columns"),
    ({"level": "campaign", "sort_by": "margin"}, "sort_by"),
    ({"sort_by": "spend"}, "sort_by"),
    ({"order": "sideways"}, "order"),
    ({"start_date": "2026-01-31", "end_date": "2026-01-01"}, "end_date"),
    ({"start_date": "2024-01-01", "end_date": "2026-01-01"}, "end_date"),
    ({"unknown": "1"}, "unknown"),
]


async def test_what_cannot_be_is_one_clear_error(api: Api) -> None:
    for given, field in WRONG:
        answer = await api.send("GET", "/exports/xlsx", 422, who="nina", params=given)
        assert field in answer["field_errors"], answer


async def test_media_cost_is_for_whom_it_was_agreed_with(api: Api, guest: Client, owner: Any) -> None:
    for kind in ("csv", "pdf"):
        answer = await api("GET", f"/exports/{kind}", who=guest.name, params={"level": "campaign"})
        text = pdf_text(answer.content) if kind == "pdf" else answer.text
        assert "media_cost" not in text
        assert "Margin" not in text
    await owner.execute(
        """UPDATE clients SET settings = '{"show_media_cost": true}' WHERE id = $1""", guest.id
    )
    (row, *_) = await csv_of(api, who=guest.name, level="campaign", columns="media_cost,margin")
    assert set(row) == {"media_cost", "margin"}


def pdf_text(content: bytes) -> str:
    """All text of a PDF file."""
    document = pypdfium2.PdfDocument(content)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


async def test_a_pdf_shows_the_dashboard(api: Api, guest: Client, owner: Any) -> None:
    await owner.execute("UPDATE clients SET name = $2 WHERE id = $1", guest.id, f"=1+1 <b>&/{guest.name}")
    answer = await api("GET", "/exports/pdf", params={"client_id": str(guest.public_id), **RANGE})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    text = pdf_text(answer.content)
    summary = await api.get("/dashboard/summary", client_id=guest.public_id, **RANGE)
    assert f"Performance Dashboard – =1+1 <b>&/{guest.name}" in " ".join(text.split())
    for name in ("spend", "impressions", "conversion_revenue"):
        assert f"{summary[name]:,}" in text, name
    assert f"{guest.name} campaign 2" in text
    assert "Page 1 of" in text
    assert "facebook: 5 days are missing (not delivered)" in " ".join(text.split())
    assert "have no CPM yet" in text


async def test_a_pdf_says_where_the_period_before_is_partly_there(api: Api) -> None:
    params = {"client_id": str(api.world.north.public_id), **PARTLY}
    answer = await api("GET", "/exports/pdf", params=params)
    assert answer.status_code == 200
    assert "earlier period in part" in " ".join(pdf_text(answer.content).split())


async def test_file_names_carry_client_and_range(api: Api, guest: Client, owner: Any) -> None:
    hostile = f'Ü"\r\nX: y/../{guest.name}'
    await owner.execute("UPDATE clients SET name = $2 WHERE id = $1", guest.id, hostile)
    answer = await api("GET", "/exports/csv", who=guest.name, params={"level": "month", **RANGE})
    header = answer.headers["content-disposition"]
    name = f"X-y-{guest.name}_months_{RANGE['start_date']}_{RANGE['end_date']}.csv"
    assert header.startswith(f"attachment; filename=\"U-{name}\"; filename*=UTF-8''")
    assert unquote(header.rpartition("''")[2]) == f"Ü-{name}"


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_each_download_is_in_the_audit_log(api: Api, guest: Client, owner: Any, method: str) -> None:
    asked = {"level": "campaign", "source": "vibe", "sort_by": "clicks", "order": "asc", **RANGE}
    given = {"params": asked} if method == "GET" else {"json": asked}
    for kind in ("csv", "xlsx", "pdf"):
        assert (await api(method, f"/exports/{kind}", who=guest.name, **given)).status_code == 200
    lines = await owner.fetch(
        "SELECT entity_id, new_values FROM audit_logs "
        "WHERE action = 'export.downloaded' AND user_id = $1 ORDER BY id",
        api.world.users[guest.name],
    )
    told = [json.loads(line["new_values"]) for line in lines]
    assert {line["entity_id"] for line in lines} == {str(guest.public_id)}
    assert [each["format"] for each in told] == ["csv", "xlsx", "pdf"]
    for each in told:
        assert (each["source"], each["clients"]) == ("vibe", [str(guest.public_id)])
        assert each["range"] == {"start": RANGE["start_date"], "end": RANGE["end_date"]}
    for each in told[:2]:
        assert (each["level"], each["sort_by"], each["order"], each["rows"]) == (
            "campaign",
            "clicks",
            "asc",
            1,
        )
        assert "campaign_name" in each["columns"]


async def test_a_reader_who_goes_away_ends_the_reading(api: Api) -> None:
    """Mid-file: what the file is read from is closed, nothing waits for the rest."""
    closed, sent = asyncio.Event(), asyncio.Event()

    async def pieces() -> Any:
        try:
            while True:
                yield b"row\r\n"
                await asyncio.sleep(0)
        finally:
            closed.set()

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            sent.set()

    async def receive() -> Message:
        await sent.wait()
        return {"type": "http.disconnect"}

    scope = {"type": "http", "asgi": {"spec_version": "2.3"}}
    async with asyncio.timeout(10):
        await Download(pieces(), "text/csv", {})(scope, receive, send)
        await closed.wait()
    assert api.parts.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


async def test_reports_are_scheduled_changed_and_ended(api: Api, guest: Client, owner: Any) -> None:
    new = {
        "client_id": str(guest.public_id),
        "frequency": "weekly",
        "formats": ["pdf", "xlsx", "pdf"],
        "recipients": ["a@agency.example", "a@agency.example", "b@agency.example"],
    }
    made = await api.send("POST", "/reports", 201, json=new)
    assert made["formats"] == ["pdf", "xlsx"]
    assert made["recipients"] == ["a@agency.example", "b@agency.example"]
    path = f"/reports/{made['id']}"
    assert (await api.get(path))["client_name"] == guest.name
    assert (await api.get("/reports", client_id=guest.public_id))["total"] == 1
    changed = {"frequency": "monthly", "recipients": ["c@agency.example"], "is_active": False}
    assert (await api.send("PUT", path, 200, json=changed))["formats"] == ["pdf"]
    await owner.execute(
        "INSERT INTO report_deliveries (client_id, schedule_id, due, status, recipients, period_start, "
        "period_end) VALUES ($1, $2, $3, 'sent', '{c@agency.example}', $3, $3)",
        guest.id, made["id"], TODAY,
    )  # fmt: skip
    (delivery,) = (await api.get(f"{path}/deliveries"))["data"]
    assert (delivery["due"], delivery["status"]) == (str(TODAY), "sent")
    await api.send("DELETE", path, 200)
    await api.send("GET", path, 404)
    for bad in (
        {**new, "recipients": ["x\r\nBcc: y@agency.example"]},
        {**new, "recipients": []},
        {**new, "formats": ["docx"]},
        {**new, "frequency": "hourly"},
    ):
        assert (await api.send("POST", "/reports", 422, json=bad))["error_code"] == "VALIDATION_ERROR"
