"""Every list has the one envelope: total, page, page_size, data; and is sorted by what it says."""

from __future__ import annotations

from typing import Any

import pytest

from tests.services.gateway.conftest import Api
from tests.services.gateway.operations import operations
from tests.services.gateway.traces import Owner
from tests.services.gateway.world import Client

ENVELOPE = {"total", "page", "page_size", "data"}
NO_LISTS = {"/dashboard/source-breakdown", "/dashboard/freshness"}
"""One line for each source: there is nothing to turn over."""
TOP = ("/metrics/top-campaigns", "/metrics/top-creatives", "/metrics/underperformers")
"""The first so many."""


async def test_every_list_is_paged_and_sorted(api: Api) -> None:
    """What answers with `data`, by its document: it takes page, page_size, sort_by and order."""
    seen = set()
    for operation in operations(api.app):
        if operation.method != "GET" or operation.path in (*NO_LISTS, *TOP):
            continue
        content = operation.document["responses"].get("200", {}).get("content", {})
        example = content.get("application/json", {}).get("example", {})
        if not isinstance(example, dict) or not isinstance(example.get("data"), list):
            continue
        assert example.keys() >= ENVELOPE, operation
        assert {"page", "page_size", "sort_by", "order"} <= set(operation.query), operation
        seen.add(operation.path)
    assert len(seen) > 20


@pytest.mark.parametrize("path", ["/clients/active", "/clients/{id}/cpm/history", "/admin/coverage"])
async def test_a_page_is_a_part_of_the_list(api: Api, path: str) -> None:
    at = path.format(id=api.world.north.public_id)
    whole = await api.get(at)
    second = await api.get(at, page=2, page_size=1)
    assert (second["total"], second["page"], second["page_size"]) == (whole["total"], 2, 1)
    assert second["data"] == whole["data"][1:2]
    beyond = await api.get(at, page=9999)
    assert (beyond["total"], beyond["data"]) == (whole["total"], [])
    await api.send("GET", at, 422, params={"sort_by": "nothing"})


async def test_views_are_sorted_and_paged(api: Api, guest: Client) -> None:
    names = ["b", "A", "c"]
    for name in names:
        await api.send("POST", "/views", 201, who=guest.name, json={"name": name, "state": {}})

    async def shown(**asked: Any) -> list[str]:
        return [row["name"] for row in (await api.get("/views", who=guest.name, **asked))["data"]]

    assert await shown() == ["A", "b", "c"]
    assert await shown(order="desc", page_size=2) == ["c", "b"]
    assert await shown(sort_by="created_at") == ["c", "A", "b"]
    assert await shown(sort_by="created_at", order="asc", page=2, page_size=2) == ["c"]


async def test_rates_are_sorted(api: Api, guest: Client) -> None:
    for cpm, day in ((9, "2020-01-01"), (1, "2020-02-01")):
        rate = {"cpm": cpm, "effective_date": day}
        await api.send("POST", f"/clients/{guest.public_id}/cpm", 202, json=rate)
    path = f"/clients/{guest.public_id}/cpm/history"
    for column in ("cpm", "effective_date", "created_at"):
        values = [row[column] for row in (await api.get(path, sort_by=column))["data"]]
        assert values == sorted(values, reverse=True)
        upwards = [row[column] for row in (await api.get(path, sort_by=column, order="asc"))["data"]]
        assert upwards == sorted(values)


async def test_coverage_goes_both_ways(api: Api) -> None:
    names = [row["client_name"].lower() for row in (await api.get("/admin/coverage", order="desc"))["data"]]
    assert names == sorted(names, reverse=True)
    sources = [row["source"] for row in (await api.get("/admin/coverage", sort_by="source"))["data"]]
    assert sources == sorted(sources)


async def test_schedules_say_which_page(api: Api, owner: Owner) -> None:
    for name in ("a", "b"):
        await owner.execute(
            "INSERT INTO schedules (name, cron, timezone, message, next_due) "
            "VALUES ($1, '0 5 * * *', 'UTC', 'digest.requested', now())",
            name,
        )
    try:
        found = await api.get("/admin/schedules", sort_by="name", order="desc", page=2, page_size=1)
    finally:
        await owner.execute("DELETE FROM schedules")
    assert (found["total"], found["page"], found["page_size"]) == (2, 2, 1)
    assert [row["name"] for row in found["data"]] == ["a"]


async def test_reports_and_what_was_sent_are_sorted(api: Api) -> None:
    body = {"frequency": "weekly", "recipients": ["a@b.example"]}
    made = [
        await api.send("POST", "/reports", 201, json={**body, "client_id": str(client.public_id)})
        for client in (api.world.south, api.world.north)
    ]
    by_name = [row["client_name"] for row in (await api.get("/reports", order="desc"))["data"]]
    assert by_name == sorted(by_name, key=str.lower, reverse=True)
    newest = (await api.get("/reports", sort_by="created_at"))["data"][0]
    assert newest["id"] == made[1]["id"]
    path = f"/reports/{made[0]['id']}/deliveries"
    assert (await api.get(path, sort_by="sent_at"))["data"] == []
    for report in made:
        await api.send("DELETE", f"/reports/{report['id']}", 200)


async def test_sessions_and_keys_are_sorted(api: Api, guest: Client) -> None:
    assert (await api.get("/auth/sessions", who=guest.name, sort_by="created_at"))["total"] == 1
    for name in ("b", "a"):
        await api.send("POST", "/auth/api-keys", 201, who=guest.name, json={"name": name})
    for asked, names in (({}, ["a", "b"]), ({"sort_by": "name", "order": "desc"}, ["b", "a"])):
        found = await api.get("/auth/api-keys", who=guest.name, **asked)
        assert [row["name"] for row in found["data"]] == names
    await api.send("GET", "/auth/api-keys", 422, who=guest.name, params={"sort_by": "key_hash"})
