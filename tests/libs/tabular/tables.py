"""Specs and generated files for the tests of libs.tabular; no data file is kept."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from libs.tabular import BadRow, Chunk, Field, HeaderReport, ParseLimits, Summary, TableSpec, read_table
from libs.tabular.extract import read_file

SPEC = TableSpec(
    fields=(
        Field("date", "date", ("Date", "Event Date"), required=True),
        Field("campaign", "name", ("Campaign", "Campaign Name"), blank_allowed=True),
        Field("strategy", "name", ("Strategy", "Strategy Name"), required=True),
        Field("placement", "name", ("Placement", "Placement Name"), required=True),
        Field("creative", "name", ("Creative", "Creative Name"), required=True),
        Field("impressions", "count", ("Impressions",), required=True),
        Field("clicks", "count", ("Clicks", "Link Clicks"), required=True),
        Field("conversions", "count", ("Conversions",)),
        Field("conversion_revenue", "money", ("Conversion Revenue", "Conversion Value")),
        Field("media_cost", "money", ("Media Spend", "Amount spent (*)")),
    ),
    today=date(2025, 11, 30),
    ignored=("CTR", "ROAS", "Creative Size"),
    date_order="MDY",
    allow_gzip=True,
)
UNSET = replace(SPEC, date_order=None)

HEADER = ("Date", "Strategy", "Placement", "Creative", "Impressions", "Clicks", "Conversions", "Media Spend")
ROW = ("2025-11-04", "Prospecting", "Homepage", "Autumn", "1000", "12", "3", "4.76")


class Result(NamedTuple):
    """Everything that reading one file gave."""

    header: HeaderReport
    frame: pl.DataFrame
    bad: list[BadRow]
    summary: Summary

    def column(self, name: str) -> list[Any]:
        return self.frame[name].to_list()


def read_here(path: Path, spec: TableSpec = SPEC, limits: ParseLimits | None = None) -> Result:
    """Read a file in this process: for everything that cannot kill it."""
    frames = list(read_file(path, spec, limits or ParseLimits()))
    assert [frame.kind for frame in (frames[0], frames[-1])] == ["header", "summary"]
    tables = [frame.table for frame in frames if frame.table is not None]
    rows: list[BadRow] = [row for frame in frames for row in frame.body.get("bad", ())]
    return Result(
        HeaderReport.from_json(frames[0].body["header"]),
        pl.concat(tables) if tables else pl.DataFrame(),
        rows,
        Summary.from_json(frames[-1].body["summary"]),
    )


async def read_away(path: Path, spec: TableSpec = SPEC, limits: ParseLimits | None = None) -> Result:
    """Read a file the way services do: in a process of its own."""
    chunks: list[Chunk] = []
    async with read_table(path, spec, limits) as table:
        chunks += [chunk async for chunk in table.chunks()]
    frames = [chunk.frame for chunk in chunks]
    bad = [row for chunk in chunks for row in chunk.bad]
    return Result(table.header, pl.concat(frames), bad, table.summary)


def csv_text(rows: Iterable[Sequence[object]], header: Sequence[str] = HEADER, delimiter: str = ",") -> str:
    """Rows as they are: cells that need quotes bring their own."""
    lines = [delimiter.join(header), *(delimiter.join(map(str, row)) for row in rows)]
    return "\n".join(lines) + "\n"


def save(path: Path, content: str | bytes, encoding: str = "utf-8") -> Path:
    path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
    return path


def changed(**cells: object) -> tuple[object, ...]:
    """ROW with some cells changed, by the title's first word in small letters."""
    names = [title.split()[0].casefold() for title in HEADER]
    unknown = set(cells) - set(names)
    assert not unknown, unknown
    return tuple(cells.get(name, cell) for name, cell in zip(names, ROW, strict=True))


def workbook(path: Path, fill: Callable[[Workbook], None]) -> Path:
    """A workbook as openpyxl writes it."""
    book = Workbook()
    fill(book)
    book.save(path)
    return path


def first_sheet(book: Workbook) -> Worksheet:
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    return sheet


def sheet_of(path: Path, rows: Iterable[Sequence[object]], header: Sequence[str] = HEADER) -> Path:
    """A workbook with one plain sheet."""

    def fill(book: Workbook) -> None:
        sheet = first_sheet(book)
        for row in (header, *rows):
            sheet.append(list(row))

    return workbook(path, fill)


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def xml_parts(sheet_data: str, shared: str | None = None, book: str = "") -> dict[str, bytes]:
    """The parts of a small workbook written by hand, for what openpyxl would never write."""
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}">{book}'
        '<sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{sheet_data}</sheetData>'
        "</worksheet>",
    }
    if shared is not None:
        parts["xl/sharedStrings.xml"] = shared
    return {name: part.encode() for name, part in parts.items()}


def zipped(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def xml_row(number: int, cells: Sequence[str], attributes: str = "") -> str:
    """A row of XML; cells are text unless they bring their own element."""
    found = []
    for index, cell in enumerate(cells):
        reference = f"{chr(65 + index)}{number}"
        if cell.startswith("<c"):
            found.append(cell.replace("<c", f'<c r="{reference}"', 1))
        else:
            found.append(f'<c r="{reference}" t="inlineStr"><is><t>{cell}</t></is></c>')
    return f'<row r="{number}"{attributes}>{"".join(found)}</row>'


def gzipped(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0) as packed:
        packed.write(content)
    return buffer.getvalue()
