"""Rows, trends, top lists and explanations against sums made apart from the code; what is hidden stays so."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from libs.reading.ranges import Range
from services.gateway.rules.comparing import DayRows, compared, page_of_days, year_before
from tests.services.gateway.conftest import Api
from tests.services.gateway.operations import operations
from tests.services.gateway.test_dashboard import HIDDEN, figures_in, within
from tests.services.gateway.test_desk import ledger
from tests.services.gateway.test_documents import differences, shape
from tests.services.gateway.test_runs import a_run
from tests.services.gateway.traces import Owner
from tests.services.gateway.world import FIRST, TODAY, Client, Fact, expected

SPAN = (FIRST + timedelta(days=8), FIRST + timedelta(days=37))
DAYS = {"start_date": str(SPAN[0]), "end_date": str(SPAN[1])}


def facts_of(client: Client, **where: Any) -> list[Fact]:
    return [
        fact
        for fact in client.facts
        if within(*SPAN)(fact) and all(getattr(fact, name) == value for name, value in where.items())
    ]


# --- rows


@pytest.mark.parametrize(
    "where",
    [{}, {"source": "facebook", "campaign": 3}, {"strategy": 2}, {"placement": 31, "creative": 31}],
    ids=str,
)
async def test_pages_of_rows_put_together_are_the_facts(api: Api, where: dict[str, Any]) -> None:
    north = api.world.north
    params: dict[str, Any] = {"client_id": str(north.public_id), **DAYS, "page_size": 150}
    for name, value in where.items():
        params |= {name: value} if name == "source" else {f"{name}_id": str(north.ids[name, value])}
    first = await api.get("/metrics/daily", **params)
    pages = [first] + [
        await api.get("/metrics/daily", **params, page=number)
        for number in range(2, -(-first["total"] // 150) + 1)
    ]
    rows = {(row["date"], row["creative_id"]): row for page in pages for row in page["data"]}
    facts = facts_of(north, **where)
    assert first["total"] == len(facts) == len(rows) == sum(len(page["data"]) for page in pages)
    for fact in facts[::7]:
        row = rows[str(fact.day), str(north.ids["creative", fact.creative])]
        assert figures_in(row) == expected([fact])
        assert (row["source"], row["campaign_name"]) == (fact.source, f"North campaign {fact.campaign}")
    days = [row["date"] for page in pages for row in page["data"]]
    assert days == sorted(days, reverse=True)
    assert all(figures_in(page["totals"]) == expected(facts) for page in pages)


async def test_rows_say_whether_they_may_still_move(api: Api) -> None:
    answer = await api.get("/metrics/daily", who="nina", page_size=500)
    states = {(row["source"], row["date"]): row["status"] for row in answer["data"]}
    assert states["vibe", str(TODAY - timedelta(days=2))] == "provisional"
    assert states["vibe", str(TODAY - timedelta(days=3))] == "ok"
    assert states["surfside", str(TODAY - timedelta(days=14))] == "provisional"
    assert states["surfside", str(TODAY - timedelta(days=15))] == "ok"
    assert not set(HIDDEN) & answer["data"][0].keys()
    assert answer["maturity"]["status"] == "provisional"
    long = {"start_date": "2024-01-01", "end_date": "2025-12-31"}
    await api.send("GET", "/metrics/daily", 422, who="nina", params=long)


def test_a_page_takes_what_it_needs_of_each_day() -> None:
    days = [DayRows(FIRST + timedelta(days=n), 1, rows) for n, rows in enumerate((3, 0, 2, 4))]
    every = [(d.day, n) for d in days for n in range(d.rows)]
    for offset in range(11):
        for size in range(5):
            found = page_of_days(days, offset, size)
            rows = [(piece.day, piece.skipped + n) for piece in found for n in range(piece.rows)]
            assert rows == every[offset : offset + size]


# --- trends


def test_days_are_compared_one_for_one() -> None:
    leap = date(2024, 2, 29)
    assert (year_before(leap), year_before(date(2025, 3, 1))) == (date(2023, 2, 28), date(2024, 3, 1))
    asked = Range(date(2024, 2, 26), date(2024, 3, 4))
    assert compared(asked, asked, "previous_period") == Range(date(2024, 2, 19), date(2024, 2, 26))
    assert compared(Range(leap, date(2024, 3, 1)), asked, "previous_year").days == 1
    assert compared(asked, asked, "previous_year") == Range(date(2023, 2, 26), date(2023, 3, 4))


@pytest.mark.parametrize("by", ["day", "week"])
async def test_trends_are_compared_with_the_period_before(api: Api, by: str) -> None:
    north = api.world.north
    params: dict[str, Any] = {"client_id": str(north.public_id), **DAYS, "by": by}
    params["metric"] = ["spend", "ctr"]
    answer = await api.get("/metrics/trends", **params, compare="previous_period")
    shift = timedelta(days=30)
    for point in answer["points"]:
        first, last = date.fromisoformat(point["date"]), date.fromisoformat(point["end_date"])
        now = expected(north.facts, within(first, last))
        before = expected(north.facts, within(first - shift, last - shift))
        other = point["compare"]
        assert (point["spend"], point["ctr"]) == (now["spend"], now["ctr"])
        assert (other["date"], other["end_date"]) == (str(first - shift), str(last - shift))
        assert (other["spend"], other["ctr"]) == (before["spend"], before["ctr"])
        if other["status"] == "no_data":
            assert other["reason"] == "before_first_delivery"
            assert point["delta_reasons"]["spend"] == "no_previous_period"
        if first - shift < FIRST <= last - shift:
            assert (point["spend_delta"], point["delta_reasons"]["ctr"]) == (None, "previous_period_partial")
        assert "clicks" not in point
    totals = expected(north.facts, within(SPAN[0] - shift, SPAN[1] - shift))
    assert answer["compare_totals"]["spend"] == totals["spend"]
    assert answer["compare_range"]["start"] == str(SPAN[0] - shift)


async def test_a_year_without_data_says_so(api: Api) -> None:
    answer = await api.get("/metrics/trends", who="nina", by="month", compare="previous_year", source="vibe")
    assert {point["compare"]["reason"] for point in answer["points"]} == {"before_first_delivery"}
    assert {point["status"] for point in answer["points"]} <= {"ok", "provisional"}
    await api.send("GET", "/metrics/trends", 422, who="nina", params={"compare": "last_week"})


# --- the best and the worst


@pytest.mark.parametrize(("metric", "order"), [("clicks", "desc"), ("roas", "asc")])
async def test_top_lists_go_by_any_metric(api: Api, metric: str, order: str) -> None:
    north = api.world.north
    params = {"client_id": str(north.public_id), **DAYS, "metric": metric, "order": order}
    found = await api.get("/metrics/top-creatives", **params, limit=3)
    by_creative = {
        str(north.ids["creative", key]): expected(facts_of(north, creative=key))
        for key in {fact.creative for fact in north.facts}
    }
    known = {key: values for key, values in by_creative.items() if values[metric] is not None}
    best = sorted((values[metric] or 0 for values in known.values()), reverse=order == "desc")
    assert [row[metric] for row in found["data"]] == best[:3]
    assert [row["rank"] for row in found["data"]] == [1, 2, 3]
    for row in found["data"]:
        assert figures_in(row) == by_creative[row["creative_id"]]
    assert found["total"] == len(known)
    assert figures_in(found["totals"]) == expected(facts_of(north))
    campaigns = await api.get("/metrics/top-campaigns", **params)
    assert campaigns["total"] == len(campaigns["data"]) == (2 if metric == "clicks" else 3)


async def test_what_a_client_may_not_see_is_refused_and_absent(api: Api, guest: Client) -> None:
    """The registry's rule, everywhere: not shown, not sorted by, not explained – until settings allow it."""
    campaign = guest.ids["campaign", 1]
    asked: list[tuple[str, dict[str, str]]] = [
        *((path, {"sort_by": "margin", **DAYS}) for path in ("/campaigns", "/creatives")),
        (f"/campaigns/{campaign}/performance", {"sort_by": "media_cost"}),
        (f"/campaigns/{campaign}/metrics", {"metric": "media_cost"}),
        *(
            (f"/metrics/{part}", {"metric": "margin"})
            for part in ("trends", "top-campaigns", "top-creatives")
        ),
        *((f"/metrics/{part}", {"metric": "media_cost"}) for part in ("underperformers", "explain")),
    ]
    for path, params in asked:
        refused = await api.send("GET", path, 422, who=guest.name, params=params)
        assert len(refused["field_errors"]) == 1, path
    reads = ("daily", "trends", "top-campaigns", "top-creatives", "underperformers", "explain")
    texts = [
        (await api("GET", f"/metrics/{part}", who=guest.name, params={"metric": "spend"})).text
        for part in reads
    ]
    assert all("spend" in text for text in texts)
    assert not any(name in text for text in texts for name in HIDDEN)
    await api.send("POST", f"/clients/{guest.public_id}/settings", 200, json={"show_media_cost": True})
    for path, params in asked:
        await api.send("GET", path, 200, who=guest.name, params=params)


