"""A page of a list is a piece of the whole list in order, however it is found."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from libs.metrics.measures import SUMS
from libs.metrics.registry import METRICS, Metric
from libs.reading.frames import KEYS, Order, ordered, page

few = st.none() | st.integers(0, 3) | st.integers(-(10**9), 10**15)
"""Many equal values, nulls, and zeros in denominators."""
rows = st.lists(st.fixed_dictionaries(dict.fromkeys(SUMS, few)), max_size=40)


@given(rows, st.sampled_from(METRICS), st.booleans(), st.integers(0, 45), st.integers(1, 12))
def test_a_page_is_a_piece_of_the_list(
    found: list[dict[str, int | None]], metric: Metric, descending: bool, offset: int, size: int
) -> None:
    keyed = [{"client_id": n % 3, "key": n, **row} for n, row in enumerate(found)]
    sums = pl.DataFrame(keyed, schema={**KEYS, **dict.fromkeys(SUMS, pl.Int64)}, orient="row")
    order = Order(metric, descending)
    whole = ordered(sums, order).to_dicts()
    assert page(sums, order, offset, size) == whole[offset : offset + size]
