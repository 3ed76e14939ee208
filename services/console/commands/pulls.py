"""Asking for data."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from contracts.ingest.v1 import PullRequested
from contracts.topology import PULLED
from libs.operations import backfills
from services.console import store
from services.console.commands.desk import Desk, MakeDesk, carry_out, console
from services.console.rules import BAD, OPEN, Wrong, client_meant, refuse_days

LOOK_SECONDS = 0.5
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="An account day, included.")]
NeededDay = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="An account day, included.")]
Client = Annotated[str | None, typer.Option(help="UUID or name; left out: all that are enabled.")]


def register(app: typer.Typer, make: MakeDesk) -> None:
    """Add the commands."""

    @app.command()
    def trigger(source: str, client: Client = None, start: Day = None, end: Day = None) -> None:
        """Pull a source now: of one client or all, of some days or the usual window."""
        days = _day(start), _day(end)
        correlation = carry_out(make, lambda desk: _trigger(desk, source, client, *days))
        console.print(f"queued pull.requested.{source}, correlation id {correlation}", markup=False)

    @app.command()
    def backfill(
        source: str,
        client: Annotated[str, typer.Option(help="UUID or name.")],
        start: NeededDay,
        end: NeededDay,
        patience: Annotated[int, typer.Option(help="Seconds to wait for the end.")] = 3600,
    ) -> None:
        """Pull a range of days and wait until each has ended; exit code 1 if one failed."""
        days = start.date(), end.date()
        state = carry_out(make, lambda desk: _backfill(desk, source, client, *days, patience))
        raise typer.Exit(_tell(state))


def _tell(state: Mapping[str, Any]) -> int:
    """Say how a backfill ended; the exit code."""
    bad = [day for day in state["days"] if day["status"] in BAD]
    there, before = state["days_total"] - len(bad), state["days_skipped"]
    console.print(f"{there} days are there ({before} were before)")
    for day in bad:
        console.print(f"{day['date']}: {day['status']} {day['error'] or ''}".rstrip(), markup=False)
    return 1 if bad else 0


async def _trigger(desk: Desk, source: str, client: str | None, start: date | None, end: date | None) -> str:
    if (start is None) != (end is None):
        raise Wrong("give both --start and --end, or neither")
    if start and end:
        refuse_days(start, end, datetime.now(UTC))
    _must_be_pulled(source)
    meant = await _client(desk, source, client) if client else None
    return await _ask(desk, source, meant, start, end)


async def _backfill(
    desk: Desk, source: str, client: str, start: date, end: date, patience: int
) -> dict[str, Any]:
    refuse_days(start, end, datetime.now(UTC))
    _must_be_pulled(source)
    meant = await _client(desk, source, client)
    asked = backfills.Slice(meant["id"], source, start, end)
    job, since = await _begin(desk, asked, meant["public_id"])
    console.print(f"backfill {job}; it goes on if this command is interrupted", markup=False)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    deadline = time.monotonic() + patience
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(f"{meant['name']}, {source}", total=len(asked.days))
        while True:
            async with desk.transaction() as connection:
                state = await backfills.state(connection, asked, since)
            left = sum(day["status"] in OPEN for day in state["days"])
            progress.update(task, completed=len(asked.days) - left)
            if not left:
                return state
            if time.monotonic() > deadline:
                raise Wrong(f"{left} of {len(asked.days)} days have not ended after {patience} s")
            await asyncio.sleep(LOOK_SECONDS)


async def _begin(desk: Desk, asked: backfills.Slice, client_id: UUID) -> tuple[UUID, datetime]:
    """Write the job down and publish its pulls; a pull without its job is harmless, a job without is not."""
    correlation = uuid4().hex
    async with desk.transaction() as connection:
        job = await backfills.add(connection, asked, None)
        for pull in await backfills.messages(connection, asked, client_id):
            await desk.bus.publish(f"pull.requested.{asked.source}", pull, correlation_id=correlation)
        written = await backfills.one(connection, job)
        assert written is not None  # noqa: S101 - just written
        period = {"source": asked.source, "start_date": asked.start, "end_date": asked.end}
        await store.audit(connection, "backfill.requested", "backfill", str(job), period)
    return job, written["created_at"]


async def _ask(
    desk: Desk, source: str, client: Mapping[Any, Any] | None, start: date | None, end: date | None
) -> str:
    """Published before the commit: a line of the audit log without its pull there is never."""
    correlation = uuid4().hex
    pull = PullRequested(client_id=client["public_id"] if client else None, start_date=start, end_date=end)
    told = pull.model_dump(mode="json", exclude_none=True)
    async with desk.transaction() as connection:
        await store.audit(connection, "ingestion.triggered", "source", source, told)
        await desk.bus.publish(f"pull.requested.{source}", pull, correlation_id=correlation)
    return correlation


async def _client(desk: Desk, source: str, given: str) -> Mapping[Any, Any]:
    async with desk.transaction() as connection:
        return client_meant(given, await store.clients(connection, source), source)


def _must_be_pulled(source: str) -> None:
    if source not in PULLED:
        raise Wrong(f"{source} cannot be pulled; {' and '.join(PULLED)} can")


def _day(given: datetime | None) -> date | None:
    return given.date() if given else None
