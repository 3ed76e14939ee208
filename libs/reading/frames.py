"""Sums by level, and the order of lists; polars and numpy, no I/O.

A frame of sums has ``client_id`` and ``key`` (the integer keys of an entity) and libs.metrics' SUMS.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from contracts.envelope import SOURCES
from libs.metrics.blocks import decode
from libs.metrics.measures import SUMS, sum_measures, totals
from libs.metrics.registry import Metric

Keys = NDArray[np.int32]
Level = Literal["campaign", "strategy", "placement", "creative"]
BELOW: dict[Level, Level] = {"campaign": "strategy", "strategy": "placement", "placement": "creative"}
CODED = ("", *SOURCES)
"""Sources by their codes in a Tree, as store.blocks has them; 0: there is none."""
KEYS = {"client_id": pl.Int32, "key": pl.Int32}


@dataclass(frozen=True)
class Tree:
    """Which entity hangs below which, for one client: vectors by key, 0 where there is none."""

    placement_of: Keys
    strategy_of: Keys
    campaign_of: Keys
    source_of: Keys

    @property
    def size(self) -> int:
        return sum(v.nbytes for v in (self.placement_of, self.strategy_of, self.campaign_of, self.source_of))

    def parents(self, level: Level) -> Keys:
        """The entity of a level (above the creative) by what hangs directly below it."""
        of = {"placement": self.placement_of, "strategy": self.strategy_of, "campaign": self.campaign_of}
        return of[level]

    def ancestors(self, creatives: Keys, level: Level) -> Keys:
        """The entity of a level above each creative."""
        above = {
            "placement": (self.placement_of,),
            "strategy": (self.placement_of, self.strategy_of),
            "campaign": (self.placement_of, self.strategy_of, self.campaign_of),
        }
        found = creatives
        for vector in above.get(level, ()):
            found = looked_up(vector, found)
        return found


def looked_up(vector: Keys, keys: Keys) -> Keys:
    """The values of a vector at these keys; 0 beyond its end: what was deleted and is not summed anew yet."""
    if len(keys) == 0 or int(keys.max()) < len(vector):
        return vector[keys]
    return np.where(keys < len(vector), vector[np.minimum(keys, len(vector) - 1)], 0).astype(np.int32)


def vector(keys: bytes | None, parents: bytes | None) -> Keys:
    """Parents by key, from two arrays of big-endian integers of equal length."""
    found = np.frombuffer(keys or b"", ">i4")
    values = np.zeros(int(found.max()) + 1 if len(found) else 1, np.int32)
    values[found] = np.frombuffer(parents or b"", ">i4")
    return values


@dataclass(frozen=True)
class Wanted:
    """Whose creatives, and which of them: all, or those of one source or campaign, or below an entity."""

    client: int
    source: str | None = None
    campaign: int | None = None
    within: tuple[Level, int] | None = None

    @property
    def everything(self) -> bool:
        """Whether it is all of the client's creatives."""
        return self == Wanted(self.client)


def of_all(creatives: pl.DataFrame, client: int) -> pl.DataFrame:
    """The sums of a client's creatives from sums by ``creative_id``."""
    rows = creatives.rename({"creative_id": "key"})
    return rows.with_columns(pl.lit(client, pl.Int32).alias("client_id")).select(*KEYS, *SUMS)


def of_creatives(creatives: pl.DataFrame, tree: Tree, wanted: Wanted) -> pl.DataFrame:
    """The sums of the wanted creatives from sums by ``creative_id``."""
    keys = creatives["creative_id"].to_numpy()
    kept = np.ones(len(keys), np.bool_)
    if wanted.within is not None:
        level, key = wanted.within
        kept &= tree.ancestors(keys, level) == key
    if wanted.source is not None or wanted.campaign is not None:
        campaigns = tree.ancestors(keys, "campaign")
        if wanted.source is not None:
            kept &= looked_up(tree.source_of, campaigns) == CODED.index(wanted.source)
        if wanted.campaign is not None:
            kept &= campaigns == wanted.campaign
    rows = of_all(creatives, wanted.client)
    return rows if kept.all() else rows.filter(pl.Series(kept))


def of_block(payload: bytes, tree: Tree, wanted: Wanted) -> pl.DataFrame:
    """The rows of the wanted creatives in a block."""
    return of_creatives(decode(payload), tree, wanted)


