"""Looking whether a report is ready: a delayed message per look, and what follows from the answer."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.notify.v1 import ReportPoll
from libs.auth.sealing import CannotOpen
from libs.connector.account import Client, RunRefused
from libs.connector.clients import client_named
from libs.db.engine import transaction
from libs.errors import Terminal
from libs.failpoints import failpoint
from services.connectors.vibe.client.errors import DownloadFailed, VibeRefused, VibeThrottled, VibeTrouble
from services.connectors.vibe.handlers import fetching, gate
from services.connectors.vibe.handlers.desk import POLL, SOURCE, Desk, access_for, fail, run_without_report
from services.connectors.vibe.handlers.gate import Wait
from services.connectors.vibe.rules import limits, profiles
from services.connectors.vibe.rules.credentials import Access
from services.connectors.vibe.rules.profiles import Look
from services.connectors.vibe.rules.windows import Window
from services.connectors.vibe.store import requests
from services.connectors.vibe.store.requests import Request, Status

log = structlog.get_logger()


async def poll(desk: Desk, message: ReportPoll) -> None:
    """Carry out a look. Raises Terminal for a report that was never asked for."""
    async with transaction(desk.engine) as connection:
        client = await client_named(connection, SOURCE, message.client_id)
        request = await requests.of_report(connection, client.id, message.report_id)
    if request is None:
        raise Terminal(f"Report {message.report_id} was never asked for by client {client.name}")
    if request.status == "given_up" and not message.polls:  # somebody typed this
        request = await _revived(desk, request, 0)
    if request.status not in requests.AT_WORK or _is_old(message, request):
        log.info("nothing to look at", report=message.report_id, status=request.status)
        return
    try:
        access = await access_for(desk, client)
    except (RunRefused, CannotOpen) as error:
        code = error.code if isinstance(error, RunRefused) else "cannot_open_credentials"
        await _ended(desk, client, request, _for_now(request), code, str(error))
        return
    await look(desk, client, access, request)


async def looked_again(desk: Desk, client: Client, access: Access, window: Window, generation: int) -> bool:
    """Look at what was given up before another report is asked for; whether this window's is on its way.

    The window's own report gets all its looks again, another one a single look.
    """
    async with transaction(desk.engine) as connection:
        left = await requests.left_over(connection, client.id, desk.now())
    own = False
    for request in left:
        is_own = (request.window, request.generation) == (window, generation)
        polls = 0 if is_own else desk.pace.max_polls - 1
        async with transaction(desk.engine) as connection:
            await requests.revived(connection, request, polls)
            # Who dies in this look leaves a message that goes on with it: the pull only sees it on its way.
            message = _message(client, request.report_id, polls)
            await desk.later(connection, POLL, message, desk.pace.poll_seconds)
        log.info("looking again at a report that was given up", report=request.report_id)
        await poll(desk, _message(client, request.report_id))
        own = own or (is_own and await _is_alive(desk, client, request))
    return own


async def _revived(desk: Desk, request: Request, polls: int) -> Request:
    async with transaction(desk.engine) as connection:
        await requests.revived(connection, request, polls)
        found = await requests.of_report(connection, request.client_id, request.report_id or "")
    return found or request


def _is_old(message: ReportPoll, request: Request) -> bool:
    """A copy of a message that was followed by the next one. What is ready is fetched whoever says so."""
    return request.status == "created" and 0 < message.polls < request.polls


async def _is_alive(desk: Desk, client: Client, request: Request) -> bool:
    async with transaction(desk.engine) as connection:
        now = await requests.of_report(connection, client.id, request.report_id or "")
    return now is not None and now.status in (*requests.AT_WORK, "fetched")


async def look(desk: Desk, client: Client, access: Access, request: Request) -> None:
    """Ask Vibe how the report stands, unless it is known to be ready, and go on from there."""
    wait = (request.not_before - desk.now()).total_seconds() if request.not_before else 0
    if wait > 0:
        await _look_later(desk, client, request, wait)
    elif request.status == "ready" and request.download_url:
        await _fetch(desk, client, access, request)
    else:
        await _ask(desk, client, access, request)


async def _ask(desk: Desk, client: Client, access: Access, request: Request) -> None:
    report_id = request.report_id or ""
    try:
        await gate.enter(desk, access.key, "poll", partial(_write_down, desk, request))
        found = await desk.api.look(access.key, report_id)
        failpoint("vibe.while_polling")
    except Wait as wait:
        await _put_off(desk, client, request, wait)
    except (VibeTrouble, VibeThrottled) as error:
        await _troubled(desk, client, access, request, error)
    except VibeRefused as error:
        await gate.answered(desk, access.key)
        status: Status = _for_now(request) if error.is_about_access else "failed"
        await _ended(desk, client, request, status, error.code, str(error))
    else:
        await gate.answered(desk, access.key)
        await _went_on(desk, client, access, request, found)


async def _write_down(desk: Desk, request: Request, connection: AsyncConnection) -> None:
    """Before the look: who comes after a crash in it keeps the pause that Vibe insists on."""
    await requests.looked_at(connection, request, desk.now() + timedelta(seconds=desk.pace.poll_seconds))


async def _went_on(desk: Desk, client: Client, access: Access, request: Request, found: Look) -> None:
    report_id = request.report_id or ""
    if found.state == "failed":
        sentence = f"Vibe could not make report {report_id} of {request.window}: {found.reason or found.word}"
        await _ended(desk, client, request, "failed", "report_failed", sentence)
    elif found.state == "ready" and found.url:
        async with transaction(desk.engine) as connection:
            await requests.ready(connection, request, desk.now(), found.url)
            known = await requests.of_report(connection, client.id, report_id)
        log.info("report ready", report=report_id, window=str(request.window))
        await _fetch(desk, client, access, known or request)
    elif request.polls + 1 >= desk.pace.max_polls:
        await _give_up(desk, client, request, found)
    else:
        await _not_yet(desk, client, access, request, found)


async def _not_yet(desk: Desk, client: Client, access: Access, request: Request, found: Look) -> None:
    done = request.polls + 1
    seconds = profiles.pause_after(access.key.profile, done, desk.pace.poll_seconds, desk.pace.hourly)
    until = desk.now() + timedelta(seconds=seconds)
    async with transaction(desk.engine) as connection:
        await requests.polled(connection, request, desk.now(), until, f"Vibe says {found.word!r}")
        await desk.later(connection, POLL, _message(client, request.report_id, done), seconds)


async def _give_up(desk: Desk, client: Client, request: Request, found: Look) -> None:
    looks = desk.pace.max_polls
    again = "a new one" if request.revived else "this one again, before another is asked for"
    sentence = (
        f"Report {request.report_id} of {request.window} was not ready after {looks} looks; Vibe says "
        f"{found.word!r}. The next pull looks at {again}"
    )
    status = _for_now(request)
    async with transaction(desk.engine) as connection:
        await requests.polled(connection, request, desk.now(), desk.now(), sentence)
    await _ended(desk, client, request, status, "report_not_ready", sentence)


async def _fetch(desk: Desk, client: Client, access: Access, request: Request) -> None:
    try:
        await fetching.fetch(desk, client, access, request)
    except DownloadFailed as error:
        await _not_fetched(desk, client, request, error)


async def _not_fetched(desk: Desk, client: Client, request: Request, error: DownloadFailed) -> None:
    """Try the same address again, or look for another one; give up with a run that says why."""
    if request.troubles + 1 >= fetching.MAX_TRIES:
        await fetching.failed(desk, client, request, "download_failed", str(error))
        return
    is_expired = fetching.needs_another_address(error)
    seconds = max(limits.growing(request.troubles + 1, first=10), desk.pace.poll_seconds if is_expired else 0)
    until = desk.now() + timedelta(seconds=seconds)
    log.warning("report not fetched", report=request.report_id, seconds=seconds, error=str(error))
    async with transaction(desk.engine) as connection:
        change = requests.stale if is_expired else requests.troubled
        await change(connection, request, until, str(error))
        await desk.later(connection, POLL, _message(client, request.report_id, request.polls), seconds)


async def _look_later(desk: Desk, client: Client, request: Request, seconds: float) -> None:
    async with transaction(desk.engine) as connection:
        await desk.later(connection, POLL, _message(client, request.report_id, request.polls), seconds)


async def _put_off(desk: Desk, client: Client, request: Request, wait: Wait) -> None:
    until = desk.now() + timedelta(seconds=wait.seconds)
    async with transaction(desk.engine) as connection:
        note = f"waits until {until:%Y-%m-%d %H:%M:%S} UTC: {wait.reason}"
        await requests.waits(connection, request, until, note)
        await desk.later(connection, POLL, _message(client, request.report_id, request.polls), wait.seconds)
    log.info(
        "look put off",
        report=request.report_id,
        seconds=round(wait.seconds, 1),
        until=until.isoformat(timespec="seconds"),
        reason=wait.reason,
    )


async def _troubled(
    desk: Desk, client: Client, access: Access, request: Request, error: VibeTrouble | VibeThrottled
) -> None:
    seconds = error.retry_after or limits.growing(request.troubles + 1)
    gives_up = request.troubles + 1 >= gate.MAX_TROUBLES
    log.warning("no look", report=request.report_id, seconds=seconds, error=str(error))
    async with transaction(desk.engine) as connection:
        await gate.refused(connection, desk, access.key, error)
        until = desk.now() + timedelta(seconds=seconds)
        await requests.troubled(connection, request, until, str(error))
        if not gives_up:
            await desk.later(connection, POLL, _message(client, request.report_id, request.polls), seconds)
    if gives_up:
        status = _for_now(request)
        sentence = (
            f"Vibe could not be asked for report {request.report_id} in {gate.MAX_TROUBLES} tries: {error}"
        )
        await _ended(desk, client, request, status, "vibe_unavailable", sentence)


def _for_now(request: Request) -> Status:
    """How a report ends that may be there all the same: the next pull looks at it again, once."""
    return "abandoned" if request.revived else "given_up"


async def _ended(desk: Desk, client: Client, request: Request, status: Status, code: str, error: str) -> None:
    log.warning("no report", report=request.report_id, code=code, error=error)
    kind = f"{code} {request.report_id}"
    run = run_without_report(client, request.window, kind, request.generation)
    async with transaction(desk.engine) as connection:
        run_id = await fail(connection, run, code, error)
        await requests.ended(connection, request, status, error, run_id)


def _message(client: Client, report_id: str | None, polls: int = 0) -> ReportPoll:
    return ReportPoll(client_id=client.public_id, report_id=report_id or "", polls=polls)
