"""Nobody sees what is not theirs: every operation of the OpenAPI document × every caller, 0 leaks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from cryptography.fernet import Fernet

from deploy.local import Infra
from libs.testing.databases import drop_database, fresh_database
from tests.services.gateway.conftest import KEY, Api, Seeded, Start, at_the_desk
from tests.services.gateway.connector import CONNECTOR, beside, of_connector
from tests.services.gateway.credentials import add_people_who_are_out, bad_credentials
from tests.services.gateway.marked import Furnished, furnish, leaks
from tests.services.gateway.matrix import PUBLIC, REFUSALS, Caller, ask, ordered, problems, same
from tests.services.gateway.operations import Operation, operations
from tests.services.gateway.world import build


@dataclass
class Held(Furnished):
    """What is in the database, and where it is."""

    seeded: Seeded


@pytest.fixture(scope="module")
def held(infra: Infra, worker: str) -> Iterator[Held]:
    """One for this module: its tests change what is the spare client's."""

    async def make() -> Held:
        database = await fresh_database(infra.database_url, f"access_{worker}_{uuid4().hex[:6]}")
        world = await build(database.owner_url)
        connection = await asyncpg.connect(database.owner_url)
        try:
            await add_people_who_are_out(connection, world)
            found = await furnish(connection, world)
            return Held(found.own, found.marked, found.spare, Seeded(database, world))
        finally:
            await connection.close()

    found = asyncio.run(make())
    yield found
    asyncio.run(drop_database(found.seeded.database))


