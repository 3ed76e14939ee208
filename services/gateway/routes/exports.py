"""Files of what is on the screen: CSV and XLSX of any level, PDF of one client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from libs.exports import csv_file, pdf, workbook
from libs.exports.columns import PLURALS, Layout, layout
from libs.exports.contents import report_of
from libs.exports.filenames import disposition, file_name
from libs.exports.files import csv_pieces, write_workbook
from libs.exports.tables import height_of
from libs.http.errors import Invalid
from libs.reading.reading import Reading
from libs.reading.scope import Scope
from libs.reading.store.rollups import data_version
from services.gateway.routes.access import Caller, Parts, Signed, Wired, seen_by
from services.gateway.routes.documents import answers
from services.gateway.routes.downloads import Download
from services.gateway.routes.entities import narrowed
from services.gateway.routes.export_request import Asked, Export
from services.gateway.routes.scope import days_of, scope_of

router = APIRouter(prefix="/exports", tags=["exports"])
XLSX_ROWS = 2_000_000
"""Two sheets; Excel opens no more with ease, and CSV has no limit."""
PIECE = 262_144


@dataclass(frozen=True)
class Desk:
    """Who wants a file, and what it is made with. Its transactions come one after the other."""

    parts: Parts
    caller: Caller

    async def plan(self, asked: Export) -> tuple[Scope, Layout, int]:
        """Scope, layout and number of rows. Raises 404 and 422 before anything is written."""
        async with seen_by(self.parts.snapshots, self.caller) as connection:
            scope = await scope_of(
                self.caller,
                connection,
                asked.client_id,
                asked.start_date,
                asked.end_date,
                asked.source,
                asked.campaign_id,
            )
            scope = await narrowed(connection, scope, asked.within)
            if asked.level == "daily":
                days_of(scope.days.start, scope.days.last, scope.today, row_level=True)
            chosen = layout(
                asked.level,
                scope.metrics,
                several=len(scope.clients) > 1,
                wanted=asked.columns,
                sort_by=asked.sort_by,
                order=asked.order,
                name=asked.name,
            )
            return scope, chosen, await height_of(Reading(self.parts.cache, connection, scope), chosen)

    @asynccontextmanager
    async def reading(self, scope: Scope) -> AsyncIterator[Reading]:
        """One state of the data for a whole file; newer than the plan's, perhaps, and then wholly newer."""
        async with seen_by(self.parts.snapshots, self.caller) as connection:
            versions = await data_version(connection, scope.client_ids)
            yield Reading(self.parts.cache, connection, replace(scope, versions=versions))

    async def note(
        self, kind: str, asked: Export, scope: Scope, chosen: Layout | None, rows: int | None
    ) -> None:
        """Into the audit log, before the first byte. A document has neither layout nor rows."""
        told = {
            "format": kind,
            "clients": [client["public_id"] for client in scope.clients],
            "range": scope.days.as_typed(),
            "source": scope.source,
            "campaign_id": scope.campaign["public_id"] if scope.campaign else None,
            **{f"{level}_id": public_id for level, public_id in asked.within.items()},
            **({"name": chosen.name} if chosen and chosen.name else {}),
            "level": chosen.level if chosen else None,
            "columns": [column.name for column in chosen.columns] if chosen else None,
            "sort_by": chosen.sort_by if chosen else None,
            "order": chosen.order if chosen else None,
            "rows": rows,
        }
        only = scope.clients[0]["public_id"] if len(scope.clients) == 1 else None
        async with seen_by(self.parts.engine, self.caller) as connection:
            await self.caller.audit(connection, "export.downloaded", "export", only, new=told)


def desk_of(parts: Wired, caller: Signed) -> Desk:
    """Of this request."""
    return Desk(parts, caller)


Here = Annotated[Desk, Depends(desk_of)]


def _document(kind: str, shown: str) -> dict[str, Any]:
    return {"response_class": Response, "responses": answers(shown, kind=kind)}


CSV = _document(
    "text/csv", 'date,source,campaign_name,spend\r\n2026-03-01,"surfside","Spring sale",6562.50\r\n'
)
XLSX = _document(workbook.MEDIA_TYPE, "(a workbook)")
PDF = _document(pdf.MEDIA_TYPE, "(a document)")


