"""Any batch that holds together comes out of its body as it went in; any other is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts.envelope import SOURCES
from contracts.ingest.v1 import LEVELS, MAX_BATCH_ROWS, METRIC_COLUMNS, NAME_LIMIT, MetricsBatch
from contracts.notify.v1 import AlertRaised
from libs.bus import Undecodable
from libs.bus.decode import decode, encode

RUN, CLIENT = UUID(int=1), UUID(int=2)
BIGINT = 2**63 - 1

names = st.lists(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=NAME_LIMIT), min_size=1, max_size=5
)
counts = st.none() | st.integers(0, BIGINT)


@st.composite
def contents(draw: st.DrawFn) -> dict[str, Any]:
    """The body of a batch as a connector makes it."""
    rows = draw(st.integers(0, 6))
    found = draw(names)
    index = st.integers(0, len(found) - 1)
    columns: dict[str, Any] = {
        "date": draw(st.lists(st.dates().map(str), min_size=rows, max_size=rows)),
        **{level: draw(st.lists(index, min_size=rows, max_size=rows)) for level in LEVELS},
    }
    for metric in draw(st.sets(st.sampled_from(METRIC_COLUMNS))):
        columns[metric] = draw(st.lists(counts, min_size=rows, max_size=rows))
    last = draw(st.booleans())
    sequence = draw(st.integers(0, 3))
    return {
        "run_id": str(RUN),
        "client_id": str(CLIENT),
        "source": draw(st.sampled_from(SOURCES)),
        "sequence": sequence,
        "row_count": rows,
        "delivered_at": draw(st.datetimes(timezones=st.just(UTC))).isoformat(),
        "names": found,
        "columns": columns,
        "last": last,
        **({"end": {"batch_count": sequence + 1, "coverage": ["2026-10-01"]}} if last else {}),
    }


@given(contents())
def test_a_batch_survives_its_journey(content: dict[str, Any]) -> None:
    batch = decode(orjson.dumps(content), MetricsBatch)
    again = decode(encode(batch), MetricsBatch)
    assert again == batch
    assert batch.columns == content["columns"]
    assert batch.names == content["names"]
    assert batch.delivered_at == datetime.fromisoformat(content["delivered_at"])


@given(contents(), st.sampled_from(["date", *LEVELS]), st.booleans())
def test_a_column_of_another_length_is_refused(content: dict[str, Any], column: str, longer: bool) -> None:
    values = content["columns"][column]
    if not longer and not values:
        return
    content["columns"][column] = [*values, 0] if longer else values[:-1]
    with pytest.raises(Undecodable, match=f"column {column} has"):
        decode(orjson.dumps(content), MetricsBatch)


@given(contents(), st.sampled_from(["date", *LEVELS]))
def test_a_batch_with_rows_has_every_level_and_the_date(content: dict[str, Any], column: str) -> None:
    del content["columns"][column]
    if content["row_count"] == 0:
        assert decode(orjson.dumps(content), MetricsBatch).row_count == 0
        return
    with pytest.raises(Undecodable, match="columns must have"):
        decode(orjson.dumps(content), MetricsBatch)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=10))
def test_no_body_is_understood_by_chance(content: Any) -> None:
    try:
        body = orjson.dumps(content)
    except (TypeError, orjson.JSONEncodeError):
        return
    with pytest.raises(Undecodable):
        decode(body, MetricsBatch)


@given(contents())
def test_what_a_later_version_adds_is_ignored(content: dict[str, Any]) -> None:
    grown = {**content, "currency_of_the_moon": "cheese"}
    assert decode(orjson.dumps(grown), MetricsBatch) == decode(orjson.dumps(content), MetricsBatch)


def test_a_batch_is_full_at_ten_thousand_rows() -> None:
    def content(rows: int) -> dict[str, Any]:
        columns = {"date": ["2026-10-01"] * rows, **{level: [0] * rows for level in LEVELS}}
        return {
            "run_id": RUN,
            "client_id": CLIENT,
            "source": "vibe",
            "sequence": 0,
            "row_count": rows,
            "delivered_at": datetime(2026, 10, 2, tzinfo=UTC),
            "names": ["a"],
            "columns": columns,
        }

    assert MetricsBatch.model_validate(content(MAX_BATCH_ROWS)).row_count == MAX_BATCH_ROWS
    with pytest.raises(ValidationError, match="10000"):
        MetricsBatch.model_validate(content(MAX_BATCH_ROWS + 1))


@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"])),
        st.none() | st.integers(-BIGINT, BIGINT) | st.lists(st.none() | st.dates().map(str)),
        max_size=4,
    )
)
def test_a_null_inside_is_kept_and_a_field_that_is_not_given_is_left_out(details: dict[str, Any]) -> None:
    alert = AlertRaised(kind="k", message="m", dedupe_key="d", details=details)
    written = orjson.loads(encode(alert))
    assert written["details"] == details
    assert "client_id" not in written
    assert decode(encode(alert), AlertRaised) == alert


@pytest.mark.parametrize("day", [date.min, date.max, date(2024, 2, 29)])
def test_any_day_that_exists_can_be_typed(day: date) -> None:
    body = {"kind": "k", "message": "m", "dedupe_key": "d", "details": {"day": str(day)}}
    assert decode(orjson.dumps(body), AlertRaised).details == {"day": str(day)}
