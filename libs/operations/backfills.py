"""Backfills: a job is a row and messages, so that whatever crashes, what is left goes on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.ingest.v1 import PullRequested
from libs.operations.windows import DAYS_OF_RUNS

PENDING = ("running", "stalled", "held")
BAD = ("failed", "missing_file", "undone")
"""Ends that left a day without its delivery. The same delivery is the same run, and has ended: only a
raised generation tries it again."""


@dataclass(frozen=True)
class DayRun:
    """What is known of the runs of a day: the newest one, and how often the day was begun afresh."""

    run_id: UUID
    status: str
    updated_at: datetime
    error: str | None
    generation: int
    """The highest of all runs of the day."""


@dataclass(frozen=True)
class Slice:
    """Days of a client and source, both included."""

    client: int
    source: str
    start: date
    end: date

    @property
    def days(self) -> list[date]:
        return [self.start + timedelta(days=n) for n in range((self.end - self.start).days + 1)]


async def add(connection: AsyncConnection, asked: Slice, by: UUID | None) -> UUID:
    """Write a job down; None: asked for by whoever sits at the command line."""
    found = await connection.execute(
        text(
            "INSERT INTO backfills (client_id, source, start_date, end_date, requested_by) "
            "VALUES (:client, :source, :start, :end, :by) RETURNING id"
        ),
        {
            "client": asked.client,
            "source": asked.source,
            "start": asked.start,
            "end": asked.end,
            "by": by,
        },
    )
    return UUID(str(found.scalar_one()))


async def one(connection: AsyncConnection, backfill_id: UUID) -> RowMapping | None:
    """A job with its client."""
    found = await connection.execute(
        text(
            "SELECT b.id, b.client_id AS client_no, c.public_id AS client_id, c.name AS client_name, "
            "b.source, b.start_date, b.end_date, b.requested_by, b.created_at "
            "FROM backfills b JOIN clients c ON c.id = b.client_id WHERE b.id = :id"
        ),
        {"id": backfill_id},
    )
    return found.mappings().first()


async def messages(connection: AsyncConnection, asked: Slice, client_id: UUID) -> list[PullRequested]:
    """The pulls that a job consists of: one, and one more for each stretch of days that are begun afresh."""
    standing, runs = await standing_days(connection, asked), await runs_by_day(connection, asked)
    return [
        PullRequested(client_id=client_id, start_date=start, end_date=end, generation=generation)
        for start, end, generation in stretches(asked.days, standing, runs)
    ]


async def state(connection: AsyncConnection, asked: Slice, since: datetime) -> dict[str, Any]:
    """How far a job is that was written down at a moment."""
    standing, runs = await standing_days(connection, asked), await runs_by_day(connection, asked)
    return progress(asked.days, since, standing, runs)


async def standing_days(connection: AsyncConnection, asked: Slice) -> set[date]:
    """The days for which a delivery stands."""
    found = await connection.execute(
        text(
            "SELECT DISTINCT date FROM slice_head WHERE client_id = :client AND source = :source "
            "AND date BETWEEN :start AND :end AND whole"
        ),
        _values(asked),
    )
    return set(found.scalars())


async def runs_by_day(connection: AsyncConnection, asked: Slice) -> dict[date, DayRun]:
    """day → what is known of its runs. A run of several days is one of each of them."""
    found = await connection.execute(
        text(
            f"""
            SELECT DISTINCT ON (day) day, run_id, status, updated_at, error,
                   max(generation) OVER (PARTITION BY day)
            FROM {DAYS_OF_RUNS} WHERE client_id = :client AND source = :source
            ORDER BY day, started_at DESC, run_no DESC
            """  # noqa: S608 - our own text
        ),
        _values(asked),
    )
    return {row[0]: DayRun(*row[1:]) for row in found}


def _values(asked: Slice) -> dict[str, Any]:
    return {"client": asked.client, "source": asked.source, "start": asked.start, "end": asked.end}


def stretches(
    days: Collection[date], standing: Collection[date], runs: Mapping[date, DayRun]
) -> list[tuple[date, date, int]]:
    """Neighbouring days that are pulled with the same generation: first, last, generation."""
    found = []
    for generation, group in groupby(days, key=lambda day: _generation(day, standing, runs.get(day))):
        some = list(group)
        found.append((some[0], some[-1], generation))
    return found


def _generation(day: date, standing: Collection[date], run: DayRun | None) -> int:
    """Raised where the newest run ended without its delivery; an undone one only where nothing stands."""
    if run is None or run.status not in BAD or (run.status == "undone" and day in standing):
        return 0
    return run.generation + 1


def progress(
    days: Collection[date], since: datetime, standing: Collection[date], runs: Mapping[date, DayRun]
) -> dict[str, Any]:
    """The days of a job: ``loaded``, its run's status, or ``waiting``; and how many are done, left, failed.

    A day that stands is loaded, whether before the job or by it: the same delivery is the same run. Such
    a day without a new run is counted as skipped, until it turns out that there is something new.
    """
    shown = [_day(day, since, day in standing, runs.get(day)) for day in days]
    done = sum(day["status"] not in (*PENDING, "waiting") for day in shown)
    return {
        "status": "done" if done == len(shown) else "running",
        "days_total": len(shown),
        "days_done": done,
        "days_left": len(shown) - done,
        "days_failed": sum(day["status"] in BAD for day in shown),
        "days_skipped": sum(day.pop("skipped") for day in shown),
        "progress": {"done": done, "total": len(shown)},
        "days": shown,
    }


def _day(day: date, since: datetime, stands: bool, run: DayRun | None) -> dict[str, Any]:
    fresh = run is not None and run.updated_at >= since
    status = run.status if run and fresh else "loaded" if stands else "waiting"
    return {
        "date": day,
        "status": status,
        "run_id": run.run_id if run else None,
        "error": run.error if run and fresh else None,
        "skipped": stands and not fresh,
    }
