"""What bodies of requests have in common."""

from __future__ import annotations

import math
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from services.gateway.rules.kinds import wrong_kinds

DEPTH = 32
"""Of nested JSON, far more than any request has."""
LARGEST = 2**63 - 1


def storable(text: str) -> str:
    """The text, if PostgreSQL can store it. Raises ValueError on NUL and lone surrogates."""
    if "\x00" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise ValueError("holds characters that cannot be stored")
    return text


Text = Annotated[str, Field(max_length=2000), AfterValidator(storable)]
"""Text that somebody typed."""
Name = Annotated[str, Field(min_length=1, max_length=255), AfterValidator(storable)]


class Body(BaseModel):
    """A body: unknown fields, NaN, infinity and what cannot be stored are refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _is_plain(cls, content: Any) -> Any:
        _look_through(content, DEPTH)
        if isinstance(content, dict) and (wrong := wrong_kinds(cls, content)):
            raise ValidationError.from_exception_data(
                cls.__name__, [_problem(*each) for each in wrong.items()]
            )
        return content


def _problem(field: str, message: str) -> InitErrorDetails:
    return {
        "type": PydanticCustomError("kind", "{message}", {"message": message}),
        "loc": (field,),
        "input": None,
    }


def _look_through(content: Any, depth: int) -> None:
    if depth < 0:
        raise ValueError("is nested too deeply")
    if isinstance(content, str):
        storable(content)
    elif isinstance(content, float) and not math.isfinite(content):
        raise ValueError("holds NaN or infinity")
    elif isinstance(content, dict):
        for name, value in content.items():
            storable(str(name))
            _look_through(value, depth - 1)
    elif isinstance(content, list):
        for value in content:
            _look_through(value, depth - 1)


def sayable(content: Any) -> Any:
    """JSON of any shape, if each number of it can be answered again. Raises ValueError for one that fits no
    64 bits: PostgreSQL keeps every digit of it, also of 1e20, and no page reads it exactly.
    """
    pending = [content]
    while pending:
        value = pending.pop()
        if isinstance(value, int | float) and not -LARGEST <= value <= LARGEST:
            raise ValueError(f"holds a number beyond {LARGEST:,}")
        if isinstance(value, dict):
            pending += value.values()
        elif isinstance(value, list):
            pending += value
    return content


def no_boolean(value: Any) -> Any:
    """The value, unless it is a boolean: ``true`` would pass for the number 1."""
    if isinstance(value, bool):
        raise ValueError("must be a number")
    return value
