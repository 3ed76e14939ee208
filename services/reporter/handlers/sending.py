"""Sends the reports that are due, beside everything else: a mail server that is away holds up no message.

A report is claimed (its next try is set), made, sent, and noted as sent. A process that dies between the last
two leaves a report that is sent again with the same Message-ID, by which mail programs know a copy.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass

import structlog
from prometheus_client import Counter
from sqlalchemy.ext.asyncio import AsyncEngine
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, wait_exponential_jitter

from libs.bus import outbox
from libs.db.engine import tenant
from libs.db.errors import translated
from libs.errors import TidemarkError, Transient
from libs.failpoints import failpoint
from libs.mail import Letter, Mailer, MailRefused
from services.reporter import rules, store
from services.reporter.handlers.making import Press, Printed
from services.reporter.rules import Due, Schedule

log = structlog.get_logger()
REPORTS = Counter("tidemark_reports_total", "Tries to send a report, by outcome.", ["outcome"])
LONGEST_WAIT_SECONDS = 30.0
"""Reports that another process was asked for are seen that late."""
TOLD_AFTER_TRIES = 5


@dataclass(frozen=True)
class Patience:
    """How long is waited for data, for the mail server, and in all."""

    wait_hours: float
    look_seconds: float
    retry_seconds: float
    kept_days: float


class Sender:
    """Makes and sends one report after the other."""

    def __init__(self, engine: AsyncEngine, mailer: Mailer, press: Press, patience: Patience) -> None:
        self._engine, self._mailer, self._press, self._patience = engine, mailer, press, patience
        self._wake = asyncio.Event()

    def look(self) -> None:
        """There may be a new report to send."""
        self._wake.set()

    async def run(self) -> None:
        """Send until cancelled; while the database is away, reports wait for it."""
        async for attempt in _for_ever():
            with attempt:
                while True:
                    self._wake.clear()
                    while await self.send_next():
                        pass
                    await self._until_next()

    async def send_next(self) -> bool:
        """Try the report that is due longest; False: none is due."""
        with translated():
            async with tenant(self._engine, role="admin", client_ids=()) as connection:
                due = await store.claim(connection, self._patience.retry_seconds)
        if due is None:
            return False
        try:
            await self._try(due)
        except TidemarkError as error:
            await self._note_failure(due, str(error), refused=isinstance(error, MailRefused))
        except Exception as error:  # one report that cannot be made must not hold up the others
            log.exception("a report could not be made", schedule=str(due.schedule), due=str(due.day))
            await self._note_failure(due, f"could not be made: {type(error).__name__}", refused=True)
        return True

    async def _try(self, due: Due) -> None:
        patient = due.waited_hours < self._patience.wait_hours
        made = await self._press.print(due, whole_only=patient)
        if isinstance(made, Schedule):
            await self._end(due, "cancelled", error="the schedule or its client is not active")
        elif isinstance(made, list):
            await self._postpone(due, f"waits for {'; '.join(made)}")
        else:
            await self._send(due, made)

    async def _send(self, due: Due, made: Printed) -> None:
        report, recipients = made.report, made.schedule.recipients
        letter = Letter(
            recipients,
            rules.subject(report),
            rules.body(report, made.left_out),
            due.message_id,
            due.written_at,
            made.files,
        )
        async with self._mailer.line() as line:
            refused = await line.send(letter)
        failpoint("reporter.after_send")
        error = f"refused for {', '.join(refused)}" if refused else None
        notes = (*made.lacking, *report.notes, *made.left_out)
        await self._end(due, "sent", error=error, notes=notes, recipients=recipients)

    async def _end(
        self,
        due: Due,
        status: str,
        *,
        error: str | None = None,
        notes: tuple[str, ...] = (),
        recipients: tuple[str, ...] | None = None,
    ) -> None:
        with translated():
            async with tenant(self._engine, role="admin", client_ids=()) as connection:
                await store.end(connection, due, status, error=error, notes=notes, recipients=recipients)
        REPORTS.labels(status).inc()
        log.info("report", schedule=str(due.schedule), due=str(due.day), status=status, error=error)

    async def _postpone(self, due: Due, why: str) -> None:
        with translated():
            async with tenant(self._engine, role="admin", client_ids=()) as connection:
                await store.postpone(connection, due, self._patience.look_seconds, why)
        REPORTS.labels("postponed").inc()
        log.info("report waits", schedule=str(due.schedule), due=str(due.day), why=why)

    async def _note_failure(self, due: Due, error: str, *, refused: bool) -> None:
        log.warning("report not sent", schedule=str(due.schedule), due=str(due.day), error=error)
        with translated():
            async with tenant(self._engine, role="admin", client_ids=()) as connection:
                given_up = await store.failed(
                    connection, due, error, refused=refused, kept_days=self._patience.kept_days
                )
                if given_up or refused or due.attempts == TOLD_AFTER_TRIES:
                    client = await store.client_public_id(connection, due.client)
                    alert = rules.alert(due, client, error, given_up=given_up)
                    await outbox.put(
                        connection, "reporter", "alert.raised", alert, correlation_id=due.message_id
                    )
        REPORTS.labels("given up" if given_up else "failed").inc()

    async def _until_next(self) -> None:
        with translated():
            async with tenant(self._engine, role="admin", client_ids=()) as connection:
                seconds = await store.seconds_to_next(connection)
        pause = LONGEST_WAIT_SECONDS if seconds is None else min(max(seconds, 0.01), LONGEST_WAIT_SECONDS)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._wake.wait()


def _for_ever() -> AsyncRetrying:
    return AsyncRetrying(
        retry=retry_if_exception_type(Transient),
        wait=wait_exponential_jitter(multiplier=0.2, max=10),
        before_sleep=_say,
    )


def _say(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome is not None else None
    log.warning("reports wait", error=str(error))
