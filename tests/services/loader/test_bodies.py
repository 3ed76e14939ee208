"""What a batch's body says is the same by the quick way and by the one that everything else is read by."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import numpy as np
import orjson
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.ingest.v1 import LEVELS, MetricsBatch, RunEnd
from libs.bus.decode import decode
from libs.connector.batches import Batcher, BatchHead
from libs.metrics.rows import packed, unpacked
from services.loader.frames.batches import rows_of
from services.loader.frames.bodies import MOST_NAMES, content_of

LEAVES = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text()
NUMBERS = st.lists(st.integers(-(2**63), 2**63 - 1))
VALUES = st.recursive(LEAVES | NUMBERS, lambda some: st.lists(some) | st.dictionaries(st.text(), some))
BODIES = st.fixed_dictionaries(
    {"columns": st.dictionaries(st.text(), NUMBERS | VALUES) | VALUES},
    optional={"names": st.lists(st.text()), "end": VALUES, "run_id": LEAVES},
)


def plain(value: Any) -> Any:
    """With lists in place of arrays."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    return value.tolist() if isinstance(value, np.ndarray) else value


def in_order(content: Any) -> bytes:
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)


@given(BODIES | VALUES)
def test_every_body_says_the_same(content: Any) -> None:
    try:
        body = orjson.dumps(content)
    except TypeError:  # half of a surrogate pair is no text
        return
    assert in_order(plain(content_of(body))) == in_order(orjson.loads(body))


@pytest.mark.parametrize(
    "body",
    [
        b'{"columns":{"clicks":[[1],[2]]}}',
        b'{"columns":{"clicks":[1,[2],[3,4],[]]}}',
        b'{"names":["[a]"],"columns":{"clicks":[1, [ 2 ],3]}}',
        b'{"columns":{"clicks":[1,2],"clicks":[3]}}',
        b'{"columns":{"clicks":[1]},"columns":{"clicks":[2]}}',
        b'{"columns":{"clicks":[100000000000000000000000000000,1]}}',
        b'{"columns":{"clicks":[9223372036854775808]}}',
        b'{"columns":{"clicks":5}}',
        b'{"columns":{"clicks":[1,[2],3]}}',
        b'{"columns":{"clicks":[[1,2,3]]}}',
        b'{"columns":{"clicks":[[]]}}',
        b'{"columns":{"clicks\\u0000":[1],"clicks":[2]}}',
        b'{"columns":[1,2]}',
        b'{"columns":null}',
        b"[1,2]",
        b" 5 ",
    ],
)
def test_what_is_no_plain_column_is_what_it_says(body: bytes) -> None:
    assert plain(content_of(body)) == orjson.loads(body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"columns":{"clicks":[01]}}',
        b"\xff",
        b'\xef\xbb\xbf{"columns":{}}',
        b'{"a":1} x',
        b"[" * 3000,
    ],
)
def test_what_is_no_json_is_refused_as_everywhere(body: bytes) -> None:
    for _ in range(2):
        with pytest.raises(orjson.JSONDecodeError):
            content_of(body)


@pytest.mark.parametrize("name", ["plain", "with [brackets]"])
def test_rows_are_the_same_and_whole_columns_come_as_arrays(name: str) -> None:
    head = BatchHead(uuid4(), uuid4(), "vibe", datetime(2026, 3, 2, tzinfo=UTC), date(2026, 3, 1))
    batcher = Batcher(head)
    rows: dict[str, object] = {
        "date": [date(2026, 3, 1)] * 3,
        "impressions": [5, 0, 7],
        "clicks": [1, None, 2],
    }
    assert not list(batcher.add(pl.DataFrame({**rows, **{level: [name, "b", "c"] for level in LEVELS}})))
    body = batcher.finish(RunEnd(batch_count=1, coverage=[date(2026, 3, 1)]))[0]
    batch = decode(body, MetricsBatch, content_of)
    assert isinstance(batch.columns["impressions"], np.ndarray)
    assert rows_of(batch).equals(rows_of(decode(body, MetricsBatch)))


@pytest.mark.parametrize("height", [0, 1, 5_000])
def test_rows_that_were_packed_before_streams_are_read_too(height: int) -> None:
    rows = pl.DataFrame({"creative_id": pl.Series(range(height), dtype=pl.Int32), "clicks": [None] * height})
    file = io.BytesIO()
    rows.write_ipc(file, compression="lz4")
    assert unpacked(file.getvalue()).equals(rows, null_equal=True)
    assert unpacked(packed(rows)).equals(rows, null_equal=True)
    assert unpacked(packed(rows)).schema == rows.schema


def test_a_batch_with_arrays_is_written_as_it_came() -> None:
    content = {"columns": {"clicks": [1, 2]}, "names": []}
    batch = MetricsBatch.model_construct(**content_of(orjson.dumps(content)))  # type: ignore[arg-type]
    assert orjson.loads(batch.model_dump_json(include={"columns"})) == {"columns": {"clicks": [1, 2]}}


@pytest.mark.parametrize(("more", "kind"), [(0, np.ndarray), (1, list)])
def test_a_body_of_more_names_than_a_batch_has_goes_the_usual_way(more: int, kind: type) -> None:
    """Each name is looked for from the first one on: 100,000 of them would take ten seconds."""
    columns = {str(number): [number] for number in range(MOST_NAMES + more)}
    content = content_of(orjson.dumps({"columns": columns}))
    assert plain(content) == {"columns": columns}
    assert isinstance(content, dict)
    assert all(isinstance(values, kind) for values in content["columns"].values())
