"""Whole files from a reading: CSV piece by piece, XLSX into a path."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from datetime import datetime
from pathlib import Path

from libs.exports import csv_file
from libs.exports.columns import PLURALS, Layout
from libs.exports.report import notes_of
from libs.exports.tables import pages, sums_of
from libs.exports.workbook import SHEET_ROWS, Workbook
from libs.metrics.values import show
from libs.reading import figures, frames, sections
from libs.reading.reading import Reading


async def csv_pieces(reading: Reading, layout: Layout) -> AsyncGenerator[bytes]:
    """The heading, then the rows in pages."""
    yield csv_file.heading(layout.columns)
    async for page in pages(reading, layout):
        yield await asyncio.to_thread(csv_file.lines, page, layout.columns)


async def write_workbook(
    reading: Reading, layouts: Sequence[Layout], path: Path, now: datetime, *, sheet_rows: int = SHEET_ROWS
) -> None:
    """A sheet (or several) for each layout, then one that says what the file is about, with the totals."""
    book = Workbook(path, reading.scope.currency, sheet_rows=sheet_rows)
    try:
        for layout in layouts:
            table = book.table(PLURALS[layout.level].replace("-", " ").capitalize(), layout.columns)
            async for page in pages(reading, layout):
                await asyncio.to_thread(table.write, page)
        facts, notes = await _about(reading, layouts, now)
        book.about("About this file", facts, notes)
    finally:
        await asyncio.to_thread(book.close)


async def _about(
    reading: Reading, layouts: Sequence[Layout], now: datetime
) -> tuple[list[tuple[str, object]], list[str]]:
    scope = reading.scope
    named = next((layout for layout in layouts if layout.name), None)
    total = frames.total(await sums_of(reading, named)) if named else await reading.total()
    clients = ", ".join(str(client["name"]) for client in scope.clients)
    facts: list[tuple[str, object]] = [
        ("Client" if len(scope.clients) == 1 else "Clients", clients),
        ("Period", f"{scope.days.start} to {scope.days.last}, account days"),
        *{"Source": "all", "Campaign": "all", **scope.filters()}.items(),
        *([("Name contains", named.name)] if named else []),
        ("Currency", scope.currency),
        ("Made", f"{now:%Y-%m-%d %H:%M} UTC"),
        ("Data version", str(sum(scope.versions.values()))),
    ]
    values = show(total, scope.metrics) if total else {}
    for metric in scope.metrics:
        value = values.get(metric.name)
        facts.append((f"Total: {metric.label}", "–" if value is None else (metric, value)))
    freshness = await sections.freshness(reading)
    summary = figures.values_of(total, scope.metrics)
    return facts, list(notes_of(freshness, summary, scope.days.last, scope.today))
