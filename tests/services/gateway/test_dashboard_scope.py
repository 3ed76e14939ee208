"""Several clients, who sees what, names of today, and which figures are shown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.services.gateway.conftest import Api
from tests.services.gateway.test_dashboard import HIDDEN, YESTERDAY, figures_in, within
from tests.services.gateway.world import FIRST, METRICS, TODAY, Client, expected


async def test_several_clients_of_one_currency_add_up(api: Api) -> None:
    world = api.world
    both = [world.north.public_id, world.south.public_id]
    answer = await api.get("/dashboard/summary", client_id=[str(client) for client in both])
    chosen = within(TODAY - timedelta(days=30), YESTERDAY)
    assert figures_in(answer) == expected([*world.north.facts, *world.south.facts], chosen)
    listing = await api.get("/dashboard/creatives", client_id=[str(client) for client in both])
    assert listing["total"] == 24
    assert figures_in(listing["totals"]) == figures_in(answer)


async def test_a_campaign_among_several_clients_is_its_clients_own(api: Api) -> None:
    """Both clients have a campaign with the integer key 1."""
    world = api.world
    both = [str(world.north.public_id), str(world.south.public_id)]
    campaign = str(world.south.ids["campaign", 1])
    wanted = expected(world.south.facts, lambda f: f.campaign == 1 and f.day >= TODAY - timedelta(days=30))
    for part in ("summary", "creatives", "source-breakdown"):
        answer = await api.get(f"/dashboard/{part}", client_id=both, campaign_id=campaign)
        assert figures_in(answer.get("totals", answer)) == wanted
        assert answer["client_name"] == "South"


async def test_mixed_currencies_are_refused(api: Api) -> None:
    clients = [str(api.world.south.public_id), str(api.world.clients["Euro"].public_id)]
    for path in ("/dashboard", "/dashboard/summary", "/dashboard/creatives", "/dashboard/trends"):
        answer = await api.send("GET", path, 422, params={"client_id": clients})
        assert "EUR, USD" in answer["detail"]


async def test_a_client_user_does_not_see_cost_unless_it_is_agreed(
    api: Api, guest: Client, owner: Any
) -> None:
    paths = (
        "/dashboard",
        *(f"/dashboard/{part}" for part in ("summary", "creatives", "trends", "source-breakdown")),
    )
    for path in paths:
        answer = await api("GET", path, who=guest.name)
        assert answer.status_code == 200
        assert "media_cost" not in answer.text
        assert "margin" not in answer.text
    assert (await api("GET", "/dashboard/creatives?sort_by=margin", who=guest.name)).status_code == 422
    assert (await api("GET", "/dashboard/trends?metric=media_cost", who=guest.name)).status_code == 422
    await owner.execute(
        """UPDATE clients SET settings = '{"show_media_cost": true}' WHERE id = $1""", guest.id
    )
    agreed = await api.get("/dashboard/summary", who=guest.name)
    assert agreed["margin"] is not None


@pytest.mark.parametrize("metric", HIDDEN)
async def test_an_order_that_an_admin_asked_for_stays_hidden_from_others(
    api: Api, guest: Client, metric: str
) -> None:
    """The page is in the cache by then."""
    campaign = guest.ids["campaign", 1]
    lists = ("campaigns", "strategies", "placements", "creatives")
    params = {
        "client_id": str(guest.public_id),
        "sort_by": metric,
        "start_date": str(FIRST),
        "end_date": str(YESTERDAY),
    }
    for path in (*(f"/dashboard/{name}" for name in lists), f"/campaigns/{campaign}/performance"):
        await api.get(path, **params)
        answer = await api("GET", path, who=guest.owner, params=params)
        assert (answer.status_code, list(answer.json()["field_errors"])) == (422, ["sort_by"]), path


async def test_campaigns_without_rows_are_listed_too(api: Api, guest: Client, owner: Any) -> None:
    await owner.execute(
        "INSERT INTO campaigns (client_id, id, source, name) VALUES ($1, 9, 'vibe', 'Never ran')",
        guest.id,
    )
    plain = await api.get("/campaigns", client_id=guest.public_id)
    assert [row["campaign_name"] for row in plain["data"]] == [
        *(f"{guest.name} campaign {n}" for n in (1, 2, 3)),
        "Never ran",
    ]
    assert "impressions" not in plain["data"][0]
    ranged = await api.get(
        "/campaigns",
        client_id=guest.public_id,
        start_date=str(FIRST),
        end_date=str(YESTERDAY),
        sort_by="spend",
    )
    assert ranged["total"] == 4
    assert ranged["data"][-1]["spend"] is None
    found = await api.get("/campaigns", client_id=guest.public_id, name="NEVER")
    assert found["total"] == 1


async def test_the_cache_cannot_serve_old_numbers(api: Api, guest: Client, owner: Any) -> None:
    """After a load the version moves, in the transaction that changed the blocks."""
    params = {"client_id": str(guest.public_id), "start_date": str(FIRST), "end_date": str(FIRST)}
    before = await api.get("/dashboard/creatives", **params)
    assert before["total"] == 12
    async with owner.transaction():
        await owner.execute("DELETE FROM rollup_blocks WHERE client_id = $1", guest.id)
        await owner.execute("UPDATE data_versions SET version = version + 1 WHERE client_id = $1", guest.id)
    after = await api.get("/dashboard/creatives", **params)
    assert after["total"] == 0
    assert after["data_version"] == before["data_version"] + 1


async def test_summaries_are_shown_with_names_of_today(api: Api, guest: Client, owner: Any) -> None:
    monday = TODAY - timedelta(days=TODAY.weekday() + 7)
    campaign = str(guest.ids["campaign", 1])
    await owner.execute(
        "INSERT INTO weekly_summaries VALUES ($1, $2, $3, $4, '{}', '{}', $5, $6, '[]')",
        guest.id,
        monday,
        monday + timedelta(days=6),
        '{"spend": 12.3400000}',
        f'{{"by_conversions": [{{"campaign_id": "{campaign}", "media_cost": 3}}], "by_revenue": []}}',
        '{"by_conversions": [], "by_revenue": []}',
    )
    await owner.execute("UPDATE campaigns SET label = 'Spring' WHERE client_id = $1 AND id = 1", guest.id)
    found = (await api.get("/dashboard", who=guest.name))["weekly_summary"]
    assert found["week_start"] == str(monday)
    assert str(found["sums"]["spend"]) == "12.34"  # as everywhere
    assert found["top_campaigns"]["by_conversions"][0]["campaign_name"] == "Spring"
    assert "media_cost" not in found["top_campaigns"]["by_conversions"][0]


async def test_summaries_are_of_one_whole_client(api: Api, guest: Client, owner: Any) -> None:
    monday = TODAY - timedelta(days=TODAY.weekday() + 7)
    empty = '{"by_conversions": [], "by_revenue": []}'
    for table, start in (("weekly_summaries", monday), ("monthly_summaries", monday.replace(day=1))):
        await owner.execute(
            f"INSERT INTO {table} VALUES ($1, $2, $3, '{{}}', '{{}}', '{{}}', $4, $4, '[]')",
            guest.id,
            start,
            start + timedelta(days=6),
            empty,
        )
    campaign = str(guest.ids["campaign", 1])
    for part in ({"source": "vibe"}, {"campaign_id": campaign}):
        found = await api.get("/dashboard", who=guest.name, **part)
        assert (found["weekly_summary"], found["monthly_summary"]) == (None, None)
    found = await api.get("/dashboard", who=guest.name)
    assert found["weekly_summary"]["week_start"] == str(monday)
    assert found["monthly_summary"] is not None


CHOSEN = [
    ("/dashboard/summary", lambda found: found),
    ("/dashboard/campaigns", lambda found: found["data"][0]),
    ("/dashboard/creatives", lambda found: found["totals"]),
    ("/dashboard/trends", lambda found: found["points"][0]),
    ("/dashboard/source-breakdown", lambda found: found["data"][0]),
    ("/metrics/trends", lambda found: found["points"][0]),
    ("/dashboard", lambda found: found["placements"]["totals"]),
]


@pytest.mark.parametrize(("path", "part"), CHOSEN)
async def test_the_figures_that_are_shown_can_be_chosen(api: Api, path: str, part: Any) -> None:
    """`metric` or `metrics`, repeated or with commas; a list is still ordered by spend."""
    params: dict[str, Any] = {"client_id": str(api.world.north.public_id)}
    every = part(await api.get(path, **params))
    for given in (
        {"metric": ["clicks", "ctr"]},
        {"metrics": ["clicks", "ctr"]},
        {"metrics": "clicks, ctr"},
        {"metric": "clicks", "metrics": "ctr"},
    ):
        found = part(await api.get(path, **params, **given))
        assert [name for name in METRICS if name in found] == ["clicks", "ctr"]
        assert (found["clicks"], found["ctr"]) == (every["clicks"], every["ctr"])
    for field in ("metric", "metrics"):
        for wrong in ("profit", "clicks,profit", ""):
            answer = await api.send("GET", path, 422, params={**params, field: wrong})
            assert list(answer["field_errors"]) == [field]
    hidden = await api("GET", path, who="nina", params={"metrics": "clicks,margin"})
    assert hidden.status_code == 422
