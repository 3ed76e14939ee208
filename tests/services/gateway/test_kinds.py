"""A value of another kind than the document says is refused, with its field."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID, uuid4

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from services.gateway.rules.bodies import Body
from services.gateway.rules.kinds import Day, Moment


class Inner(Body):
    much: Annotated[int, Field(ge=0)] = 1


class Outer(Body):
    day: date | None = None
    on: bool = False
    count: int = 0
    money: Decimal | None = None
    ids: list[UUID] = Field(default=[])
    inner: Inner | None = None
    free: dict[str, Any] = Field(default={})


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("day", 0, "must be a text"),
        ("day", True, "must be a text"),
        ("on", "yes", "must be true or false"),
        ("on", 1, "must be true or false"),
        ("count", "5", "must be a number"),
        ("count", True, "must be a number"),
        ("count", None, "must be a number"),
        ("money", True, "must be a number or a text"),
        ("free", "x", "must be an object"),
        ("ids", 5, "must be a list"),
    ],
)
def test_another_kind_is_refused(field: str, value: Any, told: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Outer.model_validate({field: value})
    (error,) = refused.value.errors()
    assert (error["loc"], error["msg"]) == ((field,), told)


def test_also_below() -> None:
    with pytest.raises(ValidationError) as refused:
        Outer.model_validate({"inner": {"much": "1"}})
    assert refused.value.errors()[0]["loc"] == ("inner", "much")


def test_what_fits_is_taken() -> None:
    one = uuid4()
    taken = Outer.model_validate(
        {"day": "2026-01-01", "on": True, "count": 5, "money": 4.5, "ids": [str(one)], "free": {"a": [1]}}
    )
    assert (taken.day, taken.money, taken.ids) == (date(2026, 1, 1), Decimal("4.5"), [one])
    made = Outer(day=date(2026, 1, 1), money=Decimal("4.50"), inner=Inner(much=2))
    assert made.inner is not None
    assert made.inner.much == 2


@pytest.mark.parametrize(
    "text", ["0", "86400", "20260301", "2026-03-01T00:00:00", "2026-3-1", "2026-02-30", ""]
)
def test_a_day_is_written_as_one(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Day).validate_python(text)


@pytest.mark.parametrize("text", ["0", "95617584000", "2026-03-01", "2026-03-01T12:00:00", "2026-03-01Tnoon"])
def test_a_time_is_written_as_one_with_its_zone(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Moment).validate_python(text)


@pytest.mark.parametrize(
    "text", ["2026-03-01T12:00:00Z", "2026-03-01t13:00:00+01:00", "2026-03-01 12:00:00Z"]
)
def test_each_way_to_write_a_time_is_taken(text: str) -> None:
    assert TypeAdapter(Moment).validate_python(text) == datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_a_day_is_taken() -> None:
    assert TypeAdapter(Day).validate_python("2026-03-01") == date(2026, 3, 1)