async def test_underperformers_follow_the_clients_thresholds(api: Api, guest: Client) -> None:
    params = {"client_id": str(guest.public_id), **DAYS}
    assert (await api.get("/metrics/underperformers", **params))["data"] == []
    everyone = {"ctr_below": 100, "spend_over": 0, "conversions_under": 1_000_000}
    await api.send("POST", f"/clients/{guest.public_id}/settings", 200, json={"thresholds": everyone})
    found = await api.get("/metrics/underperformers", **params)
    by_campaign = {number: expected(facts_of(guest, campaign=number)) for number in (1, 3)}  # vibe: no clicks
    spends = sorted((values["spend"] or 0 for values in by_campaign.values()), reverse=True)
    assert [row["spend"] for row in found["data"]] == spends
    assert found["data"][0]["thresholds"] == everyone
    assert "is under 100 %" in found["data"][0]["reason"]
    lowest = await api.get("/metrics/underperformers", **params, metric="roas", limit=1)
    assert (lowest["order"], lowest["total"]) == ("asc", 2)
    assert lowest["data"][0]["roas"] == min(values["roas"] or 0 for values in by_campaign.values())


# --- how a number came about


@pytest.mark.parametrize(
    ("where", "metric"), [({}, "cpa"), ({"campaign": 3}, "margin"), ({"placement": 10}, "cpa")], ids=str
)
async def test_a_number_is_taken_apart_exactly(api: Api, where: dict[str, int], metric: str) -> None:
    north = api.world.north
    params = {f"{name}_id": str(north.ids[name, key]) for name, key in where.items()}
    answer = await api.get("/metrics/explain", client_id=north.public_id, metric=metric, **params, **DAYS)
    facts = facts_of(north, **where)
    priced = [fact for fact in facts if fact.cpm is not None]
    spend = sum((fact.impressions * Fraction(fact.cpm or 0) / 1000 for fact in priced), Fraction(0))
    assert answer["value"] == expected(facts)[metric]
    assert answer["rows"] == len(facts)
    if metric == "cpa":
        assert Fraction(answer["numerator"]["value"]) == spend
        assert answer["denominator"] == {"name": "conversions", "value": sum(f.conversions for f in priced)}
        assert answer["formula"] == "spend ÷ conversions"
        assert answer["covers"]["impressions"] == sum(fact.impressions for fact in priced)
        assert answer["covers"]["of_impressions"] == sum(fact.impressions for fact in facts)
    if metric == "margin":
        cost = Fraction(sum(fact.media_cost_micros or 0 for fact in priced), 10**6)
        assert Fraction(answer["minus"]["value"]) == cost
        assert Fraction(answer["exact"]) == spend - cost
    level = next(iter(where), None)
    assert (answer["entity"] or {}).get("level") == level


