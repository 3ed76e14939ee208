"""kill -9 of the upload service while people of several clients upload: what was accepted counts once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from libs.auth import AccessClaims, Tokens
from libs.testing.waiting import eventually
from tests.faults import leftovers, numbers
from tests.faults.case import Case
from tests.faults.conftest import lives, told
from tests.faults.differences import differences
from tests.faults.evidence import gather
from tests.faults.generator import Plan
from tests.faults.journal import Journal
from tests.faults.uploads import Upload, Uploads, make_uploads
from tests.faults.world import Launch, World

POINTS = {
    "facebook.after_accept": 3,
    "connector.between_batches": 2,
    "connector.after_publish": 3,
    "facebook.after_publish": 2,
}
"""Where it dies, and within how many passes of that point; the short run takes the first two."""
KEY = "a key that only the oracle's uploads know: 32 bytes"
FINAL = {"completed", "failed"}


async def test_killed_during_uploads(
    world: World, killed_at: str, seed: int, request: pytest.FixtureRequest
) -> None:
    """Whoever gets no answer sends the same file again."""
    wrong = await _violations(world, lives(killed_at, POINTS[killed_at], seed), seed)
    assert not wrong, told(request, seed, wrong, world)


@pytest.mark.faults
async def test_taking_the_same_bytes_again_is_seen(world: World) -> None:
    """The check can fail: a file is sent again after a crash, and accepted a second time."""
    deaths = ("facebook.after_accept:2",)
    wrong = await _violations(world, deaths, 1, mutation="takes_the_same_bytes_again")
    assert any("accepted 2 times" in violation for violation in wrong), wrong


@dataclass
class Person:
    """A user with one client, who uploads its files one after the other."""

    world: World
    user: UUID
    http: httpx.AsyncClient
    accepted: dict[str, set[str]] = field(default_factory=dict)
    """Upload ids that the service named for each file."""
    refused: set[str] = field(default_factory=set)
    unanswered: int = 0

    async def send(self, client: UUID, upload: Upload) -> None:
        """Until there is an answer: accepted, accepted before, or refused."""
        form = {"client_id": str(client), "on_duplicate": upload.mode, "wait": str(upload.wait)}
        files = {"file": (upload.name, upload.body)}

        async def answered() -> httpx.Response | None:
            try:
                answer = await self.http.post("/upload", data=form, files=files)
            except httpx.TransportError:
                self.unanswered += 1
                await self.world.ready()
                return None
            return None if answer.status_code == 503 else answer

        answer = await eventually(answered, within=90, every=0.1, what=f"{upload.name} is answered")
        assert answer is not None
        said = answer.json()
        if answer.status_code == 202:
            self.accepted.setdefault(upload.name, set()).add(said["upload_id"])
        elif said.get("error_code") == "ALREADY_LOADED":
            self.accepted.setdefault(upload.name, set()).add(said["details"]["upload_id"])
        else:
            assert (answer.status_code, said.get("error_code")) == (409, "DUPLICATES"), answer.text
            self.refused.add(upload.name)

    async def uploads(self) -> list[dict[str, Any]]:
        """All that this person can see."""
        answer = await self.http.get("/uploads", params={"page_size": 500})
        found: list[dict[str, Any]] = answer.json()["data"]
        return found


async def _violations(world: World, deaths: Sequence[str], seed: int, mutation: str = "") -> list[str]:
    is_long = any(death.startswith("connector.between_batches") for death in deaths)
    plan = make_uploads(seed, datetime.now(UTC).date(), long=is_long)
    await world.buckets.create(versioned=False)
    settings = {"SECRET_KEY": KEY, "UPLOAD_CHECK_SECONDS": "0" if seed % 3 == 0 else "0.5"}
    await world.start([Launch("facebook", tuple(deaths), mutation, settings), Launch("loader")])
    await world.ready()
    async with _people(world, plan) as people:
        await asyncio.gather(*(_send_all(person, plan, n) for n, person in enumerate(people)))
        await world.ready()
        await world.still()
        wrong = [what for n, person in enumerate(people) for what in await _of_person(person, plan, n)]
        foreign = next(iter(people[0].accepted.values()))
        for upload_id in foreign:
            seen = await people[1].http.get(f"/uploads/{upload_id}")
            if seen.status_code != 404:
                wrong.append(f"another client's upload {upload_id} is shown: {seen.status_code}")
        wrong += [what async for what in _of_database(world, plan, people)]
    if world.process("facebook-1").kills != len(deaths):
        wrong.append(f"it did not die at each of {deaths}: the experiment proves nothing")
    return wrong


async def _send_all(person: Person, plan: Uploads, client: int) -> None:
    """In their order; the first one once more at the end, by mistake."""
    for upload in [*plan.of_client[client], plan.of_client[client][0]]:
        await person.send(plan.clients[client], upload)


async def _of_person(person: Person, plan: Uploads, client: int) -> list[str]:
    """What a user is shown: their own uploads, each at its end, none twice."""
    shown = await person.uploads()
    wrong = [
        f"a foreign upload is shown: {up}" for up in shown if up["client_id"] != str(plan.clients[client])
    ]
    refused = {name for of, name in plan.refused() if of == client}
    for upload in plan.of_client[client]:
        ended = [up for up in shown if up["file_name"] == upload.name]
        states = Counter(up["status"] for up in ended)
        if upload.name in refused:
            ok = not set(states) - {"failed"} and (ended or upload.name in person.refused)
            ok = ok and all(up["error_code"] == "DUPLICATES" for up in ended)
        else:
            ok = states == {"completed": 1} and {ended[0]["upload_id"]} == person.accepted.get(upload.name)
        if not ok:
            wrong.append(f"{upload.name} ({upload.mode}) of client {client}: {ended}")
        promised = {up["upload_id"] for up in ended} | person.accepted.get(upload.name, set())
        if upload.name not in refused and len(promised) > 1:
            wrong.append(f"{upload.name} of client {client} was accepted {len(promised)} times")
    return wrong + [f"not at its end: {up}" for up in shown if up["status"] not in FINAL]


async def _of_database(world: World, plan: Uploads, people: Sequence[Person]) -> AsyncIterator[str]:
    """Figures, history, and what is left behind."""
    async with world.connected() as connection:
        now = await gather(connection)
        uploads = await connection.fetch(
            "SELECT u.id, u.uploaded_by, u.archive_key, l.run_id, l.finished_at, (SELECT count(*) "
            "FROM audit_logs a WHERE a.action = 'upload.accepted' AND a.entity_id = u.id::text "
            "AND a.user_id = u.uploaded_by) AS told FROM uploaded_files u "
            "LEFT JOIN ingestion_logs l ON (l.client_id, l.run_id) = (u.client_id, u.run_id)"
        )
        told = await connection.fetchval("SELECT count(*) FROM audit_logs WHERE action = 'upload.accepted'")
    for what in differences("fact", plan.standing(), now.facts):
        yield what
    for row in uploads:
        if row["told"] != 1 or row["run_id"] is None or row["finished_at"] is None:
            yield f"an upload without its history: {dict(row)}"
    if not len(uploads) == told == len(now.runs):
        yield f"{len(uploads)} uploads, {told} lines in the audit log, {len(now.runs)} runs"
    case = Case(Plan(plan.seed, plan.clients), Journal(), now)
    case.dead, case.depths = await world.queues.dead_letters(), await world.queues.depths()
    case.working, case.files = world.queues.working, world.left_files()
    case.ends = {process.name: process.own_ends for process in world.processes}
    case.archived = await world.buckets.archived()
    for what in _of_case(case, unanswered=sum(person.unanswered for person in people)):
        yield what


def _of_case(case: Case, *, unanswered: int) -> Iterator[str]:
    """A request that was cut off before its promise may leave a file in the archive that no run names."""
    extra = case.archived - {run.key for run in case.now.runs.values()}
    if len(extra) > unanswered:
        yield f"{len(extra)} archived files of no run, after {unanswered} requests without an answer"
    case.archived -= extra
    for ask in (
        numbers.runs_applied_once,
        leftovers.dead_letters_are_the_poison,
        leftovers.nothing_is_left_behind,
    ):
        yield from ask(case)


@asynccontextmanager
async def _people(world: World, plan: Uploads) -> AsyncIterator[list[Person]]:
    """A user for each client, signed in."""
    base = f"http://127.0.0.1:{world.process('facebook-1').port}/api/v1/facebook"
    people: list[Person] = []
    for number, client in enumerate(plan.clients):
        user, session = uuid4(), uuid4()
        email = f"person{number}@agency.example"
        async with world.connected() as connection:
            await connection.execute(
                "INSERT INTO users (id, email, password_hash, role) VALUES ($1, $2, 'none', 'client')",
                user,
                email,
            )
            await connection.execute(
                "INSERT INTO refresh_tokens (id, user_id, family, token_hash, expires_at) "
                "VALUES ($1, $2, gen_random_uuid(), $3, now() + interval '1 day')",
                session,
                user,
                session.bytes,
            )
            await connection.execute(
                "WITH c AS (INSERT INTO clients (public_id, name, user_id) VALUES ($1, $2, $3) RETURNING id) "
                "INSERT INTO source_settings (client_id, source, enabled) SELECT id, 'facebook', true FROM c",
                client,
                f"Client {number}",
                user,
            )
        token = Tokens(KEY).issue(AccessClaims(user, email, "client", session))
        http = httpx.AsyncClient(base_url=base, headers={"Authorization": f"Bearer {token}"}, timeout=60)
        people.append(Person(world, user, http))
    try:
        yield people
    finally:
        await asyncio.gather(*(person.http.aclose() for person in people))
