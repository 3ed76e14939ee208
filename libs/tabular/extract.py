"""One file from its first byte to its summary, in this process: what the reading process runs."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from libs.tabular.csv_source import CsvSource
from libs.tabular.decide import Conventions, decide
from libs.tabular.header import Header, also_in, find_header
from libs.tabular.raw import RawSource
from libs.tabular.reports import HeaderReport
from libs.tabular.rows import RowReader
from libs.tabular.sniff import detect_format
from libs.tabular.spec import ParseLimits, TableSpec
from libs.tabular.wire import Kind
from libs.tabular.workbook import WorkbookSource


class Frame(NamedTuple):
    """One message to the parent: header, chunk or summary. body: ready for orjson; table: a chunk's rows."""

    kind: Kind
    body: dict[str, Any]
    table: pl.DataFrame | None = None


def read_file(path: Path, spec: TableSpec, limits: ParseLimits) -> Iterator[Frame]:
    """The file's frames in order. Raises FileRefused, and whatever a hostile file makes a library raise."""
    form = detect_format(path, spec, limits)
    kind = WorkbookSource if form == "xlsx" else CsvSource
    source: RawSource = kind(path, form, limits)
    previews = source.previews()
    header = find_header(previews, spec, limits.max_columns)
    others = also_in(previews, spec, header) if form == "xlsx" else []
    required = [header.match.columns[field.name] for field in spec.fields if field.required]
    table = source.table(header, required)
    conventions = decide(table, header.match, spec)
    yield Frame("header", {"header": asdict(_report(source, header, conventions, others))})
    reader = RowReader(spec, header.match, conventions, limits)
    for raw in table.chunks(conventions.decimal_comma):
        for rows, bad in reader.read(raw):
            yield Frame("chunk", {"bad": bad}, rows)
    yield Frame("summary", {"summary": reader.summary().to_json()})


def _report(
    source: RawSource, header: Header, conventions: Conventions, others: Sequence[str]
) -> HeaderReport:
    match = header.match
    sheet, delimiter = source.place(header.preview)
    commas = tuple(match.titles[index] for index in sorted(conventions.decimal_comma))
    return HeaderReport(
        format=source.format,
        row_number=header.row + 1,
        titles=match.titles,
        mapping={name: match.titles[index] for name, index in match.columns.items()},
        sheet=sheet,
        encoding=source.encoding,
        delimiter=delimiter,
        shadowed=match.shadowed,
        unknown=match.unknown,
        missing_optional=tuple(field.name for field in match.missing),
        date_order=conventions.dates.order or "ISO",
        decimal_comma=commas,
        warnings=_warnings(source.encoding, commas, conventions, sheet, others),
    )


def _warnings(
    encoding: str | None,
    commas: tuple[str, ...],
    conventions: Conventions,
    sheet: str | None,
    others: Sequence[str],
) -> tuple[str, ...]:
    found = list(conventions.warnings)
    if others:
        found.append(
            f"Only the sheet “{sheet}” was read; {' and '.join(others)} has the same columns: "
            "send each sheet as a file of its own if it is to be counted."
        )
    if encoding == "windows-1252":
        found.append("The file is not UTF-8; it was read as Windows-1252, the last resort.")
    if commas:
        found.append(f"Read with a decimal comma: {', '.join(commas)}.")
    return tuple(found)
