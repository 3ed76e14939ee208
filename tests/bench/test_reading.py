"""What the benchmarks of reading stand on: rows from a seed, the model of their sums, and how it objects."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import polars as pl
import pytest

from tests.bench import growth
from tests.bench.asking import percentile
from tests.bench.expected import Model, Rates, differences, wrong_leaders, wrong_points
from tests.bench.figures import Figures, Target
from tests.bench.made import DAYS, Maker, creative_name

LAST = date(2026, 3, 31)
MAKER = Maker("Largest", 0, 300, LAST, days=40)
RATES = Rates(((date(2020, 1, 1), Decimal("12.5")), (date(2026, 3, 30), Decimal("7.25"))))


def test_rows_follow_from_the_seed_and_are_about_as_many_as_asked_for() -> None:
    rows = MAKER.rows(LAST)
    assert rows.equals(MAKER.rows(LAST))
    assert not rows.equals(Maker("Other", 1, 300, LAST, days=40).rows(LAST))
    assert 270 <= rows.height <= 330
    assert rows["creative_id"].is_sorted()
    assert not rows["creative_id"].is_duplicated().any()


def test_creatives_come_and_go() -> None:
    first, last = MAKER.rows(LAST - timedelta(days=DAYS - 1)), MAKER.rows(LAST)
    assert first["creative_id"].min() < last["creative_id"].min()  # type: ignore[operator]
    assert last["creative_id"].max() <= MAKER.keys  # type: ignore[operator]


def test_a_day_has_the_same_rows_however_many_days_there_are() -> None:
    assert Maker("Largest", 0, 300, LAST).rows(LAST).equals(MAKER.rows(LAST))


def test_sums_are_those_of_the_rows_and_null_where_nothing_was_measured() -> None:
    sums, rows = dict(MAKER.sums(LAST)), MAKER.rows(LAST)
    assert sum(each["rows"] or 0 for each in sums.values()) == rows.height
    assert sums["vibe"]["clicks"] is None
    assert sums["surfside"]["media_cost_micros"] is None
    vibe = rows.filter(pl.col("source") == 1)
    assert sums["vibe"]["video_completions"] == vibe["video_completions"].sum()


def test_the_model_prices_each_day_with_the_rate_in_force() -> None:
    model = Model.of(MAKER)
    days = [date(2026, 3, 29), date(2026, 3, 30)]
    per_day = [int(MAKER.rows(day)["impressions"].sum()) for day in days]
    wanted = (per_day[0] * Decimal("12.5") + per_day[1] * Decimal("7.25")) / 1000
    shown = model.total(days, RATES)
    assert shown["spend"] == wanted.quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert shown["impressions"] == sum(per_day)


def test_leaders_have_the_most_spend() -> None:
    model = Model.of(MAKER)
    leaders = model.leaders([LAST], RATES, count=3)
    best = MAKER.rows(LAST).sort("impressions", "creative_id", descending=[True, False]).head(3)
    assert [name for name, *_ in leaders] == [creative_name(key) for key in best["creative_id"]]
    shown = [{"creative_name": n, "impressions": i, "spend": s} for n, i, s in leaders]
    assert not wrong_leaders(shown, leaders)
    assert wrong_leaders(shown[::-1], leaders)


def test_a_wrong_figure_is_named() -> None:
    model = Model.of(MAKER)
    shown = model.total([LAST], RATES)
    assert not differences("page", shown, shown)
    assert differences("page", {**shown, "clicks": Decimal(1)}, shown) == [
        f"page: clicks is 1, not {shown['clicks']}"
    ]


def test_a_point_of_a_day_without_rows_must_be_empty() -> None:
    model = Model.of(MAKER)
    before = str(MAKER.first - timedelta(days=1))
    assert not wrong_points([{"date": before, "impressions": None}], model, RATES)
    assert wrong_points([{"date": before, "impressions": 5}], model, RATES)


@pytest.mark.parametrize(("share", "wanted"), [(0.5, 2), (0.95, 4), (0.0, 1)])
def test_percentiles_are_values_that_were_measured(share: float, wanted: float) -> None:
    assert percentile([4, 1, 3, 2], share) == wanted


def test_figures_of_several_sizes_stand_side_by_side(tmp_path: Path) -> None:
    for rows, value in (("1", 20.0), ("54", 600.0), ("1", 30.0)):
        figures = Figures("dashboard")
        what = f"dashboard over 7 days, cold, {rows} M: p95 of 20"
        figures.add("P6", what, value, "ms", target=Target("<=", 500))
        path = growth.write(figures, tmp_path)
    assert growth.table(path).splitlines() == [
        "| # | what | 1 M | 54 M | target |",
        "| --- | --- | --- | --- | --- |",
        "| P6 | dashboard over 7 days, cold: p95 | 30 ms | 600 ms, missed | ≤ 500 |",
    ]
