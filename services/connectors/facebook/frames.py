"""An upload's rows against those that stand: what is there already, what would change. Pure polars.

Frames at the grain: ``date``, ``campaign``, ``strategy``, ``placement``, ``creative``, and METRICS (Int64;
null: not measured).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import Any

import polars as pl

METRICS = ("impressions", "clicks", "conversions", "conversion_revenue_micros", "media_cost_micros")
LEVELS = ("campaign", "strategy", "placement", "creative")
KEY = ("date", *LEVELS)
SHOWN = 10
_SCHEMA: dict[str, Any] = {
    "date": pl.Date,
    **dict.fromkeys(LEVELS, pl.String),
    **dict.fromkeys(METRICS, pl.Int64),
}


def standing(rows: Iterable[Sequence[Any]] = ()) -> pl.DataFrame:
    """Rows of the database as a frame."""
    return pl.DataFrame(list(rows), schema=_SCHEMA, orient="row")


def to_grain(parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Rows of a file summed over what stands beside the grain (regions, ages, placements of the platform)."""
    missing = [pl.lit(None, dtype=pl.Int64).alias(name) for name in METRICS]
    whole = [
        part.with_columns(*(m for m in missing if m.meta.output_name() not in part.columns)).select(
            list(_SCHEMA)
        )
        for part in parts
    ]
    rows = pl.concat([standing(), *whole])
    sums = [pl.when(pl.col(m).count() > 0).then(pl.col(m).sum()).alias(m) for m in METRICS]
    return rows.group_by(KEY, maintain_order=True).agg(sums)


def duplicates(rows: pl.DataFrame, stand: pl.DataFrame) -> pl.DataFrame:
    """Grains of a file's rows that stand already."""
    return rows.select(KEY).unique(maintain_order=True).join(stand, on=KEY, how="semi", maintain_order="left")


def named(rows: pl.DataFrame, limit: int = SHOWN) -> list[dict[str, Any]]:
    """The first rows, as an answer has them."""
    return [{name: row[name] for name in KEY} for row in rows.head(limit).iter_rows(named=True)]


def difference(
    new: pl.DataFrame, stand: pl.DataFrame, *, replace: bool, hidden: Collection[str] = ()
) -> dict[str, Any]:
    """What loading ``new`` over what stands on its dates does: counts, examples, totals before and after.

    ``replace``: rows of these dates that are not in ``new`` vanish. ``hidden``: metrics that are not looked
    at, so that nothing, not even a count, tells of them.
    """
    new, stand = new.drop(hidden, strict=False), stand.drop(hidden, strict=False)
    both = new.join(stand, on=KEY, how="inner", suffix="_old", maintain_order="left")
    differs = pl.any_horizontal(pl.col(m).ne_missing(pl.col(f"{m}_old")) for m in _metrics(new))
    changed = both.filter(differs)
    left = stand.join(new, on=KEY, how="anti", maintain_order="left")
    after = new if replace else pl.concat([left, new])
    vanishing = left if replace else left.clear()
    return {
        "added": new.height - both.height,
        "unchanged": both.height - changed.height,
        "changed": {"count": changed.height, "rows": list(map(_change, changed.head(SHOWN).to_dicts()))},
        "vanishing": {"count": vanishing.height, "rows": named(vanishing)},
        "totals": {"before": totals(stand), "after": totals(after)},
    }


def totals(rows: pl.DataFrame) -> dict[str, Any]:
    """Sums, money exact; null: measured in no row."""
    sums = {m: _sum(rows[m]) for m in _metrics(rows)}
    return {"rows": rows.height, **{m.removesuffix("_micros"): _shown(m, value) for m, value in sums.items()}}


def _metrics(rows: pl.DataFrame) -> list[str]:
    return [m for m in METRICS if m in rows.columns]


def _sum(values: pl.Series) -> int | None:
    return int(values.sum()) if values.count() else None


def _change(row: dict[str, Any]) -> dict[str, Any]:
    moved = {
        m.removesuffix("_micros"): {"before": _shown(m, row[f"{m}_old"]), "after": _shown(m, row[m])}
        for m in METRICS
        if m in row and row[m] != row[f"{m}_old"]
    }
    return {**{name: row[name] for name in KEY}, "metrics": moved}


def _shown(metric: str, value: int | None) -> Decimal | int | None:
    return Decimal(value).scaleb(-6) if value is not None and metric.endswith("_micros") else value
