"""The reading process: one file in, frames out, within hard limits. Started by libs.tabular.reader alone.

The job comes as JSON on standard input; frames (libs.tabular.wire) go to what was standard output, and
anything that a library prints goes to standard error.
"""

import ctypes
import os
import resource
import signal
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from libs.tabular.csv_source import CsvSource
from libs.tabular.decide import Conventions, decide
from libs.tabular.errors import FileRefused, LimitReached
from libs.tabular.header import Header, find_header
from libs.tabular.raw import RawSource
from libs.tabular.reports import HeaderReport
from libs.tabular.rows import RowReader
from libs.tabular.sniff import detect_format
from libs.tabular.spec import ParseLimits, TableSpec
from libs.tabular.wire import write_frame
from libs.tabular.workbook import WorkbookSource

_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Job:
    """What to read, and who waits for it."""

    path: Path
    spec: TableSpec
    limits: ParseLimits
    parent: int

    @classmethod
    def from_json(cls, body: bytes) -> "Job":
        job = orjson.loads(body)
        limits = ParseLimits(**job["limits"])
        return cls(Path(job["path"]), TableSpec.from_json(job["spec"]), limits, job["parent"])


def main() -> None:
    """Read the job, confine this process, read the file."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    job = Job.from_json(sys.stdin.buffer.read())
    _confine(job)
    try:
        _read(job, out)
    except FileRefused as refused:
        write_frame(out, "refused", _refusal(refused))
    except MemoryError:
        full = LimitReached("The file needs more memory than a report may take. Split it.", limit="memory")
        write_frame(out, "refused", _refusal(full))


def _confine(job: Job) -> None:
    """Die with the parent; no more memory, CPU, file size or descriptors than a file may cost."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != job.parent:
        sys.exit("the parent is gone")
    limits = job.limits
    for kind, most in (
        (resource.RLIMIT_DATA, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, limits.max_inflated_bytes),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def _read(job: Job, out: BinaryIO) -> None:
    form = detect_format(job.path, job.spec, job.limits)
    kind = WorkbookSource if form == "xlsx" else CsvSource
    source: RawSource = kind(job.path, form, job.limits)
    header = find_header(source.previews(), job.spec, job.limits.max_columns)
    match = header.match
    required = [match.columns[field.name] for field in job.spec.fields if field.required]
    table = source.table(header, required)
    conventions = decide(table, match, job.spec)
    reader = RowReader(job.spec, match, conventions, job.limits)
    write_frame(out, "header", {"header": asdict(_report(source, header, conventions, job.spec))})
    for raw in table.chunks(conventions.decimal_comma):
        frame, bad = reader.read(raw)
        write_frame(out, "chunk", {"bad": [asdict(row) for row in bad]}, frame)
    write_frame(out, "summary", {"summary": reader.summary().to_json()})


def _report(source: RawSource, header: Header, conventions: Conventions, spec: TableSpec) -> HeaderReport:
    match = header.match
    sheet, delimiter = source.place(header.preview)
    missing = tuple(field.name for field in match.missing)
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
        missing_optional=missing,
        date_order=conventions.dates.order or "ISO",
        decimal_comma=tuple(match.titles[index] for index in sorted(conventions.decimal_comma)),
        warnings=_warnings(source, header, conventions),
    )


def _warnings(source: RawSource, header: Header, conventions: Conventions) -> tuple[str, ...]:
    match = header.match
    found = [
        f"“{match.titles[match.columns[name]]}” was read as {name}; also in the file: {', '.join(others)}."
        for name, others in match.shadowed.items()
    ]
    if source.encoding == "windows-1252":
        found.append("The file is not UTF-8; it was read as Windows-1252, the last resort.")
    if conventions.decimal_comma:
        titles = ", ".join(match.titles[index] for index in sorted(conventions.decimal_comma))
        found.append(f"Read with a decimal comma: {titles}.")
    return (*found, *conventions.warnings)


def _refusal(refused: FileRefused) -> dict[str, Any]:
    return {"code": refused.code, "message": refused.message, "details": refused.details}


if __name__ == "__main__":
    main()
