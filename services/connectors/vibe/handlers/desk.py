"""What handling a message of this service takes, and small things that all of them do."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from contracts.envelope import Message, Source
from libs.auth.sealing import Sealer
from libs.bus import outbox
from libs.connector import runs
from libs.connector.account import Client, RunRefused
from libs.connector.archive import Archive
from libs.connector.identity import run_id_without_delivery
from libs.connector.ingest import Ingestion
from libs.connector.runs import Run
from libs.connector.workspace import Workspace
from libs.db.engine import transaction
from libs.tabular import Readers
from services.connectors.vibe.client.api import VibeApi
from services.connectors.vibe.client.download import Downloads
from services.connectors.vibe.rules import limits
from services.connectors.vibe.rules.credentials import Access, Defaults, Stored, access_of
from services.connectors.vibe.rules.windows import Window
from services.connectors.vibe.store import credentials

SOURCE: Source = "vibe"
PULL = "pull.requested.vibe"
POLL = "report.poll"


def utc_now() -> datetime:
    """The clock of the service."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Pace:
    """How reports are waited for. ``rungs``: of the retry ladder, in seconds."""

    poll_seconds: float
    max_polls: int
    hourly: int
    rungs: Sequence[float]


@dataclass(frozen=True)
class Desk:
    """The service's hands."""

    engine: AsyncEngine
    api: VibeApi
    downloads: Downloads
    archive: Archive
    ingestion: Ingestion
    workspace: Workspace
    readers: Readers
    defaults: Defaults
    sealer: Sealer | None
    pace: Pace
    now: Callable[[], datetime] = utc_now
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep
    """For requests of one handler that must be a second apart; nothing longer."""

    async def later(self, connection: AsyncConnection, key: str, message: Message, seconds: float) -> None:
        """Announce a message with a delay, in the caller's transaction; it looks again when it comes."""
        delay = limits.hop(seconds, self.pace.rungs)
        await outbox.put(connection, SOURCE, key, message, delay_seconds=delay)


async def announce(desk: Desk, key: str, messages: Iterable[Message]) -> None:
    """Several messages at once, or none of them."""
    async with transaction(desk.engine) as connection:
        for message in messages:
            await outbox.put(connection, SOURCE, key, message)


async def access_for(desk: Desk, client: Client) -> Access:
    """The credentials and advertiser of a client.

    Raises RunRefused where there are none, CannotOpen where they were sealed with another key.
    """
    async with transaction(desk.engine) as connection:
        sealed = await credentials.of_client(connection, client.id)
        access = access_of(client, _opened(desk.sealer, sealed), desk.defaults)
        other = await credentials.other_reader(connection, client.id, access.advertiser_id)
    if other is not None:
        raise RunRefused(
            "shared_advertiser",
            f"Advertiser {access.advertiser_id} would be read for client {client.name} and for client "
            f"{other}: give each its own",
        )
    return access


def _opened(sealer: Sealer | None, sealed: credentials.Sealed | None) -> Stored | None:
    if sealed is None:
        return None
    if sealer is None:
        raise RunRefused(
            "no_encryption_key",
            "The client's credentials for vibe cannot be opened: ENCRYPTION_KEY is not set",
        )
    return Stored(
        advertiser_id=sealed.advertiser_id,
        api_key=sealer.open(sealed.api_key) if sealed.api_key else None,
        oauth_id=sealed.oauth_id,
        oauth_secret=sealer.open(sealed.oauth_secret) if sealed.oauth_secret else None,
    )


def run_without_report(client: Client, window: Window, kind: str, generation: int) -> Run:
    """The run of a window that brought no report. ``kind``: the same one is the same run."""
    return Run(
        run_id=run_id_without_delivery(SOURCE, client.public_id, window.end, f"{kind} {window}", generation),
        client=client,
        source=SOURCE,
        run_date=window.end,
        delivered_at=None,
        generation=generation,
        window_start=window.start,
    )


async def fail(connection: AsyncConnection, run: Run, code: str, error: str) -> UUID:
    """End a run as failed and announce it, once, in the caller's transaction; returns its id."""
    await runs.start(connection, run)
    await runs.fail(connection, run, code, error)
    return run.run_id
