"""A batch's column arrays as a frame, and the two payloads that staging keeps of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
import orjson
import polars as pl
from numpy.typing import NDArray

from contracts.ingest.v1 import LEVELS, METRIC_COLUMNS, MetricsBatch
from libs.digest import content_digest
from libs.errors import Terminal
from libs.metrics.rows import unpacked
from services.loader.frames.paths import Ids

Values = list[object] | NDArray[np.int64]
"""A column of a body: see frames.bodies."""

LARGEST = 10**15
"""A billion dollars in millionths. What a run's rows add up to is looked at when it is merged."""


class BadBatch(Terminal):
    """A batch that holds together as JSON but not as rows."""


def rows_of(batch: MetricsBatch) -> pl.DataFrame:
    """date (Date), the four levels as indices into ``names`` (UInt32), metrics (Int64).

    Raises BadBatch with the column and what is wrong with it. Columns that are no metric are left out.
    """
    series = [_dates(batch.columns.get("date", []))]
    series += [_indices(level, batch.columns.get(level, []), len(batch.names)) for level in LEVELS]
    series += [_metric(name, batch.columns.get(name), batch.row_count) for name in METRIC_COLUMNS]
    return pl.DataFrame(series)


def digest_of(batch: MetricsBatch) -> str:
    """The batch's own digest, or the same of its names and columns where a typed message has none."""
    if batch.digest is not None:
        return batch.digest
    columns = orjson.dumps(batch.columns, option=orjson.OPT_SERIALIZE_NUMPY)
    return content_digest(orjson.dumps(batch.names), columns)


def distinct_keys(rows: pl.DataFrame) -> pl.DataFrame:
    """Each combination of the four level indices once; as they stand, where no creative comes twice."""
    keys = rows.select(LEVELS)
    creatives = keys["creative"].to_numpy()
    if not len(creatives) or np.bincount(creatives).max() == 1:
        return keys
    return keys.unique(maintain_order=True)


def with_creatives(rows: pl.DataFrame, keys: pl.DataFrame, creative_ids: Ids) -> pl.DataFrame:
    """Rows with creative_id (Int32) in place of the level indices."""
    ids = pl.Series("creative_id", creative_ids, dtype=pl.Int32)
    if keys.height == rows.height:
        found = rows.with_columns(ids)
    else:
        found = rows.join(keys.with_columns(ids), on=list(LEVELS), how="left", maintain_order="left")
    return found.select("date", "creative_id", *METRIC_COLUMNS)


def creatives_in(payloads: Sequence[bytes]) -> set[int]:
    """The creatives of rows that were packed."""
    found: set[int] = set()
    for payload in payloads:
        found.update(unpacked(payload)["creative_id"].to_list())
    return found


def _dates(values: Values) -> pl.Series:
    if isinstance(values, np.ndarray):
        raise BadBatch("column date: ISO days expected, not numbers")
    same = len(values) > 1 and values.count(values[0]) == len(values)  # the usual case, and quickly read
    try:
        dates = pl.Series("date", values[:1] if same else values, dtype=pl.String)
        dates = dates.str.to_date("%Y-%m-%d", strict=True)
    except (TypeError, pl.exceptions.PolarsError) as error:
        raise BadBatch(f"column date: ISO days expected: {_first_line(error)}") from None
    if dates.null_count():
        raise BadBatch("column date: a row has none")
    return dates.new_from_index(0, len(values)) if same else dates


def _indices(level: str, values: Values, names: int) -> pl.Series:
    series = _integers(level, values)
    if series.null_count():
        raise BadBatch(f"column {level}: a row has none")
    if len(series) and not _is_within(values, series, 0, names - 1):
        raise BadBatch(f"column {level}: an index is outside names (0 to {names - 1})")
    return series.cast(pl.UInt32)


def _metric(name: str, values: Values | None, rows: int) -> pl.Series:
    if values is None:
        return pl.repeat(None, rows, dtype=pl.Int64, eager=True).alias(name)
    series = _integers(name, values)
    if len(series) != series.null_count() and not _is_within(values, series, 0, LARGEST):
        raise BadBatch(f"column {name}: a value is negative or above {LARGEST:,}")
    return series


def _is_within(values: Values, series: pl.Series, least: int, most: int) -> bool:
    bounds = values if isinstance(values, np.ndarray) else series  # whose own way is quicker
    return int(cast("int", bounds.min())) >= least and int(cast("int", bounds.max())) <= most


def _integers(name: str, values: Values) -> pl.Series:
    if isinstance(values, np.ndarray):
        return pl.Series(name, values)
    try:
        # As JSON a column tells three times as fast as its types whether there may be a true or false.
        if b"e" in orjson.dumps(values) and bool in set(map(type, values)):
            raise BadBatch(f"column {name}: integers expected, not true or false")
        return pl.Series(name, values, dtype=pl.Int64, strict=True)
    except (TypeError, OverflowError, pl.exceptions.PolarsError) as error:
        raise BadBatch(f"column {name}: integers expected: {_first_line(error)}") from None


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [""])[0][:200]
