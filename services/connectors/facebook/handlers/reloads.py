"""Reloads: the raw file of an upload, read again with today's settings, as a new run."""

from __future__ import annotations

from contracts.ingest.v1 import ReloadRequested
from libs.connector import reloads, runs
from libs.connector.archive import Kept
from libs.db.engine import transaction
from services.connectors.facebook.handlers.desk import SOURCE, Desk
from services.connectors.facebook.handlers.uploads import read_as, read_kept, run_id_for
from services.connectors.facebook.rules import Options
from services.connectors.facebook.store import uploads


async def reload(desk: Desk, message: ReloadRequested) -> None:
    """Carry out a reload. Raises Terminal when the run is unknown or has no raw file."""
    old = await reloads.old_run(desk.engine, SOURCE, message)
    client, kept = old.client, old.kept
    options = Options.from_json(kept.record.get("options")).for_reload()
    run = await reloads.next_run(
        desk.engine,
        SOURCE,
        message,
        old,
        lambda generation: run_id_for(client, kept.record["delivery"], options, generation),
    )
    record = {name: value for name, value in kept.record.items() if name != "past"}
    record["read_as"] = read_as(client, options)
    async with transaction(desk.engine) as connection:
        await runs.start(connection, run, record)
        await uploads.follow_reload(connection, client.id, message.run_id, run.run_id)
    await read_kept(desk, run, Kept(kept.artifact, record), options)
