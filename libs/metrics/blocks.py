"""Blocks: the measures of every creative in one day, week or month as compressed columns.

A payload is a small JSON head and an Arrow IPC stream (lz4) of ``creative_id`` and the columns that
differ, each in the narrowest integer type that holds it:

    b"TMB1" · length of the head (4 bytes, big endian) · head · Arrow IPC stream

    head = {"rows": 50000, "first": 1, "last": 50000,
            "same": {"ctr_clicks": "clicks", …},      stored once, under the other's name
            "constant": {"rows": 1, "clicks": null},  not stored at all (null: never measured)
            "nulls": ["conversions"],                 columns with some nulls
            "largest": {"impressions": 912, …}}       for the proof that sums fit in 64 bits

In a client whose rows are all measured and priced every part of a ratio equals its base, so 8 columns
stand for 24. 150,000 creatives: 3.8 MB, decoded in 1.5 ms (all columns as Int64: 5.5 MB, 4.7 ms).
"""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from libs.errors import Terminal
from libs.metrics.measures import SUMS, twins

MAGIC = b"TMB1"
_LENGTH = struct.Struct(">I")
_WIDTHS = ((2**8, pl.UInt8), (2**16, pl.UInt16), (2**32, pl.UInt32))


class BrokenBlock(Terminal):
    """A payload is not a block: recompute the day from its rows."""


@dataclass(frozen=True)
class Head:
    """What is known of a block without decoding its columns."""

    rows: int
    first: int
    last: int
    same: dict[str, str]
    constant: dict[str, int | None]
    nulls: frozenset[str]
    largest: dict[str, int]
    body: int
    """Where the Arrow stream begins."""

    @property
    def gapless(self) -> bool:
        """Whether the creatives follow one another: then their keys need not be decoded."""
        return self.rows > 0 and self.last - self.first + 1 == self.rows

    def stored(self, column: str) -> str:
        """The stored column that holds these values."""
        return self.same.get(column, column)


def encode(rows: pl.DataFrame) -> bytes:
    """A payload from one row per creative: ``creative_id`` and SUMS (Int64, nulls where not measured)."""
    rows = rows.select("creative_id", *SUMS)
    if (rows["creative_id"].diff().min() or 0) <= 0:  # type: ignore[operator]
        rows = rows.sort("creative_id")
    same = twins(rows, SUMS)
    spans = {name: _Span.of(rows[name]) for name in SUMS if name not in same}
    stored = [name for name, span in spans.items() if not span.constant]
    head = {
        "rows": rows.height,
        "first": rows["creative_id"].min() or 0,
        "last": rows["creative_id"].max() or 0,
        "same": same,
        "constant": {name: span.most for name, span in spans.items() if span.constant},
        "nulls": [name for name in stored if spans[name].nulls],
        "largest": {name: spans[name].most for name in stored},
    }
    text = json.dumps(head, separators=(",", ":")).encode()
    payload = io.BytesIO()
    payload.write(MAGIC + _LENGTH.pack(len(text)) + text)
    narrow = rows.select("creative_id", *(_narrow(name, spans[name]) for name in stored))
    narrow.write_ipc_stream(payload, compression="lz4")
    return payload.getvalue()


@dataclass(frozen=True)
class _Span:
    """What decides how a column is stored."""

    least: int | None
    most: int | None
    nulls: int
    constant: bool

    @classmethod
    def of(cls, column: pl.Series) -> _Span:
        least, most, nulls = column.min(), column.max(), column.null_count()
        return cls(least, most, nulls, least == most and nulls in (0, len(column)))  # type: ignore[arg-type]

    @property
    def width(self) -> type[pl.DataType]:
        """The narrowest type that holds the values."""
        if (self.least or 0) < 0:
            return pl.Int64
        return next((width for limit, width in _WIDTHS if (self.most or 0) < limit), pl.Int64)


def _narrow(name: str, span: _Span) -> pl.Expr:
    """The column in its narrow type, with zeros under the nulls: equal rows give equal bytes."""
    column = pl.col(name)
    if span.nulls:
        column = pl.when(column.is_not_null()).then(column.fill_null(0))
    return column.cast(span.width)


def read_head(payload: bytes) -> Head:
    """The head of a payload. Raises BrokenBlock."""
    if payload[: len(MAGIC)] != MAGIC:
        raise BrokenBlock("the payload does not start with TMB1")
    start = len(MAGIC) + _LENGTH.size
    try:
        (length,) = _LENGTH.unpack_from(payload, len(MAGIC))
        head = json.loads(payload[start : start + length])
        return Head(**{**head, "nulls": frozenset(head["nulls"])}, body=start + length)
    except (struct.error, ValueError, TypeError, KeyError) as error:
        raise BrokenBlock(f"the payload's head cannot be read: {error!r}") from error


def read_columns(
    payload: bytes, head: Head, stored: Iterable[str], *, keys: Sequence[str] = ("creative_id",)
) -> pl.DataFrame:
    """``keys`` and these stored columns, in their narrow types; nothing else is decompressed.

    Raises BrokenBlock.
    """
    columns = [*keys, *dict.fromkeys(stored)]
    if not columns:
        return pl.DataFrame()
    body = io.BytesIO(memoryview(payload)[head.body :])
    try:
        return pl.read_ipc_stream(body, columns=columns)
    except pl.exceptions.PolarsError as error:
        raise BrokenBlock(f"the payload's columns cannot be read: {error}") from error


def decode(payload: bytes, columns: Sequence[str] = SUMS) -> pl.DataFrame:
    """``creative_id`` (Int32) and ``columns`` (Int64), sorted by creative."""
    head = read_head(payload)
    wanted = {name: head.stored(name) for name in columns}
    frame = read_columns(payload, head, [s for s in wanted.values() if s not in head.constant])
    return frame.select(
        "creative_id",
        *(
            (pl.lit(head.constant[s], pl.Int64) if s in head.constant else pl.col(s).cast(pl.Int64)).alias(
                name
            )
            for name, s in wanted.items()
        ),
    )
