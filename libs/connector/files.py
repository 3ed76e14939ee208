"""A source of one delivery per client and day, each of one file or several: found, fetched, read."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from contracts.envelope import Source
from contracts.settling import SETTLING_DAYS
from libs.connector import runs
from libs.connector.account import Client, FoundObject, RunRefused
from libs.connector.archive import Archive, Part
from libs.connector.clients import pulled_clients
from libs.connector.days import settling_window
from libs.connector.formats import Format, settings_that_matter
from libs.connector.identity import delivery_of, run_id_of, settings_digest
from libs.connector.ingest import Ingestion
from libs.connector.pulls import Expected
from libs.connector.reading import Reading
from libs.connector.runs import Run
from libs.connector.workspace import Workspace
from libs.db.engine import transaction
from libs.storage import Download
from libs.tabular import Readers, Table

Found = TypeVar("Found", bound=FoundObject)


class Reports(Protocol[Found]):
    """What a source's client.py gives. Errors: RunRefused ends the day's run with a code, Transient is
    tried again up the retry ladder, ObjectMissing means that it is gone meanwhile."""

    async def find(self, client: Client, days: Sequence[date]) -> Mapping[date, Sequence[Found]]:
        """The files of each day as they stand now; days without one are left out."""

    async def fetch(self, found: Found, to: Path) -> Download:
        """A file, whole and as it was found, on this machine; never more bytes than allowed."""

    def expected(self, client: Client, day: date) -> Expected:
        """Where a day's file should be. Two clients' are never the same."""

    async def close(self) -> None:
        """At the end of the service."""


@dataclass(frozen=True)
class Kit:
    """What a connector works with."""

    engine: AsyncEngine
    archive: Archive
    ingestion: Ingestion
    workspace: Workspace
    readers: Readers
    now: Callable[[], datetime]


class DailyFiles(Generic[Found]):
    """A DailySource (libs.connector.pulls) from a client.py and a parse.py."""

    def __init__(self, name: Source, reports: Reports[Found], form: Format, kit: Kit) -> None:
        self._name = name
        self._reports = reports
        self._form = form
        self._kit = kit

    async def days_to_look_at(self, client: Client, generation: int) -> list[date]:
        """Yesterday, and the days of the settling window whose delivery no run knows."""
        yesterday, own = client.yesterday(self._kit.now()), client.settings.settling_days
        window = settling_window(yesterday, SETTLING_DAYS[self._name] if own is None else own)
        try:
            found = await self._reports.find(client, window)
        except RunRefused:
            return [yesterday]  # whose own pull meets the same and reports it
        expected = {
            day: self.identity(client, delivery_of(files), str(generation)) for day, files in found.items()
        }
        async with transaction(self._kit.engine) as connection:
            settled = await runs.settled(connection, client.id, expected.values())
        news = {day for day, run_id in expected.items() if run_id not in settled}
        return [day for day in window if day == yesterday or day in news]

    async def load(self, client: Client, day: date, generation: int) -> bool:
        """Fetch and ingest a day's delivery, unless that was done; False when there is none."""
        found = (await self._reports.find(client, [day])).get(day)
        if not found:
            return False
        await self._check_only_reader(client, day)
        delivery = delivery_of(found)
        run = Run(
            run_id=self.identity(client, delivery, str(generation)),
            client=client,
            source=self._name,
            run_date=day,
            delivered_at=max(file.last_modified for file in found),
            generation=generation,
        )
        if not await self._kit.ingestion.has_ended(run):
            await self._fetch_and_ingest(run, delivery, found)
        return True

    def due(self, client: Client, day: date) -> datetime:
        """The next morning, by the account's clock."""
        return datetime.combine(day + timedelta(days=1), client.settings.due_by, client.zone)

    def expected(self, client: Client, day: date) -> Expected:
        """Where the day's file should be."""
        return self._reports.expected(client, day)

    def identity(self, client: Client, delivery: str, generation: str) -> UUID:
        """The run of a delivery, read with the client's settings of now."""
        matters = settings_digest(settings_that_matter(client))
        return run_id_of(self._name, client.public_id, delivery, matters, self._form.version, generation)

    async def reading_of(self, run: Run, _: dict[str, Any] | None = None) -> Reading:
        """How a run's files are read; they are the whole truth for their day.

        No row is of a day after the delivery. Measured by its time and not by today's clock, so that a
        run which is tried again tomorrow repeats its batches to the byte.
        """
        client = run.client
        assert run.delivered_at is not None  # noqa: S101 - there are files to be read
        spec = self._form.table_spec(client.settings, client.today(run.delivered_at))

        def open_table(path: Path) -> AbstractAsyncContextManager[Table]:
            return self._kit.readers.read_table(path, spec)

        return Reading(
            open_table=open_table,
            coverage=None if run.run_date is None else [run.run_date],
            fill=self._form.fill(client.settings),
            max_bad_share=float(client.settings.max_bad_share),
            account_timezone=client.timezone,
        )

    async def _fetch_and_ingest(self, run: Run, delivery: str, found: Sequence[Found]) -> None:
        began = time.monotonic()
        async with self._kit.workspace.folder() as folder:
            parts = [
                Part(file.key, await self._reports.fetch(file, folder / f"part-{number}"))
                for number, file in enumerate(found, 1)
            ]
            reading = await self.reading_of(run)
            reading.timings["fetch"] = round(time.monotonic() - began, 3)
            keep = partial(self._kit.archive.keep, run, delivery, parts)
            await self._kit.ingestion.ingest(run, parts, reading, keep)

    async def _check_only_reader(self, client: Client, day: date) -> None:
        """Raise RunRefused when another client's settings lead to the same place."""
        async with transaction(self._kit.engine) as connection:
            others = [c for c in await pulled_clients(connection, self._name) if c.id != client.id]
        own = self.expected(client, day)
        for other in others:
            if self._place_of(other, day) == own:
                raise RunRefused(
                    "shared_object",
                    f"{own.name} {own.at} {own.place} would be read for client {client.name} and for client "
                    f"{other.name}: give each its own settings",
                )

    def _place_of(self, client: Client, day: date) -> Expected | None:
        try:
            return self.expected(client, day)
        except RunRefused:
            return None  # its own pull says so
