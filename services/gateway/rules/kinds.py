"""JSON has kinds: a number is no date, and a text is neither true nor false, though readers may say so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator

_KINDS: Mapping[type, str] = {
    bool: "boolean",
    int: "number",
    float: "number",
    str: "string",
    dict: "object",
    list: "array",
    type(None): "null",
}
_NAMES = {
    "boolean": "true or false",
    "number": "a number",
    "string": "a text",
    "object": "an object",
    "array": "a list",
}


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9].*")


def _as_day(value: Any) -> Any:
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise ValueError("must be a day like 2026-03-01")
    return value


def _as_moment(value: Any) -> Any:
    if isinstance(value, str) and not _MOMENT.fullmatch(value):
        raise ValueError("must be a time like 2026-03-01T12:00:00Z")
    return value


Day = Annotated[date, BeforeValidator(_as_day)]
"""A day as YYYY-MM-DD; pydantic's own would take ``0`` for seconds since 1970."""
Moment = Annotated[AwareDatetime, BeforeValidator(_as_moment)]
"""A time with its zone (RFC 3339), and no number of seconds either."""


def wrong_kinds(model: type[BaseModel], content: Mapping[Any, Any]) -> dict[str, str]:
    """Field → what it must be, for values of another kind than the model's schema has. Values that are no
    JSON (made in code) pass, and so does one text where a list of them may stand.
    """
    fields = _fields(model)
    return {
        str(name): "must be " + " or ".join(sorted(_NAMES[kind] for kind in allowed if kind in _NAMES))
        for name, value in content.items()
        if (allowed := fields.get(name)) and (kind := _KINDS.get(type(value))) and not _fits(kind, allowed)
    }


def _fits(kind: str, allowed: frozenset[str]) -> bool:
    return kind in allowed or "any" in allowed or (kind == "string" and "array" in allowed)


@cache
def _fields(model: type[BaseModel]) -> dict[str, frozenset[str]]:
    schema = model.model_json_schema()
    definitions = schema.get("$defs", {})
    return {
        name: frozenset(_kinds_of(found, definitions)) for name, found in schema.get("properties", {}).items()
    }


def _kinds_of(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Iterator[str]:
    if "$ref" in schema:
        yield from _kinds_of(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    elif "anyOf" in schema:
        for each in schema["anyOf"]:
            yield from _kinds_of(each, definitions)
    else:
        yield "number" if schema.get("type") == "integer" else schema.get("type", "any")
