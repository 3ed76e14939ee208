"""Reloads: the raw file of a run, read again with today's settings, as a new run."""

from __future__ import annotations

from contracts.ingest.v1 import Artifact, ReloadRequested
from libs.connector.account import Client
from libs.connector.archive import Kept
from libs.connector.clients import client_named
from libs.connector.runs import Run
from libs.db.engine import transaction
from libs.errors import Terminal
from libs.storage import ObjectMissing
from services.connectors.surfside import rules, store
from services.connectors.surfside.handlers import deliveries
from services.connectors.surfside.handlers.deliveries import SOURCE, Desk
from services.connectors.surfside.store import OldRun

MAX_RELOADS = 100
"""Of one run; a hundred failures of the same file need another remedy."""


async def reload(desk: Desk, message: ReloadRequested) -> None:
    """Carry out a reload. Raises Terminal when the run is unknown or has no raw file."""
    async with transaction(desk.engine) as connection:
        client = await client_named(connection, SOURCE, message.client_id)
        old = await store.old_run(connection, client.id, message.run_id)
    if old is None:
        raise Terminal(f"There is no {SOURCE} run {message.run_id} of client {client.name}")
    if old.artifact is None:
        raise Terminal(f"Run {message.run_id} brought no file that could be read again: pull its day instead")
    kept = Kept(Artifact.model_validate(old.artifact), old.artifact)
    run = await _new_run(desk, client, message, old, kept)
    if not await desk.ingestion.has_ended(run):
        await _read_again(desk, run, kept)


async def _new_run(desk: Desk, client: Client, message: ReloadRequested, old: OldRun, kept: Kept) -> Run:
    ids = [
        deliveries.identity(
            client, kept.record["delivery"], f"reload {number} of {message.run_id} {message.allow_shrink}"
        )
        for number in range(1, MAX_RELOADS + 1)
    ]
    async with transaction(desk.engine) as connection:
        standing = await store.statuses(connection, client.id, ids)
    number = rules.reload_number([standing.get(run_id) for run_id in ids])
    return Run(
        run_id=ids[number - 1],
        client=client,
        source=SOURCE,
        run_date=old.run_date,
        delivered_at=old.delivered_at,
        generation=old.generation + number,
        reload_of=message.run_id,
        allow_shrink=message.allow_shrink,
    )


async def _read_again(desk: Desk, run: Run, kept: Kept) -> None:
    async def keep() -> Kept:
        return kept  # it is in the archive already

    async with desk.workspace.folder() as folder:
        try:
            parts = await desk.archive.fetch(kept.record, folder)
        except ObjectMissing as error:
            await desk.ingestion.fail(run, "raw_file_gone", f"{error}: the raw archive no longer has it")
            return
        reading = deliveries.reading_of(desk.readers, run, [])
        await desk.ingestion.ingest(run, parts, reading, keep)