async def test_an_explanation_names_rates_runs_and_restatements(
    api: Api, guest: Client, owner: Owner
) -> None:
    yesterday = TODAY - timedelta(days=1)
    await owner.execute(
        "INSERT INTO day_rates (client_id, source, date, cpm, client_setting_id) SELECT client_id, 'vibe', "
        "d, cpm, id FROM client_settings, generate_series($2::date, $3::date, '1 day') d "
        "WHERE client_id = $1 AND source IS NULL",
        guest.id,
        yesterday - timedelta(days=4),
        yesterday,
    )
    first, second, added = [
        await a_run(owner, guest, source="vibe", artifact=f'{{"bucket": "b", "key": "x/{n}.csv"}}')
        for n in range(3)
    ]
    standing = {"rows": 3, "conversions": 41, "media_cost_micros": 1}
    await ledger(owner, guest, first, {"rows": 0}, standing)
    await ledger(owner, guest, second, standing, {"rows": 3, "conversions": 47, "media_cost_micros": 2})
    await ledger(owner, guest, added, {"rows": 3, "conversions": 47}, {"rows": 4, "conversions": 48})
    await owner.execute(
        "UPDATE slice_head SET run_no = (SELECT run_no FROM ingestion_logs WHERE run_id = $2) "
        "WHERE client_id = $1 AND source = 'vibe' AND date = $3",
        guest.id,
        second,
        yesterday,
    )
    asked = {"metric": "cpa", "source": "vibe", "start_date": str(yesterday), "end_date": str(yesterday)}
    found = await api.get("/metrics/explain", client_id=guest.public_id, **asked)
    (rate,) = found["rates"]
    assert (rate["cpm"], rate["first_day"], rate["days"]) == (Decimal("7.3333"), str(yesterday), 1)
    files = {row["run_id"]: row["file"] for row in found["runs"]["data"]}
    assert files == {
        str(run): {"name": f"{n}.csv", "bucket": "b", "key": f"x/{n}.csv"}
        for n, run in ((1, second), (2, added))
    }
    assert found["restatements"]["total"] == 2
    assert found["restatements"]["data"][1]["changes"]["conversions"] == {
        "before": 41,
        "after": 47,
        "change": 6,
    }
    theirs = await api("GET", "/metrics/explain", who=guest.name, params=asked)
    assert {row["file"]["name"] for row in theirs.json()["runs"]["data"]} == {"1.csv", "2.csv"}
    assert not any(word in theirs.text for word in ("media_cost", "margin", '"bucket"', "x/1.csv"))
    whole = await api.get("/metrics/explain", client_id=guest.public_id, metric="clicks")
    assert (whole["rates"], whole["entity"]) == ([], None)


