"""What is kept of a message, and which mail tells it: both in the transaction of the message."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from contracts.load.v1 import RunFailed
from contracts.notify.v1 import FileMissing
from contracts.summarise.v1 import SummariesUpdated
from libs.db.engine import transaction
from libs.db.errors import translated
from services.notifier import rules, store
from services.notifier.rules import Note, digests
from services.notifier.rules.alarms import Limits
from services.notifier.store import Delivered, coverage, mails

log = structlog.get_logger()


@dataclass(frozen=True)
class Desk:
    """What every handler needs."""

    engine: AsyncEngine
    limits: Limits
    on_mail: Callable[[], None]

    async def do(self, work: Callable[[AsyncConnection], Awaitable[object]]) -> None:
        """Do it in a transaction of its own; then whoever sends mail has a look."""
        with translated():
            async with transaction(self.engine) as connection:
                await work(connection)
        self.on_mail()


async def tell(connection: AsyncConnection, note: Note, limits: Limits) -> bool:
    """Keep a note; if its matter was not open before, put it into a mail. False: told before."""
    kept = await store.keep(connection, note)
    if kept is not None and kept.opened and rules.is_mailed(note):
        await mails.collect(
            connection,
            about=f"{note.client_id or 'all'}:{note.kind}",
            kind=note.kind,
            notification=kept.id,
            group_seconds=limits.group_seconds,
        )
    return kept is not None


async def keep_failure(connection: AsyncConnection, event: RunFailed, limits: Limits) -> None:
    """Open an error, unless a later run of the day went well already."""
    note = rules.failed(event, await store.client_name(connection, event.client_id))
    await tell(connection, note, limits)
    of = Delivered(event.client_id, event.source, event.run_date, event.run_id)
    await store.settle(connection, of)


async def keep_missing(connection: AsyncConnection, event: FileMissing, limits: Limits) -> None:
    """Open a warning, unless the file has come meanwhile."""
    note = rules.missing(event, await store.client_name(connection, event.client_id))
    await tell(connection, note, limits)
    of = Delivered(event.client_id, event.source, event.run_date, event.run_id)
    await store.settle(connection, of)


async def keep_update(connection: AsyncConnection, event: SummariesUpdated) -> None:
    """Say how new a client's numbers are."""
    note = rules.updated(event, await store.client_name(connection, event.client_id))
    await store.keep_up_to_date(connection, note)


async def keep_digest(connection: AsyncConnection, day: date, asked: str, public_url: str) -> None:
    """Write the day's mail; the same request delivered again writes no second one."""
    report = await coverage.report(connection, day)
    note = rules.digest(day, asked, digests.headline(report))
    if await store.keep(connection, note) is None:
        return
    text = digests.body(report, public_url)
    await mails.write(connection, kind=rules.DIGEST, subject=digests.subject(report), body=text)
    log.info("digest", text=note.message)
