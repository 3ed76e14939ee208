"""Blocks give back what went in, and any set of blocks sums as their rows do."""

from __future__ import annotations

import random

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.metrics.blocks import BrokenBlock, decode, encode, read_columns, read_head
from libs.metrics.combine import sum_by_creative
from libs.metrics.measures import FACTS, SUMS, NumberTooLarge, measure_rows, sum_measures
from tests.libs.metrics.strategies import Row, days, frame, model_sums


def block(rows: list[Row]) -> bytes:
    return encode(measure_rows(frame(rows)))


@given(rows=days)
def test_a_block_gives_back_its_rows(rows: list[Row]) -> None:
    expected = measure_rows(frame(rows)).select("creative_id", *SUMS).sort("creative_id")
    assert decode(block(rows)).equals(expected, null_equal=True)
    assert decode(block(rows)).schema == expected.schema


@given(rows=days, columns=st.lists(st.sampled_from(SUMS), unique=True))
def test_only_the_columns_asked_for_are_read(rows: list[Row], columns: list[str]) -> None:
    expected = measure_rows(frame(rows)).select("creative_id", *columns).sort("creative_id")
    assert decode(block(rows), columns).equals(expected, null_equal=True)


@given(rows=days, seed=st.randoms(use_true_random=False))
def test_a_payload_does_not_depend_on_the_order_of_rows(rows: list[Row], seed: random.Random) -> None:
    assert block(rows) == block(seed.sample(rows, len(rows)))


@given(parts=st.lists(days, max_size=6), spread=st.sampled_from((1, 7, 50_000_000)))
def test_blocks_sum_as_their_rows(parts: list[list[Row]], spread: int) -> None:
    """``spread`` makes the keys dense, gappy or so sparse that positions are looked up."""
    moved = [[{**row, "creative_id": (row["creative_id"] or 0) * spread} for row in rows] for rows in parts]
    sums = sum_by_creative([block(rows) for rows in moved])
    everything = [row for rows in moved for row in rows]
    assert sums["creative_id"].to_list() == sorted({row["creative_id"] or 0 for row in everything})
    for row in sums.rows(named=True):
        members = [r for r in everything if r["creative_id"] == row["creative_id"]]
        assert {name: row[name] for name in SUMS} == model_sums(members)


@given(parts=st.lists(days, min_size=1, max_size=4), seed=st.randoms(use_true_random=False))
def test_sums_of_blocks_do_not_depend_on_their_order_or_nesting(
    parts: list[list[Row]], seed: random.Random
) -> None:
    blocks = [block(rows) for rows in parts]
    direct = sum_by_creative(blocks)
    assert sum_by_creative(seed.sample(blocks, len(blocks))).equals(direct, null_equal=True)
    nested = sum_by_creative([encode(sum_by_creative(blocks[:1])), *blocks[1:]])
    assert nested.equals(direct, null_equal=True)


@given(parts=st.lists(days, min_size=1, max_size=3), column=st.sampled_from(SUMS))
def test_one_column_sums_as_it_does_among_all(parts: list[list[Row]], column: str) -> None:
    blocks = [block(rows) for rows in parts]
    assert sum_by_creative(blocks, [column]).equals(
        sum_by_creative(blocks).select("creative_id", column), null_equal=True
    )


def test_no_blocks_are_no_rows() -> None:
    assert sum_by_creative([]).is_empty()
    assert sum_by_creative([], ["clicks"]).schema == {"creative_id": pl.Int32, "clicks": pl.Int64}
    assert sum_by_creative([block([])]).is_empty()


def test_a_measured_and_priced_client_stores_each_number_once() -> None:
    rows: list[Row] = [
        {"creative_id": n, **{name: n * 10 + i for i, name in enumerate(FACTS)}, "cpm_e4": 55_000}
        for n in range(1, 50)
    ]
    payload = block(rows)
    stored = read_columns(payload, read_head(payload), ["impressions", "spend_e7"])
    assert stored.schema == {"creative_id": pl.Int32, "impressions": pl.UInt16, "spend_e7": pl.UInt32}
    assert len(read_head(payload).same) == len(SUMS) - 2 - len(FACTS)
    assert read_head(payload).constant == {"rows": 1}


def test_sums_larger_than_64_bits_raise() -> None:
    rows: list[Row] = [
        {"creative_id": n, **dict.fromkeys(FACTS, None), "impressions": 2**62 + n, "cpm_e4": None}
        for n in (1, 2)
    ]
    with pytest.raises(NumberTooLarge, match="impressions"):
        sum_by_creative([block(rows), block(rows)])
    assert sum_by_creative([block(rows)])["impressions"].to_list() == [2**62 + 1, 2**62 + 2]


def test_a_constant_that_is_too_large_raises_too() -> None:
    rows: list[Row] = [{"creative_id": 1, **dict.fromkeys(FACTS, None), "impressions": 2**62, "cpm_e4": None}]
    with pytest.raises(NumberTooLarge):
        sum_by_creative([block(rows), block(rows)])


@pytest.mark.parametrize(
    "payload", [b"", b"garbage", b"TMB1", b"TMB1\x00\x00\x00\x02{]", b"TMB1\x00\x00\x00\x02{}"]
)
def test_a_broken_payload_says_so(payload: bytes) -> None:
    with pytest.raises(BrokenBlock):
        read_head(payload)


def test_sums_agree_with_grouping() -> None:
    seed = random.Random(5)
    frames = [
        measure_rows(
            frame(
                [
                    {
                        "creative_id": n,
                        **{name: seed.choice((None, seed.randrange(10**6))) for name in FACTS},
                        "cpm_e4": seed.choice((None, 55_000)),
                    }
                    for n in sorted(seed.sample(range(3000), 2000))
                ]
            )
        )
        for _ in range(9)
    ]
    grouped = sum_measures(pl.concat(frames), ["creative_id"])
    assert grouped.equals(sum_by_creative([encode(f) for f in frames]), null_equal=True)


def test_a_cut_payload_says_so() -> None:
    payload = block([{"creative_id": n, **dict.fromkeys(FACTS, n), "cpm_e4": n} for n in range(1, 9)])
    with pytest.raises(BrokenBlock):
        sum_by_creative([payload[:-60]])
