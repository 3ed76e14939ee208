"""Sends the mails that wait, beside everything else: a mail server that is away or hangs holds up nothing.

At least once: a mail is claimed (its next try is set), sent, and noted as sent. A process that dies between
the last two leaves a mail that is sent again with the same Message-ID.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass

import structlog
from prometheus_client import Counter
from sqlalchemy.ext.asyncio import AsyncEngine
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, wait_exponential_jitter

from libs.db.engine import transaction
from libs.db.errors import translated
from libs.errors import TidemarkError
from libs.failpoints import failpoint
from libs.mail import Letter, Mailer, MailRefused, MailUnavailable
from libs.mail.sending import Line
from services.notifier import store
from services.notifier.rules import MAIL_TROUBLE, alarms, letters
from services.notifier.store import mails
from services.notifier.store.mails import Mail

log = structlog.get_logger()
MAILS = Counter("tidemark_mails_total", "Tries to send a mail, by outcome.", ["outcome"])

LONGEST_WAIT_SECONDS = 30.0
"""Mails that another process wrote are seen that late."""

TOLD_AFTER_TRIES = 5


@dataclass(frozen=True)
class Post:
    """How mails are sent."""

    recipients: tuple[str, ...]
    public_url: str
    retry_seconds: float
    kept_days: float


class Sender:
    """Sends one mail after the other, over one line as long as there are some."""

    def __init__(self, engine: AsyncEngine, mailer: Mailer, post: Post) -> None:
        self._engine, self._mailer, self._post = engine, mailer, post
        self._wake = asyncio.Event()

    def look(self) -> None:
        """There may be a new mail."""
        self._wake.set()

    async def run(self) -> None:
        """Send until cancelled."""
        async for attempt in _for_ever():
            with attempt:
                while True:
                    self._wake.clear()
                    if await self.send_due():
                        await self._until_next()
                    else:  # the server is away: a new mail is no reason to try at once
                        await asyncio.sleep(self._post.retry_seconds)

    async def send_due(self) -> bool:
        """Send what is due; False when the server did not answer or the line was lost."""
        mail = await self._next()
        if mail is None:
            return True
        try:
            async with self._mailer.line() as line:
                while mail is not None:
                    await self._send(line, mail)
                    mail = await self._next()
        except (MailUnavailable, MailRefused) as error:
            assert mail is not None  # noqa: S101 - for the type checker: only what concerns a mail raises
            await self._note_failure(mail, error)
            return False
        return True

    async def _send(self, line: Line, mail: Mail) -> None:
        """Raises MailUnavailable where the line is lost."""
        letter = Letter(self._post.recipients, mail.subject, mail.body, str(mail.id), mail.written_at)
        try:
            refused = await line.send(letter)
        except (MailUnavailable, MailRefused) as error:
            if isinstance(error, MailUnavailable) and error.line_lost:
                raise
            await self._note_failure(mail, error)
            return
        failpoint("notifier.after_send")
        await self._note_sent(mail, refused)

    async def _next(self) -> Mail | None:
        """The next mail that is due, with its text. What is over before it is told is not told."""
        while True:
            with translated():
                async with transaction(self._engine) as connection:
                    mail = await mails.claim(connection, self._post.retry_seconds)
                    if mail is None or mail.subject:
                        return mail
                    troubles = await mails.troubles(connection, mail.id)
                    if troubles:
                        subject = letters.subject(troubles)
                        body = letters.body(troubles, self._post.public_url)
                        await mails.seal(connection, mail.id, subject, body)
                        return Mail(mail.id, mail.kind, subject, body, mail.attempts, mail.written_at)
                    await mails.end(connection, mail.id, "settled")
            MAILS.labels("settled").inc()

    async def _note_sent(self, mail: Mail, refused: tuple[str, ...]) -> None:
        note = f"refused for {', '.join(refused)}" if refused else None
        with translated():
            async with transaction(self._engine) as connection:
                await mails.end(connection, mail.id, "sent", note)
                await store.resolve(connection, MAIL_TROUBLE)
        MAILS.labels("sent").inc()
        log.info("mail sent", mail=str(mail.id), kind=mail.kind, attempts=mail.attempts, note=note)

    async def _note_failure(self, mail: Mail, error: MailUnavailable | MailRefused) -> None:
        refused = isinstance(error, MailRefused)
        log.warning("mail not sent", mail=str(mail.id), attempts=mail.attempts, error=str(error))
        with translated():
            async with transaction(self._engine) as connection:
                given_up = await mails.failed(
                    connection, mail.id, str(error), refused=refused, kept_days=self._post.kept_days
                )
                if given_up or refused or mail.attempts >= TOLD_AFTER_TRIES:
                    waiting, _ = await mails.waiting(connection)
                    lost = f"{mail.subject} ({mail.id})" if given_up else ""
                    await store.keep(connection, alarms.mail_trouble(waiting, str(error), given_up=lost))
        MAILS.labels("given up" if given_up else "refused" if refused else "failed").inc()

    async def _until_next(self) -> None:
        with translated():
            async with transaction(self._engine) as connection:
                _, seconds = await mails.waiting(connection)
        pause = LONGEST_WAIT_SECONDS if seconds is None else min(max(seconds, 0.01), LONGEST_WAIT_SECONDS)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._wake.wait()


def _for_ever() -> AsyncRetrying:
    return AsyncRetrying(
        retry=retry_if_exception_type(TidemarkError),
        wait=wait_exponential_jitter(multiplier=0.2, max=10),
        before_sleep=_say,
    )


def _say(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome is not None else None
    log.warning("mail waits", error=str(error))
