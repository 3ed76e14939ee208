"""What is there, what is missing, what changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import Annotated, Any
from uuid import UUID

import typer

from contracts.envelope import SOURCES
from libs.operations import coverage as days_there
from libs.operations import restatements as changed
from services.console import store
from services.console.commands.desk import Desk, MakeDesk, carry_out, console, print_json, table
from services.console.rules import Wrong, client_meant, days_of

Client = Annotated[str | None, typer.Option(help="UUID or name; left out: all.")]
Source = Annotated[str | None, typer.Option(help=f"{', '.join(SOURCES)}; left out: all.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="An account day, included.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")]
Check = Annotated[bool, typer.Option("--check", help="Exit code 1 if a day is missing, held or failed.")]
Limit = Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")]
USUAL_DAYS, MOST_DAYS = 30, 400
MOST_PAIRS = 10_000
WRONG = ("missing", "held", "failed")
QUIET = ("loaded", "provisional", "not_expected")


def register(app: typer.Typer, make: MakeDesk) -> None:
    """Add the commands."""

    @app.command()
    def coverage(
        client: Client = None,
        source: Source = None,
        start: Day = None,
        end: Day = None,
        json: Json = False,
        check: Check = False,
    ) -> None:
        """Client × source × day: what is loaded, partial, missing, held, failed (the last 30 days)."""
        rows = carry_out(make, lambda desk: _coverage(desk, client, source, start, end))
        print_json(rows) if json else _show_coverage(rows)
        if check and any(row["counts"][state] for row in rows for state in WRONG):
            raise typer.Exit(1)

    @app.command()
    def restatements(
        client: Client = None,
        source: Source = None,
        start: Day = None,
        end: Day = None,
        limit: Limit = 50,
        json: Json = False,
    ) -> None:
        """Numbers that changed after they had been told, newest first: which run, which file, when."""
        rows = carry_out(make, lambda desk: _restatements(desk, client, source, start, end, limit))
        print_json(rows) if json else _show_restatements(rows)


async def _coverage(
    desk: Desk, client: str | None, source: str | None, start: datetime | None, end: datetime | None
) -> list[dict[str, Any]]:
    now = datetime.now(UTC)
    last = end.date() if end else now.date() - timedelta(days=1)
    first = start.date() if start else last - timedelta(days=USUAL_DAYS - 1)
    if len(days_of(first, last)) > MOST_DAYS:
        raise Wrong(f"at most {MOST_DAYS} days at a time")
    meant = await _client(desk, client, source)
    asked = days_there.Asked(first, last + timedelta(days=1), meant, source)
    async with desk.transaction() as connection:
        _, pairs = await days_there.pairs(connection, asked, limit=MOST_PAIRS)
        return await days_there.rows(connection, pairs, asked, now)


async def _restatements(
    desk: Desk,
    client: str | None,
    source: str | None,
    start: datetime | None,
    end: datetime | None,
    limit: int,
) -> list[dict[str, Any]]:
    if start and end:
        days_of(start.date(), end.date())
    filters = {
        "client": await _client(desk, client, source),
        "source": source,
        "kind": None,
        "start": start.date() if start else None,
        "end": end.date() if end else None,
    }
    async with desk.transaction() as connection:
        _, rows = await changed.page(connection, filters, "changed_at", "DESC", limit, 0)
    return rows


async def _client(desk: Desk, given: str | None, source: str | None) -> UUID | None:
    if source is not None and source not in SOURCES:
        raise Wrong(f"no source {source!r}; there are {', '.join(SOURCES)}")
    if given is None:
        return None
    async with desk.transaction() as connection:
        found = client_meant(given, await store.clients(connection, source or ""))
    return UUID(str(found["public_id"]))


def _show_coverage(rows: Iterable[dict[str, Any]]) -> None:
    lines = [
        {
            "client": row["client_name"],
            "source": row["source"],
            "there": sum(row["counts"][state] for state in ("loaded", "provisional", "partial")),
            "look at": "\n".join(_stretches(row["days"])) or "–",
        }
        for row in rows
    ]
    console.print(table("Days", ("client", "source", "there", "look at"), lines))


def _stretches(days: Iterable[dict[str, Any]]) -> list[str]:
    """Neighbouring days in one state, in one line each; days that are as they should be are left out."""
    found = []
    for state, group in groupby(days, key=lambda day: day["status"]):
        some: list[date] = [day["date"] for day in group]
        if state not in QUIET:
            found.append(f"{state}: {some[0]}" + (f" to {some[-1]}" if len(some) > 1 else ""))
    return found


def _show_restatements(rows: Iterable[dict[str, Any]]) -> None:
    lines = [
        {
            "changed": row["changed_at"],
            "client": row["client_name"],
            "source": row["source"],
            "day": row["date"],
            "by": f"{row['kind']} {row['run_id'] or ''}",
            "numbers": "\n".join(
                f"{name} {_plain(change['before'])} → {_plain(change['after'])}"
                for name, change in row["changes"].items()
            ),
        }
        for row in rows
    ]
    columns = ("changed (UTC)", "client", "source", "day", "by", "numbers")
    console.print(table("Numbers that changed", columns, lines))


def _plain(value: Any) -> str:
    return "–" if value is None else format(value.normalize(), "f")
