"""Stages and merges runs with a head start, and tells from the logs whether they had one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, MutableMapping, Sequence
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.db.engine import transaction
from libs.testing.waiting import eventually
from services.loader.handlers.headstart import HeadStart
from services.loader.handlers.merging import merge_run
from services.loader.handlers.resolving import Resolver
from services.loader.handlers.staging import stage_batch
from tests.services.loader.deliveries import DAY, NEXT, Delivery, Row, batches_of, expected, standing

LAST_MONTH = DAY - timedelta(days=31)
USED = "run had a head start"
UNUSED = "a run has no head start"
Logs = list[MutableMapping[str, Any]]


@asynccontextmanager
async def working(engine: AsyncEngine, least_rows: int = 1) -> AsyncIterator[HeadStart]:
    """A head start at work; nothing of it is left over."""
    head_start = HeadStart(engine, least_rows)
    task = asyncio.create_task(head_start.work())
    try:
        yield head_start
    finally:
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled(), "it ended by itself"


async def stage(
    engine: AsyncEngine,
    client: UUID,
    delivery: Delivery,
    head_start: HeadStart | None,
    numbers: Sequence[int] | None = None,
) -> None:
    """Batches of two rows: these of them, by their numbers, in this order."""
    batches, resolver = batches_of(client, delivery, 2), Resolver(engine)
    for number in range(len(batches)) if numbers is None else numbers:
        await stage_batch(engine, resolver, batches[number], head_start)


async def merge(engine: AsyncEngine, client: UUID, delivery: Delivery, head_start: HeadStart) -> None:
    """After it was the head start's turn, if it is to have one: how quick it is, is not what is tested."""
    await eventually(
        lambda: _is_settled(head_start), within=30, every=0.01, what="the head start has its turn"
    )
    await merge_run(engine, Resolver(engine), client, delivery.run_id, head_start=head_start)


async def merged_at_its_end(
    engine: AsyncEngine, client: UUID, delivery: Delivery, head_start: HeadStart, logs: Logs
) -> None:
    """It must be right, the only one that stands, and written by its merge alone."""
    await merge(engine, client, delivery, head_start)
    assert not used(logs, delivery)
    assert await standing(engine, client) == expected([delivery])


async def _is_settled(head_start: HeadStart) -> bool:
    run = head_start.run
    return run is None or run.has_turn or run.written.done() or not (run.is_begun or run.is_large)


def used(logs: Logs, delivery: Delivery) -> bool:
    """Whether its merge went on with what was written ahead."""
    return any(entry["event"] == USED and entry["run_id"] == str(delivery.run_id) for entry in logs)


def why_not(logs: Logs, delivery: Delivery) -> str:
    """Why nothing of it was."""
    found = [e for e in logs if e["event"] == UNUSED and e["run_id"] == str(delivery.run_id)]
    return str(found[0]["error"]) if found else ""


def rows(day: date, *creatives: str) -> tuple[Row, ...]:
    return tuple((day, name, 10 + number) for number, name in enumerate(creatives))


FRESH = rows(DAY, *"abcde") + rows(NEXT, *"abc")
COVERS = (DAY, NEXT)


async def number_of(engine: AsyncEngine, client: UUID) -> int:
    async with transaction(engine) as connection:
        found = await connection.execute(text("SELECT id FROM clients WHERE public_id = :id"), {"id": client})
        return int(found.scalar_one())
