"""Rows of a file in pages: frames of text, days and exact digits, in the file's order.

A page has the layout's columns; figures are text of decimal digits (null: not measured or not defined).
Sums are exact, so that they add up to what the screen shows; quotients are rounded as shown.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, cast

import polars as pl
from sqlalchemy import RowMapping

from libs.exports.columns import HIERARCHY, Column, Layout
from libs.metrics.digits import digits
from libs.metrics.measures import FACTS, SUMS, measure_rows
from libs.metrics.periods import Period, days_of, start_of
from libs.metrics.registry import BY_NAME
from libs.reading import frames, trends
from libs.reading.lists import Paging
from libs.reading.reading import Reading
from libs.reading.store import facts, hierarchy

PAGE_ROWS = 10_000


async def height_of(reading: Reading, layout: Layout) -> int:
    """How many rows the file has."""
    if layout.level == "daily":
        total = await reading.total()
        return int(total["rows"] or 0) if total else 0
    if layout.level in HIERARCHY:
        return (await sums_of(reading, layout)).height
    return len(await _few(reading, layout))


async def sums_of(reading: Reading, layout: Layout) -> pl.DataFrame:
    """The sums of the entities of a layout's level, of those with its name."""
    level = cast("frames.Level", layout.level)
    sums = await reading.level(level)
    if not layout.name:
        return sums
    clients = reading.scope.client_ids
    named = await hierarchy.named_like(reading.connection, level, clients, layout.name)
    return frames.among(sums, named)


def pages(reading: Reading, layout: Layout) -> AsyncIterator[pl.DataFrame]:
    """All rows, some thousands at a time."""
    if layout.level == "daily":
        return _daily(reading, layout)
    if layout.level in HIERARCHY:
        return _level(reading, layout, cast("frames.Level", layout.level))
    return _periods_or_sources(reading, layout)


async def _level(reading: Reading, layout: Layout, level: frames.Level) -> AsyncIterator[pl.DataFrame]:
    sums = await _in_order(reading, layout, level)
    clients = _clients(reading)
    for start in range(0, sums.height, PAGE_ROWS):
        part = sums.slice(start, PAGE_ROWS)
        entities = list(part.select("client_id", "key").iter_rows())
        names = await hierarchy.names(reading.connection, level, entities)
        kept = [entity for entity in entities if entity in names]  # the others were deleted meanwhile
        if len(kept) < len(entities):
            part = frames.with_all(part, kept)
        rows = [{**names[entity], "client_name": clients[entity[0]]} for entity in kept]
        yield await asyncio.to_thread(_page, layout.columns, rows, part)


async def _in_order(reading: Reading, layout: Layout, level: frames.Level) -> pl.DataFrame:
    sums = await sums_of(reading, layout)
    if layout.sort_by == "name":
        entities = list(sums.select("client_id", "key").iter_rows())
        everything = Paging(1, max(1, sums.height), layout.order)
        named = await hierarchy.page_by_name(reading.connection, level, entities, everything)
        return frames.with_all(sums, named)
    return await asyncio.to_thread(frames.ordered, sums, _order(layout))


async def _periods_or_sources(reading: Reading, layout: Layout) -> AsyncIterator[pl.DataFrame]:
    rows = await _few(reading, layout)
    sums = frames.frame_of([(0, place, *map(row.get, SUMS)) for place, row in enumerate(rows)])
    if layout.sort_by in BY_NAME:
        sums = frames.ordered(sums, _order(layout))
    elif layout.order == "desc":
        sums = sums.reverse()
    yield _page(layout.columns, [rows[place] for place in sums["key"]], sums)


async def _few(reading: Reading, layout: Layout) -> list[dict[str, Any]]:
    """Each period of the range, whether it has rows or not; or each source."""
    if layout.level == "source":
        by_source = await reading.grouped("source")
        return [{"source": source, **by_source[source]} for source in sorted(by_source)]
    period = cast("Period", layout.level)
    found, known = await reading.grouped(period), await reading.deliveries()
    first, today = await reading.provisional_from(), reading.scope.today
    rows = []
    for piece in trends.periods(reading.scope.days, period):
        sums = found.get(start_of(period, piece.start))
        state = trends.state_of(piece, has_rows=sums is not None, today=today, provisional=first, known=known)
        rows.append({"date": piece.start, "end_date": piece.last, **state, **(sums or {})})
    return rows


