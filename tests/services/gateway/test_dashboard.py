"""The dashboard's figures against sums made apart from the code, exact to the last digit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Any

import pytest

from tests.services.gateway.conftest import Api
from tests.services.gateway.world import DAYS, FIRST, METRICS, TODAY, Fact, expected

YESTERDAY = TODAY - timedelta(days=1)
HIDDEN = ("media_cost", "margin")
RANGES = [
    (FIRST, YESTERDAY),
    (FIRST + timedelta(days=20), FIRST + timedelta(days=49)),
    (FIRST + timedelta(days=33), FIRST + timedelta(days=33)),
    (FIRST, FIRST + timedelta(days=9)),
]


def within(first: date, last: date) -> Callable[[Fact], bool]:
    return lambda fact: first <= fact.day <= last


def figures_in(answer: dict[str, Any], *, admin: bool = True) -> dict[str, Any]:
    names = [name for name in METRICS if admin or name not in HIDDEN]
    return {name: answer[name] for name in names}


@pytest.mark.parametrize(("first", "last"), RANGES)
async def test_summary_is_exact(api: Api, first: date, last: date) -> None:
    north = api.world.north
    answer = await api.get(
        "/dashboard/summary", client_id=north.public_id, start_date=str(first), end_date=str(last)
    )
    assert figures_in(answer) == expected(north.facts, within(first, last))
    assert answer["date_range"] == {"start": str(first), "end": str(last)}
    assert answer["currency"] == "USD"
    assert answer["data_version"] == 1


async def test_overview_is_the_summary(api: Api) -> None:
    params = {"client_id": str(api.world.north.public_id)}
    assert await api.get("/dashboard/overview", **params) == await api.get("/dashboard/summary", **params)


async def test_numbers_are_printed_exactly(api: Api) -> None:
    """Shown decimals are kept (5.10 stays 5.10) and nothing is a string or a float with noise."""
    answer = await api("GET", f"/dashboard/summary?client_id={api.world.north.public_id}")
    shown = {name: answer.text.split(f'"{name}":')[1].split(",")[0] for name in METRICS}
    for name, text in shown.items():
        whole, _, decimals = text.partition(".")
        assert whole.lstrip("-").isdigit(), (name, text)
        assert len(decimals) == METRICS[name], (name, text)


async def test_left_out_dates_are_the_last_30_complete_days(api: Api) -> None:
    answer = await api.get("/dashboard/summary", client_id=api.world.north.public_id)
    assert answer["date_range"] == {"start": str(TODAY - timedelta(days=30)), "end": str(YESTERDAY)}
    assert answer["previous_range"] == {
        "start": str(TODAY - timedelta(days=60)),
        "end": str(TODAY - timedelta(days=31)),
    }


async def test_deltas_compare_with_the_range_before(api: Api) -> None:
    north = api.world.north
    answer = await api.get("/dashboard/summary", client_id=north.public_id)
    now = expected(north.facts, within(TODAY - timedelta(days=30), YESTERDAY))
    before = expected(north.facts, within(TODAY - timedelta(days=60), TODAY - timedelta(days=31)))
    for name in ("impressions", "conversions", "clicks"):
        change = (now[name] or 0) - (before[name] or 0)
        assert answer[f"{name}_delta"] == change
        percent = (Decimal(change) * 100 / Decimal(before[name] or 1)).quantize(
            Decimal("0.01"), ROUND_HALF_UP
        )
        assert answer[f"{name}_delta_pct"] == percent
    assert answer["delta_reasons"] == {}


async def test_no_comparable_range_says_so(api: Api) -> None:
    answer = await api.get(
        "/dashboard/summary",
        client_id=api.world.north.public_id,
        start_date=str(FIRST),
        end_date=str(YESTERDAY),
    )
    assert answer["impressions_delta"] is None
    assert answer["delta_reasons"]["impressions"] == "no_previous_period"


PARTLY = {"start_date": str(FIRST + timedelta(days=20)), "end_date": str(FIRST + timedelta(days=49))}
"""The 30 days before these begin ten days before the first delivery."""


async def test_a_previous_range_that_is_partly_there_says_so(api: Api) -> None:
    north = api.world.north
    campaign = north.ids["campaign", 1]
    asked = {"client_id": str(north.public_id), **PARTLY}
    for path, more in (
        ("/dashboard/summary", asked),
        ("/dashboard/summary", {**asked, "source": "vibe"}),
        (f"/campaigns/{campaign}/performance", PARTLY),
    ):
        answer = await api.get(path, **more)
        assert answer["impressions"] > 0
        assert answer["impressions_delta"] is None
        assert answer["impressions_delta_pct"] is None
        assert set(answer["delta_reasons"].values()) == {"previous_period_partial"}
    whole = {"start_date": str(FIRST + timedelta(days=10)), "end_date": str(FIRST + timedelta(days=19))}
    answer = await api.get("/dashboard/summary", **{**asked, **whole})
    assert answer["impressions_delta"] is not None  # its ten days before are all there


async def test_ratios_that_leave_rows_out_say_what_they_cover(api: Api) -> None:
    north = api.world.north
    first, last = FIRST, FIRST + timedelta(days=19)
    answer = await api.get(
        "/dashboard/summary", client_id=north.public_id, start_date=str(first), end_date=str(last)
    )
    facts = [fact for fact in north.facts if first <= fact.day <= last]
    whole = sum(fact.impressions for fact in facts)
    clicked = sum(fact.impressions for fact in facts if fact.clicks is not None)
    priced = sum(fact.impressions for fact in facts if fact.cpm is not None)
    assert answer["coverage"]["ctr"] == (Decimal(clicked) / whole).quantize(Decimal("0.0001"))
    assert answer["coverage"]["cpm"] == (Decimal(priced) / whole).quantize(Decimal("0.0001"))
    assert answer["unpriced_impressions"] == whole - priced
    assert "impressions" not in answer["coverage"]


LEVELS = {
    "campaigns": "campaign",
    "strategies": "strategy",
    "placements": "placement",
    "creatives": "creative",
}


@pytest.mark.parametrize("plural", LEVELS)
@pytest.mark.parametrize(("first", "last"), RANGES)
async def test_lists_are_exact_at_every_level(api: Api, plural: str, first: date, last: date) -> None:
    north, level = api.world.north, LEVELS[plural]
    answer = await api.get(
        f"/dashboard/{plural}",
        client_id=north.public_id,
        start_date=str(first),
        end_date=str(last),
        page_size=500,
    )
    keys = {getattr(fact, level) for fact in north.facts if within(first, last)(fact)}
    assert answer["total"] == len(answer["data"]) == len(keys)
    by_id = {str(north.ids[level, key]): key for key in keys}
    for row in answer["data"]:
        key = by_id[row[f"{level}_id"]]
        of_this = [f for f in north.facts if getattr(f, level) == key and within(first, last)(f)]
        assert figures_in(row) == expected(of_this)
        assert row[f"{level}_name"] == f"North {level} {key}"
        assert row["source"] == of_this[0].source
        assert row["campaign_name"] == f"North campaign {of_this[0].campaign}"
    assert figures_in(answer["totals"]) == expected(north.facts, within(first, last))


@pytest.mark.parametrize("plural", LEVELS)
@pytest.mark.parametrize("source", ["surfside", "vibe"])
async def test_lists_filter_by_source_and_campaign(api: Api, plural: str, source: str) -> None:
    north = api.world.north
    campaign = {"surfside": 1, "vibe": 2}[source]
    wanted = expected(north.facts, lambda f: f.source == source and within(RANGES[1][0], RANGES[1][1])(f))
    days = {"start_date": str(RANGES[1][0]), "end_date": str(RANGES[1][1])}
    for given in ({"source": source}, {"campaign_id": str(north.ids["campaign", campaign])}):
        answer = await api.get(f"/dashboard/{plural}", client_id=north.public_id, **days, **given)
        assert figures_in(answer["totals"]) == wanted
        assert {row["source"] for row in answer["data"]} == {source}


@pytest.mark.parametrize("sort_by", [*METRICS, "name"])
@pytest.mark.parametrize("order", ["asc", "desc"])
async def test_pages_put_together_are_the_sorted_list(api: Api, sort_by: str, order: str) -> None:
    """No row twice, none left out, nulls last whichever the direction; totals the same on every page."""
    params = {"client_id": str(api.world.north.public_id), "sort_by": sort_by, "order": order}
    pages = [await api.get("/dashboard/creatives", **params, page=page, page_size=5) for page in (1, 2, 3)]
    rows = [row for page in pages for row in page["data"]]
    assert len({row["creative_id"] for row in rows}) == len(rows) == pages[0]["total"] == 12
    values = [row["creative_name" if sort_by == "name" else sort_by] for row in rows]
    known = [value for value in values if value is not None]
    assert values == known + [None] * (len(values) - len(known))
    assert known == sorted(known, reverse=order == "desc")
    assert pages[0]["totals"] == pages[1]["totals"] == pages[2]["totals"]


async def test_a_page_beyond_the_end_is_empty(api: Api) -> None:
    answer = await api.get(
        "/dashboard/creatives", client_id=api.world.north.public_id, page=1_000_000, page_size=500
    )
    assert answer["data"] == []
    assert answer["total"] == 12


@pytest.mark.parametrize("by", ["day", "week", "month"])
async def test_trends_are_exact_and_add_up(api: Api, by: str) -> None:
    north = api.world.north
    first, last = FIRST + timedelta(days=12), FIRST + timedelta(days=55)
    answer = await api.get(
        "/dashboard/trends", client_id=north.public_id, start_date=str(first), end_date=str(last), by=by
    )
    points = answer["points"]
    assert points[0]["date"] == str(first)
    assert points[-1]["end_date"] == str(last)
    for point, following in pairwise(points):
        assert date.fromisoformat(following["date"]) - date.fromisoformat(point["end_date"]) == timedelta(
            days=1
        )
    for point in points:
        days = within(date.fromisoformat(point["date"]), date.fromisoformat(point["end_date"]))
        assert figures_in(point) == expected(north.facts, days)


async def test_trend_points_say_what_they_are(api: Api) -> None:
    """Provisional inside the settling window, no data with a reason where nothing was delivered."""
    answer = await api.get(
        "/dashboard/trends",
        client_id=api.world.north.public_id,
        start_date=str(FIRST - timedelta(days=2)),
        end_date=str(TODAY + timedelta(days=1)),
        source="vibe",
        metric="spend",
    )
    states = {point["date"]: (point["status"], point["reason"]) for point in answer["points"]}
    assert states[str(FIRST - timedelta(days=1))] == ("no_data", "before_first_delivery")
    assert states[str(FIRST)] == ("ok", None)
    assert states[str(TODAY - timedelta(days=3))] == ("ok", None)
    assert states[str(TODAY - timedelta(days=2))] == ("provisional", None)
    assert states[str(TODAY)] == ("no_data", "not_over_yet")
    assert {"spend"} == {name for name in METRICS if name in answer["points"][0]}


async def test_missing_days_are_named(api: Api) -> None:
    north = api.world.north
    params = {"client_id": str(north.public_id), "start_date": str(FIRST), "end_date": str(YESTERDAY)}
    uploads = await api.get("/dashboard/trends", **params, source="facebook")
    missing = {p["date"] for p in uploads["points"] if p["status"] == "no_data"}
    skipped = {str(FIRST + timedelta(days=n)) for n in range(DAYS) if n % 7 == 3}
    assert missing == skipped
    assert {p["reason"] for p in uploads["points"] if p["status"] == "no_data"} == {"not_delivered"}
    fresh = {row["source"]: row for row in (await api.get("/dashboard/freshness", **params))["data"]}
    assert {day["date"] for day in fresh["facebook"]["missing_days"]} == skipped
    assert fresh["surfside"]["missing_days"] == []
    assert fresh["surfside"]["latest_day"] == str(YESTERDAY)
    assert fresh["surfside"]["days_behind"] == 0
    assert fresh["vibe"]["provisional_from"] == str(TODAY - timedelta(days=2))


async def test_source_breakdown_adds_up(api: Api) -> None:
    north = api.world.north
    answer = await api.get("/dashboard/source-breakdown", client_id=north.public_id)
    chosen = within(TODAY - timedelta(days=30), YESTERDAY)
    for row in answer["data"]:
        wanted = expected(north.facts, lambda f, source=row["source"]: f.source == source and chosen(f))  # type: ignore[misc]
        assert figures_in(row) == wanted
    assert figures_in(answer["totals"]) == expected(north.facts, chosen)
    assert abs(sum(row["spend_share"] for row in answer["data"]) - 100) < Decimal("0.03")


async def test_one_call_draws_the_page_with_the_same_figures(api: Api) -> None:
    params = {"client_id": str(api.world.north.public_id)}
    page = await api.get("/dashboard", **params)
    summary = await api.get("/dashboard/summary", **params)
    assert figures_in(page["summary"]) == figures_in(summary)
    for plural in LEVELS:
        alone = await api.get(f"/dashboard/{plural}", **params, page_size=10)
        assert page[plural]["data"] == alone["data"]
        assert page[plural]["totals"] == alone["totals"]
    assert page["trends"]["points"] == (await api.get("/dashboard/trends", **params))["points"]
    assert (
        page["source_breakdown"]["data"] == (await api.get("/dashboard/source-breakdown", **params))["data"]
    )
    assert page["freshness"] == (await api.get("/dashboard/freshness", **params))["data"]