def of_parents(sums: pl.DataFrame, parent_of: Keys) -> pl.DataFrame:
    """Sums of one level from those of the level below it."""
    parents = pl.Series("key", looked_up(parent_of, sums["key"].to_numpy()), pl.Int32)
    return sum_measures(sums.with_columns(parents), list(KEYS)).select(*KEYS, *SUMS)


def frame_of(rows: Sequence[Sequence[Any]]) -> pl.DataFrame:
    """A frame of sums from rows of client_id, key and SUMS."""
    return pl.DataFrame(rows, schema={**KEYS, **dict.fromkeys(SUMS, pl.Int64)}, orient="row")


def together(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """The frames of several clients as one."""
    return pl.concat([frame_of(()), *frames])


def with_all(sums: pl.DataFrame, entities: Sequence[tuple[int, int]]) -> pl.DataFrame:
    """One row for each of these (client_id, key), null where it has no sums."""
    return only(sums, pl.DataFrame(entities, schema=KEYS, orient="row"))


def only(sums: pl.DataFrame, entities: pl.DataFrame) -> pl.DataFrame:
    """One row for each of these entities (a frame of KEYS), null where it has no sums; no others."""
    return entities.join(sums, on=list(KEYS), how="left", maintain_order="left")


def among(sums: pl.DataFrame, entities: Sequence[tuple[int, int]]) -> pl.DataFrame:
    """The rows of these (client_id, key); the others are left out."""
    wanted = pl.DataFrame(entities, schema=KEYS, orient="row")
    return sums.join(wanted, on=list(KEYS), how="semi", maintain_order="left")


def below(creatives: pl.DataFrame, tree: Tree, level: Level, key: int) -> pl.DataFrame:
    """The rows (by the ``key`` of a creative) of those below an entity, or of the creative itself."""
    return creatives.filter(pl.Series(tree.ancestors(creatives["key"].to_numpy(), level) == key))


def keys_frame(client: int, keys: bytes | None) -> pl.DataFrame:
    """Entities from an array of big-endian integers, as a frame of KEYS."""
    found = np.frombuffer(keys or b"", ">i4").astype(np.int32)
    return pl.DataFrame({"client_id": np.full(len(found), client, np.int32), "key": found}, schema=KEYS)


def keys_together(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Frames of KEYS as one."""
    return pl.concat([pl.DataFrame(schema=KEYS), *frames])


def total(sums: pl.DataFrame) -> Mapping[str, int | None]:
    """The sums of all rows."""
    return totals(sums)


@dataclass(frozen=True)
class Order:
    """By a metric, one way or the other."""

    metric: Metric
    descending: bool


def ordered(sums: pl.DataFrame, order: Order) -> pl.DataFrame:
    """All rows in order; nulls last, ties by key."""
    return sums[_places(sums, order)]


def page(sums: pl.DataFrame, order: Order, offset: int, size: int) -> list[dict[str, Any]]:
    """A page of ordered rows; nulls last, ties by key."""
    return ordered(_first(sums, order, offset + size), order)[offset : offset + size].to_dicts()


def _first(sums: pl.DataFrame, order: Order, count: int) -> pl.DataFrame:
    """The rows among which are the first ``count``: sorting a whole list for ten takes 15 times as long."""
    values = sums.select(_value(order.metric).alias("value")).to_series()
    if values.len() - values.null_count() <= count:
        return sums
    if order.descending:
        return sums.filter(values >= values.top_k(count).min())
    return sums.filter(values <= values.bottom_k(count).max())


def _places(sums: pl.DataFrame, order: Order) -> pl.Series:
    directions = [order.descending, False, False]
    return sums.select(
        pl.arg_sort_by(_value(order.metric), *KEYS, descending=directions, nulls_last=True)
    ).to_series()


def measured(sums: pl.DataFrame, metric: Metric) -> pl.DataFrame:
    """The rows for which a metric has a value."""
    return sums.filter(_value(metric).is_not_null())


def rows_of(sums: pl.DataFrame, entities: Sequence[tuple[int, int]]) -> list[dict[str, Any]]:
    """The rows of these (client_id, key), in their order."""
    return with_all(sums, entities).to_dicts()


def _value(metric: Metric) -> pl.Expr:
    """Something that orders as the metric does: exact integers for sums, a float for a quotient."""
    numerator = pl.col(metric.numerator.column)
    if metric.minus:
        shift = int(10 ** (metric.numerator.scale - metric.minus.scale))
        return numerator - pl.col(metric.minus.column) * shift
    if metric.denominator is None:
        return numerator
    denominator = pl.col(metric.denominator.column)
    return pl.when(denominator != 0).then(numerator.truediv(denominator))
