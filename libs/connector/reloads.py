"""Reloads: the raw file of a run, read again with today's settings, as a new run."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncEngine

from contracts.envelope import Source
from contracts.ingest.v1 import Artifact, ReloadRequested
from libs.connector.account import Client
from libs.connector.archive import Archive, Kept
from libs.connector.clients import client_named
from libs.connector.ingest import Ingestion
from libs.connector.reading import Reading
from libs.connector.runs import Run
from libs.connector.workspace import Workspace
from libs.db.engine import transaction
from libs.errors import Terminal
from libs.storage import ObjectMissing

MAX_RELOADS = 100
"""Of one run; a hundred failures of the same file need another remedy."""


@dataclass(frozen=True)
class OldRun:
    """A run whose raw file is to be read again."""

    client: Client
    run_date: date | None
    window_start: date | None
    delivered_at: datetime | None
    generation: int
    kept: Kept


class Reloader:
    """The same for every source that keeps its deliveries.

    ``identity``: the run of (client, delivery, generation), as the source derives it.
    ``reading_of``: how the files of a run are read, given what its archive record says.
    """

    def __init__(
        self,
        source: Source,
        engine: AsyncEngine,
        archive: Archive,
        ingestion: Ingestion,
        workspace: Workspace,
        identity: Callable[[Client, str, str], UUID],
        reading_of: Callable[[Run, dict[str, Any]], Awaitable[Reading]],
    ) -> None:
        self._source = source
        self._engine = engine
        self._archive = archive
        self._ingestion = ingestion
        self._workspace = workspace
        self._identity = identity
        self._reading_of = reading_of

    async def reload(self, message: ReloadRequested) -> None:
        """Carry out a reload. Raises Terminal when the run is unknown or has no raw file."""
        old = await old_run(self._engine, self._source, message)
        run = await next_run(
            self._engine,
            self._source,
            message,
            old,
            lambda generation: self._identity(old.client, old.kept.record["delivery"], generation),
        )
        if not await self._ingestion.has_ended(run):
            await self._read_again(run, old.kept)

    async def _read_again(self, run: Run, kept: Kept) -> None:
        async def keep() -> Kept:
            return kept  # it is in the archive already

        async with self._workspace.folder() as folder:
            try:
                parts = await self._archive.fetch(kept.record, folder)
            except ObjectMissing as error:
                sentence = f"{error}: the raw archive no longer has it"
                await self._ingestion.fail(run, "raw_file_gone", sentence)
                return
            reading = await self._reading_of(run, kept.record)
            await self._ingestion.ingest(run, parts, reading, keep)


async def old_run(engine: AsyncEngine, source: Source, message: ReloadRequested) -> OldRun:
    """The run that a message names. Raises Terminal when it is unknown or has no raw file."""
    async with transaction(engine) as connection:
        client = await client_named(connection, source, message.client_id)
        row = (await connection.execute(_OLD_RUN, _named(client.id, [message.run_id], source))).one_or_none()
    if row is None:
        raise Terminal(f"There is no {source} run {message.run_id} of client {client.name}")
    if row.artifact is None:
        raise Terminal(f"Run {message.run_id} brought no file that could be read again: pull its day instead")
    kept = Kept(Artifact.model_validate(row.artifact), row.artifact)
    return OldRun(client, row.run_date, row.window_start, row.delivered_at, row.generation, kept)


async def next_run(
    engine: AsyncEngine,
    source: Source,
    message: ReloadRequested,
    old: OldRun,
    identity: Callable[[str], UUID],
) -> Run:
    """The run of this reload. ``identity``: generation → run, of the old run's delivery read as today."""
    generations = [
        f"reload {number} of {message.run_id} {message.allow_shrink}" for number in range(1, MAX_RELOADS + 1)
    ]
    ids = [identity(generation) for generation in generations]
    async with transaction(engine) as connection:
        found = await connection.execute(_STATUSES, _named(old.client.id, ids, source))
        standing = {row.run_id: row.status for row in found}
    number = reload_number([standing.get(run_id) for run_id in ids])
    return Run(
        run_id=ids[number - 1],
        client=old.client,
        source=source,
        run_date=old.run_date,
        delivered_at=old.delivered_at,
        generation=old.generation + number,
        reload_of=message.run_id,
        allow_shrink=message.allow_shrink,
        window_start=old.window_start,
    )


def reload_number(statuses: Sequence[str | None]) -> int:
    """Which reload of a run this is, from 1 on, given how each stands (None: not begun).

    A reload that failed or was undone is followed by another; any other is the one that was asked for,
    so that the same message twice is one run.
    """
    return next(
        (number for number, status in enumerate(statuses, 1) if status not in ("failed", "undone")),
        len(statuses),
    )


_OLD_RUN = text(
    "SELECT run_date, window_start, delivered_at, generation, artifact FROM ingestion_logs "
    "WHERE client_id = :client_id AND run_id = ANY(:run_ids) AND source = :source"
).columns(artifact=JSONB)
_STATUSES = text(
    "SELECT run_id, status FROM ingestion_logs "
    "WHERE client_id = :client_id AND run_id = ANY(:run_ids) AND source = :source"
)


def _named(client_id: int, run_ids: Sequence[UUID], source: Source) -> dict[str, Any]:
    return {"client_id": client_id, "run_ids": run_ids, "source": source}
