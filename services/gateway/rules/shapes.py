"""The JSON schema of an answer, from its example: tests hold both against what is really answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

FREE = frozenset(
    {
        "artifact",
        "changes",
        "column_map",
        "control_totals",
        "counts",
        "coverage",
        "definitions",
        "delta_reasons",
        "details",
        "message",
        "settings",
        "sources",
        "state",
        "timings",
        "totals_after",
        "totals_before",
    }
)
"""Objects whose names are data."""
_LEAVES: Mapping[type, str] = {bool: "boolean", int: "number", float: "number", str: "string"}


def schema_of(example: Any) -> dict[str, Any]:
    """Of a JSON value. A text, number or truth value may be null; what is null in the example may be
    anything; an object has all names of the example, a list holds what its first element is.
    """
    if isinstance(example, dict):
        return {
            "type": "object",
            "required": list(example),
            "properties": {name: _named(name, value) for name, value in example.items()},
        }
    if isinstance(example, list):
        return {"type": "array", "items": schema_of(example[0]) if example else {}}
    kind = _LEAVES.get(type(example))
    return {"type": [kind, "null"]} if kind else {}


def _named(name: str, value: Any) -> dict[str, Any]:
    free = isinstance(value, dict) and (name in FREE or not value)
    return {"type": "object", "additionalProperties": True} if free else schema_of(value)
