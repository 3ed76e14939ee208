"""A ready report: downloaded, kept, read, published as a run."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog

from libs.connector.account import Client, RunRefused
from libs.connector.archive import Kept, Part
from libs.connector.identity import run_id_of, settings_digest
from libs.connector.reading import Reading
from libs.connector.runs import Run
from libs.db.engine import transaction
from libs.tabular import Table
from services.connectors.vibe import parse
from services.connectors.vibe.client.errors import AddressExpired, DownloadFailed
from services.connectors.vibe.handlers.desk import SOURCE, Desk
from services.connectors.vibe.rules.credentials import Access
from services.connectors.vibe.rules.files import check_whole
from services.connectors.vibe.rules.windows import Window
from services.connectors.vibe.store import credentials, requests
from services.connectors.vibe.store.requests import Request

log = structlog.get_logger()

MAX_TRIES = 4
"""Downloads of one report, with growing pauses."""
_LOOKED_AT = 65_536
"""Bytes at both ends of a file that are looked at before it is read."""


def identity(client: Client, delivery: str, generation: str) -> UUID:
    """The run of a report, read with the client's settings of now."""
    matters = parse.settings_that_matter(client.settings, client.timezone)
    return run_id_of(
        SOURCE, client.public_id, delivery, settings_digest(matters), parse.PARSER_VERSION, generation
    )


async def fetch(desk: Desk, client: Client, access: Access, request: Request) -> None:
    """Download and ingest a ready report, unless that was done. Raises DownloadFailed."""
    run = _run(client, request)
    if not await desk.ingestion.has_ended(run):
        async with desk.workspace.folder() as folder:
            began = time.monotonic()
            try:
                file = await desk.downloads.fetch(request.download_url or "", folder / "report")
            except RunRefused as error:
                await failed(desk, client, request, error.code, str(error))
                return
            reading = await reading_of(desk, run, request.window, access.advertiser_id)
            reading.timings["fetch"] = round(time.monotonic() - began, 3)
            await _ingest(desk, run, request, access, Part(f"{request.report_id}.csv", file), reading)
    async with transaction(desk.engine) as connection:
        await requests.ended(connection, request, "fetched", None, run.run_id)


async def failed(desk: Desk, client: Client, request: Request, code: str, error: str) -> None:
    """The report is there and cannot be had: its run says why, and the next pull asks for another."""
    run = _run(client, request)
    await desk.ingestion.fail(run, code, error)
    async with transaction(desk.engine) as connection:
        await requests.ended(connection, request, "failed", error, run.run_id)


def needs_another_address(error: DownloadFailed) -> bool:
    """Whether Vibe has to be asked for the address again."""
    return isinstance(error, AddressExpired)


def _run(client: Client, request: Request) -> Run:
    return Run(
        run_id=identity(client, _delivery(request), str(request.generation)),
        client=client,
        source=SOURCE,
        run_date=request.window.end,
        delivered_at=request.completed_at,
        generation=request.generation,
        window_start=request.window.start,
    )


def _delivery(request: Request) -> str:
    return f"report {request.report_id}"


async def _ingest(
    desk: Desk, run: Run, request: Request, access: Access, part: Part, reading: Reading
) -> None:
    async def keep() -> Kept:
        kept = await desk.archive.keep(run, _delivery(request), [part])
        about = {
            "start_date": request.window.start.isoformat(),
            "end_date": request.window.end.isoformat(),
            "advertiser_id": access.advertiser_id,
        }
        return Kept(kept.artifact, {**kept.record, **about})

    await desk.ingestion.ingest(run, [part], reading, keep)


async def reading_of(desk: Desk, run: Run, window: Window, advertiser_id: str) -> Reading:
    """How a report is read; it is the whole truth for the days of its window, and of one advertiser.

    No row is of a day after the delivery. Measured by its time and not by today's clock, so that a run
    which is tried again tomorrow repeats its batches to the byte.
    """
    client = run.client
    assert run.delivered_at is not None  # noqa: S101 - the report was ready
    spec = parse.table_spec(client.settings, client.today(run.delivered_at))
    async with transaction(desk.engine) as connection:
        foreign = await credentials.others_advertisers(connection, client.id)

    @asynccontextmanager
    async def open_table(path: Path) -> AsyncIterator[Table]:
        check_whole(*await asyncio.to_thread(_ends_of, path))
        async with desk.readers.read_table(path, spec) as table:
            yield table

    return Reading(
        open_table=open_table,
        coverage=window.days,
        fill=parse.names_for_absent(client.settings),
        max_bad_share=float(client.settings.max_bad_share),
        account_timezone=client.timezone,
        owner=(parse.ADVERTISER.name, advertiser_id),
        foreign=foreign,
    )


async def reading_of_kept(desk: Desk, run: Run, record: dict[str, Any]) -> Reading:
    """The same for a report in the archive, by what its record says."""
    window = Window(date.fromisoformat(record["start_date"]), date.fromisoformat(record["end_date"]))
    return await reading_of(desk, run, window, record["advertiser_id"])


def _ends_of(path: Path) -> tuple[bytes, bytes]:
    with path.open("rb") as file:
        head = file.read(_LOOKED_AT)
        file.seek(max(0, path.stat().st_size - _LOOKED_AT))
        return head, file.read()
