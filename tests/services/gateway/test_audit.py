"""The audit log: every operation that does something leaves its line and no secret; how lines are read."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from libs.testing.databases import Database
from tests.services.gateway.conftest import Api, with_uploads
from tests.services.gateway.connector import an_export
from tests.services.gateway.operations import LEVELS, operations
from tests.services.gateway.persons import OTHER, PASSWORD, Person, person, renew
from tests.services.gateway.test_runs import a_run
from tests.services.gateway.traces import Owner, audited
from tests.services.gateway.world import TODAY, Client

EXEMPT = {
    "POST /auth/refresh": "goes on with a session whose login has its line; a token that comes twice has one",
}
"""Operations that change something and leave no line, with the reason."""
LATER = "violet harbour 41 quiet"
SECRETS = [PASSWORD, OTHER, LATER, "canary-vibe-key", "canary-oauth-secret", "canary-wrong-password"]


@dataclass
class Walk:
    """Somebody who does everything, one operation after the other."""

    person: Person
    owner: Owner
    seen: set[str] = field(default_factory=set)
    secrets: list[str] = field(default_factory=lambda: list(SECRETS))

    async def __call__(
        self,
        operation: str,
        status: int,
        *actions: str,
        body: Any = None,
        params: Any = None,
        file: bytes | None = None,
        **ids: object,
    ) -> dict[str, Any]:
        """The answer to an operation that must have this status and leave these lines, no others."""
        before = await self._newest()
        answer = await self._ask(operation, _sent(body, file), params, ids)
        assert answer.status_code == status, (operation, answer.text)
        lines = await self.owner.fetch("SELECT * FROM audit_logs WHERE id > $1 ORDER BY id", before)
        assert [line["action"] for line in lines] == list(actions), operation
        for line in lines:
            assert line["user_id"] == self.person.id, operation
            assert (str(line["ip"]), line["user_agent"]) == (self._address(), "a walk"), operation
        self.seen.add(operation)
        found: dict[str, Any] = answer.json() if "json" in answer.headers["content-type"] else {}
        return found

    async def _newest(self) -> int:
        return int(await self.owner.fetchval("SELECT coalesce(max(id), 0) FROM audit_logs"))

    def _address(self) -> str:
        return str(self.person.api.http._transport.client[0])  # type: ignore[attr-defined]

    async def _ask(self, operation: str, sent: Any, params: Any, ids: dict[str, object]) -> httpx.Response:
        method, path = operation.split()
        token = self.person.tokens["access_token"]
        headers = {"Authorization": f"Bearer {token}", "User-Agent": "a walk"}
        return await self.person.api(
            method, path.format(**ids), who=None, headers=headers, params=params, **sent
        )


def _sent(body: Any, file: bytes | None) -> dict[str, Any]:
    return {"json": body} if file is None else {"data": body, "files": {"file": ("export.csv", file)}}


@pytest.fixture
async def walk(desk: Api, owner: Owner, uploads: str) -> AsyncIterator[Walk]:
    """By an administrator, who is gone afterwards."""
    with_uploads(desk, uploads)
    boss = await person(desk, owner, "admin")
    yield (made := Walk(boss, owner))
    await owner.execute("UPDATE users SET is_active = false WHERE id = $1", made.person.id)


async def test_every_operation_that_does_something_leaves_its_line_without_secrets(
    walk: Walk, guest: Client, owner: Owner
) -> None:
    for part in (_account, _people, _clients, _hierarchy, _files, _uploads, _runs, _leaving):
        await part(walk, guest)
    doing = {str(found) for found in operations(walk.person.api.app) if found.method != "GET"}
    assert walk.seen | EXEMPT.keys() == doing
    assert walk.seen.isdisjoint(EXEMPT)
    written = "\n".join(str(tuple(line)) for line in await owner.fetch("SELECT * FROM audit_logs"))
    assert [secret for secret in walk.secrets if secret in written] == []
    assert len(set(walk.secrets)) >= 20


async def _account(walk: Walk, guest: Client) -> None:
    them = walk.person
    login = {"email": them.email}
    wrong = login | {"password": "canary-wrong-password"}
    await walk("POST /auth/login", 401, "login_failed", body=wrong)
    first = await walk("POST /auth/login", 200, "login", body=login | {"password": PASSWORD})
    second = (await renew(them.api, first["refresh_token"])).json()
    change = {"current_password": PASSWORD, "new_password": OTHER}
    await walk("PUT /auth/change-password", 200, "user.password_changed", body=change)
    other = await walk("POST /auth/login", 200, "login", body=login | {"password": OTHER})
    for tokens in (them.tokens, first, second, other):
        walk.secrets += [tokens["access_token"], tokens["refresh_token"]]
    sessions = (await them("GET", "/auth/sessions")).json()["data"]
    gone = next(session["id"] for session in sessions if not session["current"])
    await walk("DELETE /auth/sessions/{session_id}", 200, "session.ended", session_id=gone)
    begun = await walk("POST /auth/mfa/enroll", 200, "user.mfa_begun", body={"password": OTHER})
    them.secret = begun["secret"]
    proved = {"code": them.code(-1)}
    done = await walk("POST /auth/mfa/verify", 200, "user.mfa_enrolled", body=proved)
    both = {"password": OTHER, "code": done["recovery_codes"][0]}
    await walk("DELETE /auth/mfa", 200, "user.mfa_removed", body=both)
    key = await walk("POST /auth/api-keys", 201, "api_key.added", body={"name": "k"})
    await walk("DELETE /auth/api-keys/{key_id}", 200, "api_key.deleted", key_id=key["id"])
    walk.secrets += [them.secret, *done["recovery_codes"], key["key"]]


async def _people(walk: Walk, guest: Client) -> None:
    new = {"email": f"{uuid4().hex[:10]}@agency.example", "password": OTHER}
    made = await walk("POST /auth/register", 201, "user.added", body=new)
    change = {"is_active": False}
    await walk("PATCH /users/{user_id}", 200, "user.changed", body=change, user_id=made["id"])
    reset = {"new_password": LATER}
    path = "POST /auth/reset-password/{user_id}"
    await walk(path, 200, "user.password_reset", body=reset, user_id=made["id"])


async def _clients(walk: Walk, guest: Client) -> None:
    made = await walk("POST /clients", 201, "client.added", body={"name": f"Walk {uuid4().hex[:8]}"})
    which = {"client_id": made["id"]}
    await walk("PUT /clients/{client_id}", 200, "client.changed", body={"timezone": "Europe/Oslo"}, **which)
    await walk("POST /clients/{client_id}/toggle", 200, "client.disabled", **which)
    await walk("PUT /admin/clients/{client_id}/toggle-status", 200, "client.enabled", **which)
    agreed = {"show_media_cost": True, "cpm": 4.25}
    path = "POST /clients/{client_id}/settings"
    await walk(path, 200, "settings.changed", "rate.set", body=agreed, **which)
    path = "POST /clients/{client_id}/cpm"
    rate = await walk(path, 202, "rate.set", body={"cpm": 5.25, "effective_date": str(TODAY)}, **which)
    await walk(path, 200, body={"cpm": 9}, params={"preview": True}, **which)
    await walk("DELETE /clients/{client_id}/cpm/{rate_id}", 202, "rate.deleted", rate_id=rate["id"], **which)
    path = "PUT /clients/{client_id}/sources/{source}"
    await walk(path, 200, "source.changed", body={"enabled": False}, source="vibe", **which)
    for given in (
        {"api_key": "canary-vibe-key"},
        {"oauth_id": "seen by all", "oauth_secret": "canary-oauth-secret"},
    ):
        body = {"vibe_credentials": {"advertiser_id": made["id"], **given}}
        await walk(path, 200, "source.changed", "credentials.changed", body=body, source="vibe", **which)
    (*_, line) = await audited(walk.owner, f"{made['id']}/vibe")
    told = json.loads(line["new_values"])
    assert (told["has_api_key"], told["has_oauth_secret"], told["oauth_id"]) == (False, True, "seen by all")
    assert json.loads(line["old_values"])["has_api_key"] is True
    await walk("DELETE /clients/{client_id}", 200, "client.disabled", **which)


async def _hierarchy(walk: Walk, guest: Client) -> None:
    client = await walk("POST /clients", 201, "client.added", body={"name": f"Walk {uuid4().hex[:8]}"})
    above: dict[str, Any] = {"client_id": client["id"], "source": "vibe"}
    made = {}
    for level, plural in LEVELS.items():
        path = f"/{plural}/{{{level}_id}}"
        added = await walk(
            f"POST /{plural}", 201, f"{level}.added", body={**above, "name": f"Walked {level}"}
        )
        made[level] = {f"{level}_id": added[f"{level}_id"]}
        body = {"name": f"Called {level}"}
        await walk(f"PUT {path}", 200, f"{level}.changed", body=body, **made[level])
        above = made[level]
    for level, plural in reversed(LEVELS.items()):
        await walk(f"DELETE /{plural}/{{{level}_id}}", 202, f"{level}.deleted", **made[level])


async def _files(walk: Walk, guest: Client) -> None:
    view = await walk("POST /views", 201, "view.added", body={"name": uuid4().hex, "state": {}})
    await walk("DELETE /views/{view_id}", 200, "view.deleted", view_id=view["id"])
    mine = {"client_id": str(guest.public_id)}
    for kind in ("csv", "xlsx", "pdf"):
        await walk(f"POST /exports/{kind}", 200, "export.downloaded", body=mine)
        await walk(f"GET /exports/{kind}", 200, "export.downloaded", params=mine)
        walk.seen.discard(f"GET /exports/{kind}")
    rejected = "GET /admin/ingestion-logs/{run_id}/rejected.csv"
    run = walk.person.api.world.runs[guest.name]
    await walk(rejected, 200, "rejected_rows.downloaded", run_id=run)
    walk.seen.discard(rejected)
    schedule = {"frequency": "weekly", "recipients": ["a@agency.example"]}
    made = await walk("POST /reports", 201, "report.added", body=schedule | mine)
    which = {"report_id": made["id"]}
    body = schedule | {"frequency": "monthly"}
    await walk("PUT /reports/{report_id}", 200, "report.changed", body=body, **which)
    await walk("DELETE /reports/{report_id}", 200, "report.removed", **which)


async def _uploads(walk: Walk, guest: Client) -> None:
    mine = {"client_id": str(guest.public_id)}
    made = await walk("POST /facebook/upload", 202, "upload.accepted", body=mine, file=an_export())
    await walk.owner.execute(
        "UPDATE ingestion_logs SET status = 'loaded' WHERE run_id = $1", made["ingestion_run_id"]
    )
    gone = "DELETE /facebook/uploads/{upload_id}"
    await walk(gone, 200, "upload.deleted", upload_id=made["upload_id"])


async def _runs(walk: Walk, guest: Client) -> None:
    """RabbitMQ is away: what was asked for is noted all the same."""
    base = "POST /admin/ingestion-logs/{run_id}"
    for action, status, line in (
        ("confirm", "held", "run.confirmed"),
        ("undo", "loaded", "run.undo"),
        ("reload", "failed", "reload.requested.surfside"),
    ):
        run = await a_run(walk.owner, guest, status)
        await walk(f"{base}/{action}", 202, line, run_id=run)
    await walk(f"{base}/resolve", 200, "run.resolved", body={"resolution_notes": "seen to"}, run_id=run)
    mine = {"source": "surfside", "client_id": str(guest.public_id)}
    await walk("POST /admin/trigger-ingestion", 202, "ingestion.triggered", body=mine)
    day = str(TODAY - timedelta(days=1))
    days = mine | {"start_date": day, "end_date": day}
    await walk("POST /admin/backfill-historical", 202, "backfill.requested", body=days)
    told = await walk.owner.fetchval(
        "INSERT INTO notifications (client_id, kind, severity, message, dedupe_key) "
        "VALUES ($1, 'file.missing', 'warning', 'no file', $2) RETURNING id",
        guest.id,
        uuid4().hex,
    )
    path = "POST /admin/notifications/{notification_id}/acknowledge"
    await walk(path, 200, "notification.acknowledged", notification_id=told)
    lines = ("queue.replay_requested", "queue.replayed")
    await walk("POST /admin/queues/{name}/replay", 503, *lines, name="loader.batches")


async def _leaving(walk: Walk, guest: Client) -> None:
    await walk("POST /auth/logout", 200, "logout")


# --- GET /admin/audit-logs


async def test_lines_are_read_whole(api: Api, guest: Client, owner: Owner) -> None:
    path = f"/clients/{guest.public_id}/cpm"
    body = {"cpm": 5.2500, "effective_date": str(TODAY)}
    headers = {"User-Agent": "a test"}
    made = await api.send("POST", path, 202, json=body, headers=headers)
    await api.send("DELETE", f"{path}/{made['id']}", 202)
    removed, put = (await api.get("/admin/audit-logs", entity="rate", entity_id=made["id"]))["data"]
    assert (put["action"], put["old_values"], put["user_agent"]) == ("rate.set", None, "a test")
    assert put["new_values"] == {"cpm": Decimal("5.25"), "source": None, "effective_date": str(TODAY)}
    assert (removed["action"], removed["new_values"]) == ("rate.deleted", None)
    assert removed["old_values"]["currency"] == "USD"
    assert (put["user_id"], put["user_email"]) == (str(api.world.users["admin"]), "admin@agency.example")
    assert removed["position"] > put["position"]
    (stored,) = await owner.fetch(
        "SELECT position, encode(hash, 'hex') AS hash FROM audit_chain WHERE audit_id = $1", put["id"]
    )
    assert (put["position"], put["hash"]) == (stored["position"], stored["hash"])


async def add(owner: Owner, entity_id: str, **columns: Any) -> None:
    values = {"action": "a", "entity": "e", "entity_id": entity_id, **columns}
    names = ", ".join(values)
    places = ", ".join(f"${n}" for n in range(1, len(values) + 1))
    await owner.execute(f"INSERT INTO audit_logs ({names}) VALUES ({places})", *values.values())


async def test_lines_are_filtered_sorted_and_paged(api: Api, guest: Client, owner: Owner) -> None:
    mark = uuid4().hex
    them = api.world.users[guest.name]
    for number, action, entity, user in (
        (1, "b", "y", them),
        (2, "a", "y", them),
        (3, "c", "x", api.world.users["admin"]),
        (4, "a", "x", None),
    ):
        at = datetime(2020, 1, number, 23, 59, 59, 999_999, tzinfo=UTC)
        await add(owner, mark, action=action, entity=entity, user_id=user, created_at=at)

    async def days(**params: Any) -> list[int]:
        found = await api.get("/admin/audit-logs", entity_id=mark, **params)
        return [int(row["created_at"][8:10]) for row in found["data"]]

    for params, wanted in (
        ({}, [4, 3, 2, 1]),
        ({"order": "asc"}, [1, 2, 3, 4]),
        ({"user_id": str(them)}, [2, 1]),
        ({"email": guest.name.upper()}, [2, 1]),
        ({"email": "%"}, []),
        ({"entity": "x"}, [4, 3]),
        ({"action": "a"}, [4, 2]),
        ({"action": "a", "entity": "x", "email": "nobody"}, []),
        ({"start_date": "2020-01-02", "end_date": "2020-01-03"}, [3, 2]),
        ({"end_date": "2020-01-01"}, [1]),
        ({"start_date": "2020-01-05"}, []),
        ({"end_date": "9999-12-31"}, [4, 3, 2, 1]),
        ({"sort_by": "action", "order": "asc"}, [2, 4, 1, 3]),
        ({"sort_by": "entity"}, [2, 1, 4, 3]),
        ({"page_size": 3, "page": 2}, [1]),
    ):
        assert await days(**params) == wanted, params
    page = await api.get("/admin/audit-logs", entity_id=mark, page_size=3, page=2)
    assert (page["total"], page["page"], page["page_size"]) == (4, 2, 3)
    assert (await api.get("/admin/audit-logs", user_id=str(uuid4())))["total"] == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"user_id": "nina"},
        {"start_date": "2020-01-02", "end_date": "2020-01-01"},
        {"start_date": "soon"},
        {"sort_by": "hash"},
        {"page_size": 501},
        {"email": ""},
        {"entity": "\x00"},
        {"action": "x" * 256},
    ],
)
async def test_what_makes_no_sense_is_refused(api: Api, wrong: dict[str, Any]) -> None:
    refused = await api.send("GET", "/admin/audit-logs", 422, params=wrong)
    assert list(wrong)[-1] in refused["field_errors"]


async def test_a_line_that_is_not_in_the_chain_is_shown_without_a_hash(api: Api, owner: Owner) -> None:
    mark = uuid4().hex
    async with owner.transaction():
        await owner.execute("SET LOCAL session_replication_role = replica")
        await add(owner, mark)
    (line,) = (await api.get("/admin/audit-logs", entity_id=mark))["data"]
    assert (line["position"], line["hash"], line["user_email"]) == (None, None, None)


ASKED = {
    "user_id = '00000000-0000-0000-0000-000000000007'": "audit_logs_user",
    "entity_id = 'x7'": "audit_logs_about",
    "entity = 'e7'": "audit_logs_entity",
    "action = 'a7'": "audit_logs_action",
    "created_at > now() - interval '1 hour'": "audit_logs_time",
}
SORTED = {
    "created_at DESC, id DESC": "audit_logs_time",
    "action ASC, created_at ASC, id ASC": "audit_logs_action",
    "entity DESC, created_at DESC, id DESC": "audit_logs_entity",
}
MANY = """
INSERT INTO audit_logs (user_id, action, entity, entity_id, created_at)
SELECT format('00000000-0000-0000-0000-%s', lpad(to_hex(n % 1000), 12, '0'))::uuid,
    'a' || n % 999, 'e' || n % 998, 'x' || n % 997, now() - make_interval(hours => n)
FROM generate_series(1, 20000) n
"""


async def test_what_is_asked_of_the_log_has_its_index(database: Database) -> None:
    owner = await asyncpg.connect(database.owner_url)
    async with owner.transaction():
        await owner.execute("SET LOCAL session_replication_role = replica")
        await owner.execute(MANY)
    await owner.execute("ANALYZE audit_logs")
    for clause, index in ASKED.items():
        query = f"SELECT count(*) FROM audit_logs WHERE {clause}"
        assert f" {index} " in await _plan(owner, query), clause
    for order, index in SORTED.items():
        query = f"SELECT * FROM audit_logs ORDER BY {order} LIMIT 50"
        assert f" {index} " in await _plan(owner, query), order
    await owner.close()


async def _plan(owner: asyncpg.Connection[Any], query: str) -> str:
    return "\n".join(row[0] + " " for row in await owner.fetch(f"EXPLAIN {query}"))
