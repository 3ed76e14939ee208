"""Reloads: the raw file of an upload, read again with today's settings, as a new run."""

from __future__ import annotations

from contracts.ingest.v1 import Artifact, ReloadRequested
from libs.connector import runs
from libs.connector.account import Client
from libs.connector.archive import Kept
from libs.connector.clients import client_named
from libs.connector.runs import Run
from libs.db.engine import transaction
from libs.errors import Terminal
from services.connectors.facebook import store
from services.connectors.facebook.handlers.desk import SOURCE, Desk
from services.connectors.facebook.handlers.uploads import read_kept, run_id_for
from services.connectors.facebook.rules import NOT_STANDING, Options
from services.connectors.facebook.store import OldRun

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
        raise Terminal(f"Run {message.run_id} brought no file that could be read again")
    kept = Kept(Artifact.model_validate(old.artifact), old.artifact)
    options = Options.from_json(old.artifact.get("options")).for_reload()
    run = await _new_run(desk, client, message, old, kept, options)
    async with transaction(desk.engine) as connection:
        await runs.start(connection, run, kept.record)
        await store.follow_reload(connection, client.id, message.run_id, run.run_id)
    await read_kept(desk, run, kept, options)


async def _new_run(
    desk: Desk, client: Client, message: ReloadRequested, old: OldRun, kept: Kept, options: Options
) -> Run:
    """One that failed or was undone is followed by another; any other is the one that was asked for."""
    asked = f"{message.run_id} {message.allow_shrink}"
    ids = [
        run_id_for(client, kept.record["delivery"], options, f"reload {n} of {asked}")
        for n in range(1, MAX_RELOADS + 1)
    ]
    async with transaction(desk.engine) as connection:
        standing = await store.statuses(connection, client.id, ids)
    number = next((n for n, each in enumerate(ids) if standing.get(each) not in NOT_STANDING), len(ids) - 1)
    return Run(
        run_id=ids[number],
        client=client,
        source=SOURCE,
        run_date=old.run_date,
        delivered_at=old.delivered_at,
        generation=old.generation + number + 1,
        reload_of=message.run_id,
        allow_shrink=message.allow_shrink,
    )
