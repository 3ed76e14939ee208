"""The JSON schema of an answer, from its example: tests hold both against what is really answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from libs.metrics.registry import METRICS

FREE = frozenset(
    {
        "artifact",
        "changes",
        "column_map",
        "control_totals",
        "counts",
        "coverage",
        "cpm_by_source",
        "definitions",
        "delta_reasons",
        "details",
        "denominator",
        "entity",
        "message",
        "new_values",
        "numerator",
        "old_values",
        "settings",
        "sources",
        "state",
        "timings",
        "totals_after",
        "totals_before",
    }
)
"""Objects whose names are data."""
NULLABLE = frozenset({"cpm", "earlier", "effect", "file", "general", "oldest_dead_letter", "options"})
"""Objects that may be null, though the example has one."""
_SOMETIMES = (*(metric.name for metric in METRICS), "delta_reasons", "compare", "bucket", "key")
"""How names begin that only some answers have: figures and their deltas (some may not see all of them, and
some are asked for), comparisons, and where files are kept.
"""
_DEEPER: Mapping[str, str] = {"placements": "strategy_id", "creatives": "placement_id"}
"""What a node has only in a tree that goes deeper than it → the name of the node's own id."""
_LEAVES: Mapping[type, str] = {bool: "boolean", int: "number", float: "number", str: "string"}


def schema_of(example: Any) -> dict[str, Any]:
    """Of a JSON value. A text, number or truth value may be null; what is null in the example may be
    anything; an object has the names of the example but for some; a list holds what its first is.
    """
    if isinstance(example, dict):
        return {
            "type": "object",
            "required": [name for name in example if not _only_sometimes(name, example)],
            "properties": {name: _named(name, value) for name, value in example.items()},
        }
    if isinstance(example, list):
        return {"type": "array", "items": schema_of(example[0]) if example else {}}
    kind = _LEAVES.get(type(example))
    return {"type": [kind, "null"]} if kind else {}


def _only_sometimes(name: str, example: Mapping[str, Any]) -> bool:
    return name.startswith(_SOMETIMES) or _DEEPER.get(name) in example


def _named(name: str, value: Any) -> dict[str, Any]:
    if name == "raw":  # a row of a file: a list, an object, a text
        return {}
    if not isinstance(value, dict):
        return schema_of(value)
    if name in FREE or not value:
        return {"type": ["object", "null"], "additionalProperties": True}
    return {"anyOf": [schema_of(value), {"type": "null"}]} if name in NULLABLE else schema_of(value)
