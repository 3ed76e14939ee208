"""JSON answers whose numbers are printed exactly.

A Decimal becomes the JSON number with the same digits (``0.10`` stays ``0.10``); no float is involved.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from starlette.responses import Response


class ExactJSON(Response):
    """An ``application/json`` answer of dicts, lists, str, int, bool, None, Decimal, dates and UUIDs."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Its bytes. Raises TypeError on what JSON cannot say exactly."""
        return exact_json(content)


def exact_json(content: Any) -> bytes:
    """``content`` as JSON; dates and times in ISO 8601, UTC times with ``Z``."""
    try:
        return orjson.dumps(content, default=_exactly, option=orjson.OPT_UTC_Z)
    except orjson.JSONEncodeError:  # perhaps an integer of stored JSON beyond 64 bits
        return orjson.dumps(_spelled(content), default=_exactly, option=orjson.OPT_UTC_Z)


def _spelled(value: Any) -> Any:
    """The same with integers that orjson does not take written out."""
    if isinstance(value, dict):
        return {name: _spelled(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_spelled(inner) for inner in value]
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return Decimal(value)
    return value


def _exactly(value: object) -> object:
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise TypeError(f"{value} is not a number that JSON knows")
        return orjson.Fragment(format(value, "f"))
    if isinstance(value, UUID):  # the driver's own subclass
        return str(value)
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    raise TypeError(f"no JSON for a {type(value).__name__}")
