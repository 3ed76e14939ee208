"""An accepted upload is loaded: its bytes come from the archive, whatever became of the request."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from contracts.ingest.v1 import Artifact, UploadAccepted
from libs.connector.account import Client, RunRefused
from libs.connector.archive import Kept, Part
from libs.connector.clients import client_named
from libs.connector.identity import run_id_of, settings_digest
from libs.connector.runs import Run
from libs.db.engine import transaction
from libs.errors import Terminal
from libs.storage import Download, ObjectMissing
from services.connectors.facebook import parse
from services.connectors.facebook.handlers.desk import SOURCE, Desk
from services.connectors.facebook.handlers.reading import reading_of
from services.connectors.facebook.rules import Options, as_kept
from services.connectors.facebook.store import standing, uploads
from services.connectors.facebook.store.standing import History


async def load(desk: Desk, message: UploadAccepted) -> None:
    """Carry on with an upload; nothing happens when its run has ended. Raises Terminal for unknown ones."""
    async with transaction(desk.engine) as connection:
        client = await client_named(connection, SOURCE, message.client_id)
        upload = await uploads.to_load(connection, client.id, message.upload_id)
    if upload is None:
        raise Terminal(f"There is no upload {message.upload_id} of client {client.name}")
    run = Run(upload.run_id, client, SOURCE, upload.run_date, upload.delivered_at)
    kept = Kept(Artifact.model_validate(upload.artifact), upload.artifact)
    await read_kept(desk, run, kept, Options.from_json(upload.artifact.get("options")))


async def read_kept(desk: Desk, run: Run, kept: Kept, options: Options) -> None:
    """Read a file of the archive as a run, unless that has ended.

    By the settings and the past that the run began with: what changed since then would make a run that is
    tried again contradict the batches that it sent.
    """
    if await desk.ingestion.has_ended(run):
        return
    assert run.delivered_at is not None  # noqa: S101 - it was received at some time
    async with transaction(desk.engine) as connection:
        past = await standing.history(connection, run.client.id, run.run_id)
        record = await uploads.read_by(connection, run.client.id, run.run_id, past.as_json())
    client = as_kept(run.client, record.get("read_as"))
    read_table = partial(desk.aside.read_table, str(record["key"]))
    reading = reading_of(read_table, client, run.delivered_at, options, History.from_json(record["past"]))
    parts: list[Part] = []
    async with desk.workspace.folder() as folder:

        async def fetch() -> Kept:
            try:
                parts.extend(at_hand(desk, record, folder) or await desk.archive.fetch(record, folder))
            except ObjectMissing as error:
                raise RunRefused("raw_file_gone", f"{error}: the raw archive no longer has it") from error
            return Kept(kept.artifact, record)

        await desk.ingestion.ingest(run, parts, reading, fetch)


def at_hand(desk: Desk, record: dict[str, Any], folder: Path) -> list[Part]:
    """The file as it was taken in, where that was this process and just now; else nothing."""
    path = folder / "upload"
    if not desk.workspace.take(record["key"], path):
        return []
    return [Part(record["parts"][0]["name"], Download(path, record["size"], record["sha256"]))]


def run_id_for(client: Client, delivery: str, options: Options, generation: str = "0") -> UUID:
    """The run of an upload, read with the client's settings of now."""
    digest = settings_digest(read_as(client, options))
    return run_id_of(SOURCE, client.public_id, delivery, digest, parse.PARSER_VERSION, generation)


def read_as(client: Client, options: Options) -> dict[str, Any]:
    """The settings of now by which an upload is read; they are kept with its run."""
    return parse.settings_that_matter(client.settings, client.timezone, options.as_json())
