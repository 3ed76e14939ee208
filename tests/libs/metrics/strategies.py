"""Rows as hypothesis makes them, and a model of their sums in plain Python."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from hypothesis import strategies as st

from libs.metrics.measures import FACTS, SUMS

Row = dict[str, int | None]

PARTS: dict[str, tuple[str, ...]] = {
    "ctr": ("clicks", "impressions"),
    "cpc": ("spend_e7", "clicks"),
    "cpa": ("spend_e7", "conversions"),
    "cpm": ("spend_e7", "impressions"),
    "roas": ("conversion_revenue_micros", "spend_e7"),
    "margin": ("spend_e7", "media_cost_micros"),
}
"""Which measures a row must have to take part in a ratio, written out once more."""

SHORT = {
    "impressions": "impressions",
    "clicks": "clicks",
    "conversions": "conversions",
    "spend_e7": "spend_e7",
    "conversion_revenue_micros": "revenue_micros",
    "media_cost_micros": "cost_micros",
}

SCHEMA = {"creative_id": pl.Int32, **dict.fromkeys((*FACTS, "cpm_e4"), pl.Int64)}

counts = st.none() | st.integers(0, 300) | st.integers(0, 10**9)
rows_of_a_creative: st.SearchStrategy[Row] = st.fixed_dictionaries(
    {
        "creative_id": st.integers(1, 40),
        **dict.fromkeys(FACTS, counts),
        "cpm_e4": st.none() | st.integers(1, 10**9),
    }
)
days: st.SearchStrategy[list[Row]] = st.lists(
    rows_of_a_creative, max_size=25, unique_by=lambda row: row["creative_id"]
)


def frame(rows: Sequence[Row]) -> pl.DataFrame:
    """Rows as ``measure_rows`` takes them."""
    return pl.DataFrame(list(rows), schema=SCHEMA, orient="row")


def model_row(row: Row) -> Row:
    """One row's measures."""
    impressions, cpm = row["impressions"], row["cpm_e4"]
    out: Row = {name: row[name] for name in FACTS}
    out |= {"rows": 1, "spend_e7": None if impressions is None or cpm is None else impressions * cpm}
    for ratio, bases in PARTS.items():
        complete = all(out[base] is not None for base in bases)
        for base in dict.fromkeys((*bases, "impressions")):
            out[f"{ratio}_{SHORT[base]}"] = out[base] if complete else None
    return out


def model_sums(rows: Sequence[Row]) -> Row:
    """The measures of many rows: nulls are left out, nothing but nulls is null."""
    measured = [model_row(row) for row in rows]
    sums: Row = {}
    for name in SUMS:
        values = [value for row in measured if (value := row[name]) is not None]
        sums[name] = sum(values) if values else None
    return sums
