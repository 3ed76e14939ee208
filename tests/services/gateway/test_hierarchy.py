"""The hierarchy at its four levels: lists, details, figures – exact – and what people change."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import numpy as np
import polars as pl
import pytest

from libs.metrics.measures import SUMS
from libs.reading import frames
from tests.services.gateway.conftest import Api
from tests.services.gateway.operations import LEVELS
from tests.services.gateway.test_dashboard import figures_in, within
from tests.services.gateway.traces import Owner, audited, outbox
from tests.services.gateway.world import FIRST, Client, Fact, expected

KEYS = {"campaign": 1, "strategy": 2, "placement": 10, "creative": 21}
SPAN = (FIRST + timedelta(days=5), FIRST + timedelta(days=40))
DAYS = {"start_date": str(SPAN[0]), "end_date": str(SPAN[1])}
UPWARDS = {"strategy": "campaign", "placement": "strategy", "creative": "placement"}


def mine(client: Client, level: str, key: int) -> list[Fact]:
    return [fact for fact in client.facts if getattr(fact, level) == key and within(*SPAN)(fact)]


@pytest.mark.parametrize("level", LEVELS)
async def test_figures_of_an_entity_are_exact(api: Api, level: str) -> None:
    north, key = api.world.north, KEYS[level]
    facts = mine(north, level, key)
    path = f"/{LEVELS[level]}/{north.ids[level, key]}"
    for by in ("day", "week", "month"):
        answer = await api.get(f"{path}/metrics", **DAYS, by=by)
        for point in answer["points"]:
            days = within(date.fromisoformat(point["date"]), date.fromisoformat(point["end_date"]))
            assert figures_in(point) == expected(facts, days)
        assert figures_in(answer["totals"]) == expected(facts)
    assert answer[f"{level}_name"] == f"North {level} {key}"
    assert answer["maturity"]["status"] in ("final", "provisional")
    one = await api.get(path, who="nina")
    assert (one[f"{level}_id"], one["source_name"]) == (
        str(north.ids[level, key]),
        f"North {level} {key}",
    )
    assert one["client_id"] == str(north.public_id)


@pytest.mark.parametrize("level", UPWARDS)
async def test_lists_below_an_entity(api: Api, level: str) -> None:
    """Names alone without a range; with one the figures of those below, and totals of exactly those."""
    north, parent = api.world.north, UPWARDS[level]
    above = KEYS[parent]
    keys = {getattr(f, level) for f in north.facts if getattr(f, parent) == above}
    params = {f"{parent}_id": str(north.ids[parent, above])}
    plain = await api.get(f"/{LEVELS[level]}", **params)
    ids = {str(north.ids[level, key]) for key in keys}
    assert {row[f"{level}_id"] for row in plain["data"]} == ids
    assert plain["total"] == len(keys)
    found = await api.get(f"/{LEVELS[level]}", **params, **DAYS, sort_by="impressions")
    assert figures_in(found["totals"]) == expected(mine(north, parent, above))
    for row in found["data"]:
        (key,) = [key for key in keys if str(north.ids[level, key]) == row[f"{level}_id"]]
        assert figures_in(row) == expected(mine(north, level, key))
    counts = [row["impressions"] for row in found["data"]]
    assert counts == sorted(counts, reverse=True)
    named = await api.get(f"/{LEVELS[level]}", client_id=north.public_id, name=f"NORTH {level} {max(keys)}")
    assert named["total"] == 1
    other = {f"{parent}_id": str(north.ids[parent, above]), "client_id": str(api.world.south.public_id)}
    await api.send("GET", f"/{LEVELS[level]}", 404, params=other)


async def test_filters_must_lie_on_one_path(api: Api) -> None:
    ids = api.world.north.ids
    good = {"campaign_id": str(ids["campaign", 1]), "placement_id": str(ids["placement", 10])}
    assert (await api.get("/creatives", **good))["total"] == 2
    bad = {**good, "campaign_id": str(ids["campaign", 2])}
    await api.send("GET", "/creatives", 404, params=bad)
    await api.send("GET", "/metrics/daily", 404, who="nina", params=bad)
    refused = await api.send("GET", "/creatives", 422, who="nina", params={"sort_by": "spend"})
    assert list(refused["field_errors"]) == ["sort_by"]
    await api.send("GET", f"/strategies/{ids['strategy', 1]}/metrics", 422, params={"metric": "profit"})


async def test_a_campaign_with_its_strategies(api: Api) -> None:
    north = api.world.north
    path = f"/campaigns/{north.ids['campaign', 3]}"
    found = await api.get(f"{path}/performance", **DAYS, who="nina")
    facts = mine(north, "campaign", 3)
    assert figures_in(found, admin=False) == expected_for_clients(facts)
    assert not {"media_cost", "margin", "margin_delta"} & found.keys()
    (strategy,) = found["strategies"]["data"]
    assert strategy["strategy_name"] == "North strategy 3"
    assert figures_in(strategy, admin=False) == expected_for_clients(facts)
    assert found["delta_reasons"]["impressions"] == "previous_period_partial"
    half, day = FIRST + timedelta(days=35), timedelta(days=1)
    later = {"start_date": str(half), "end_date": str(half + 34 * day)}
    found = await api.get(f"{path}/performance", **later, who="nina")
    before = expected([f for f in north.facts if f.campaign == 3], within(FIRST, half - day))
    assert found["impressions_delta"] == (found["impressions"] or 0) - (before["impressions"] or 0)
    await api.send("GET", f"{path}/performance", 422, who="nina", params={"sort_by": "margin"})

    tree = await api.get(f"{path}/tree")
    (strategy,) = tree["strategies"]
    placements = {
        p["placement_name"]: {c["creative_name"] for c in p["creatives"]} for p in strategy["placements"]
    }
    assert placements == {
        "North placement 30": {"North creative 30", "North creative 32"},
        "North placement 31": {"North creative 31", "North creative 33"},
    }
    shallow = await api.get(f"{path}/tree", depth="strategy")
    assert shallow["strategies"] == [{name: strategy[name] for name in ("strategy_id", "strategy_name")}]


def expected_for_clients(facts: list[Fact]) -> dict[str, Any]:
    return {name: value for name, value in expected(facts).items() if name not in ("media_cost", "margin")}


async def test_what_people_add_is_found_and_stays_theirs(api: Api, guest: Client, owner: Owner) -> None:
    """One of each level below the other; keys are given out as the loader does."""
    campaign = {"client_id": str(guest.public_id), "source": "surfside", "name": "  Spring \t sale "}
    made = await api.send("POST", "/campaigns", 201, json=campaign)
    assert (made["campaign_name"], made["source"], made["strategies"]) == ("Spring sale", "surfside", 0)
    ids = {"campaign": made["campaign_id"]}
    for level, parent in UPWARDS.items():
        body = {f"{parent}_id": ids[parent], "name": "N\u0303"}
        answer = await api.send("POST", f"/{LEVELS[level]}", 201, json=body)
        ids[level] = answer[f"{level}_id"]
        assert answer[f"{level}_name"] == "\u00d1"
        await api.send("POST", f"/{LEVELS[level]}", 409, json=body)
        await api.send("POST", f"/{LEVELS[level]}", 404, json={**body, f"{parent}_id": str(uuid4())})
        await api.send("POST", f"/{LEVELS[level]}", 422, json={**body, "name": " n/A "})
        assert (await audited(owner, ids[level]))[0]["action"] == f"{level}.added"
    await api.send("POST", "/campaigns", 409, json=campaign)
    await api.send("POST", "/campaigns", 422, json={**campaign, "label": "x"})
    keys = await owner.fetchrow(
        "SELECT c.id, c.label, h.campaigns FROM campaigns c JOIN hierarchy_counters h USING (client_id) "
        "WHERE c.public_id = $1",
        made["campaign_id"],
    )
    assert keys is not None
    assert tuple(keys) == (4, "Spring sale", 4)
    listed = await api.get("/creatives", who=guest.name, campaign_id=ids["campaign"])
    assert [row["creative_id"] for row in listed["data"]] == [ids["creative"]]
    ranged = await api.get("/creatives", who=guest.name, campaign_id=ids["campaign"], **DAYS)
    assert [row["spend"] for row in ranged["data"]] == [None]
    gone = await api.send("DELETE", f"/campaigns/{ids['campaign']}", 202)
    assert (gone["rows"], gone["first_day"]) == (0, None)
    wanted = {"client_id": str(guest.public_id), "level": "campaign", "id": ids["campaign"]}
    assert await outbox(owner, gone) == [("hierarchy.deleted", wanted)]


async def test_what_is_sent_twice_with_a_key_is_added_once(api: Api, guest: Client, owner: Owner) -> None:
    bodies: dict[str, dict[str, Any]] = {
        "/campaigns": {"client_id": str(guest.public_id), "source": "vibe", "name": "Once"},
        "/strategies": {"campaign_id": str(guest.ids["campaign", 1]), "name": "Once"},
        "/placements": {"strategy_id": str(guest.ids["strategy", 1]), "name": "Once"},
        "/creatives": {"placement_id": str(guest.ids["placement", 10]), "name": "Once"},
        "/views": {"name": uuid4().hex, "state": {}},
    }
    for path, body in bodies.items():
        key = {"Idempotency-Key": uuid4().hex}
        first, again = [await api("POST", path, json=body, headers=key) for _ in range(2)]
        assert (first.status_code, again.status_code) == (201, 201), again.text
        assert first.json() == again.json()
        assert again.headers["Idempotency-Replayed"] == "true"
        other = await api.send("POST", path, 422, json={**body, "name": "Twice"}, headers=key)
        assert other["error_code"] == "IDEMPOTENCY_KEY_REUSED"
        await api.send("POST", path, 409, json=body)


async def test_a_new_name_shows_everywhere(api: Api, guest: Client, owner: Owner) -> None:
    creative, params = guest.ids["creative", 10], {"client_id": str(guest.public_id), **DAYS}
    before = await api.get("/dashboard/creatives", **params)
    path = f"/creatives/{creative}"
    changed = await api.send(
        "PUT", path, 200, json={"name": "Blue", "preview_url": "https://a.example/b.png"}
    )
    assert (changed["creative_name"], changed["source_name"]) == ("Blue", f"{guest.name} creative 10")
    after = await api.get("/dashboard/creatives", **params)
    assert after["totals"] == before["totals"]
    row = next(row for row in after["data"] if row["creative_id"] == str(creative))
    assert (row["creative_name"], row["preview_url"]) == ("Blue", "https://a.example/b.png")
    assert (await api.get("/creatives", client_id=guest.public_id, name="blue"))["total"] == 1
    sibling = f"/creatives/{guest.ids['creative', 12]}"
    await api.send("PUT", sibling, 409, json={"name": "Blue"})
    await api.send("PUT", path, 200, json={"name": "Blue"})
    assert (await api.send("PUT", path, 200, json={"preview_url": None}))["creative_name"] == "Blue"
    for wrong in ({}, {"name": None}, {"preview_url": "javascript:x"}, {"name": "a", "placement_id": "x"}):
        await api.send("PUT", path, 422, json=wrong)
    first = (await audited(owner, creative))[0]
    assert first["action"] == "creative.changed"
    assert json.loads(first["old_values"])["creative_name"] == f"{guest.name} creative 10"
    assert json.loads(first["new_values"])["creative_name"] == "Blue"


def test_creatives_that_were_just_deleted_are_nobodys() -> None:
    """Between the loader's deletion and the aggregator's refresh blocks have keys that the tree has not."""
    keys, tree = np.array([1, 2, 9], np.int32), frames.Tree(*[np.array([0, 1, 1], np.int32)] * 4)
    sums = pl.DataFrame({"creative_id": keys}).with_columns(pl.lit(5, pl.Int64).alias(name) for name in SUMS)
    mine = frames.of_creatives(sums, tree, frames.Wanted(7, within=("strategy", 1)))
    assert mine["key"].to_list() == [1, 2]
    every = frames.of_creatives(sums, tree, frames.Wanted(7))
    assert frames.of_parents(every, tree.placement_of).select("key", "rows").rows() == [(0, 5), (1, 10)]
