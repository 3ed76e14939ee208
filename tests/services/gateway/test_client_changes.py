"""Clients changed, disabled, and what is agreed with them."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from tests.services.gateway.conftest import Api
from tests.services.gateway.traces import Owner, audited, messages_about
from tests.services.gateway.world import FIRST, Client, add_client

LIMITS = {"ctr_below": Decimal("0.5"), "spend_over": 100, "conversions_under": 5}


async def announced(owner: Owner, client: Client) -> list[tuple[str, dict[str, Any]]]:
    rows = await owner.fetch(
        "SELECT routing_key, body FROM outbox WHERE body LIKE $1 ORDER BY id",
        f"%{client.public_id}%".encode(),
    )
    return [(row["routing_key"], json.loads(row["body"])) for row in rows]


async def test_what_is_left_out_of_a_change_stays(api: Api, guest: Client, owner: Owner) -> None:
    path = f"/clients/{guest.public_id}"
    before = await api.get(path)
    name = f"Renamed {uuid4().hex[:6]}"
    after = await api.send("PUT", path, 200, json={"name": name, "timezone": "Europe/Madrid"})
    same = {"updated_at", "name", "timezone"}
    assert {k: v for k, v in after.items() if k not in same} == {
        k: v for k, v in before.items() if k not in same
    }
    assert (after["name"], after["timezone"]) == (name, "Europe/Madrid")
    assert after == await api.get(path, who=guest.name)
    (line,) = await audited(owner, guest.public_id)
    assert json.loads(line["old_values"]) == {"name": guest.name, "timezone": "UTC"}
    assert json.loads(line["new_values"]) == {"name": name, "timezone": "Europe/Madrid"}
    assert (await api.send("PUT", path, 409, json={"name": "nOrTh"}))["error_code"] == "CONFLICT"
    assert "USD" in (await api.send("PUT", path, 409, json={"currency": "EUR"}))["detail"]
    for wrong in ({"name": None}, {"user_id": str(uuid4())}, {"status": "disabled"}, {"timezone": "Mars"}):
        await api.send("PUT", path, 422, json=wrong)
    assert (await api.send("PUT", path, 200, json={"user_id": None}))["user_id"] is None
    await api.send("GET", path, 404, who=guest.name)
    assert await messages_about(owner, guest.public_id) == 0


async def test_a_client_without_money_may_change_its_currency(api: Api) -> None:
    made = await api.send("POST", "/clients", 201, json={"name": f"Empty {uuid4().hex[:6]}"})
    after = await api.send("PUT", f"/clients/{made['id']}", 200, json={"currency": "EUR"})
    assert after["currency"] == "EUR"


async def test_the_last_active_client_takes_its_user_with_it(api: Api, guest: Client, owner: Owner) -> None:
    second = await add_client(owner, api.world, f"{guest.name}b", guest.name)
    toggle = f"/clients/{guest.public_id}/toggle"
    first = await api.send("POST", toggle, 200)
    assert (first["status"], first["user_disabled"]) == ("disabled", False)
    assert (await api.get("/clients/active", who=guest.name))["total"] == 1
    key = {"Idempotency-Key": uuid4().hex}
    for _ in range(2):  # sent twice, done once
        back = await api.send("POST", toggle, 200, headers=key)
        assert back["status"] == "active"
    await api.send("POST", toggle, 200, json={"status": "disabled"})
    gone = await api.send(
        "PUT", f"/admin/clients/{second.public_id}/toggle-status", 200, params={"status": "disabled"}
    )
    assert (gone["status"], gone["user_disabled"]) == ("disabled", True)
    assert (await api("GET", "/auth/me", who=guest.name)).status_code == 401
    again = await api.send("DELETE", f"/clients/{second.public_id}", 200)
    assert (again["status"], again["user_disabled"]) == ("disabled", False)
    await api.send("POST", toggle, 200, json={"status": "active"})
    assert not await owner.fetchval("SELECT is_active FROM users WHERE id = $1", api.world.users[guest.name])
    lines = await audited(owner, guest.public_id)
    said = [line["action"].removeprefix("client.") for line in lines]
    assert said == ["disabled", "enabled", "disabled", "enabled"]
    (user,) = await audited(owner, api.world.users[guest.name])
    assert user["action"] == "user.disabled"
    both: dict[str, Any] = {"params": {"status": "active"}, "json": {"status": "disabled"}}
    assert list((await api.send("POST", toggle, 422, **both))["field_errors"]) == ["status"]


async def test_an_administrator_is_never_disabled_with_a_client(api: Api, owner: Owner) -> None:
    mine = await add_client(owner, api.world, f"admins{uuid4().hex[:6]}", "admin")
    gone = await api.send("DELETE", f"/clients/{mine.public_id}", 200)
    assert gone["user_disabled"] is False
    assert (await api("GET", "/auth/me")).status_code == 200


async def test_settings_show_what_holds_and_change_one_by_one(api: Api, guest: Client, owner: Owner) -> None:
    path = f"/clients/{guest.public_id}/settings"
    before = await api.get(path, who=guest.name)
    assert (before["show_media_cost"], before["thresholds"], before["logo"]) == (False, LIMITS, None)
    assert before["general"]["cpm"] == Decimal("7.3333")
    assert before["sources"]["surfside"]["cpm"] == Decimal("5.2500")
    shown = await api.send("POST", path, 200, json={"show_media_cost": True, "logo": "https://a.example/l"})
    assert (shown["show_media_cost"], shown["queued"], shown["effect"]) == (True, [], None)
    assert await announced(owner, guest) == []
    other = await api.send("POST", path, 200, json={"thresholds": {"ctr_below": 0.4}})
    assert other["thresholds"] == {**LIMITS, "ctr_below": Decimal("0.4")}
    more = await api.send("POST", path, 200, json={"thresholds": {"spend_over": 250.5}})
    assert more["thresholds"] == {**LIMITS, "ctr_below": Decimal("0.4"), "spend_over": Decimal("250.5")}
    assert (more["show_media_cost"], more["logo"]) == (True, "https://a.example/l")
    assert more["queued"] == ["summaries.requested"]
    wanted = ("summaries.requested", {"client_id": str(guest.public_id)})
    told = await announced(owner, guest)
    assert [(key, {n: v for n, v in body.items() if v is not None}) for key, body in told] == [wanted] * 2
    same = await api.send("POST", path, 200, json={"thresholds": {"spend_over": "250.50"}})
    assert same["queued"] == []
    usual = await api.send("POST", path, 200, json={"thresholds": None})
    assert (usual["thresholds"], usual["queued"]) == (LIMITS, ["summaries.requested"])
    assert [line["action"] for line in await audited(owner, guest.public_id)] == ["settings.changed"] * 5


async def test_a_cpm_can_be_set_with_the_settings(api: Api, guest: Client, owner: Owner) -> None:
    path = f"/clients/{guest.public_id}/settings"
    body = {"cpm": 6.5, "source": "vibe", "effective_date": str(FIRST + timedelta(days=30))}
    preview = await api.send("POST", path, 200, json=body, params={"preview": True})
    assert preview["effect"]["days"] == 40
    assert (preview["preview"], preview["queued"]) == (True, ["rate.changed"])
    assert await announced(owner, guest) == []
    made = await api.send("POST", path, 200, json=body)
    assert made["effect"] == preview["effect"]
    assert made["sources"]["vibe"]["cpm"] == Decimal("6.5000")
    ((key, message),) = await announced(owner, guest)
    assert (key, message["source"], message["start_date"]) == (
        "rate.changed",
        "vibe",
        body["effective_date"],
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"cpm": 0},
        {"cpm": 1.00001},
        {"source": "vibe"},
        {"currency": "EUR", "cpm": 5},
        {"thresholds": {"ctr_below": -1}},
        {"thresholds": {"conversions_under": 1.5}},
        {"thresholds": {"clicks_under": 1}},
        {"thresholds": {"spend_over": 1e20}},
        {"thresholds": {"spend_over": 1_000_000_000_001}},
        {"thresholds": {"spend_over": 0.00001}},
        {"thresholds": {"spend_over": "1e-9999"}},
        {"thresholds": {"ctr_below": "1e-9999"}},
        {"thresholds": {"conversions_under": 10**20}},
        {"thresholds": {"conversions_under": 1_000_000_000_001}},
        {"logo": "javascript:alert(1)"},
        {"show_media_cost": "perhaps"},
        {"client_id": "x"},
    ],
)
async def test_settings_that_do_not_fit_are_refused(api: Api, wrong: dict[str, Any]) -> None:
    path = f"/clients/{api.world.north.public_id}/settings"
    before = await api.get(path)
    await api.send("POST", path, 422, json=wrong)
    assert await api.get(path) == before


async def test_numbers_that_are_stored_already_can_be_read(api: Api, guest: Client, owner: Owner) -> None:
    """Beyond 64 bits, from before they were refused."""
    limits = '{"spend_over": 100000000000000000000, "conversions_under": 1e20, "ctr_below": 0.5}'
    await owner.execute(
        "UPDATE clients SET settings = CAST($2 AS jsonb) WHERE id = $1",
        guest.id,
        f'{{"thresholds": {limits}}}',
    )
    await owner.execute(
        "INSERT INTO saved_views (user_id, name, state) VALUES ($1, 'large', CAST($2 AS jsonb))",
        api.world.users[guest.owner],
        '{"x": [18446744073709551616, -1e20, 1.5]}',
    )
    path = f"/clients/{guest.public_id}"
    agreed = (await api.get(f"{path}/settings"))["thresholds"]
    assert agreed == {"ctr_below": Decimal("0.5"), "spend_over": 10**12, "conversions_under": 10**12}
    assert (await api.get(path))["settings"]["thresholds"]["spend_over"] == 10**20
    await api.get("/clients", name=guest.name)
    client = {"client_id": str(guest.public_id)}
    for name in ("/dashboard", "/metrics/underperformers", "/metrics/monthly"):
        await api.get(name, **client)
    (view,) = (await api.get("/views", who=guest.owner))["data"]
    assert view["state"] == {"x": [2**64, -(10**20), Decimal("1.5")]}
    await api.send("POST", f"{path}/settings", 200, json={"thresholds": {"spend_over": 5}})
    changed = await api.send("PUT", path, 200, json={"settings": {"thresholds": {"conversions_under": 3}}})
    assert changed["settings"]["thresholds"]["conversions_under"] == 3
    assert len(await audited(owner, str(guest.public_id))) == 2


async def test_views_are_their_users_own(api: Api, owner: Owner) -> None:
    name = f"Ünïcode <b> {uuid4().hex[:6]}"
    state = {"source": "vibe", "metrics": ["spend"], "deep": {"a": [1, None, 2.5]}}
    made = await api.send("POST", "/views", 201, who="nina", json={"name": name, "state": state})
    assert (made["name"], made["state"]) == (name, state)
    assert made in (await api.get("/views", who="nina"))["data"]
    assert made not in (await api.get("/views"))["data"] + (await api.get("/views", who="sam"))["data"]
    await api.send("POST", "/views", 409, who="nina", json={"name": name, "state": {}})
    for who in ("sam", "admin"):
        await api.send("DELETE", f"/views/{made['id']}", 404, who=who)
    for wrong in (
        {"name": name},
        {"name": "", "state": {}},
        {"name": "a", "state": []},
        {"name": "a", "state": {"x": "y" * 20_000}},
        {"name": "a", "state": {"x": 2**63}},
        {"name": "a", "state": {"x": [{"y": -(2**64)}]}},
        {"name": "a", "state": {"x": [1e20]}},
        {"name": "a", "state": {}, "user_id": str(uuid4())},
    ):
        await api.send("POST", "/views", 422, who="nina", json=wrong)
    assert await api.send("DELETE", f"/views/{made['id']}", 200, who="nina") == made
    await api.send("DELETE", f"/views/{made['id']}", 404, who="nina")
    said = [line["action"] for line in await audited(owner, made["id"])]
    assert said == ["view.added", "view.deleted"]
