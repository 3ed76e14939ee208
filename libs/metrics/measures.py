"""The summable columns and their exact sums.

Numerator and denominator of a ratio are summed over the **same** rows: a row takes
part in a ratio when all of its inputs were measured there, and the impressions of those rows tell
what share of the whole the ratio covers. All sums are Int64; what does not fit raises.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import polars as pl

from libs.errors import Terminal

FACTS = (
    "impressions",
    "clicks",
    "conversions",
    "conversion_revenue_micros",
    "media_cost_micros",
    "video_completions",
)
"""The metric columns of ``daily_metrics``: Int64, null where not measured, money in millionths."""

RATIO_PARTS: dict[str, dict[str, str]] = {
    "ctr": {"ctr_clicks": "clicks", "ctr_impressions": "impressions"},
    "cpc": {"cpc_spend_e7": "spend_e7", "cpc_clicks": "clicks", "cpc_impressions": "impressions"},
    "cpa": {"cpa_spend_e7": "spend_e7", "cpa_conversions": "conversions", "cpa_impressions": "impressions"},
    "cpm": {"cpm_spend_e7": "spend_e7", "cpm_impressions": "impressions"},
    "roas": {
        "roas_revenue_micros": "conversion_revenue_micros",
        "roas_spend_e7": "spend_e7",
        "roas_impressions": "impressions",
    },
    "margin": {
        "margin_spend_e7": "spend_e7",
        "margin_cost_micros": "media_cost_micros",
        "margin_impressions": "impressions",
    },
}
"""For each ratio its columns and what each is a sum of."""

BASE_OF: dict[str, str] = {part: base for parts in RATIO_PARTS.values() for part, base in parts.items()}
SUMS: tuple[str, ...] = ("rows", *FACTS, "spend_e7", *BASE_OF)
"""The summed columns of ``rollups`` and of blocks, in the table's order."""

LARGEST_DAY = 7 * 10**15
"""Of a sum over a day of one source, in its smallest unit (spend in ten-millionths): what is beyond cannot be
right. A month of it fits 64 bits for 42 sources and accounts, 37 months for one.
"""
_LIMIT = 2**63 - 1


class NumberTooLarge(Terminal):
    """A sum does not fit in 64 bits: some number in the data cannot be right."""


def measure_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with all of SUMS added, one value per row.

    Needs FACTS and ``cpm_e4`` (Int64, CPM × 10,000; null: unpriced); other columns pass through.
    spend_e7 = impressions × cpm_e4, in ten-millionths of the currency: exact.
    """
    _guard_product(rows)
    priced = rows.with_columns(
        rows=pl.lit(1, pl.Int64), spend_e7=pl.col("impressions") * pl.col("cpm_e4")
    ).drop("cpm_e4")
    complete = {name for name in (*FACTS, "spend_e7") if not priced[name].null_count()}
    return priced.with_columns(
        part for parts in RATIO_PARTS.values() for part in _over_the_same_rows(parts, complete)
    )


def _over_the_same_rows(parts: dict[str, str], complete: Collection[str]) -> Iterable[pl.Expr]:
    """Each part's base, null where any base of the ratio is null. Columns without nulls are shared."""
    missing = [base for base in parts.values() if base not in complete]
    measured = pl.all_horizontal(pl.col(base).is_not_null() for base in missing) if missing else None
    for part, base in parts.items():
        whole = pl.col(base)
        yield (whole if measured is None else pl.when(measured).then(whole)).alias(part)


def sum_measures(rows: pl.DataFrame, keys: Sequence[str], columns: Sequence[str] = SUMS) -> pl.DataFrame:
    """Sums of ``columns`` per group, sorted by ``keys``; where a group has nothing but nulls: null.

    No keys: one row, also for an empty frame. Raises NumberTooLarge where a sum would not fit.
    """
    same = twins(rows, columns)
    distinct = [name for name in columns if name not in same]
    guard_sums(rows, distinct)
    sums = [_sum_of(rows, name) for name in distinct]
    summed = rows.group_by(keys).agg(sums).sort(keys) if keys else rows.select(sums)
    return summed.select(*keys, *(pl.col(same.get(name, name)).alias(name) for name in columns))


def _sum_of(rows: pl.DataFrame, name: str) -> pl.Expr:
    column = pl.col(name)
    if rows.height and not rows[name].null_count():
        return column.sum()
    return pl.when(column.count() > 0).then(column.sum()).alias(name)


def twins(rows: pl.DataFrame, columns: Sequence[str]) -> dict[str, str]:
    """Columns that hold the same values as one before them, with that one's name.

    Only sums of the same thing are compared. In a client whose rows are all measured and priced, every part
    of a ratio is the twin of its base: 8 columns of 24 have to be stored or summed.
    """
    same: dict[str, str] = {}
    earlier: dict[str, list[str]] = {}
    for name in columns:
        alike = earlier.setdefault(BASE_OF.get(name, name), [])
        twin = next((c for c in alike if rows[c].equals(rows[name], null_equal=True)), None)
        if twin is None:
            alike.append(name)
        else:
            same[name] = twin
    return same


def totals(rows: pl.DataFrame, columns: Sequence[str] = SUMS) -> dict[str, int | None]:
    """The sums of all rows as plain integers."""
    return dict(sum_measures(rows, (), columns).row(0, named=True))


def guard_sums(rows: pl.DataFrame, columns: Sequence[str]) -> None:
    """Raises NumberTooLarge where a column's sum over all rows cannot be held by 64 bits.

    Polars wraps silently. The bound (largest × rows) is cheap; only where it fails, 128 bits are used.
    """
    if rows.is_empty():
        return
    smallest = rows.select(pl.col(columns).min()).row(0, named=True)
    largest = rows.select(pl.col(columns).max()).row(0, named=True)
    for name in columns:
        if max(-(smallest[name] or 0), largest[name] or 0) * rows.height > _LIMIT:
            total = rows.select(pl.col(name).cast(pl.Int128).sum()).item()
            if abs(int(total)) > _LIMIT:
                raise NumberTooLarge(f"the sum of {name} is {total}, which is more than can be right")


def _guard_product(rows: pl.DataFrame) -> None:
    largest = rows.select(pl.col("impressions", "cpm_e4").max()).row(0)
    if (largest[0] or 0) * (largest[1] or 0) <= _LIMIT:
        return
    wide = rows.select(pl.col("impressions").cast(pl.Int128) * pl.col("cpm_e4").cast(pl.Int128))
    if wide.to_series().cast(pl.Int64, strict=False).null_count() > wide.to_series().null_count():
        raise NumberTooLarge("impressions × CPM of one row is more than can be right")
