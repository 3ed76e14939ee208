"""Answers are kept as they are sent: a kept one is always what a gateway that has none would answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest

from deploy.local import Infra
from libs.reading import sections
from libs.reading.reading import Reading
from libs.testing.databases import drop_database, fresh_database
from tests.services.gateway.conftest import Api, Seeded, Start
from tests.services.gateway.world import TODAY, build

YESTERDAY = TODAY - timedelta(days=1)

CHANGES = {
    "a campaign's name": "UPDATE campaigns SET label = 'Renamed' WHERE client_id = $1",
    "a strategy's name": "UPDATE strategies SET label = 'Renamed' WHERE client_id = $1",
    "a placement's name": "UPDATE placements SET label = 'Renamed' WHERE client_id = $1",
    "a creative's name": "UPDATE creatives SET label = 'Renamed' WHERE client_id = $1",
    "the client's name": "UPDATE clients SET name = 'North again' WHERE id = $1",
    "who may see costs": (
        "UPDATE clients SET settings = settings || '{\"show_media_cost\": true}' WHERE id = $1"
    ),
    "the client's days": (  # never the same day in both of them, so that one is not the client's
        "UPDATE clients SET timezone = CASE (now() AT TIME ZONE timezone)::date "
        "WHEN (now() AT TIME ZONE 'Pacific/Kiritimati')::date THEN 'Pacific/Midway' "
        "ELSE 'Pacific/Kiritimati' END WHERE id = $1"
    ),
    "a delivery": (
        "DELETE FROM slice_head WHERE client_id = $1 AND source = 'vibe' AND date = CAST($2 AS date) - 1"
    ),
    "when it was delivered": "UPDATE slice_head SET delivered_at = now() WHERE client_id = $1",
    "a run": (
        "INSERT INTO ingestion_logs (client_id, run_id, source, run_date, status) "
        "VALUES ($1, gen_random_uuid(), 'vibe', $2, 'failed')"
    ),
    "how a run ended": "UPDATE ingestion_logs SET status = 'held' WHERE client_id = $1 AND run_date = $2",
    "a source": "UPDATE source_settings SET enabled = false WHERE client_id = $1 AND source = 'vibe'",
    "settling days": (
        "UPDATE source_settings SET settling_days = 2 WHERE client_id = $1 AND source = 'surfside'"
    ),
    "figures": (
        "WITH summed AS (UPDATE rollups SET impressions = impressions + 1 WHERE client_id = $1) "
        "UPDATE data_versions SET version = version + 1 WHERE client_id = $1"
    ),
}
PATHS = (
    "/dashboard",
    "/dashboard/summary",
    "/dashboard/campaigns?sort_by=name",
    "/dashboard/creatives?page_size=2&page=2",
    "/dashboard/trends?by=week",
    "/dashboard/source-breakdown",
    "/dashboard/freshness",
    "/metrics/trends?compare=previous_period",
    "/metrics/top-campaigns",
    "/metrics/top-creatives?limit=3",
    "/metrics/weekly",
)


@pytest.fixture(scope="module")
def own(infra: Infra, worker: str) -> Iterator[Seeded]:
    """A world that only these tests change; of yesterday nothing was delivered."""

    async def make() -> Seeded:
        database = await fresh_database(infra.database_url, f"kept_{worker}_{uuid4().hex[:6]}")
        world = await build(database.owner_url)
        connection = await asyncpg.connect(database.owner_url)
        await connection.execute("DELETE FROM slice_head WHERE date = $1", YESTERDAY)
        await connection.close()
        return Seeded(database, world)

    yield (found := asyncio.run(make()))
    asyncio.run(drop_database(found.database))


async def answers(api: Api, who: str) -> dict[str, str]:
    client = api.world.north.public_id
    found = {}
    for path in PATHS:
        answer = await api("GET", f"{path}{'&' if '?' in path else '?'}client_id={client}", who=who)
        assert answer.status_code == 200, answer.text
        found[path] = answer.text
    return found


@pytest.mark.parametrize("what", CHANGES)
async def test_a_change_is_seen_at_once(own: Seeded, start: Start, what: str) -> None:
    keeping, client = start(own), own.world.north
    before = {who: await answers(keeping, who) for who in ("admin", "nina")}
    statement = CHANGES[what]
    connection = await asyncpg.connect(own.database.owner_url)
    changed = await connection.execute(statement, client.id, *([YESTERDAY] if "$2" in statement else []))
    await connection.close()
    assert not changed.endswith(" 0"), changed
    fresh = start(own)
    now = {who: await answers(fresh, who) for who in before}
    assert {who: await answers(keeping, who) for who in before} == now
    assert now["nina"] != before["nina"]


async def test_what_did_not_change_is_not_made_again(
    own: Seeded, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = start(own)
    before = await answers(api, "admin")

    async def made_again(_: Reading) -> dict[str, object]:
        raise AssertionError("the answer is made again")

    monkeypatch.setattr(sections, "heading", made_again)
    assert await answers(api, "admin") == before


async def test_one_client_s_answer_is_not_another_s(own: Seeded, start: Start) -> None:
    """Both versions are 1, their names may be the same: still each gets its own."""
    api = start(own)
    north = await api.get("/dashboard/summary", client_id=own.world.north.public_id)
    south = await api.get("/dashboard/summary", client_id=own.world.south.public_id)
    assert (north["client_id"], south["client_id"]) == (
        str(own.world.north.public_id),
        str(own.world.south.public_id),
    )
    assert north["impressions"] != south["impressions"]
