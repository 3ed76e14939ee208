"""The rows behind every figure: one for each day and creative, as they are priced."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Literal

import polars as pl
from fastapi import APIRouter

from libs.http.answers import ExactJSON
from libs.http.errors import Invalid
from libs.metrics.periods import DAY
from libs.reading import figures, frames, ranges, sections
from libs.reading.lists import listed
from libs.reading.reading import BLOCKS_AT_ONCE, Reading
from libs.reading.store import blocks, hierarchy, rollups
from services.gateway.routes.documents import answers
from services.gateway.routes.entities import ReadPart
from services.gateway.routes.scope import Paged
from services.gateway.rules import metric_examples
from services.gateway.rules.comparing import DayRows, page_of_days

router = APIRouter(prefix="/metrics", tags=["metrics"])


@router.get("/daily", summary="Rows by day and creative", responses=answers(metric_examples.DAILY))
async def daily(read: ReadPart, paging: Paged, sort_by: Literal["date"] = "date") -> ExactJSON:
    """Newest day first, at most 400 days. Each is `ok` or `provisional`; the totals are those of all rows."""
    if read.scope.days.days > ranges.ROW_LEVEL_DAYS:
        raise Invalid("start_date", f"at most {ranges.ROW_LEVEL_DAYS} days of rows can be asked for")
    days = await _days(read, descending=paging.order != "asc")
    rows = await _rows(read, list(page_of_days(days, paging.offset, paging.page_size)))
    found = listed(sum(day.rows for day in days), paging, await _shown(read, rows))
    totals = await sections.totals(read, read.scope.metrics)
    return ExactJSON({**await sections.heading(read), **found, "totals": totals})


async def _days(read: Reading, *, descending: bool) -> list[DayRows]:
    """How many of the rows each client has on each day, in the order of the answer."""
    scope = read.scope
    if scope.within:
        sums = await read.grouped("day")
        found = [DayRows(day, scope.client_ids[0], each["rows"] or 0) for day, each in sums.items()]
    else:
        counted = await read.kept(
            "rows by day", lambda: rollups.rows_by_day(read.connection, scope.rows()), scope.days.days
        )
        found = [DayRows(*row) for row in counted]
    return sorted(found, key=lambda each: (each.day, each.client), reverse=descending)


async def _rows(read: Reading, pieces: Sequence[DayRows]) -> list[tuple[date, dict[str, Any]]]:
    """The rows of these pieces of days, from the blocks that they stand in."""
    found: dict[DayRows, list[dict[str, Any]]] = {}
    by_client: dict[int, list[DayRows]] = defaultdict(list)
    for piece in pieces:
        by_client[piece.client].append(piece)
    for client, mine in by_client.items():
        for first in range(0, len(mine), BLOCKS_AT_ONCE):
            found |= await _of_blocks(read, client, mine[first : first + BLOCKS_AT_ONCE])
    return [(piece.day, row) for piece in pieces for row in found.get(piece, [])]


async def _of_blocks(
    read: Reading, client: int, pieces: Iterable[DayRows]
) -> dict[DayRows, list[dict[str, Any]]]:
    tree, wanted = await read.tree(client), read.wanted(client)
    by_day = {piece.day: piece for piece in pieces}
    payloads = await blocks.of_days(read.connection, client, list(by_day))

    def cut(payload: bytes, piece: DayRows) -> pl.DataFrame:
        return frames.of_block(payload, tree, wanted).sort("key").slice(piece.skipped, piece.rows)

    return {
        by_day[day]: (await asyncio.to_thread(cut, payload, by_day[day])).to_dicts()
        for day, payload in payloads
    }


async def _shown(read: Reading, rows: Sequence[tuple[date, dict[str, Any]]]) -> list[dict[str, Any]]:
    entities = {(row["client_id"], row["key"]) for _, row in rows}
    names = await hierarchy.names(read.connection, "creative", entities)
    settling, today = await read.settling(), read.scope.today

    def status(day: date, source: str) -> str:
        return "provisional" if day >= today - settling.get(source, 0) * DAY else "ok"

    return [
        {
            "date": day,
            "status": status(day, name["source"]),
            **name,
            **figures.values_of(row, read.scope.metrics),
        }
        for day, row in rows
        if (name := names.get((row["client_id"], row["key"])))
    ]
