"""Rows become batches: nothing lost, nothing invented, the same bytes however the rows came."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from itertools import pairwise
from uuid import UUID

import orjson
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.ingest.v1 import MAX_BATCH_BYTES, MetricsBatch, RunEnd
from libs.connector.batches import Batcher, BatchHead

HEAD = BatchHead(
    run_id=UUID("11111111-1111-4111-8111-111111111111"),
    client_id=UUID("22222222-2222-4222-8222-222222222222"),
    source="surfside",
    delivered_at=datetime(2025, 11, 5, 8, tzinfo=UTC),
    run_date=date(2025, 11, 4),
)
END = RunEnd(batch_count=1, coverage=[date(2025, 11, 4)])
LEVELS = ("campaign", "strategy", "placement", "creative")


def frame(rows: int, *, first: int = 0, width: int = 10, extra: tuple[str, ...] = ()) -> pl.DataFrame:
    """Rows with names of some width, numbered on from ``first``."""
    numbers = range(first, first + rows)
    columns: dict[str, object] = {"row_number": list(numbers), "date": [date(2025, 11, 4)] * rows}
    for level in LEVELS:
        columns[level] = [f"{level} {n}".ljust(width, "é") for n in numbers]
    for name in ("impressions", "clicks", *extra):
        columns[name] = [n * 7 for n in numbers]
    return pl.DataFrame(columns)


def decoded(bodies: list[bytes]) -> list[MetricsBatch]:
    return [MetricsBatch.model_validate_json(body) for body in bodies]


def rows_of(batches: list[MetricsBatch]) -> list[tuple[object, ...]]:
    found = []
    for batch in batches:
        columns = batch.columns
        for n in range(batch.row_count):
            names = [batch.names[columns[level][n]] for level in LEVELS]
            found.append((columns["date"][n], *names, columns["impressions"][n], columns["clicks"][n]))
    return found


def expected_of(frames: list[pl.DataFrame]) -> list[tuple[object, ...]]:
    whole = pl.concat(frames).select("date", *LEVELS, "impressions", "clicks")
    return [(str(row[0]), *row[1:]) for row in whole.iter_rows()]


def test_no_row_at_all_still_gives_the_closing_batch() -> None:
    (only,) = decoded(Batcher(HEAD).finish(END))
    assert (only.sequence, only.row_count, only.last) == (0, 0, True)
    assert only.end is not None
    assert only.end.batch_count == 1
    assert only.end.coverage == [date(2025, 11, 4)]


@pytest.mark.parametrize(
    ("rows", "counts"), [(10_000, [10_000, 0]), (10_001, [10_000, 1]), (1, [1]), (9_999, [9_999])]
)
def test_a_batch_closes_at_ten_thousand_rows(rows: int, counts: list[int]) -> None:
    batcher = Batcher(HEAD)
    narrow = frame(rows).with_columns(pl.lit("x").alias(level) for level in LEVELS)
    batches = decoded([*batcher.add(narrow), *batcher.finish(END)])
    assert [batch.row_count for batch in batches] == counts
    assert [batch.last for batch in batches] == [False] * (len(counts) - 1) + [True]
    assert batches[-1].end is not None
    assert batches[-1].end.batch_count == len(counts) == batcher.sequence


@pytest.mark.parametrize("width", [60, 255])
def test_a_batch_closes_at_a_megabyte_however_wide_the_names_are(width: int) -> None:
    rows = frame(12_000, width=width)
    batcher = Batcher(HEAD)
    bodies = [*batcher.add(rows), *batcher.finish(END)]
    assert max(map(len, bodies)) <= MAX_BATCH_BYTES
    # Full, too: a batch that closes early for nothing would double the messages.
    assert sorted(map(len, bodies))[len(bodies) // 2] > MAX_BATCH_BYTES * 0.85
    assert rows_of(decoded(bodies)) == expected_of([rows])


def test_names_stand_once_in_a_batch_and_a_metric_that_is_not_there_stays_away() -> None:
    rows = frame(50).with_columns(pl.lit("same").alias(level) for level in LEVELS)
    batcher = Batcher(HEAD)
    (batch,) = decoded([*batcher.add(rows), *batcher.finish(END)])
    assert batch.names == ["same"]
    assert set(batch.columns) == {"date", *LEVELS, "impressions", "clicks"}


def test_a_metric_of_some_rows_only_is_null_in_the_others() -> None:
    rows = frame(3).with_columns(clicks=pl.Series([1, None, 3], dtype=pl.Int64))
    batcher = Batcher(HEAD)
    (batch,) = decoded([*batcher.add(rows), *batcher.finish(END)])
    assert batch.columns["clicks"] == [1, None, 3]


def test_parts_with_other_columns_do_not_share_a_batch() -> None:
    batcher = Batcher(HEAD)
    bodies = [
        *batcher.add(frame(5)),
        *batcher.add(frame(5, first=5, extra=("conversions",))),
        *batcher.finish(END),
    ]
    first, second = decoded(bodies)
    assert "conversions" not in first.columns
    assert second.columns["conversions"] == [n * 7 for n in range(5, 10)]


def test_the_digest_is_of_the_content_and_not_of_the_head() -> None:
    bodies = []
    for head in (HEAD, BatchHead(**{**HEAD.__dict__, "run_id": UUID(int=5)})):
        batcher = Batcher(head)
        bodies.append(orjson.loads([*batcher.add(frame(5)), *batcher.finish(END)][0]))
    assert bodies[0]["run_id"] != bodies[1]["run_id"]
    assert bodies[0]["digest"] == bodies[1]["digest"]
    content = orjson.dumps(bodies[0]["names"]) + b"\n" + orjson.dumps(bodies[0]["columns"])
    assert bodies[0]["digest"] == hashlib.sha256(content).hexdigest()


@settings(max_examples=25, deadline=None)
@given(
    cuts=st.lists(st.integers(0, 15_000), max_size=8),
    width=st.sampled_from([5, 40, 120]),
)
def test_the_bytes_do_not_depend_on_how_the_rows_were_cut(cuts: list[int], width: int) -> None:
    whole = frame(15_000, width=width)
    one = Batcher(HEAD)
    expected = [*one.add(whole), *one.finish(END)]
    pieces = Batcher(HEAD)
    bodies: list[bytes] = []
    edges = [0, *sorted(cuts), 15_000]
    for start, end in pairwise(edges):
        bodies += pieces.add(whole[start:end])
    bodies += pieces.finish(END)
    assert bodies == expected
    assert rows_of(decoded(bodies)) == expected_of([whole])


@given(
    st.lists(
        st.tuples(
            st.sampled_from([date(2025, 11, 3), date(2025, 11, 4)]),
            *[st.sampled_from(["a", "b", "ä", "c" * 20])] * 4,
            st.integers(0, 10**18),
        ),
        min_size=1,
        max_size=40,
    )
)
def test_the_bytes_are_those_of_names_as_they_come_up_level_by_level(rows: list[tuple[object, ...]]) -> None:
    columns = dict(zip(("date", *LEVELS, "impressions"), map(list, zip(*rows, strict=True)), strict=True))
    names = list(dict.fromkeys(name for level in LEVELS for name in columns[level]))
    written: dict[str, list[object]] = {"date": [str(day) for day in columns["date"]]}
    written |= {level: [names.index(name) for name in columns[level]] for level in LEVELS}
    written["impressions"] = columns["impressions"]
    batcher = Batcher(HEAD)
    (body,) = [*batcher.add(pl.DataFrame(columns)), *batcher.finish(END)]
    content = b',"names":' + orjson.dumps(names) + b',"columns":' + orjson.dumps(written) + b"}"
    assert body.endswith(content)
