"""Asking Vibe for a report: once per client and window, whatever crashes in between.

That Vibe is about to be asked is committed before it is, and what it answered together with the message
that looks at the report. A crash between the two leaves a request that was asked and has no report: Vibe
lists no reports and knows no idempotency key, so whether one exists cannot be known. It is then asked
once more. The price is one report that nobody reads; no day is lost, and none is counted twice, because
rows come from the one report whose id is kept (docs/adr, “Vibe's reports”).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.ingest.v1 import PullRequested
from contracts.notify.v1 import ReportPoll
from libs.auth.sealing import CannotOpen
from libs.connector.account import Client, RunRefused
from libs.db.engine import transaction
from libs.failpoints import failpoint
from services.connectors.vibe.client.api import TIMEOUT_SECONDS, Created
from services.connectors.vibe.client.errors import VibeRefused, VibeThrottled, VibeTrouble
from services.connectors.vibe.handlers import gate, polls
from services.connectors.vibe.handlers.desk import (
    POLL,
    PULL,
    Desk,
    access_for,
    fail,
    run_without_report,
)
from services.connectors.vibe.handlers.gate import Wait
from services.connectors.vibe.rules import limits, profiles
from services.connectors.vibe.rules.credentials import Access
from services.connectors.vibe.rules.windows import Window
from services.connectors.vibe.store import requests
from services.connectors.vibe.store.requests import Request

log = structlog.get_logger()

ANSWER_SECONDS = 2 * TIMEOUT_SECONDS
"""After so long nobody is still waiting for an answer to a request: its process is gone."""


class Taken(Exception):
    """Somebody else asks for this report at this moment."""


async def ask(desk: Desk, client: Client, message: PullRequested, window: Window) -> None:
    """Look at what was given up before, then have a report of this window, unless one is on its way."""
    try:
        access = await access_for(desk, client)
    except (RunRefused, CannotOpen) as error:
        code = error.code if isinstance(error, RunRefused) else "cannot_open_credentials"
        run = run_without_report(client, window, code, message.generation)
        await desk.ingestion.fail(run, code, str(error))
        return
    if await polls.looked_again(desk, client, access, window, message.generation):
        return
    request = await _request(desk, client, access, message, window)
    if request.status in requests.AT_WORK:
        log.info("a report is on its way", report=request.report_id, window=str(window))
    elif (seconds := _seconds_to_wait(request, desk.now())) > 0:
        await _put_off(desk, message, request, Wait(seconds, "it is not due yet"))
    else:
        await _create(desk, client, access, message, request)


async def _request(
    desk: Desk, client: Client, access: Access, message: PullRequested, window: Window
) -> Request:
    body = profiles.create_body(access.key.profile, access.advertiser_id, window.start, window.end)
    async with transaction(desk.engine) as connection:
        return await requests.opened(
            connection,
            client.id,
            window,
            message.generation,
            access.key.digest,
            {"profile": access.key.profile, **body},
            desk.now(),
        )


def _seconds_to_wait(request: Request, now: datetime) -> float:
    """Until a pause is over, or whoever asked for it cannot be waiting for the answer any more."""
    times = [request.not_before]
    if request.status == "asked" and request.asked_at:
        times.append(request.asked_at + timedelta(seconds=ANSWER_SECONDS))
    return max(((time - now).total_seconds() for time in times if time), default=0.0)


async def _create(
    desk: Desk, client: Client, access: Access, message: PullRequested, request: Request
) -> None:
    if request.status == "asked":
        log.warning(
            "asked before, and the answer is not known: one report may stay unread",
            request=str(request.id),
            window=str(request.window),
        )
    try:
        await gate.enter(desk, access.key, "create", partial(_write_down, desk, request))
        failpoint("vibe.before_create")
        created = await desk.api.create(access, request.window)
        failpoint("vibe.after_create")
    except Taken:
        log.info("somebody else asks", request=str(request.id))
    except Wait as wait:
        await _put_off(desk, message, request, wait)
    except (VibeTrouble, VibeThrottled) as error:
        await _troubled(desk, client, access, message, request, error)
    except VibeRefused as error:
        await gate.answered(desk, access.key)
        await _failed(desk, client, request, error.code, str(error))
    else:
        await _created(desk, client, access, request, created)


async def _write_down(desk: Desk, request: Request, connection: AsyncConnection) -> None:
    if not await requests.asked(connection, request, desk.now()):
        raise Taken


async def _created(desk: Desk, client: Client, access: Access, request: Request, created: Created) -> None:
    seconds = profiles.pause_after(access.key.profile, 0, desk.pace.poll_seconds, desk.pace.hourly)
    message = ReportPoll(client_id=client.public_id, report_id=created.report_id)
    answer, until = created.answer, desk.now() + timedelta(seconds=seconds)
    await gate.answered(desk, access.key)
    async with transaction(desk.engine) as connection:
        await gate.limit_told(connection, desk, access.key, answer.left, answer.retry_after)
        if await requests.created(connection, request, created.report_id, until):
            await desk.later(connection, POLL, message, seconds)
            log.info("report created", report=created.report_id, window=str(request.window))
        else:
            log.warning("a second report, which nobody reads", report=created.report_id)


async def _put_off(desk: Desk, message: PullRequested, request: Request, wait: Wait) -> None:
    until = desk.now() + timedelta(seconds=wait.seconds)
    async with transaction(desk.engine) as connection:
        await requests.waits(
            connection, request, until, f"waits until {until:%Y-%m-%d %H:%M:%S} UTC: {wait.reason}"
        )
        again = message.model_copy(update={"looks": message.looks + 1})
        await desk.later(connection, PULL, again, wait.seconds)
    log.info(
        "report put off",
        window=str(request.window),
        seconds=round(wait.seconds, 1),
        until=until.isoformat(timespec="seconds"),
        reason=wait.reason,
    )


async def _troubled(
    desk: Desk,
    client: Client,
    access: Access,
    message: PullRequested,
    request: Request,
    error: VibeTrouble | VibeThrottled,
) -> None:
    """Try again later, or give up; the key's account is kept either way."""
    gives_up = request.troubles + 1 >= gate.MAX_TROUBLES
    seconds = error.retry_after or limits.growing(request.troubles + 1)
    until = desk.now() + timedelta(seconds=seconds)
    log.warning("no report yet", window=str(request.window), seconds=seconds, error=str(error))
    async with transaction(desk.engine) as connection:
        await gate.refused(connection, desk, access.key, error)
        await requests.troubled(connection, request, until, str(error))
        if not gives_up:
            again = message.model_copy(update={"looks": message.looks + 1})
            await desk.later(connection, PULL, again, seconds)
    if gives_up:
        sentence = (
            f"Vibe could not be asked for a report of {request.window} in {gate.MAX_TROUBLES} tries: {error}"
        )
        await _failed(desk, client, request, "vibe_unavailable", sentence)


async def _failed(desk: Desk, client: Client, request: Request, code: str, error: str) -> None:
    log.warning("no report", window=str(request.window), code=code, error=error)
    run = run_without_report(client, request.window, f"{code} {request.id}", request.generation)
    async with transaction(desk.engine) as connection:
        run_id = await fail(connection, run, code, error)
        await requests.ended(connection, request, "failed", error, run_id)
