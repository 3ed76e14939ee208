"""Sums by creative over many blocks.

Keys are dense per client, so that a column is summed by adding at positions of one vector: 0.2 ms for
150,000 creatives and a column, where grouping takes 5. Columns that are stored once in every block are
summed once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from libs.metrics.blocks import Head, read_columns, read_head
from libs.metrics.measures import SUMS, NumberTooLarge

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Where = slice | NDArray[np.intp]

_SPARSE = 8
"""Keys are looked up instead of used as positions where they span this many times the rows."""


def sum_by_creative(payloads: Sequence[bytes], columns: Sequence[str] = SUMS) -> pl.DataFrame:
    """``creative_id`` (Int32, sorted) and the sums of ``columns`` (Int64) over all blocks.

    One row for each creative that is in any block; a sum of nothing but nulls is null. Raises
    NumberTooLarge where a sum might not fit.
    """
    summing = Summing([read_head(payload) for payload in payloads], columns)
    if summing.is_sparse:
        summing.look_keys_up(payloads)
    for index, payload in enumerate(payloads):
        summing.add(index, payload)
    return summing.frame()


class Summing:
    """Sums over blocks that come one after the other, when all their heads are known.

    One vector of sums per distinct layout (the stored column of each block).
    """

    def __init__(self, heads: Sequence[Head], columns: Sequence[str] = SUMS) -> None:
        """Raises NumberTooLarge where a sum might not fit."""
        _guard(heads, columns)
        self._heads = heads
        self._layout = {name: tuple(head.stored(name) for head in heads) for name in columns}
        self._keys = _Keys(heads)
        if not self.is_sparse:
            self._begin()

    @property
    def is_sparse(self) -> bool:
        """Whether keys have to be looked up first: they are far apart."""
        return self._keys.is_sparse

    def look_keys_up(self, payloads: Sequence[bytes]) -> None:
        """For sparse keys, before anything is added."""
        self._keys.look_up(payloads)
        self._begin()

    def _begin(self) -> None:
        layouts, size = list(dict.fromkeys(self._layout.values())), self._keys.size
        self._present: Flags = np.zeros(size, np.bool_)
        self._sums: dict[tuple[str, ...], Integers] = {layout: np.zeros(size, np.int64) for layout in layouts}
        self._measured: dict[tuple[str, ...], Flags] = {
            layout: np.zeros(size, np.bool_) for layout in layouts if _has_nulls(layout, self._heads)
        }

    def add(self, index: int, payload: bytes) -> None:
        """The block of one of the heads. CPU work: call it from a thread."""
        head = self._heads[index]
        stored = {layout[index] for layout in self._sums} - head.constant.keys()
        run = self._keys.run_of(head)
        frame = read_columns(payload, head, sorted(stored), keys=() if run else ("creative_id",))
        where = run or self._keys.where(frame["creative_id"].to_numpy())
        self._present[where] = True
        for layout, sums in self._sums.items():
            name = layout[index]
            values: Any = head.constant.get(name)
            valid: Any = True
            if name not in head.constant:
                column = frame[name]
                if name in head.nulls:
                    valid = column.is_not_null().to_numpy()
                    column = column.fill_null(0)
                values = column.to_numpy()
            if values is None:
                continue
            sums[where] += values
            if layout in self._measured:
                self._measured[layout][where] |= valid

    def frame(self) -> pl.DataFrame:
        """``creative_id`` and the sums of all that was added."""
        chosen: Where = slice(None) if self._present.all() else np.flatnonzero(self._present)
        columns = {}
        for stored, sums in self._sums.items():
            series = pl.Series(sums[chosen])
            if stored in self._measured:
                flags = pl.Series(self._measured[stored][chosen])
                series = pl.select(pl.when(flags).then(series)).to_series()
            columns[stored] = series
        ids = pl.Series("creative_id", self._keys.ids(chosen), pl.Int32)
        return pl.DataFrame([ids, *(columns[stored].alias(name) for name, stored in self._layout.items())])


class _Keys:
    """Positions of creatives in the vectors: the key itself, or its rank where keys are sparse."""

    def __init__(self, heads: Sequence[Head]) -> None:
        filled = [head for head in heads if head.rows]
        self.first = min((head.first for head in filled), default=0)
        self.size = max((head.last for head in filled), default=-1) - self.first + 1
        self.known: NDArray[np.int32] | None = None
        self._heads = heads
        self.is_sparse = self.size > _SPARSE * max((head.rows for head in heads), default=0)

    def look_up(self, payloads: Sequence[bytes]) -> None:
        """Which keys there are."""
        keys = [
            read_columns(payload, head, ())["creative_id"].to_numpy()
            for payload, head in zip(payloads, self._heads, strict=True)
        ]
        self.known = np.unique(np.concatenate(keys)) if keys else np.empty(0, np.int32)
        self.size = len(self.known)

    def run_of(self, head: Head) -> slice | None:
        """Positions of a block's creatives where they follow one another."""
        if self.known is not None or not head.gapless:
            return None
        return slice(head.first - self.first, head.last - self.first + 1)

    def where(self, ids: NDArray[np.int32]) -> Where:
        """Positions of a block's creatives."""
        if self.known is not None:
            return np.searchsorted(self.known, ids)
        return ids.astype(np.intp) - self.first

    def ids(self, chosen: Where) -> NDArray[np.int32]:
        """Creatives by position, of the chosen positions."""
        if self.known is not None:
            return self.known[chosen]
        return np.arange(self.first, self.first + self.size, dtype=np.int32)[chosen]


def _has_nulls(layout: tuple[str, ...], heads: Sequence[Head]) -> bool:
    return any(
        name in head.nulls or (name in head.constant and head.constant[name] is None)
        for name, head in zip(layout, heads, strict=True)
    )


def _guard(heads: Sequence[Head], columns: Sequence[str]) -> None:
    """Each block's largest value bounds what it can add to a creative."""
    for name in columns:
        stored = [(head, head.stored(name)) for head in heads]
        bound = sum(head.largest.get(s) or head.constant.get(s) or 0 for head, s in stored)
        if bound >= 2**63:
            raise NumberTooLarge(f"the sum of {name} over {len(heads)} blocks is more than can be right")
