"""Makes a report and its files, from what its client may see."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from libs.db.engine import tenant
from libs.db.errors import translated
from libs.exports import pdf, workbook
from libs.exports.columns import Layout, Level, layout
from libs.exports.contents import report_of
from libs.exports.filenames import file_name
from libs.exports.files import write_workbook
from libs.exports.report import Report
from libs.exports.tables import height_of
from libs.mail import Attachment
from libs.reading import figures, ranges, sections
from libs.reading.keeping import Sums
from libs.reading.reading import Reading
from libs.reading.scope import Scope
from libs.reading.store.rollups import data_version
from services.reporter import rules, store
from services.reporter.rules import Due, Schedule

CACHE_BYTES = 64_000_000
SHEETS: tuple[Level, ...] = ("day", "source", "campaign", "strategy", "placement", "creative")


@dataclass(frozen=True)
class Printed:
    """A report with its files; ``lacking``: what has not come yet; ``left_out``: what is too large."""

    schedule: Schedule
    report: Report
    files: tuple[Attachment, ...]
    lacking: tuple[str, ...]
    left_out: tuple[str, ...]


class Press:
    """Prints reports."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine.execution_options(isolation_level="REPEATABLE READ")

    async def print(self, due: Due, *, whole_only: bool) -> Printed | Schedule | list[str]:
        """The report; its schedule where that is not active; what it lacks, where it must be whole."""
        with translated():
            async with tenant(self._engine, role="client", client_ids=(due.client,)) as connection:
                schedule = await store.schedule(connection, due.client, due.schedule)
                assert schedule is not None  # noqa: S101 - deleting one deletes its deliveries
                if not schedule.active:
                    return schedule
                reading = await _reading(connection, due, schedule)
                scope = reading.scope
                freshness = await sections.freshness(reading)
                lacking = rules.lacking(freshness, scope.days, scope.today)
                if lacking and whole_only:
                    return lacking
                return await _printed(reading, schedule, lacking)


async def _reading(connection: AsyncConnection, due: Due, schedule: Schedule) -> Reading:
    """As a user of the client would ask."""
    client = schedule.client
    scope = Scope(
        clients=(cast("RowMapping", client),),
        days=rules.period_of(schedule.frequency, due.day),
        today=ranges.today_in(client["timezone"], datetime.now(UTC)),
        source=None,
        campaign=None,
        metrics=figures.audience(admin=False, settings=[client["settings"]]),
        versions=await data_version(connection, [due.client]),
    )
    return Reading(Sums(CACHE_BYTES), connection, scope)


async def _printed(reading: Reading, schedule: Schedule, lacking: list[str]) -> Printed:
    now = datetime.now(UTC)
    report = await report_of(reading, now)
    files: list[Attachment] = []
    left_out: list[str] = []
    if "pdf" in schedule.formats:
        content = await asyncio.to_thread(pdf.render, report)
        files.append(Attachment(_name(report, "dashboard", "pdf"), pdf.MEDIA_TYPE, content))
    if "xlsx" in schedule.formats:
        layouts, left_out = await _layouts(reading)
        content = await _workbook(reading, layouts, now)
        files.append(Attachment(_name(report, "figures", "xlsx"), workbook.MEDIA_TYPE, content))
    return Printed(schedule, report, tuple(files), tuple(lacking), tuple(left_out))


async def _layouts(reading: Reading) -> tuple[list[Layout], list[str]]:
    """The sheets, and what is said of those that are too large for a mail."""
    layouts: list[Layout] = []
    left_out: list[str] = []
    for level in SHEETS:
        chosen = layout(level, reading.scope.metrics, several=False)
        rows = await height_of(reading, chosen)
        if rows > rules.MOST_ROWS:
            left_out.append(rules.too_large(level, rows))
        else:
            layouts.append(chosen)
    return layouts, left_out


async def _workbook(reading: Reading, layouts: list[Layout], now: datetime) -> bytes:
    with TemporaryDirectory(prefix="report-") as folder:
        path = Path(folder) / "report.xlsx"
        await write_workbook(reading, layouts, path, now)
        return await asyncio.to_thread(path.read_bytes)


def _name(report: Report, what: str, suffix: str) -> str:
    return file_name([report.client], what, report.first, report.last, suffix)