# --- summaries


async def test_summaries_are_paged_named_and_marked(api: Api, guest: Client, owner: Owner) -> None:
    """Those that touch the range, newest first; names of today, nothing that the reader may not see."""
    monday = TODAY - timedelta(days=TODAY.weekday() + 7)
    entry = {"campaign_id": str(guest.ids["campaign", 1]), "media_cost": 3, "spend": 2}
    gone = {**entry, "campaign_id": str(guest.public_id)}
    tops = json.dumps({"by_conversions": [entry, gone], "by_revenue": []})
    none = json.dumps({"by_conversions": [], "by_revenue": []})
    weak = json.dumps([{**entry, "reason": "CTR"}])
    starts = [monday - timedelta(weeks=n) for n in range(6)]
    for start in starts:
        await owner.execute(
            "INSERT INTO weekly_summaries VALUES ($1, $2, $3, $4, '{}', $5, $6, $7, $8)",
            *(guest.id, start, start + timedelta(days=6), '{"spend": 12.3400000, "margin": 1}'),
            *('{"spend_delta": 0.10, "media_cost_delta": 1}', tops, none, weak),
        )
    params = {"start_date": str(starts[4] + timedelta(days=6)), "end_date": str(starts[1])}
    found = await api.get("/metrics/weekly", who=guest.name, **params)
    assert [row["week_start"] for row in found["data"]] == [str(start) for start in starts[1:5]]
    assert {str(row["sums"]["spend"]) for row in found["data"]} == {"12.34"}
    states = [row["status"] for row in found["data"]]
    assert (states[0], states[-1]) == ("provisional", "final")  # facebook settles in 28 days
    row = found["data"][0]
    assert [top["campaign_name"] for top in row["top_campaigns"]["by_conversions"]] == [
        f"{guest.name} campaign 1"
    ]
    assert row["underperformers"][0]["reason"] == "CTR"
    assert not any(name in json.dumps(found, default=str) for name in HIDDEN)
    second = await api.get("/metrics/weekly", who=guest.name, **params, page=2, page_size=3)
    assert [row["week_start"] for row in second["data"]] == [str(starts[4])]
    admins = await api.get("/metrics/weekly", client_id=guest.public_id, **params)
    assert admins["data"][0]["deltas"]["media_cost_delta"] == 1
    assert (await api.get("/metrics/monthly", who=guest.name))["data"] == []
    both = [str(api.world.north.public_id), str(api.world.south.public_id)]
    await api.send("GET", "/metrics/monthly", 422, params={"client_id": both})


