"""Sums against a model in plain Python: same rows for numerator and denominator, nulls, 64 bits."""

from __future__ import annotations

import random

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.metrics.measures import (
    FACTS,
    SUMS,
    NumberTooLarge,
    guard_sums,
    measure_rows,
    sum_measures,
    totals,
)
from tests.libs.metrics.strategies import Row, days, frame, model_row, model_sums, rows_of_a_creative

many = st.lists(rows_of_a_creative, max_size=40)


@given(rows=many)
def test_every_row_is_measured_as_the_model_does(rows: list[Row]) -> None:
    measured = measure_rows(frame(rows)).select(SUMS).rows(named=True)
    assert measured == [{name: model_row(row)[name] for name in SUMS} for row in rows]


@given(rows=many)
def test_sums_equal_the_model(rows: list[Row]) -> None:
    assert totals(measure_rows(frame(rows))) == model_sums(rows)


@given(rows=many, seed=st.randoms(use_true_random=False))
def test_sums_by_group_do_not_depend_on_the_order(rows: list[Row], seed: random.Random) -> None:
    shuffled = seed.sample(rows, len(rows))
    one = sum_measures(measure_rows(frame(rows)), ["creative_id"])
    other = sum_measures(measure_rows(frame(shuffled)), ["creative_id"])
    assert one.equals(other)
    for row in one.rows(named=True):
        members = [r for r in rows if r["creative_id"] == row["creative_id"]]
        assert {name: row[name] for name in SUMS} == model_sums(members)


@given(parts=st.lists(days, min_size=1, max_size=5))
def test_sums_of_sums_are_sums(parts: list[list[Row]]) -> None:
    partial = pl.concat([sum_measures(measure_rows(frame(rows)), ()) for rows in parts])
    assert totals(partial) == model_sums([row for rows in parts for row in rows])


def test_a_source_without_clicks_does_not_dilute_ctr() -> None:
    rows: list[Row] = [
        {"creative_id": 1, **dict.fromkeys(FACTS, None), "impressions": 1000, "clicks": 10, "cpm_e4": None},
        {"creative_id": 2, **dict.fromkeys(FACTS, None), "impressions": 9000, "cpm_e4": 50000},
    ]
    sums = totals(measure_rows(frame(rows)))
    assert (sums["impressions"], sums["ctr_clicks"], sums["ctr_impressions"]) == (10_000, 10, 1000)
    assert (sums["spend_e7"], sums["cpm_impressions"]) == (9000 * 50000, 9000)
    assert sums["cpc_clicks"] is None
    assert sums["conversions"] is None


def test_columns_of_sums_stay_int64() -> None:
    empty = measure_rows(frame([]))
    assert set(empty.select(SUMS).schema.values()) == {pl.Int64}
    assert totals(empty) == dict.fromkeys(SUMS)


def test_spend_that_does_not_fit_raises() -> None:
    row: Row = {"creative_id": 1, **dict.fromkeys(FACTS, 2**40), "cpm_e4": 2**30}
    with pytest.raises(NumberTooLarge, match="CPM"):
        measure_rows(frame([row]))


def test_the_largest_spend_that_fits_is_exact() -> None:
    row: Row = {"creative_id": 1, **dict.fromkeys(FACTS, None), "impressions": 2**33 - 1, "cpm_e4": 2**30}
    other: Row = {**row, "creative_id": 2, "impressions": 1, "cpm_e4": 1}
    assert measure_rows(frame([row, other]))["spend_e7"].to_list() == [(2**33 - 1) * 2**30, 1]


@pytest.mark.parametrize(("count", "fits"), [(1, True), (2, False)])
def test_a_sum_that_does_not_fit_raises(count: int, fits: bool) -> None:
    rows = pl.DataFrame({"impressions": [2**62] * count + [None]}, schema={"impressions": pl.Int64})
    if fits:
        guard_sums(rows, ["impressions"])
        assert totals(rows, ["impressions"]) == {"impressions": 2**62}
        return
    with pytest.raises(NumberTooLarge, match="impressions"):
        sum_measures(rows, (), ["impressions"])


def test_a_large_value_among_many_small_ones_fits() -> None:
    rows = pl.DataFrame({"impressions": [2**62, 1, 1, 1]})
    assert totals(rows, ["impressions"]) == {"impressions": 2**62 + 3}
