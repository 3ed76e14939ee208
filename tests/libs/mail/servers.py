"""Real SMTP servers for tests, good ones and bad ones, on free ports of this machine."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, cast

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from libs.mail import MailSettings
from libs.testing.waiting import eventually


@dataclass
class Inbox:
    """What a server took, and how it behaves; behaviour may be changed while it runs."""

    port: int = 0
    taken: list[tuple[Envelope, EmailMessage]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    """What the next RCPT commands are answered, instead of yes."""
    hang_before_data: asyncio.Event | None = None
    """Waited for before a letter is taken."""
    drop: bool = False
    """The line is cut when a letter is to be taken."""

    @property
    def subjects(self) -> list[str]:
        return [message["Subject"] for _, message in self.taken]

    async def holds(self, count: int, within: float = 20) -> list[EmailMessage]:
        """Wait for so many letters."""

        async def there() -> bool:
            return len(self.taken) >= count

        await eventually(there, within=within, what=f"{count} letters")
        return [message for _, message in self.taken]

    # --- what aiosmtpd calls

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.hang_before_data is not None:
            await self.hang_before_data.wait()
        if self.drop:
            assert server.transport is not None
            cast("asyncio.WriteTransport", server.transport).abort()
            return "421 gone"
        self.encrypted.append(session.ssl is not None)
        message = message_from_bytes(cast("bytes", envelope.content), policy=default)
        assert isinstance(message, EmailMessage)
        self.taken.append((envelope, message))
        return "250 taken"


@dataclass(frozen=True)
class Authority:
    """An authority of the tests' own."""

    ca: trustme.CA
    ca_file: Path

    def server_context(self, name: str = "localhost") -> ssl.SSLContext:
        """For a server of that name."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.ca.issue_cert(name).configure_cert(context)
        return context


def make_authority(folder: Path) -> Authority:
    """A new one; its certificate in a file of the folder."""
    made = Authority(trustme.CA(), folder / "ca.pem")
    made.ca.cert_pem.write_to_path(str(made.ca_file))
    return made


def _sign_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"user", b"pass word")
    return AuthResult(success=good, handled=good)


@asynccontextmanager
async def smtp_server(
    inbox: Inbox, context: ssl.SSLContext | None, *, tls_at_once: bool = False, sign_in: bool = False
) -> AsyncIterator[Inbox]:
    """A server with STARTTLS (or TLS at once), or without where there is no context. Keeps its port."""

    def protocol() -> SMTP:
        return SMTP(
            inbox,
            hostname="localhost",
            tls_context=None if tls_at_once else context,
            require_starttls=context is not None and not tls_at_once,
            authenticator=_sign_in if sign_in else None,
            auth_required=sign_in,
            auth_require_tls=not tls_at_once,
        )

    async with listening(protocol, inbox, context if tls_at_once else None):
        yield inbox


@asynccontextmanager
async def listening(
    protocol: Callable[[], asyncio.Protocol], inbox: Inbox, context: ssl.SSLContext | None = None
) -> AsyncIterator[Inbox]:
    """Any protocol on a port of this machine."""
    connections: list[asyncio.BaseTransport] = []

    def kept() -> asyncio.Protocol:
        made = protocol()
        original = made.connection_made

        def connected(transport: asyncio.BaseTransport) -> None:
            connections.append(transport)
            original(transport)

        made.connection_made = connected  # type: ignore[method-assign]
        return made

    loop = asyncio.get_running_loop()
    server = await loop.create_server(kept, "127.0.0.1", inbox.port, ssl=context)
    inbox.port = server.sockets[0].getsockname()[1]
    try:
        yield inbox
    finally:
        server.close()
        for transport in connections:
            transport.abort() if isinstance(transport, asyncio.WriteTransport) else transport.close()


def settings_for(inbox: Inbox, authority: Authority | None, **given: Any) -> MailSettings:
    """Settings of a service that sends to this server."""
    values = {
        "environment": "staging",
        "smtp_host": "localhost",
        "smtp_port": inbox.port,
        "smtp_from": "tidemark@agency.example",
        "alert_email": "ops@agency.example",
        "smtp_ca_file": authority.ca_file if authority else None,
        "smtp_timeout": 3,
    }
    return MailSettings(**{**values, **given})
