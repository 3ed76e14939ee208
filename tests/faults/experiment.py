"""One experiment: load, a fault in the middle of it, healing, and then every invariant."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from libs.testing.waiting import eventually
from tests.faults import invariants
from tests.faults.bodies import Message, batches_of, by_hand, staged_by_hand
from tests.faults.case import APPLIED, Case, Violation
from tests.faults.evidence import gather
from tests.faults.files import File
from tests.faults.generator import Deletion, Plan
from tests.faults.journal import Journal
from tests.faults.load import LOST, Pace, Sender, send_all
from tests.faults.model import Rate, Run
from tests.faults.world import Launch, World

Fault = Callable[["Experiment"], Awaitable[None]]
"""Does its harm while the load is under way, and returns when it is done."""

_AWAY = (asyncpg.PostgresError, asyncpg.InterfaceError, *LOST)
AHEAD = 0.3
"""How much of the load is sent before the loader has to keep up."""


@dataclass
class Experiment:
    """A plan in a world."""

    world: World
    plan: Plan
    journal: Journal
    gives_up: float = 0.0
    """The share of unanswered publishes that are not tried again."""
    progress: float = 0.0
    """The share of the load's batches that the loader has staged."""

    async def run(self, launches: Sequence[Launch], fault: Fault | None = None) -> list[Violation]:
        """Everything, from nothing to the verdict."""
        await self._prepare()
        await self.world.start(launches)
        load = asyncio.create_task(self._load())
        try:
            if fault is not None:
                await fault(self)
            await load
        finally:
            load.cancel()
            await asyncio.gather(load, return_exceptions=True)
        await self.world.ready()
        await self.world.still()
        await self._send(self.plan.late)
        await self.world.still()
        await self._epilogue()
        await self.world.still()
        return await self._verdict()

    @contextlib.asynccontextmanager
    async def database(self) -> AsyncIterator[asyncpg.Connection[Any]]:
        """A connection of the schema's owner."""
        connection = await self.world.connect()
        try:
            yield connection
        finally:
            await connection.close()

    async def _prepare(self) -> None:
        """Clients and their first rates; buckets, where files are to come."""
        if self.plan.files:
            await self.world.buckets.create(versioned=self.plan.seed % 2 == 0)
        async with self.database() as connection:
            for number, client in enumerate(self.plan.clients):
                self.world.client_ids[client] = await connection.fetchval(
                    "INSERT INTO clients (public_id, name) VALUES ($1, $2) RETURNING id",
                    client,
                    f"Client {number}",
                )
                if self.plan.files:
                    await connection.execute(
                        "INSERT INTO source_settings "
                        "(client_id, source, enabled, bucket, prefix, file_pattern) "
                        "VALUES ($1, 'surfside', true, $2, $3, '{date}.csv')",
                        self.world.client_ids[client],
                        self.world.buckets.reports,
                        str(client),
                    )
            for rate in self.plan.rates:
                await self._write_rate(connection, rate)

    async def _load(self) -> None:
        """The load, the contradictions and the changes of rates, all at once."""
        watch = asyncio.create_task(self._watch())
        try:
            await asyncio.gather(
                self._send(self.plan.load, pace=self._not_far_ahead),
                self._contradict(),
                self._change_rates(),
                *map(self._deliver, self.plan.files),
            )
        finally:
            watch.cancel()

    async def _send(self, messages: Sequence[Message], *, pace: Pace | None = None) -> None:
        await send_all(
            self.world.bus.rabbitmq_url,
            self.journal,
            messages,
            self.plan.seed,
            gives_up=self.gives_up,
            pace=pace,
        )

    async def _watch(self) -> None:
        """Keep ``progress``: the share of the load's batches that are staged."""
        while True:
            with contextlib.suppress(*_AWAY):
                async with self.database() as connection:
                    staged = await connection.fetchval("SELECT sum(batches_staged) FROM ingestion_logs")
                self.progress = float(staged or 0) / self.plan.batches
            await asyncio.sleep(0.05)

    async def _not_far_ahead(self, sent: float) -> None:
        """Wait for the loader, a second at most: whatever the machine, there is load until the end."""

        async def close() -> bool:
            return sent <= self.progress + AHEAD

        with contextlib.suppress(AssertionError):
            await eventually(close, within=1)

    async def _send_one(self, message: Message) -> bool:
        sender = Sender(self.world.bus.rabbitmq_url, self.journal, Random(self.plan.seed))
        try:
            return await sender.send(message)
        finally:
            await sender.close()

    async def _deliver(self, versions: Sequence[File]) -> None:
        """Put each version of a file into the bucket and ask for its day, now and then twice."""
        random = Random(f"{self.plan.seed} {versions[0].key}")
        for number, file in enumerate(versions):
            if number:
                await self._next_second()
            await self.world.buckets.put(file)
            self.journal.put.append(file)
            day = file.day.isoformat()
            pull = orjson.dumps({"client_id": str(file.client), "start_date": day, "end_date": day})
            for _ in range(random.randint(1, 2)):
                await self._send_one(Message(pull, key="pull.requested.surfside"))

    async def _next_second(self) -> None:
        """S3 tells times in whole seconds: of two versions in the same one, neither is the later."""
        begun = int(time.time())

        async def over() -> bool:
            return int(time.time()) > begun

        await eventually(over, what="the next second")

    async def _contradict(self) -> None:
        """A second truth about a batch, once the first one is staged."""
        for first, wrong in self.plan.contradicted:
            await self._send_one(first)
            await self.until(
                "SELECT count(*) = 1 FROM staging_media_raw WHERE run_id = $1 AND sequence = $2",
                first.run,
                first.sequence,
                what="the batch to be contradicted is staged",
            )
            await self._send_one(wrong)

    async def _change_rates(self) -> None:
        """As the gateway does it, message after row; a row whose fate is unknown is written again."""
        for rate in self.plan.rate_changes:

            async def written(rate: Rate = rate) -> bool:
                async with self.database() as connection:
                    await self._write_rate(connection, rate)
                    return True

            await self.despite_failures(written, what=f"{rate} is written")
            body: dict[str, object] = {"client_id": str(rate.client), "source": rate.source}
            await self._send_one(Message(orjson.dumps(body), key="rate.changed"))

    async def _write_rate(self, connection: asyncpg.Connection[Any], rate: Rate) -> None:
        await connection.execute(
            "INSERT INTO client_settings (client_id, source, cpm, currency, effective_date) "
            "VALUES ($1, $2, $3, 'USD', $4) ON CONFLICT (client_id, source, effective_date) "
            "DO UPDATE SET cpm = excluded.cpm",
            self.world.client_ids[rate.client],
            rate.source,
            rate.cpm,
            rate.effective,
        )

    async def _epilogue(self) -> None:
        """Merges asked for again; runs that are undone; a campaign that is deleted."""
        for run in self.plan.again:
            await self._send_one(staged_by_hand(run))
        for run in self.plan.undone:
            await self._load_and_undo(run)
        for deletion in self.plan.deleted:
            await self._delete(deletion)

    async def _load_and_undo(self, run: Run) -> None:
        await self._send(batches_of(run, Random(self.plan.seed)))
        await self._until_status(run.run_id, APPLIED)
        undo = orjson.dumps({"client_id": str(run.client), "run_id": str(run.run_id)})
        for _ in range(2):  # the second time there is nothing left to undo
            await self._send_one(Message(undo, key="run.undo"))
        await self._until_status(run.run_id, {"undone"})

    async def _delete(self, deletion: Deletion) -> None:
        async with self.database() as connection:
            campaign: UUID | None = await connection.fetchval(
                "SELECT public_id FROM campaigns "
                "WHERE client_id = $1 AND source = $2 AND account = $3 AND name = $4",
                self.world.client_ids[deletion.client],
                deletion.source,
                deletion.account,
                deletion.campaign,
            )
        if campaign is not None:
            body = {"client_id": str(deletion.client), "level": "campaign", "id": str(campaign)}
            await self._send_one(Message(orjson.dumps(body), key="hierarchy.deleted"))

    async def _until_status(self, run_id: UUID, statuses: frozenset[str] | set[str]) -> None:
        await self.until(
            "SELECT count(*) = 1 FROM ingestion_logs WHERE run_id = $1 AND status = ANY($2)",
            run_id,
            list(statuses),
            what=f"run {run_id} is {' or '.join(sorted(statuses))}",
        )

    async def until(self, query: str, *arguments: object, what: str, within: float = 60.0) -> None:
        """Wait until a query says true; a database that is away is asked again."""

        async def holds() -> bool:
            async with self.database() as connection:
                return bool(await connection.fetchval(query, *arguments))

        await self.despite_failures(holds, what=what, within=within)

    async def despite_failures(
        self, condition: Callable[[], Awaitable[bool]], *, what: str, within: float = 60.0
    ) -> None:
        """As ``eventually``, where the servers may be away meanwhile."""

        async def tried() -> bool:
            try:
                return await condition()
            except _AWAY:
                return False

        await eventually(tried, within=within, what=what)

    async def _verdict(self) -> list[Violation]:
        """Look, move all dead letters back and recompute everything, look again."""
        case = await self._case()
        found = invariants.check(case)
        await self.world.queues.replay()
        await self._send_one(by_hand("aggregator.requests", b"{}"))
        await self.world.still()
        again = await self._case()
        found += invariants.nothing_changed(case.now, again.now)
        lost = {m.body for m in self.plan.poison} & {d.body for d in case.dead} - {d.body for d in again.dead}
        contradictions = {wrong.body for _, wrong in self.plan.contradicted}  # of runs that have ended by now
        found += [
            Violation("I7", f"replayed poison vanished: {body[:80]!r}") for body in lost - contradictions
        ]
        return found

    async def _case(self) -> Case:
        async with self.database() as connection:
            now = await gather(connection)
        queues = self.world.queues
        return Case(
            plan=self.plan,
            journal=self.journal,
            now=now,
            dead=await queues.dead_letters(),
            depths=await queues.depths(),
            working=queues.working,
            files=left_files(self.world),
            archived=await self.world.buckets.archived() if self.plan.files else set(),
            ends={process.name: process.own_ends for process in self.world.processes},
        )


def left_files(world: World) -> list[str]:
    """Temporary files beside the lock of a living process's folder."""
    found = (path for path in world.temporary.rglob("*") if path.is_file() and path.name != ".in-use")
    return [str(path.relative_to(world.temporary)) for path in found]


def verdict(experiment: Experiment, violations: Sequence[Violation], command: str) -> str:
    """What a person needs to see, and to repeat it."""
    lines = [f"seed {experiment.plan.seed}: {len(violations)} violations", f"  {experiment.journal.said}"]
    lines += [f"  {violation.invariant}: {violation.what}" for violation in violations[:25]]
    return "\n".join([*lines, experiment.world.troubles(), f"repeat: {command}"])
