"""PostgreSQL's binary COPY for rows of fixed-width columns, encoded by numpy.

A million rows of the fact table take 0.3 s to encode; as Python tuples they take 4 s. Format:
https://www.postgresql.org/docs/15/sql-copy.html (Binary Format): per row an int16 count of fields,
per field an int32 length (-1: null) and the value, all big-endian.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import asyncpg
import numpy as np
import polars as pl

from libs.ahead import ahead, eagerly

Records = np.ndarray[Any, Any]
HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
CHUNK_ROWS = 10_000
DATE_ORIGIN = 10_957
"""Days between polars' epoch (1970) and PostgreSQL's (2000)."""


@dataclass(frozen=True)
class Column:
    """A column of a COPY: ``int4``, ``int8`` or ``date``; where it may hold null it takes a second pass."""

    name: str
    type: str = "int8"
    nullable: bool = False

    @property
    def width(self) -> int:
        """Bytes of a value."""
        return 8 if self.type == "int8" else 4


def encoded(frame: pl.DataFrame, columns: Sequence[Column]) -> Iterator[bytes]:
    """The frame as a binary COPY stream, in pieces of CHUNK_ROWS. Frame columns: integers and dates."""
    yield HEADER
    yield from _pieces(frame, columns)
    yield TRAILER


async def write(
    connection: asyncpg.Connection[asyncpg.Record], table: str, frame: pl.DataFrame, columns: Sequence[Column]
) -> None:
    """COPY a frame into a table, on a connection that is inside a transaction already."""
    names = [column.name for column in columns]
    async with aclosing(ahead(encoded(frame, columns))) as pieces:
        await connection.copy_to_table(table, source=pieces, columns=names, format="binary")


async def write_coming(
    connection: asyncpg.Connection[asyncpg.Record],
    table: str,
    frames: AsyncGenerator[pl.DataFrame],
    columns: Sequence[Column],
) -> None:
    """COPY frames as they come, each made while the one before it is on its way.

    An error of theirs is raised, and nothing is written.
    """
    names = [column.name for column in columns]
    async with aclosing(_coming(frames, columns)) as pieces:
        await connection.copy_to_table(table, source=pieces, columns=names, format="binary")


async def _coming(frames: AsyncGenerator[pl.DataFrame], columns: Sequence[Column]) -> AsyncGenerator[bytes]:
    yield HEADER
    async with aclosing(eagerly(frames)) as made:
        async for frame in made:
            async with aclosing(ahead(_pieces(frame, columns))) as pieces:
                async for piece in pieces:
                    yield piece
    yield TRAILER


def _pieces(frame: pl.DataFrame, columns: Sequence[Column]) -> Iterator[bytes]:
    for start in range(0, frame.height, CHUNK_ROWS):
        yield _rows(frame.slice(start, CHUNK_ROWS), columns)


def _rows(frame: pl.DataFrame, columns: Sequence[Column]) -> bytes:
    nulls = {column.name: frame[column.name].null_count() for column in columns if column.nullable}
    mixed = [column for column in columns if 0 < nulls.get(column.name, 0) < frame.height]
    if not mixed:
        return _records(frame, columns, frozenset(name for name, count in nulls.items() if count)).tobytes()
    return _mixed(frame, columns, [column for column in columns if nulls.get(column.name)])


def _records(frame: pl.DataFrame, columns: Sequence[Column], absent: frozenset[str]) -> Records:
    """Rows of which exactly the columns in ``absent`` are null."""
    present = [column for column in columns if column.name not in absent]
    fields: list[tuple[str, str]] = [("fields", ">i2")]
    for column in columns:
        fields.append((f"{column.name} length", ">i4"))
        if column.name not in absent:
            fields.append((column.name, f">i{column.width}"))
    records = np.empty(frame.height, dtype=np.dtype(fields))
    records["fields"] = len(columns)
    for column in columns:
        records[f"{column.name} length"] = -1 if column.name in absent else column.width
    for column in present:
        values = frame[column.name].to_physical().to_numpy()
        records[column.name] = values - DATE_ORIGIN if column.type == "date" else values
    return records


def _mixed(frame: pl.DataFrame, columns: Sequence[Column], nullable: Sequence[Column]) -> bytes:
    """Rows with other columns null have other widths: each pattern is made at once, then laid in order."""
    bits = sum(frame[c.name].is_null().to_numpy().astype(np.int64) << i for i, c in enumerate(nullable))
    pattern: Records = np.asarray(bits)
    parts: dict[int, Records] = {}
    widths = np.empty(frame.height, dtype=np.int64)
    for code in np.unique(pattern):
        absent = frozenset(c.name for i, c in enumerate(nullable) if code >> i & 1)
        records = _records(frame.filter(pl.Series(pattern == code)), columns, absent)
        parts[int(code)] = records
        widths[pattern == code] = records.dtype.itemsize
    starts = np.concatenate(([0], np.cumsum(widths)[:-1]))
    out = np.empty(int(widths.sum()), dtype=np.uint8)
    for code, records in parts.items():
        width = records.dtype.itemsize
        places = starts[pattern == code][:, None] + np.arange(width)
        out[places] = records.view(np.uint8).reshape(len(records), width)
    return out.tobytes()
