"""Bugs made on purpose, each by replacing a function of the running process: the oracle must see them all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import asyncpg
import polars as pl
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.bus.outbox import Relay
from libs.bus.settle import Settler
from libs.db.engine import transaction
from libs.failpoints import failpoint
from services.aggregator.handlers.preparing import Prepared
from services.aggregator.store import rollups
from services.loader.handlers import endings, merging
from services.loader.rules import Order
from services.loader.store import ledger, staging
from services.loader.store.staging import Became, Parcel

MUTATIONS: dict[str, Callable[[], None]] = {}


def mutation(apply: Callable[[], None]) -> Callable[[], None]:
    """Make a mutation known by its name."""
    MUTATIONS[apply.__name__] = apply
    return apply


def replace(owner: object, name: str, new: object) -> None:
    """Put something in the place of an attribute, which must be there: no mutation may miss its target."""
    assert hasattr(owner, name), f"{owner!r} has no {name}: the mutation has to follow the code"
    setattr(owner, name, new)


@mutation
def acks_first() -> None:
    """A message is acked before it is handled: whoever dies in between has lost it."""
    settle = Settler.__call__

    async def nothing(*_: object, **__: object) -> None:
        return

    async def acked(self: Settler, raw: Any) -> None:
        await raw.ack()
        for ending in ("ack", "nack", "reject"):
            replace(raw, ending, nothing)
        await settle(self, raw)

    replace(Settler, "__call__", acked)


@mutation
def forgets_ended_runs() -> None:
    """Nobody looks whether a run was applied already."""
    for module in (endings, merging, staging):
        replace(module, "ENDED", frozenset())


@mutation
def counts_batches_twice() -> None:
    """A batch that comes twice is counted twice."""
    stage = staging.stage

    async def counted(
        connection: asyncpg.Connection[asyncpg.Record], parcel: Parcel, *, may_complete: bool
    ) -> Became:
        became = await stage(connection, parcel, may_complete=may_complete)
        if became is Became.AGAIN:
            await connection.execute(
                "UPDATE ingestion_logs SET batches_staged = batches_staged + 1 WHERE run_id = $1",
                parcel.batch.run_id,
            )
        return became

    replace(staging, "stage", counted)


@mutation
def leaves_out_the_ledger() -> None:
    """Rows change, and the ledger says nothing of it."""

    async def nothing(*_: object, **__: object) -> None:
        return None

    replace(ledger, "write", nothing)


@mutation
def last_arrival_wins() -> None:
    """The order of arrival decides, not that of delivery."""
    replace(Order, "is_after", lambda self, other: False)


@mutation
def adds_up() -> None:
    """Rollups are added to, where they should be recomputed."""
    write = rollups.replace_rollups

    async def add(connection: AsyncConnection, client_id: int, days: list[date], fresh: pl.DataFrame) -> None:
        both = pl.concat([await rollups.standing_rollups(connection, client_id, days), fresh])
        keys = ["date", "campaign_id", "source"]
        await write(connection, client_id, days, both.group_by(keys).sum().select(fresh.columns))

    replace(rollups, "replace_rollups", add)


@mutation
def trusts_what_was_prepared() -> None:
    """Rows that were read before they were written count as all of their days, whatever else happened."""

    replace(Prepared, "proved_by", lambda self, written: dict(self.days))


@mutation
def forgets_before_publishing() -> None:
    """The outbox is emptied before its messages are published."""

    async def relay_once(self: Relay) -> int:
        async with transaction(self._engine) as connection:
            rows = await self._page(connection)
            await connection.execute(
                text("DELETE FROM outbox WHERE id = ANY(:ids)"), {"ids": [row.id for row in rows]}
            )
        if rows:
            failpoint(f"{self._service}.after_publish")
            await self._publish_all(rows)
        return len(rows)

    replace(Relay, "relay_once", relay_once)


@mutation
def notes_before_sending() -> None:
    """A mail counts as sent before it is: whoever dies in between has told nobody."""
    from libs.mail import Letter
    from services.notifier.handlers.sending import Sender

    async def send(self: Sender, line: Any, mail: Any) -> None:
        await self._note_sent(mail, ())
        failpoint("notifier.after_send")
        await line.send(Letter(self._post.recipients, mail.subject, mail.body, str(mail.id), mail.written_at))

    replace(Sender, "_send", send)


@mutation
def forgets_calls() -> None:
    """What was asked of Vibe is written down nowhere: nobody sees that a limit is reached."""
    from services.connectors.vibe.store import keys

    async def nowhere(*_: object) -> None:
        return

    replace(keys, "note_call", nowhere)


@mutation
def takes_the_same_bytes_again() -> None:
    """Nobody looks whether an upload was accepted before: who saw no answer sends it again."""
    from services.connectors.facebook.routes import upload

    async def new(*_: object) -> None:
        return

    replace(upload, "_must_be_new", new)
