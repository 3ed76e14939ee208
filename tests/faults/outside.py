"""What the world outside does to the system: sends batches, puts files, changes rates, undoes, deletes."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from libs.testing.waiting import eventually
from tests.faults.bodies import Message, batches_of, staged_by_hand
from tests.faults.case import APPLIED
from tests.faults.files import File
from tests.faults.generator import Deletion, Plan
from tests.faults.journal import Journal
from tests.faults.kept import kept_database
from tests.faults.load import Pace, Sender, send_all
from tests.faults.model import Rate, Run
from tests.faults.world import AWAY, World

AHEAD = 0.3
"""How much of the load is sent before the loader has to keep up."""


@dataclass
class Outside:
    """Carries a plan out, and keeps the journal."""

    world: World
    plan: Plan
    journal: Journal
    gives_up: float = 0.0
    """The share of unanswered publishes that are not tried again."""
    progress: float = 0.0
    """The share of the load's batches that the loader has staged."""

    async def prepare(self) -> None:
        """Clients and their first rates; buckets, where files are to come."""
        if self.plan.files:
            await self.world.buckets.create(versioned=self.plan.seed % 2 == 0)
        async with self.world.connected() as connection:
            for number, client in enumerate(self.plan.clients):
                self.world.client_ids[client] = await connection.fetchval(
                    "INSERT INTO clients (public_id, name) VALUES ($1, $2) RETURNING id",
                    client,
                    f"Client {number}",
                )
                if self.plan.files:
                    await self._expect_files(connection, client)
            for rate in self.plan.rates:
                await self._write_rate(connection, rate)

    async def load(self) -> None:
        """Batches, files, contradictions and changes of rates, all at once."""
        await asyncio.gather(
            self._send(self.plan.load, pace=self._not_far_ahead),
            self._contradict(),
            self._change_rates(),
            *map(self._deliver, self.plan.files),
        )

    async def be_late(self) -> None:
        """What was held back, and what comes once more."""
        await self._send(self.plan.late)

    async def finish(self) -> None:
        """Merges asked for again; runs that are undone; a campaign that is deleted."""
        for run in self.plan.again:
            await self.send(staged_by_hand(run))
        for run in self.plan.undone:
            await self._load_and_undo(run)
        for deletion in self.plan.deleted:
            await self._delete(deletion)

    async def send(self, message: Message) -> None:
        """One message, until it is confirmed."""
        sender = Sender(self.world.bus.rabbitmq_url, self.journal, Random(self.plan.seed))
        try:
            await sender.send(message)
        finally:
            await sender.close()

    async def _send(self, messages: Sequence[Message], *, pace: Pace | None = None) -> None:
        url, seed = self.world.bus.rabbitmq_url, self.plan.seed
        await send_all(url, self.journal, messages, seed, gives_up=self.gives_up, pace=pace)

    async def watch(self) -> None:
        """Keep ``progress``, until cancelled: the loader may be behind when all is sent."""
        kept = kept_database(self.world.connect)
        try:
            while True:
                with contextlib.suppress(*AWAY):
                    async with kept.use() as connection:
                        staged = await connection.fetchval("SELECT sum(batches_staged) FROM ingestion_logs")
                    self.progress = float(staged or 0) / self.plan.batches
                await asyncio.sleep(0.05)
        finally:
            await kept.close()

    async def _not_far_ahead(self, sent: float) -> None:
        """Wait for the loader, a second at most: whatever the machine, there is load until the end."""

        async def close() -> bool:
            return sent <= self.progress + AHEAD

        with contextlib.suppress(AssertionError):
            await eventually(close, within=1)

    async def _expect_files(self, connection: asyncpg.Connection[Any], client: UUID) -> None:
        await connection.execute(
            "INSERT INTO source_settings (client_id, source, enabled, bucket, prefix, file_pattern) "
            "VALUES ($1, 'surfside', true, $2, $3, '{date}.csv')",
            self.world.client_ids[client],
            self.world.buckets.reports,
            str(client),
        )

    async def _deliver(self, versions: Sequence[File]) -> None:
        """Put each version of a file into the bucket and ask for its day, now and then twice."""
        random = Random(f"{self.plan.seed} {versions[0].key}")
        for number, file in enumerate(versions):
            if number:
                await _next_second()
            await self.world.buckets.put(file)
            self.journal.put.append(file)
            day = file.day.isoformat()
            pull = orjson.dumps({"client_id": str(file.client), "start_date": day, "end_date": day})
            for _ in range(random.randint(1, 2)):
                await self.send(Message(pull, key="pull.requested.surfside"))

    async def _contradict(self) -> None:
        """A second truth about a batch, once the first one is staged."""
        for first, wrong in self.plan.contradicted:
            await self.send(first)
            await self.world.until(
                "SELECT count(*) = 1 FROM staging_media_raw WHERE run_id = $1 AND sequence = $2",
                first.run,
                first.sequence,
                what="the batch to be contradicted is staged",
            )
            await self.send(wrong)

    async def _change_rates(self) -> None:
        """As the gateway does it, message after row; a row whose fate is unknown is written again."""
        for rate in self.plan.rate_changes:

            async def written(rate: Rate = rate) -> bool:
                async with self.world.connected() as connection:
                    await self._write_rate(connection, rate)
                    return True

            await self.world.despite_failures(written, what=f"{rate} is written")
            body: dict[str, object] = {"client_id": str(rate.client), "source": rate.source}
            await self.send(Message(orjson.dumps(body), key="rate.changed"))

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

    async def _load_and_undo(self, run: Run) -> None:
        await self._send(batches_of(run, Random(self.plan.seed)))
        await self._until_status(run.run_id, APPLIED)
        undo = orjson.dumps({"client_id": str(run.client), "run_id": str(run.run_id)})
        for _ in range(2):  # the second time there is nothing left to undo
            await self.send(Message(undo, key="run.undo"))
        await self._until_status(run.run_id, {"undone"})

    async def _until_status(self, run_id: UUID, statuses: frozenset[str] | set[str]) -> None:
        await self.world.until(
            "SELECT count(*) = 1 FROM ingestion_logs WHERE run_id = $1 AND status = ANY($2)",
            run_id,
            list(statuses),
            what=f"run {run_id} is {' or '.join(sorted(statuses))}",
        )

    async def _delete(self, gone: Deletion) -> None:
        async with self.world.connected() as connection:
            campaign: UUID | None = await connection.fetchval(
                "SELECT public_id FROM campaigns "
                "WHERE client_id = $1 AND source = $2 AND account = $3 AND name = $4",
                self.world.client_ids[gone.client],
                gone.source,
                gone.account,
                gone.campaign,
            )
        if campaign is not None:
            body = {"client_id": str(gone.client), "level": "campaign", "id": str(campaign)}
            await self.send(Message(orjson.dumps(body), key="hierarchy.deleted"))


async def _next_second() -> None:
    """S3 tells times in whole seconds: of two versions in the same one, neither is the later."""
    begun = int(time.time())

    async def over() -> bool:
        return int(time.time()) > begun

    await eventually(over, what="the next second")