@router.get("/csv", summary="A level, or the daily rows, as CSV", **CSV)
async def csv_asked(asked: Asked, desk: Here) -> Response:
    """Figures as exact digits, sums with all their decimals. Texts that look like formulas begin with `'`."""
    return await _csv(desk, asked)


@router.post("/csv", summary="A level, or the daily rows, as CSV (asked in the body)", **CSV)
async def csv_posted(asked: Export, desk: Here) -> Response:
    """The same as GET."""
    return await _csv(desk, asked)


@router.get("/xlsx", summary="A level, or the daily rows, as a workbook", **XLSX)
async def xlsx_asked(asked: Asked, desk: Here) -> Response:
    """Figures as numbers; a last sheet has range, filters, totals and notes. At most two million rows."""
    return await _xlsx(desk, asked)


@router.post("/xlsx", summary="A level, or the daily rows, as a workbook (asked in the body)", **XLSX)
async def xlsx_posted(asked: Export, desk: Here) -> Response:
    """The same as GET."""
    return await _xlsx(desk, asked)


@router.get("/pdf", summary="The dashboard of one client as PDF", **PDF)
async def pdf_asked(asked: Asked, desk: Here) -> Response:
    """Figures with changes, trend, sources, top ten, notes; `level`, `columns`, `name`, order say nothing."""
    return await _pdf(desk, asked)


@router.post("/pdf", summary="The dashboard of one client as PDF (asked in the body)", **PDF)
async def pdf_posted(asked: Export, desk: Here) -> Response:
    """The same as GET."""
    return await _pdf(desk, asked)


async def _csv(desk: Desk, asked: Export) -> Response:
    scope, chosen, rows = await desk.plan(asked)
    await desk.note("csv", asked, scope, chosen, rows)

    async def pieces() -> AsyncGenerator[bytes]:
        async with desk.reading(scope) as reading, aclosing(csv_pieces(reading, chosen)) as found:
            async for piece in found:
                yield piece

    return Download(
        pieces(), media_type=csv_file.MEDIA_TYPE, headers=_named(scope, PLURALS[chosen.level], "csv")
    )


async def _xlsx(desk: Desk, asked: Export) -> Response:
    scope, chosen, rows = await desk.plan(asked)
    if rows > XLSX_ROWS:
        raise Invalid(
            "level",
            f"a workbook of {rows:,} rows is more than {XLSX_ROWS:,}: ask for CSV, or for fewer days",
        )
    await desk.note("xlsx", asked, scope, chosen, rows)

    async def pieces() -> AsyncGenerator[bytes]:
        with TemporaryDirectory(prefix="export-") as folder:
            path = Path(folder) / "export.xlsx"
            async with desk.parts.printing, desk.reading(scope) as reading:
                await write_workbook(reading, [chosen], path, datetime.now(UTC))
            with path.open("rb") as file:
                while piece := await asyncio.to_thread(file.read, PIECE):
                    yield piece

    headers = _named(scope, PLURALS[chosen.level], "xlsx")
    return Download(pieces(), media_type=workbook.MEDIA_TYPE, headers=headers)


async def _pdf(desk: Desk, asked: Export) -> Response:
    usual = asked.model_copy(update={"level": "campaign", "columns": [], "sort_by": None, "name": None})
    scope, _, _ = await desk.plan(usual)
    if len(scope.clients) > 1:
        raise Invalid("client_id", "a PDF is about one client: say which")
    await desk.note("pdf", asked, scope, None, None)
    async with desk.parts.printing:
        async with desk.reading(scope) as reading:
            report = await report_of(reading, datetime.now(UTC))
        content = await asyncio.to_thread(pdf.render, report)
    return Response(content, media_type=pdf.MEDIA_TYPE, headers=_named(scope, "dashboard", "pdf"))


def _named(scope: Scope, what: str, suffix: str) -> dict[str, str]:
    clients = [str(client["name"]) for client in scope.clients]
    name = file_name(clients, what, scope.days.start, scope.days.last, suffix)
    return {"Content-Disposition": disposition(name)}