async def _daily(reading: Reading, layout: Layout) -> AsyncIterator[pl.DataFrame]:
    """Client by client, day by day; a day's rows in the order of creatives."""
    scope, clients = reading.scope, _clients(reading)
    for client in scope.client_ids:
        names = _named(await hierarchy.names_below(reading.connection, client), clients[client])
        rates = await facts.rates(reading.connection, client, scope.days.start, scope.days.end)
        kept = names.filter(*_wanted(reading))
        if scope.within:
            kept = frames.below(kept, await reading.tree(client), *scope.within)
        async for rows in _days(reading, client, descending=layout.order == "desc"):
            priced = await asyncio.to_thread(_priced, rows, kept, rates)
            for part in priced.iter_slices(PAGE_ROWS):
                yield await asyncio.to_thread(_chosen, layout.columns, part)


async def _days(reading: Reading, client: int, *, descending: bool) -> AsyncIterator[pl.DataFrame]:
    """Rows of so many days that they are a page or more: what is done with them has a price by the piece."""
    days = list(days_of(reading.scope.days.start, reading.scope.days.end))
    waiting: list[pl.DataFrame] = []
    for day in reversed(days) if descending else days:
        rows = await facts.of_day(reading.connection, client, day)
        waiting.append(rows.with_columns(date=pl.lit(day)))
        if sum(frame.height for frame in waiting) >= PAGE_ROWS:
            yield pl.concat(waiting)
            waiting = []
    if waiting:
        yield pl.concat(waiting)


def _wanted(reading: Reading) -> list[pl.Expr]:
    scope = reading.scope
    asked = {
        "source": scope.source,
        "campaign_key": int(scope.campaign["id"]) if scope.campaign else None,
    }
    return [pl.col(name) == value for name, value in asked.items() if value is not None] or [pl.lit(True)]


def _named(rows: Sequence[RowMapping], client_name: str) -> pl.DataFrame:
    """Names by the ``key`` of their creative, once for all days."""
    levels = [name for each in HIERARCHY for name in (f"{each}_id", f"{each}_name")]
    text = [*levels, "preview_url", "source", "client_id"]
    return pl.DataFrame(
        {
            "key": pl.Series([row["key"] for row in rows], dtype=pl.Int32),
            "campaign_key": pl.Series([row["campaign_key"] for row in rows], dtype=pl.Int32),
            **{name: pl.Series([_text(row[name]) for row in rows], dtype=pl.String) for name in text},
        }
    ).with_columns(client_name=pl.lit(client_name))


def _priced(rows: pl.DataFrame, names: pl.DataFrame, rates: pl.DataFrame) -> pl.DataFrame:
    """Rows with their names and their sums."""
    facts_of = rows.rename({"creative_id": "key"}).select("key", "date", *FACTS)
    named = facts_of.join(names, on="key", how="inner", maintain_order="left")
    return measure_rows(named.join(rates, on=["date", "source"], how="left", maintain_order="left"))


def _page(columns: Sequence[Column], rows: Sequence[Mapping[str, Any]], sums: pl.DataFrame) -> pl.DataFrame:
    """A page from what is no figure and the sums beside it."""
    known = {
        column.name: pl.Series(
            [row.get(column.name) if column.is_date else _text(row.get(column.name)) for row in rows],
            dtype=pl.Date if column.is_date else pl.String,
        )
        for column in columns
        if column.metric is None
    }
    beside = sums.select(*SUMS)
    return _chosen(columns, beside.with_columns(**known))


def _chosen(columns: Sequence[Column], frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        (digits(column.metric) if column.metric else pl.col(column.name)).alias(column.name)
        for column in columns
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _order(layout: Layout) -> frames.Order:
    return frames.Order(BY_NAME[layout.sort_by], descending=layout.order == "desc")


def _clients(reading: Reading) -> dict[int, str]:
    return {int(client["id"]): str(client["name"]) for client in reading.scope.clients}