async def test_summaries_tell_their_figures_as_everything_else(api: Api, guest: Client, owner: Owner) -> None:
    """Two decimals of spend; why a change is null by metric, also where the week before is partly there."""
    first = FIRST - timedelta(days=FIRST.weekday())
    await owner.execute(
        "UPDATE slice_head SET date = date + 200 WHERE client_id = $1 AND date <= $2",
        *(guest.id, first + timedelta(days=8)),
    )  # deliveries begin in the midst of the second week
    entry = {"campaign_id": str(guest.ids["campaign", 1]), "spend": 2, "impressions": 7, "ctr": 1}
    tops = json.dumps({"by_conversions": [entry], "by_revenue": []})
    none = json.dumps({"by_conversions": [], "by_revenue": []})
    stored = {
        "days": 7,
        "previous_days": 5,
        "reason": None,
        "reasons": {"clicks": "not_measured"},
        "spend_delta": 1.50,
        "spend_delta_pct": 3.25,
        "clicks_delta": None,
        "clicks_delta_pct": None,
    }
    starts = [first + timedelta(weeks=n) for n in (2, 3)]
    for start in starts:
        await owner.execute(
            "INSERT INTO weekly_summaries VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '[]')",
            *(guest.id, start, start + timedelta(days=6)),
            *('{"spend": 12.3450000, "impressions": 5}', '{"ctr": 0.5, "coverage": {"ctr": 0.25}}'),
            *(json.dumps(stored), tops, none),
        )
    params = {"start_date": str(starts[0]), "end_date": str(starts[1])}
    whole, partly = (await api.get("/metrics/weekly", who=guest.name, **params))["data"]
    assert (str(whole["sums"]["spend"]), whole["sums"]["impressions"]) == ("12.35", 5)
    assert str(whole["ratios"]["ctr"]) == "0.500000"
    assert str(whole["ratios"]["coverage"]["ctr"]) == "0.25"
    assert str(whole["top_campaigns"]["by_conversions"][0]["spend"]) == "2.00"
    assert whole["deltas"]["spend_delta_pct"] == Decimal("3.25")
    assert whole["deltas"]["delta_reasons"] == {"clicks": "not_measured"}
    assert partly["deltas"]["reason"] == "previous_period_partial"
    assert (partly["deltas"]["spend_delta"], partly["deltas"]["spend_delta_pct"]) == (None, None)
    assert partly["deltas"]["delta_reasons"] == dict.fromkeys(("spend", "clicks"), "previous_period_partial")
    assert "reasons" not in whole["deltas"]


async def test_examples_have_the_fields_of_the_answers(api: Api) -> None:
    north = api.world.north
    ids = {f"{level}_id": public for (level, _), public in north.ids.items()} | {"client_id": north.public_id}
    for operation in operations(api.app):
        mine = ("hierarchy", "metrics")
        if operation.method != "GET" or operation.document["tags"][0] not in mine:
            continue
        example = operation.document["responses"]["200"]["content"]["application/json"]["example"]
        params = {"client_id": str(north.public_id)} if "client_id" in operation.query else {}
        extra = {"compare": "previous_year"} if operation.path == "/metrics/trends" else operation.needed
        real = await api.get(operation.at(ids), **params, **extra)
        odd = ("delta_reasons", "denominator", "numerator")
        found = [d for d in differences(shape(example), shape(real)) if not d.endswith(odd)]
        assert found == [], operation