@pytest.fixture(scope="module")
def uploads(held: Held, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the connector on that database answers."""
    folder = tmp_path_factory.mktemp("connector")
    with beside(CONNECTOR, folder, of_connector(held.seeded.database, folder, KEY)) as url:
        yield url


@pytest.fixture
async def api(start: Start, held: Held, uploads: str) -> AsyncIterator[Api]:
    """A gateway on that database which hashes quickly and seals, with uploads."""
    sealing = Fernet.generate_key().decode()
    yield (found := at_the_desk(start(held.seeded, encryption_key=sealing, facebook_url=uploads)))
    found.parts.hasher.close()


def callers(api: Api, held: Held) -> list[Caller]:
    """A client user and an administrator, each in a session and with keys for reading and for uploads."""
    found = []
    for user, role, theirs in (("nina", "client", held.own), ("admin", "admin", held.spare)):
        found.append(Caller(user, api.token(user), role, theirs))
        for scope in ("read", "upload"):
            key = theirs.keys[scope]
            found.append(Caller(f"{user}'s key to {scope}", key, role, theirs, frozenset({scope})))
    return found


def nobodys(operation: Operation) -> dict[str, UUID]:
    return {name: uuid4() for name in (*operation.ids, *operation.query_ids, *operation.body_ids)}


def test_every_operation_says_who_may_use_it(api: Api) -> None:
    found = operations(api.app)
    public = {str(operation) for operation in found if operation.access == "P"}
    assert {name for name in public if not name.startswith("GET /health/")} == PUBLIC
    assert {operation.access for operation in found} == {"P", "C", "A"}
    for operation in found:
        assert set(operation.scopes) <= {"read", "upload"}
        assert ("security" in operation.document) or operation.access == "P", operation


async def test_no_bad_credential_is_let_in(api: Api, held: Held) -> None:
    asked = 0
    for reason, credential in bad_credentials(api, held.own).items():
        for operation in ordered(api):
            answer = await ask(api, operation, credential, held.own.ids)
            status, body = same(answer)
            assert (status, body["error_code"]) == (401, "NOT_SIGNED_IN"), (operation, reason)
            assert answer.headers["WWW-Authenticate"] == "Bearer"
            asked += 1
    assert asked > 2000


async def test_who_may_not_is_refused_before_anything_else(api: Api, held: Held) -> None:
    """Whether an id is theirs, another's or nobody's: the same 403."""
    refused = 0
    for caller in callers(api, held):
        for operation in ordered(api):
            if caller.may(operation):
                continue
            answers = [
                await ask(api, operation, caller.credential, ids)
                for ids in (caller.holding.ids, held.marked.ids, nobodys(operation))
            ]
            assert [same(answer) for answer in answers] == [same(answers[0])] * 3, operation
            assert same(answers[0])[0] == 403, (operation, caller.name)
            assert leaks(answers[1], held.marked) == [], operation
            refused += 1
    assert refused > 300


async def test_another_clients_ids_and_nobodys_look_alike(api: Api, held: Held) -> None:
    """Each id of each place, one at a time beside the caller's own."""
    seen = []
    for caller in callers(api, held)[:2]:
        for operation in filter(caller.may, ordered(api)):
            for place in ("ids", "query_ids", "body_ids"):
                for name in getattr(operation, place):
                    await _look_alike(api, held, caller, operation, name)
                    seen.append((caller.name, str(operation), place, name))
    assert len(seen) > 140
    assert {place for _, _, place, _ in seen} == {"ids", "query_ids", "body_ids"}


async def _look_alike(api: Api, held: Held, caller: Caller, operation: Operation, name: str) -> None:
    theirs, absent = [
        await ask(api, operation, caller.credential, {**caller.holding.ids, name: value}, (name,))
        for value in (held.marked.ids[name], uuid4())
    ]
    assert same(theirs)[0] == 404, (operation, name, theirs.text)
    assert same(theirs) == same(absent), (operation, name)
    assert problems(operation, theirs) == [], operation
    assert leaks(theirs, held.marked) == [], (operation, name)


async def test_what_is_theirs_is_answered_and_nothing_else(api: Api, held: Held) -> None:
    """A client user and their key get in, with ids and without; no answer holds a thing of another client."""
    statuses, wrong = [], set[str]()
    for caller in callers(api, held)[:2]:
        for operation in filter(caller.may, ordered(api)):
            ways = ((), ("client_id",), tuple(operation.query_ids))
            for asked in ways if operation.method == "GET" else ways[:1]:
                answer = await ask(api, operation, caller.credential, caller.holding.ids, asked)
                assert answer.status_code not in REFUSALS, (operation, caller.name, answer.text)
                assert leaks(answer, held.marked) == [], operation
                wrong |= {f"{operation}: {problem}" for problem in problems(operation, answer)}
                statuses.append(answer.status_code)
    assert sorted(wrong) == []
    assert len(statuses) > 200
    assert sum(status < 300 for status in statuses) > 0.9 * len(statuses)


async def test_administrators_may_do_everything(api: Api, held: Held) -> None:
    good, tried, wrong = 0, 0, set[str]()
    boss, by_key, _ = callers(api, held)[3:]
    for caller in (by_key, boss):
        for operation in filter(caller.may, ordered(api)):
            answer = await ask(api, operation, caller.credential, held.spare.ids)
            assert answer.status_code not in REFUSALS, (operation, answer.text)
            wrong |= {f"{operation}: {problem}" for problem in problems(operation, answer)}
            good += answer.status_code < 300
            tried += 1
    assert sorted(wrong) == []
    assert tried > 120
    assert good > 0.85 * tried


async def sweep(api: Api, held: Held) -> list[str]:
    """The operations that tell a client user, asked for their own, something of the marked client."""
    own, theirs = held.own, held.marked
    found = []
    for operation in ordered(api):
        if operation.method == "GET" and operation.access == "C":
            for ids in (own.ids, theirs.ids):
                answer = await ask(api, operation, api.token(own.user), ids, ())
                found += [str(operation)] if leaks(answer, theirs) else []
    return found


async def test_the_mark_is_seen_where_it_may_be(api: Api, held: Held) -> None:
    """So that its absence elsewhere means something: its owner finds it in nearly every answer."""
    reads = [found for found in ordered(api) if found.method == "GET" and found.access == "C"]
    answers: list[tuple[Operation, httpx.Response]] = [
        (each, await ask(api, each, api.token(held.marked.user), held.marked.ids)) for each in reads
    ]
    assert all(answer.status_code == 200 for _, answer in answers)
    assert [str(each) for each, answer in answers if not leaks(answer, held.marked)] == []


async def test_the_sweep_finds_a_table_without_row_level_security(api: Api, held: Held) -> None:
    """Of the others, queries name the clients, too: the sweep stays clean without their policies."""
    table = "clients"
    assert await sweep(api, held) == []
    connection = await asyncpg.connect(held.seeded.database.owner_url)
    try:
        await connection.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        assert await sweep(api, held) != []
    finally:
        await connection.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        await connection.close()
    assert await sweep(api, held) == []
