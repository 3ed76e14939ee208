"""A run's rows brought to the grain, and compared with what stands."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from libs.metrics.rows import at_grain, null_sum
from services.loader.frames import KEY, METRICS, empty_rows


@dataclass(frozen=True)
class Totals:
    """Sums over rows; a metric that no row measured is None. Money in millionths."""

    rows: int
    sums: dict[str, int | None]

    def as_json(self) -> dict[str, int | None]:
        """As it stands in the ledger."""
        return {"rows": self.rows, **self.sums}

    def plus(self, other: Totals) -> Totals:
        """Sums over both; unmeasured plus measured is measured."""
        both = {name: _added(value, other.sums[name]) for name, value in self.sums.items()}
        return Totals(self.rows + other.rows, both)

    @property
    def impressions(self) -> int:
        """Zero where nothing was measured."""
        return self.sums["impressions"] or 0


def _added(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else one + other


NOTHING = Totals(0, dict.fromkeys(METRICS))


def to_grain(parts: list[pl.DataFrame], run_no: int) -> tuple[pl.DataFrame, int]:
    """Rows of a run at the grain, sorted, and how many were merged into others; see ``at_grain``."""
    if not parts:
        return empty_rows(), 0
    rows, merged = at_grain(parts)
    rows = rows.with_columns(run_no=pl.lit(run_no, dtype=pl.Int32))
    return rows.select("date", "creative_id", "run_no", *METRICS), merged


def digest(rows: pl.DataFrame) -> str:
    """SHA-256 of one date's rows at the grain, whatever run brought them."""
    content = hashlib.sha256(str(rows.height).encode())
    for name in ("creative_id", *METRICS):
        values = rows[name].fill_null(-1) if name != "creative_id" else rows[name]
        content.update(values.to_numpy().tobytes())
    return content.hexdigest()


def totals(rows: pl.DataFrame) -> Totals:
    """Sums over rows."""
    if not rows.height:
        return NOTHING
    sums = rows.select(null_sum(metric) for metric in METRICS).row(0, named=True)
    return Totals(rows.height, sums)


@dataclass(frozen=True)
class Change:
    """What a run does to one date. Frames are Rows."""

    added: pl.DataFrame
    changed: pl.DataFrame
    """New values of keys that stand."""
    displaced: pl.DataFrame
    """Standing rows that are changed or removed."""
    removed: pl.DataFrame
    after: pl.DataFrame
    mixed: bool
    """Rows of other runs stand beside the run's own: its digest does not describe the date."""

    @property
    def is_empty(self) -> bool:
        """Nothing to write."""
        return not (self.added.height or self.changed.height or self.removed.height)

    @property
    def nothing_stays(self) -> bool:
        """Whether no standing row of the slice stays as it is."""
        return self.after.height == self.changed.height + self.added.height


def replacing(standing: pl.DataFrame, new: pl.DataFrame, newer_runs: Sequence[int]) -> Change:
    """The run is the whole truth for the date, except for rows that a newer delivery upserted."""
    if not standing.height:
        return _all_new(standing, new, mixed=False)
    if not newer_runs and standing["creative_id"].equals(new["creative_id"]):
        return _same_creatives(standing, new)
    kept = standing.filter(pl.col("run_no").is_in(newer_runs))
    open_rows = standing.filter(~pl.col("run_no").is_in(newer_runs))
    new = new.join(kept, on=KEY, how="anti", maintain_order="left")
    changed = _differing(open_rows, new)
    removed = open_rows.join(new, on=KEY, how="anti", maintain_order="left")
    return _change(standing, open_rows, new, changed, removed, mixed=kept.height > 0)


def upserting(standing: pl.DataFrame, new: pl.DataFrame, newer_runs: Sequence[int]) -> Change:
    """The run's rows over older ones; nothing is removed.

    Equal rows are written too: they carry the order of delivery of what stands.
    """
    if not standing.height:
        return _all_new(standing, new, mixed=True)
    new = new.join(
        standing.filter(pl.col("run_no").is_in(newer_runs)), on=KEY, how="anti", maintain_order="left"
    )
    changed = new.join(standing, on=KEY, how="semi", maintain_order="left")
    return _change(standing, standing, new, changed, standing.clear(), mixed=True)


def _same_creatives(standing: pl.DataFrame, new: pl.DataFrame) -> Change:
    """As the usual restatement is: nothing comes, nothing goes, and rows can be compared side by side."""
    old = standing.select(pl.col(metric).alias(f"{metric}_old") for metric in METRICS)
    both = pl.concat([new.select(METRICS), old], how="horizontal")
    differs = both.select(pl.any_horizontal(map(_differs, METRICS))).to_series()
    changed, none = new.filter(differs), new.clear()
    return Change(
        added=none,
        changed=changed,
        displaced=standing.filter(differs),
        removed=none,
        after=pl.concat([standing.filter(~differs), changed]),
        mixed=False,
    )


def _differs(metric: str) -> pl.Expr:
    return pl.col(metric).ne_missing(pl.col(f"{metric}_old"))


def _all_new(nothing: pl.DataFrame, new: pl.DataFrame, *, mixed: bool) -> Change:
    return Change(added=new, changed=nothing, displaced=nothing, removed=nothing, after=new, mixed=mixed)


def _differing(standing: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """New rows whose key stands with other values."""
    both = new.join(
        standing.select(*KEY, *METRICS), on=KEY, how="inner", suffix="_old", maintain_order="left"
    )
    differs = pl.any_horizontal(map(_differs, METRICS))
    return both.filter(differs).select(new.columns)


def _change(
    standing: pl.DataFrame,
    replaceable: pl.DataFrame,
    new: pl.DataFrame,
    changed: pl.DataFrame,
    removed: pl.DataFrame,
    *,
    mixed: bool,
) -> Change:
    added = new.join(standing, on=KEY, how="anti", maintain_order="left")
    touched = pl.concat([changed.select(KEY), removed.select(KEY)])
    displaced = replaceable.join(touched, on=KEY, how="semi", maintain_order="left")
    untouched = standing.join(touched, on=KEY, how="anti", maintain_order="left")
    after = pl.concat([untouched, changed, added])
    return Change(added, changed, displaced, removed, after, mixed)


def remapped(rows: pl.DataFrame, new_ids: Mapping[int, int]) -> pl.DataFrame:
    """Rows with the creatives that were deleted since, and made again, under their new ids."""
    old = pl.Series("creative_id", list(new_ids.keys()), dtype=pl.Int32)
    new = pl.Series("new_id", list(new_ids.values()), dtype=pl.Int32)
    joined = rows.join(pl.DataFrame([old, new]), on="creative_id", how="left", maintain_order="left")
    return joined.with_columns(creative_id=pl.coalesce("new_id", "creative_id")).select(rows.columns)
