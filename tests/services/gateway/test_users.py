"""Users and their passwords: who makes and changes them, and what ends when they change."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from libs.testing.databases import Database
from services.gateway.rules.logins import ACCOUNT_LIMIT
from services.gateway.rules.people import leaves_no_admin
from tests.services.gateway.conftest import Api, Seeded, Start, at_the_desk, with_uploads
from tests.services.gateway.operations import operations
from tests.services.gateway.persons import OTHER, PASSWORD, Person, at_once, person
from tests.services.gateway.traces import Owner, audited
from tests.services.gateway.world import World


def new_user(**more: Any) -> dict[str, Any]:
    return {"email": f"{uuid4().hex[:10]}@Agency.example", "password": OTHER, "role": "client", **more}


async def test_an_administrator_adds_a_user_who_can_sign_in(desk: Api, owner: Owner) -> None:
    body = new_user()
    made = await desk.send("POST", "/auth/register", 201, json=body)
    assert (made["email"], made["role"], made["is_active"]) == (body["email"], "client", True)
    assert (made["mfa_enabled"], made["must_change_password"], made["client_ids"]) == (False, False, [])
    them = Person(desk, made["id"], body["email"].lower(), OTHER)
    await them.enter()
    assert await desk.get(f"/users/{made['id']}") == made | {
        "last_seen_at": (await desk.get(f"/users/{made['id']}"))["last_seen_at"]
    }
    (line,) = await audited(owner, made["id"])
    assert (line["action"], line["user_id"]) == ("user.added", desk.world.users["admin"])
    assert OTHER not in str(tuple(line))
    wrong = await desk.send("POST", "/users", 405, json=body)
    assert wrong["detail"] == "This address takes GET only: /docs shows what is done where."
    tag = next(tag for tag in desk.app.openapi()["tags"] if tag["name"] == "users")
    assert "POST /auth/register" in tag["description"]
    again = await desk.send("POST", "/auth/register", 409, json=body | {"email": body["email"].upper()})
    assert "already" in again["detail"]
    assert await at_once(*(desk("POST", "/auth/register", json=b) for b in [new_user()] * 3)) == [
        201,
        409,
        409,
    ]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"password": "seven77"}, "password"),
        ({"password": "x" * 129}, "password"),
        ({"password": "Password2024"}, "password"),
        ({"password": "qwertyuiop"}, "password"),
        ({"email": "nobody"}, "email"),
        ({"email": "a@b@c.example"}, "email"),
        ({"email": "a b@agency.example"}, "email"),
        ({"email": "a@" + "b" * 300}, "email"),
        ({"role": "owner"}, "role"),
        ({"is_active": False}, "is_active"),
        ({"id": str(uuid4())}, "id"),
        ({"must_change_password": "yes"}, "must_change_password"),
    ],
)
async def test_who_cannot_be_a_user(desk: Api, change: dict[str, Any], field: str) -> None:
    refused = await desk.send("POST", "/auth/register", 422, json=new_user(**change))
    assert list(refused["field_errors"]) == [field]
    assert str(change[field]) not in str(refused["field_errors"]) or field == "role"


async def test_users_are_listed_and_filtered(desk: Api, owner: Owner) -> None:
    nina = await person(desk, owner)
    everybody = await desk.get("/users", page_size=1, sort_by="created_at")
    assert everybody["total"] > 4
    (found,) = (await desk.get("/users", email=nina.email[:10].upper(), role="client", is_active=True))[
        "data"
    ]
    assert (found["id"], found["email"]) == (str(nina.id), nina.email)
    assert found["last_seen_at"]
    assert (await desk.get("/users", email=nina.email, role="admin"))["total"] == 0
    assert (await desk.get(f"/users/{desk.world.users['sam']}"))["client_ids"] == [
        str(desk.world.clients[name].public_id) for name in ("Euro", "South")
    ]


async def test_disabling_ends_everything_at_once(desk: Api, owner: Owner) -> None:
    nina = await person(desk, owner)
    key = (await nina.does("POST", "/auth/api-keys", {"name": "k"}, 201))["key"]
    body = await desk.send("PATCH", f"/users/{nina.id}", 200, json={"is_active": False})
    assert body["is_active"] is False
    assert not await nina.is_in()
    assert not await nina.is_in(key)
    assert (await nina.login()).status_code == 401
    await desk.send("PATCH", f"/users/{nina.id}", 200, json={"is_active": True})
    assert not await nina.is_in(), "the old session does not come back"
    assert await nina.is_in(key)
    await nina.enter()
    lines = [row for row in await audited(owner, nina.id) if row["action"] == "user.changed"]
    assert [(row["old_values"], row["new_values"]) for row in lines] == [
        ('{"role": "client", "is_active": true}', '{"role": "client", "is_active": false}'),
        ('{"role": "client", "is_active": false}', '{"role": "client", "is_active": true}'),
    ]
    for wrong in ({}, {"is_active": "no"}, {"role": "owner"}, {"email": "a@b.example"}, {"is_active": 0}):
        await desk.send("PATCH", f"/users/{nina.id}", 422, json=wrong)


async def test_somebody_changes_their_password_and_their_other_sessions_end(desk: Api, owner: Owner) -> None:
    nina = await person(desk, owner)
    other = nina.tokens
    await nina.enter()
    for new in ("Password1", "short", PASSWORD, nina.email.partition("@")[0]):
        body = {"current_password": PASSWORD, "new_password": new}
        refused = await nina.does("PUT", "/auth/change-password", body, 422)
        assert list(refused["field_errors"]) == ["new_password"]
    body = {"current_password": PASSWORD, "new_password": OTHER}
    assert (await nina.does("PUT", "/auth/change-password", body)) == {"changed": True, "sessions_ended": 1}
    assert await nina.is_in()
    assert not await nina.is_in(other["access_token"])
    assert (await nina.login()).status_code == 401
    nina.password = OTHER
    await nina.enter()
    line = (await audited(owner, nina.id))[-1]
    assert line["action"] == "user.password_changed"
    assert OTHER not in str(tuple(line))


async def test_a_stolen_session_cannot_guess_the_password(desk: Api, owner: Owner) -> None:
    """Wrong current passwords count like failed logins; then even the right one is wrong."""
    nina = await person(desk, owner)
    guess = {"current_password": "a guess", "new_password": OTHER}
    for _ in range(ACCOUNT_LIMIT):
        refused = await nina.does("PUT", "/auth/change-password", guess, 422)
        assert refused["field_errors"] == {"current_password": ["is wrong"]}
    right = {"current_password": PASSWORD, "new_password": OTHER}
    locked = await nina.does("PUT", "/auth/change-password", right, 422)
    assert locked["field_errors"] == {"current_password": ["is wrong"]}
    assert (await nina.login()).status_code == 401


async def test_two_changes_at_once_do_not_both_happen(desk: Api, owner: Owner) -> None:
    nina = await person(desk, owner)
    bodies = [{"current_password": PASSWORD, "new_password": f"{OTHER} {n}"} for n in range(3)]
    assert await at_once(*(nina("PUT", "/auth/change-password", body) for body in bodies)) == [200, 422, 422]


async def test_an_administrator_resets_a_password(desk: Api, owner: Owner) -> None:
    nina = await person(desk, owner)
    await nina.enrol()
    path, body = f"/auth/reset-password/{nina.id}", {"new_password": OTHER, "must_change_password": True}
    assert (await desk.send("POST", path, 422, json={"new_password": "password"}))["field_errors"]
    assert (await desk.send("POST", path, 200, json={**body, "reset_mfa": True}))["sessions_ended"] == 1
    assert not await nina.is_in()
    assert (await nina.login()).status_code == 401
    nina.password = OTHER
    assert (await nina.enter())["must_change_password"] is True
    line = next(row for row in await audited(owner, nina.id) if row["action"] == "user.password_reset")
    assert line["user_id"] == desk.world.users["admin"]
    assert OTHER not in str(tuple(line))


async def test_nobody_resets_an_administrators_password_their_own_included(desk: Api, owner: Owner) -> None:
    boss = await person(desk, owner, "admin")
    refused = await desk.send("POST", f"/auth/reset-password/{boss.id}", 403, json={"new_password": OTHER})
    assert "change-password" in refused["detail"]
    assert await boss.is_in()
    own = f"/auth/reset-password/{boss.id}"
    for more in ({}, {"reset_mfa": True}):
        refused = await boss.does("POST", own, {"new_password": OTHER, **more}, 403)
        assert "PUT /api/v1/auth/change-password" in refused["detail"]
        assert "DELETE /api/v1/auth/mfa" in refused["detail"]
    assert await boss.is_in()
    assert (await boss.login()).status_code == 200
    assert not [row for row in await audited(owner, boss.id) if row["action"] == "user.password_reset"]
    await owner.execute("UPDATE users SET is_active = false WHERE id = $1", boss.id)


async def test_a_password_of_somebody_else_must_be_changed_first(
    desk: Api, owner: Owner, uploads: str
) -> None:
    """Every operation of the document but three says what to do."""
    with_uploads(desk, uploads)
    boss = await person(desk, owner, "admin", must_change_password=True)
    assert boss.tokens["must_change_password"] is True
    allowed = {"PUT /auth/change-password", "GET /auth/me"}
    for operation in operations(desk.app):
        if operation.access == "P" or str(operation) in allowed:
            continue
        answer = await boss(operation.method, operation.at({}), operation.body)
        assert answer.status_code == 403, operation
        assert answer.json()["error_code"] == "PASSWORD_CHANGE_REQUIRED"
        assert "change-password" in answer.json()["detail"]
    assert (await boss.does("GET", "/auth/me"))["must_change_password"] is True
    body = {"current_password": PASSWORD, "new_password": OTHER}
    await boss.does("PUT", "/auth/change-password", body)
    assert (await boss.does("GET", "/users", None))["total"] > 0
    await boss.does("POST", "/auth/logout")
    await owner.execute("UPDATE users SET is_active = false WHERE id = $1", boss.id)


async def test_the_last_administrator_stays_one(start: Start, database: Database) -> None:
    """Two disable or demote each other at the same time: one of them is left, every time."""
    owner = await asyncpg.connect(database.owner_url)
    try:
        desk = at_the_desk(start(Seeded(database, World())))
        first, second = await person(desk, owner, "admin"), await person(desk, owner, "admin")
        for change in ({"is_active": False}, {"role": "client"}, {"is_active": False, "role": "client"}):
            for _ in range(3):
                statuses = await at_once(
                    first("PATCH", f"/users/{second.id}", change),
                    second("PATCH", f"/users/{first.id}", change),
                )
                assert statuses[0] == 200
                assert statuses[1] in (401, 403, 409)
                count = "SELECT count(*) FROM users WHERE role = 'admin' AND is_active"
                assert await owner.fetchval(count) == 1
                await owner.execute("UPDATE users SET role = 'admin', is_active = true")
                await asyncio.gather(first.enter(), second.enter())
        await first.does("PATCH", f"/users/{second.id}", {"role": "client"})
        for change in ({"is_active": False}, {"role": "client"}):
            refused = await first.does("PATCH", f"/users/{first.id}", change, 409)
            assert "last active administrator" in refused["detail"]
        desk.parts.hasher.close()
    finally:
        await owner.close()


def test_who_is_the_last_administrator() -> None:
    one, two = uuid4(), uuid4()
    alone = [
        {"id": one, "role": "admin", "is_active": True},
        {"id": two, "role": "client", "is_active": True},
    ]
    both = [alone[0], {"id": two, "role": "admin", "is_active": True}]
    assert leaves_no_admin(alone, one, role="client", is_active=True)
    assert leaves_no_admin(alone, one, role="admin", is_active=False)
    assert not leaves_no_admin(alone, one, role="admin", is_active=True)
    assert not leaves_no_admin(alone, two, role="client", is_active=False)
    assert not leaves_no_admin(both, one, role="client", is_active=False)
