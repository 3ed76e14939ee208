"""A day's delivery of one client: found, checked, fetched, read."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from contracts.envelope import Source
from libs.connector.account import Client, RunRefused, Warned
from libs.connector.archive import Archive, Part
from libs.connector.clients import pulled_clients
from libs.connector.formats import settings_that_matter
from libs.connector.identity import delivery_of, run_id_of, settings_digest
from libs.connector.ingest import Ingestion
from libs.connector.reading import Reading
from libs.connector.runs import Run
from libs.connector.workspace import Workspace
from libs.db.engine import transaction
from libs.storage import AccessDenied, BucketMissing, ObjectMissing, StorageRefused, StoredObject
from libs.tabular import Readers, Table
from services.connectors.surfside import parse, rules
from services.connectors.surfside.client import Reports

SOURCE: Source = "surfside"


@dataclass(frozen=True)
class Desk:
    """What handling a message of this service takes."""

    engine: AsyncEngine
    reports: Reports
    archive: Archive
    ingestion: Ingestion
    workspace: Workspace
    readers: Readers
    max_file_bytes: int
    now: Callable[[], datetime]


@contextmanager
def refusals() -> Iterator[None]:
    """What the bucket will not give ends a run, with a code; ObjectMissing and trouble pass through."""
    try:
        yield
    except ObjectMissing:
        raise
    except StorageRefused as error:
        kinds = {AccessDenied: "access_denied", BucketMissing: "bucket_missing"}
        raise RunRefused(kinds.get(type(error), "storage_refused"), str(error)) from error


async def find(desk: Desk, client: Client, day: date) -> rules.Choice[StoredObject]:
    """The objects of a day, none when nothing is there.

    Raises RunRefused when they cannot be had or cannot be this client's delivery.
    """
    with refusals():
        found = await desk.reports.find(client, [day])
    choice = rules.choose(found.get(day, []), client.settings.parts)
    if choice.taken:
        async with transaction(desk.engine) as connection:
            others = await pulled_clients(connection, SOURCE)
        rules.check_only_reader(client, day, choice.taken, others, desk.reports.defaults)
        rules.check_size(choice.taken, desk.max_file_bytes)
    return choice


def identity(client: Client, delivery: str, generation: str) -> UUID:
    """The run of a delivery, read with the client's settings of now."""
    matters = settings_digest(settings_that_matter(client))
    return run_id_of(SOURCE, client.public_id, delivery, matters, parse.PARSER_VERSION, generation)


async def load(
    desk: Desk, client: Client, day: date, choice: rules.Choice[StoredObject], generation: int
) -> None:
    """Fetch and ingest a delivery, unless that was done.

    Raises RunRefused when the objects cannot be had, ObjectMissing when one is gone meanwhile.
    """
    delivery = delivery_of(choice.taken)
    run = Run(
        run_id=identity(client, delivery, str(generation)),
        client=client,
        source=SOURCE,
        run_date=day,
        delivered_at=max(item.last_modified for item in choice.taken),
        generation=generation,
    )
    if await desk.ingestion.has_ended(run):
        return
    began = time.monotonic()
    async with desk.workspace.folder() as folder:
        with refusals():
            parts, repeated = await _fetch(desk, choice.taken, folder)
        reading = reading_of(desk.readers, run, [*choice.warnings, *repeated])
        reading.timings["fetch"] = round(time.monotonic() - began, 3)
        await desk.ingestion.ingest(run, parts, reading, partial(desk.archive.keep, run, delivery, parts))


def reading_of(readers: Readers, run: Run, warnings: Sequence[Warned]) -> Reading:
    """How a run's files are read; they are the whole truth for their day.

    No row is of a day after the delivery. Measured by its time and not by today's clock, so that a run
    which is tried again tomorrow repeats its batches to the byte.
    """
    client, day = run.client, run.run_date
    assert run.delivered_at is not None  # noqa: S101 - there are files to be read
    spec = parse.table_spec(client.settings, client.today(run.delivered_at))

    def open_table(path: Path) -> AbstractAsyncContextManager[Table]:
        return readers.read_table(path, spec)

    return Reading(
        open_table=open_table,
        coverage=None if day is None else [day],
        fill=parse.names_for_absent(client.settings),
        max_bad_share=float(client.settings.max_bad_share),
        account_timezone=client.timezone,
        warnings=list(warnings),
    )


async def _fetch(
    desk: Desk, objects: Sequence[StoredObject], folder: Path
) -> tuple[list[Part], list[Warned]]:
    """The files on this machine; contents that come twice are taken once."""
    parts: dict[str, Part] = {}
    repeated = []
    for number, found in enumerate(objects, 1):
        file = await desk.reports.store.download(found, folder / f"part-{number}")
        if file.sha256 in parts:
            other = parts[file.sha256].name
            repeated.append(Warned("equal_parts", f"{found.key} has the content of {other}: counted once"))
            file.path.unlink()
        else:
            parts[file.sha256] = Part(found.key, file)
    return list(parts.values()), repeated
