"""Pulls of a source that has something for each day: split until they are narrow, then carried out.

A pull without a client becomes one per enabled client; one without days, or of several, one per day.
What is not there yet is looked for again every hour until it is due; then it is missing, which is told once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from contracts.envelope import Source
from contracts.ingest.v1 import PullRequested
from libs.bus import outbox
from libs.connector import runs
from libs.connector.account import Client, RunRefused
from libs.connector.clients import client_named, pulled_clients
from libs.connector.days import days_between
from libs.connector.identity import run_id_without_delivery
from libs.connector.ingest import Ingestion
from libs.connector.runs import Run
from libs.db.engine import transaction
from libs.errors import Terminal
from libs.storage import ObjectMissing

log = structlog.get_logger()

LOOK_AGAIN_SECONDS = 3600


def utc_now() -> datetime:
    """The clock of a service."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Expected:
    """A day's delivery as it should be: where, and under which name."""

    place: str
    """A bucket, a host."""
    name: str
    at: str = "at"
    """How a sentence goes on to the place."""


class DailySource(Protocol):
    """What a source does for one client; the rest is the same for all."""

    async def days_to_look_at(self, client: Client, generation: int) -> list[date]:
        """The days of a pull that names none: yesterday, and where there is something new."""

    async def load(self, client: Client, day: date, generation: int) -> bool:
        """Fetch and ingest what there is for a day; False when there is nothing.

        Raises RunRefused when it cannot be had, ObjectMissing when it is gone meanwhile.
        """

    def due(self, client: Client, day: date) -> datetime:
        """Until when a day is looked for again; from then on it is missed."""

    def expected(self, client: Client, day: date) -> Expected:
        """What is told of a day that is missed."""


class DailyPulls:
    """Carries out PullRequested for one source."""

    def __init__(
        self,
        name: Source,
        engine: AsyncEngine,
        ingestion: Ingestion,
        source: DailySource,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._name = name
        self._engine = engine
        self._ingestion = ingestion
        self._source = source
        self._now = now

    async def pull(self, message: PullRequested) -> None:
        """Carry out a pull, or split it. Raises Terminal for what nobody may ask for."""
        if message.client_id is None:
            await self._ask(await self._per_client(message))
            return
        async with transaction(self._engine) as connection:
            client = await client_named(connection, self._name, message.client_id)
        if not client.pulled:
            self._not_pulled(client, message)
        elif message.start_date is None or message.end_date is None:
            days = await self._source.days_to_look_at(client, message.generation)
            await self._ask(_per_day(message, days))
        elif message.start_date < message.end_date:
            await self._ask(_per_day(message, days_between(message.start_date, message.end_date)))
        else:
            await self._pull_day(client, message, message.start_date)

    def _not_pulled(self, client: Client, message: PullRequested) -> None:
        if message.looks:  # it was, when the look was put off
            log.info("no longer pulled", client=str(client.public_id))
            return
        raise Terminal(
            f"Client {client.name} ({client.public_id}) is disabled, or not enabled for {self._name}"
        )

    async def _ask(self, messages: Iterable[PullRequested], delay_seconds: int | None = None) -> None:
        key = f"pull.requested.{self._name}"
        async with transaction(self._engine) as connection:
            for message in messages:
                await outbox.put(connection, self._name, key, message, delay_seconds=delay_seconds)

    async def _per_client(self, message: PullRequested) -> list[PullRequested]:
        if message.start_date and message.end_date:
            days_between(message.start_date, message.end_date)  # refused here once, not once per client
        async with transaction(self._engine) as connection:
            clients = await pulled_clients(connection, self._name)
        return [message.model_copy(update={"client_id": client.public_id}) for client in clients]

    async def _pull_day(self, client: Client, message: PullRequested, day: date) -> None:
        if day > client.today(self._now()):
            raise Terminal(f"{day} has not begun yet for client {client.name} ({client.timezone})")
        try:
            if await self._source.load(client, day, message.generation):
                return
        except ObjectMissing:
            log.info("deleted between being found and being read", client=str(client.public_id), day=str(day))
        except RunRefused as error:
            # The day's run, not the delivery's: when the cause is gone, the delivery is read as if new.
            run = self._run_without_delivery(client, message, day, error.code)
            await self._ingestion.fail(run, error.code, str(error))
            await self._look_again(client, message, day)
            return
        if not await self._look_again(client, message, day):
            await self._missing(client, message, day)

    async def _look_again(self, client: Client, message: PullRequested, day: date) -> bool:
        """Put the pull off for an hour, unless the day is due."""
        if self._now() >= self._source.due(client, day):
            return False
        again = message.model_copy(update={"looks": message.looks + 1})
        await self._ask([again], LOOK_AGAIN_SECONDS)
        return True

    async def _missing(self, client: Client, message: PullRequested, day: date) -> None:
        """It should be there and is not: a run says so, which is told once."""
        what, due = self._source.expected(client, day), self._source.due(client, day).astimezone(UTC)
        sentence = f"No file {what.name} {what.at} {what.place} by {due:%Y-%m-%d %H:%M} UTC"
        run = self._run_without_delivery(client, message, day, "missing_file")
        async with transaction(self._engine) as connection:
            await runs.missing(connection, run, what.place, what.name, sentence)

    def _run_without_delivery(self, client: Client, message: PullRequested, day: date, kind: str) -> Run:
        return Run(
            run_id=run_id_without_delivery(self._name, client.public_id, day, kind, message.generation),
            client=client,
            source=self._name,
            run_date=day,
            delivered_at=None,
            generation=message.generation,
        )


def _per_day(message: PullRequested, days: Iterable[date]) -> list[PullRequested]:
    return [message.model_copy(update={"start_date": day, "end_date": day}) for day in days]
