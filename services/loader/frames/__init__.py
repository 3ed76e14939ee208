"""Shapes of rows, in polars; no I/O.

``Rows``: date (Date), creative_id (Int32), run_no (Int32) and METRICS (Int64, null: not measured),
one row per date and creative, in that order.
"""

from __future__ import annotations

import polars as pl

from contracts.ingest.v1 import METRIC_COLUMNS

METRICS = list(METRIC_COLUMNS)
KEY = ["date", "creative_id"]

__all__ = ["KEY", "METRICS", "empty_rows"]


def empty_rows() -> pl.DataFrame:
    """Rows, none of them."""
    schema: dict[str, pl.DataType | type[pl.DataType]] = {
        "date": pl.Date,
        "creative_id": pl.Int32,
        "run_no": pl.Int32,
        **dict.fromkeys(METRICS, pl.Int64),
    }
    return pl.DataFrame(schema=schema)
