"""POST /facebook/upload: look through a file, then promise to load it – or say what loading it would do."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from uuid import UUID, uuid4

import structlog
from fastapi import APIRouter, Request
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from contracts.ingest.v1 import UploadAccepted
from libs.bus import outbox
from libs.connector import runs
from libs.connector.account import Client
from libs.connector.archive import Kept, Part
from libs.connector.clients import client_named
from libs.connector.runs import Run
from libs.errors import Terminal, TidemarkError
from libs.failpoints import failpoint
from libs.http import once
from libs.http.access import must_read
from libs.http.answers import ExactJSON
from libs.http.errors import Conflict, NotFound, Problem
from libs.http.signed import Caller
from libs.storage import StorageRefused
from services.connectors.facebook import frames
from services.connectors.facebook.handlers import SOURCE
from services.connectors.facebook.handlers.begun import Ahead
from services.connectors.facebook.handlers.uploads import read_as, run_id_for
from services.connectors.facebook.routes import documents
from services.connectors.facebook.routes.access import Parts, Uploading, Wired
from services.connectors.facebook.routes.checking import Checker, Findings, looked_through
from services.connectors.facebook.routes.choosing import only_client
from services.connectors.facebook.routes.previewing import preview
from services.connectors.facebook.routes.receiving import Received, received
from services.connectors.facebook.routes.repeating import asked_of, keep_accepted, keep_final
from services.connectors.facebook.routes.watching import until_done
from services.connectors.facebook.store import uploads

log = structlog.get_logger()
router = APIRouter(prefix="/facebook", tags=["facebook"])


@router.post(
    "/upload",
    status_code=202,
    summary="Upload an Ads Manager export",
    openapi_extra=documents.UPLOAD_FORM,
    responses=documents.UPLOAD_ANSWERS,
)
async def upload(request: Request, caller: Uploading, parts: Wired, key: once.Key = None) -> Response:
    """A daily export of campaigns, ad sets and ads, .csv or .xlsx.

    202 means that the file is kept and will be counted, whatever happens; `GET /facebook/uploads/{id}` says
    how far it is. `dry_run` answers with what loading it would change, and loads nothing.
    """
    async with received(request, parts) as taken, Ahead(parts.desk.readers) as ahead:
        client = await _client(parts, caller, taken.form.client_id)
        if taken.form.dry_run:
            must_read(caller)  # it tells what is loaded already
            return ExactJSON(await preview(Checker(parts, caller, client, taken)))
        asked = asked_of(request, caller, taken, key)
        return await _accepted(Checker(parts, caller, client, taken, ahead), asked)


async def _client(parts: Parts, caller: Caller, given: UUID | None) -> Client:
    async with parts.seen_by(caller) as connection:
        public_id = given or await only_client(connection, caller)
        try:
            client = await client_named(connection, SOURCE, public_id)
        except Terminal:
            raise NotFound("client") from None
    if client.status != "active":
        raise Conflict("This client is disabled: nothing is loaded for it.", client_id=public_id)
    return client


async def _accepted(checker: Checker, asked: once.Asked | None) -> Response:
    accepted = await _accept(checker, asked)
    if isinstance(accepted, Response):
        return accepted
    parts, caller = checker.parts, checker.caller
    answer = await until_done(parts, caller, accepted, checker.taken.form.wait)
    if asked:
        await keep_final(parts, caller, asked, answer)
    return ExactJSON(answer, 202)


async def _accept(checker: Checker, asked: once.Asked | None) -> UUID | Response:
    """The upload's id: its bytes are archived; its record, its run and the word to load it committed.

    Or the first answer to the same request.
    """
    parts, caller, client, taken = checker.parts, checker.caller, checker.client, checker.taken
    async with parts.seen_by(caller) as connection:
        if asked and (first := await once.earlier(connection, asked)):
            return first
        await _must_be_new(connection, client, taken)
    upload_id = uuid4()
    run, archiving = await _looked_through_and_archived(checker, upload_id)
    kept = await archiving
    try:
        first = await _written_down(checker, asked, run, kept, upload_id)
    except Problem:  # somebody else was quicker with the same bytes: nothing was committed
        await _take_back(parts, archiving)
        raise
    if first is not None:
        await _take_back(parts, archiving)
        return first
    failpoint("facebook.after_accept")
    return upload_id


async def _written_down(
    checker: Checker, asked: once.Asked | None, run: Run, kept: Kept, upload_id: UUID
) -> Response | None:
    """Record, run and word, committed; or the first answer to the same request, and nothing."""
    parts, caller, client, taken = checker.parts, checker.caller, checker.client, checker.taken
    async with parts.seen_by(caller) as connection:
        if asked and not await once.claim(connection, asked):
            first = await once.earlier(connection, asked)
            assert first is not None  # noqa: S101 - it was claimed
            return first
        await uploads.take_turn(connection, client.id, taken.file.sha256)
        await _must_be_new(connection, client, taken)
        await _write_down(connection, caller, run, kept, taken, upload_id)
        if asked:
            await keep_accepted(connection, asked, upload_id)
        await _put_aside(checker, kept.artifact.key)
    return None


async def _looked_through_and_archived(checker: Checker, upload_id: UUID) -> tuple[Run, asyncio.Task[Kept]]:
    """Both at once: neither needs the other. What is refused is taken out of the archive again."""
    parts, taken = checker.parts, checker.taken
    run = _run(parts, checker.client, taken, upload_id)
    archiving = asyncio.create_task(_archived(parts, run, taken, upload_id))
    try:
        found = await looked_through(
            checker, keep_rows=False, seconds=parts.check_seconds, archiving=archiving
        )
        if taken.form.on_duplicate == "reject" and found.duplicates.height:
            raise _duplicates(found)
    except BaseException:
        await _take_back(parts, archiving)
        raise
    days = found.reading.dates if found.whole else {}
    only = next(iter(days)) if len(days) == 1 else None
    return replace(run, run_date=only), archiving


async def _take_back(parts: Parts, archiving: asyncio.Task[Kept]) -> None:
    """The refusal is what is told, whatever the archive says."""
    try:
        await parts.desk.archive.remove(await archiving)
    except (Problem, TidemarkError) as error:
        log.warning("a refused upload is still in the archive", error=str(error))


async def _put_aside(checker: Checker, key: str) -> None:
    """The file and how far it was read, for the message that comes to this process or another one."""
    desk = checker.parts.desk
    await desk.workspace.keep(key, checker.taken.file.path)
    if checker.ahead:
        await desk.aside.put(key, checker.ahead.taken())


def _run(parts: Parts, client: Client, taken: Received, upload_id: UUID) -> Run:
    return Run(
        run_id=run_id_for(client, f"upload:{upload_id}", taken.form.options),
        client=client,
        source=SOURCE,
        run_date=None,
        delivered_at=parts.desk.now(),
    )


async def _must_be_new(connection: AsyncConnection, client: Client, taken: Received) -> None:
    earlier = await uploads.earlier_upload(connection, client.id, taken.file.sha256)
    if earlier is not None:
        raise Problem(409, _already(earlier), code="ALREADY_LOADED", details=dict(earlier))


def _already(earlier: RowMapping) -> str:
    at = f"{earlier['uploaded_at']:%Y-%m-%d %H:%M} UTC"
    return (
        f"These very bytes were uploaded before: {earlier['file_name']}, {at} ({earlier['status']}). "
        "Undo that upload first, to load them again."
    )


def _duplicates(found: Findings) -> Problem:
    count = found.duplicates.height
    return Problem(
        409,
        f"{count:,} rows of the file exist already (date, campaign, ad set and ad): send "
        "on_duplicate=merge to update them, or on_duplicate=replace to replace the days of the file.",
        code="DUPLICATES",
        details={"duplicates": frames.named(found.duplicates), "count": count, "all_looked_at": found.whole},
    )


async def _archived(parts: Parts, run: Run, taken: Received, upload_id: UUID) -> Kept:
    try:
        kept = await parts.desk.archive.keep(run, f"upload:{upload_id}", [Part(taken.name, taken.file)])
    except StorageRefused as error:
        log.error("the raw archive refuses", error=str(error))
        raise Problem(
            503, "The archive of uploads cannot be written just now: tell an administrator."
        ) from error
    options = taken.form.options
    beside = {
        "options": options.as_json(),
        "read_as": read_as(run.client, options),
        "upload_id": str(upload_id),
    }
    return Kept(kept.artifact, {**kept.record, **beside})


async def _write_down(
    connection: AsyncConnection, caller: Caller, run: Run, kept: Kept, taken: Received, upload_id: UUID
) -> None:
    record = {
        "client_id": run.client.id,
        "id": upload_id,
        "original_name": taken.name,
        "size": taken.file.size,
        "digest": taken.file.sha256,
        "archive_key": kept.artifact.key,
        "uploaded_by": caller.id,
        "run_id": run.run_id,
    }
    await runs.start(connection, run, kept.record)
    await uploads.add_upload(connection, record)
    told = {"file_name": taken.name, "size": taken.file.size, "sha256": taken.file.sha256}
    told |= {
        "client_id": str(run.client.public_id),
        "run_id": str(run.run_id),
        **taken.form.options.as_json(),
    }
    await caller.audit(connection, "upload.accepted", "upload", upload_id, new=told)
    message = UploadAccepted(client_id=run.client.public_id, upload_id=upload_id)
    await outbox.put(connection, SOURCE, "upload.accepted", message)
