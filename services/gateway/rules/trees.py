"""A campaign as a tree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Literal

Depth = Literal["strategy", "placement", "creative"]
DOWNWARDS: tuple[Depth, ...] = ("strategy", "placement", "creative")
PLURALS: Mapping[str, str] = {
    "strategy": "strategies",
    "placement": "placements",
    "creative": "creatives",
}
ABOVE = {"strategy": "campaign", "placement": "strategy", "creative": "placement"}
MOST_NODES = 20_000
"""Of a level in one answer."""

Row = Mapping[Any, Any]
"""key, parent (a key of the level above), id, name; creatives: preview_url."""


def levels_to(depth: Depth) -> tuple[Depth, ...]:
    """The levels of a tree of this depth, from above."""
    return DOWNWARDS[: DOWNWARDS.index(depth) + 1]


def grown(rows: Mapping[Depth, Sequence[Row]]) -> dict[str, Any]:
    """``strategies`` with their ``placements`` with their ``creatives``, as far as there are levels."""
    below: dict[int, list[dict[str, Any]]] = {}
    levels = [level for level in DOWNWARDS if level in rows]
    for level in reversed(levels):
        grouped: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for row in rows[level]:
            grouped[row["parent"]].append(_node(level, row, below, deepest=level == levels[-1]))
        below = grouped
    nodes = [node for children in below.values() for node in children]
    return {PLURALS["strategy"]: nodes}


def _node(
    level: Depth, row: Row, below: Mapping[int, list[dict[str, Any]]], *, deepest: bool
) -> dict[str, Any]:
    node = {f"{level}_id": row["id"], f"{level}_name": row["name"]}
    if level == "creative":
        return {**node, "preview_url": row["preview_url"]}
    if deepest:
        return node
    return {**node, PLURALS[DOWNWARDS[DOWNWARDS.index(level) + 1]]: below.get(row["key"], [])}
