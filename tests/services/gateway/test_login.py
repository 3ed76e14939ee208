"""Signing in: what it gives, whom it refuses, and that nobody learns why."""

from __future__ import annotations

import asyncio
import statistics
import time
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from libs.auth import Hasher, digest_of
from services.gateway.rules.logins import ACCOUNT_LIMIT, ADDRESS_LIMIT
from tests.services.gateway.conftest import Api, Seeded

PASSWORD = "correct horse battery staple"


@pytest.fixture
async def person(owner: asyncpg.Connection[Any]) -> str:
    """The e-mail address of a user with a password."""
    email = f"{uuid4().hex[:8]}@Agency.example"
    hasher = Hasher(cost=12)
    await owner.execute(
        "INSERT INTO users (email, password_hash, role) VALUES ($1, $2, 'client')",
        email,
        await hasher.hash(PASSWORD),
    )
    hasher.close()
    return email


@pytest.fixture
def api(api: Api) -> Api:
    """Each test comes from an address of its own, so that limits of addresses do not meet."""
    number = uuid4().int
    api.http._transport.client = (f"10.{number % 250}.{number // 250 % 250}.{number // 62500 % 250}", 1)  # type: ignore[attr-defined]
    return api


async def attempt(api: Api, email: str, password: str) -> tuple[int, dict[str, Any]]:
    answer = await api("POST", "/auth/login", who=None, json={"email": email, "password": password})
    body = answer.json()
    body.pop("correlation_id", None)
    return answer.status_code, body


async def test_json_and_form_give_tokens_that_work(api: Api, person: str, owner: Any) -> None:
    as_json = await api("POST", "/auth/login", who=None, json={"email": person, "password": PASSWORD})
    form = {"username": person.upper(), "password": PASSWORD, "grant_type": "password"}
    as_form = await api("POST", "/auth/login", who=None, data=form)
    for answer in (as_json, as_form):
        assert answer.status_code == 200, answer.text
        tokens = answer.json()
        assert (tokens["token_type"], tokens["expires_in"]) == ("bearer", 1800)
        signed = {"Authorization": f"Bearer {tokens['access_token']}"}
        me = (await api("GET", "/auth/me", who=None, headers=signed)).json()
        assert (me["email"], me["role"], me["client_ids"]) == (person, "client", [])
        stored = await owner.fetchval(
            "SELECT count(*) FROM refresh_tokens WHERE token_hash = $1", digest_of(tokens["refresh_token"])
        )
        assert stored == 1
        refused = {"Authorization": f"Bearer {tokens['refresh_token']}"}
        assert (await api("GET", "/auth/me", who=None, headers=refused)).status_code == 401


async def test_me_names_the_clients_of_the_user(api: Api) -> None:
    assert (await api.get("/auth/me", who="sam"))["client_ids"] == [
        str(api.world.clients[name].public_id) for name in ("Euro", "South")
    ]


async def test_unknown_wrong_disabled_and_locked_look_the_same(api: Api, person: str, owner: Any) -> None:
    wrong = await attempt(api, person, "wrong")
    unknown = await attempt(api, "unknown@agency.example", PASSWORD)
    await owner.execute("UPDATE users SET is_active = false WHERE email = $1", person)
    disabled = await attempt(api, person, PASSWORD)
    await owner.execute("UPDATE users SET is_active = true WHERE email = $1", person)
    await fail(owner, person, ACCOUNT_LIMIT)
    locked = await attempt(api, person, PASSWORD)
    assert wrong == unknown == disabled == locked
    assert wrong[0] == 401
    assert wrong[1]["error_code"] == "INVALID_CREDENTIALS"


async def test_they_take_the_same(api: Api, person: str, owner: Any) -> None:
    """Processor time, medians of five: within a half and twice of each other."""

    async def seconds(email: str, password: str) -> float:
        taken = []
        for _ in range(5):
            before = time.process_time()
            assert (await attempt(api, email, password))[0] == 401
            taken.append(time.process_time() - before)
        return statistics.median(taken)

    wrong, unknown = await seconds(person, "wrong"), await seconds("unknown@agency.example", "wrong")
    await fail(owner, person, ACCOUNT_LIMIT)
    locked = await seconds(person, PASSWORD)
    assert max(wrong, unknown, locked) < 2 * min(wrong, unknown, locked)


async def fail(owner: Any, account: str, times: int, *, ip: str | None = None, minutes: int = 1) -> None:
    await owner.executemany(
        "INSERT INTO audit_logs (action, entity, entity_id, ip, created_at) VALUES "
        "('login_failed', 'login', $1, $2, now() - make_interval(mins => $3))",
        [(account.lower(), ip, minutes)] * times,
    )


async def test_an_account_is_locked_and_comes_back(api: Api, person: str, owner: Any) -> None:
    await fail(owner, person, ACCOUNT_LIMIT - 1)
    await fail(owner, person, 50, minutes=16)
    assert (await attempt(api, person, PASSWORD))[0] == 200
    await asyncio.gather(*(attempt(api, person, "wrong") for _ in range(ACCOUNT_LIMIT)))
    assert (await attempt(api, person, PASSWORD))[0] == 401
    others = f"{uuid4().hex}@agency.example"
    assert (await attempt(api, others, PASSWORD))[0] == 401


async def test_attempts_at_once_do_not_slip_past_the_limit(
    api: Api, person: str, owner: Any, seeded: Seeded
) -> None:
    """Forty guesses at once, the right one last: it is not let in after ten wrong ones."""
    guesses = [attempt(api, person, f"guess {n}") for n in range(40)]
    results = await asyncio.gather(*guesses, attempt(api, person, PASSWORD))
    assert [status for status, _ in results] == [401] * 41


async def test_an_address_that_guesses_over_accounts_is_stopped(api: Api, person: str, owner: Any) -> None:
    ip = api.http._transport.client[0]  # type: ignore[attr-defined]
    for number in range(ADDRESS_LIMIT):
        await fail(owner, f"somebody{number}@agency.example", 1, ip=ip)
    answer = await api("POST", "/auth/login", who=None, json={"email": person, "password": PASSWORD})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.json()["error_code"] == "TOO_MANY_REQUESTS"


async def test_logins_are_audited_with_their_origin(api: Api, person: str, owner: Any) -> None:
    headers = {"User-Agent": "tests"}
    for password in ("wrong", PASSWORD):
        body = {"email": person, "password": password}
        await api("POST", "/auth/login", who=None, json=body, headers=headers)
    rows = await owner.fetch(
        "SELECT action, host(ip) AS ip, user_agent, user_id IS NOT NULL AS known, old_values, new_values "
        "FROM audit_logs WHERE entity_id = $1 ORDER BY id",
        person.lower(),
    )
    assert [row["action"] for row in rows] == ["login_failed", "login"]
    assert {row["ip"] for row in rows} == {api.http._transport.client[0]}  # type: ignore[attr-defined]
    assert {row["user_agent"] for row in rows} == {"tests"}
    assert PASSWORD not in str(rows)


async def test_a_user_agent_that_cannot_be_stored_is_no_error(api: Api, person: str) -> None:
    headers = {"User-Agent": b"\xff\xfe" + b"a" * 5000}
    answer = await api(
        "POST", "/auth/login", who=None, json={"email": person, "password": PASSWORD}, headers=headers
    )
    assert answer.status_code == 200
