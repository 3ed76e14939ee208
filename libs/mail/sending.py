"""Over the line, or to the screen."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from typing import Protocol

import aiosmtplib
import structlog

from libs.mail.errors import MailRefused, MailUnavailable
from libs.mail.letters import Letter, as_message
from libs.mail.settings import MailSettings

log = structlog.get_logger()


class Line(Protocol):
    """A connection over which letters go."""

    async def send(self, letter: Letter) -> tuple[str, ...]:
        """Hand a letter over; the recipients that were refused while others were not.

        Raises MailUnavailable or MailRefused; then nobody got it, unless the line was lost at the very end.
        """


class Mailer(Protocol):
    """Opens lines to the mail server."""

    def line(self) -> AbstractAsyncContextManager[Line]:
        """A line, closed at the end of the block. Raises MailUnavailable or MailRefused."""


def make_mailer(settings: MailSettings) -> Mailer:
    """Prints in development, sends elsewhere; in staging to ALERT_EMAIL alone."""
    if settings.environment == "development":
        return PrintingMailer(settings.smtp_from or "tidemark@localhost")
    only_to = settings.alert_recipients if settings.environment == "staging" else ()
    return SmtpMailer(settings, only_to)


class PrintingMailer:
    """Writes letters to stdout."""

    def __init__(self, sender: str) -> None:
        self._sender = sender

    @asynccontextmanager
    async def line(self) -> AsyncIterator[Line]:
        """The screen."""
        yield self

    async def send(self, letter: Letter) -> tuple[str, ...]:
        """Print it."""
        to = ", ".join(letter.to) or "nobody (ALERT_EMAIL is not set)"
        subject = as_message(letter, self._sender)["Subject"]
        files = "".join(f"\n[{file.name}, {len(file.content):,} bytes]" for file in letter.attachments)
        print(
            f"--- mail, not sent in development\nTo: {to}\nSubject: {subject}\n\n{letter.body}{files}\n---",
            flush=True,
        )
        return ()


class SmtpMailer:
    """Sends by SMTP. ``only_to``: who gets each letter instead of its recipients."""

    def __init__(self, settings: MailSettings, only_to: tuple[str, ...] = ()) -> None:
        self._settings = settings
        self._only_to = only_to

    @asynccontextmanager
    async def line(self) -> AsyncIterator[Line]:
        """A connection with TLS as set, signed in where there is a user."""
        settings = self._settings
        secret = settings.smtp_password
        server = aiosmtplib.SMTP(
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            username=settings.smtp_user or None,
            password=secret.get_secret_value() if secret else None,
            use_tls=settings.smtp_tls == "tls",
            start_tls=settings.smtp_tls == "starttls",
            tls_context=ssl.create_default_context(cafile=settings.smtp_ca_file),
            timeout=settings.smtp_timeout,
        )
        where = f"{settings.smtp_host}:{settings.smtp_port}"
        with _translated(f"mail server {where}", connecting=True):
            async with asyncio.timeout(settings.smtp_timeout):
                await server.connect()
        try:
            yield _SmtpLine(server, settings, self._only_to)
        finally:
            await _hang_up(server)


class _SmtpLine:
    def __init__(self, server: aiosmtplib.SMTP, settings: MailSettings, only_to: tuple[str, ...]) -> None:
        self._server, self._settings, self._only_to = server, settings, only_to

    async def send(self, letter: Letter) -> tuple[str, ...]:
        recipients = self._only_to or letter.to
        message = as_message(letter, self._settings.smtp_from)
        with _translated(f"letter to {', '.join(recipients)}"):
            async with asyncio.timeout(self._settings.smtp_timeout):
                refused, _ = await self._server.sendmail(
                    self._settings.smtp_from, list(recipients), message.as_bytes()
                )
        return tuple(refused)


async def _hang_up(server: aiosmtplib.SMTP) -> None:
    try:
        async with asyncio.timeout(2):
            await server.quit()
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        log.debug("the mail server did not say goodbye", error=repr(error))
    finally:
        server.close()


@contextmanager
def _translated(what: str, *, connecting: bool = False) -> Iterator[None]:
    """Errors of the library as MailUnavailable or MailRefused, in one printable sentence."""
    try:
        yield
    except (aiosmtplib.SMTPServerDisconnected, aiosmtplib.SMTPTimeoutError, OSError, TimeoutError) as error:
        raise MailUnavailable(f"{what}: {_said(error)}", line_lost=True) from error
    except aiosmtplib.SMTPRecipientsRefused as error:
        codes = [recipient.code for recipient in error.recipients]
        raise _by_code(f"{what}: {_said(error.recipients[0])}", max(codes), connecting) from error
    except aiosmtplib.SMTPResponseException as error:
        raise _by_code(f"{what}: {_said(error)}", error.code, connecting) from error
    except aiosmtplib.SMTPException as error:  # no STARTTLS, for one
        raise MailUnavailable(f"{what}: {_said(error)}", line_lost=True) from error


def _by_code(sentence: str, code: int, connecting: bool) -> MailUnavailable | MailRefused:
    if code < 500:
        return MailUnavailable(sentence, line_lost=connecting or code == 421)
    return MailRefused(sentence)


def _said(error: BaseException) -> str:
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return f"{error.code} {error.message}"
    if isinstance(error, TimeoutError):
        return "did not answer in time"
    return str(error) or type(error).__name__
