"""In what two mappings differ, for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID


def differences(
    kind: str, wanted: Mapping[Any, object], found: Mapping[Any, object], limit: int = 5
) -> Iterator[str]:
    """Missing, surplus and different entries of two mappings."""
    wrong = [
        key
        for key in {**wanted, **found}
        if key not in wanted or key not in found or wanted[key] != found[key]
    ]
    for key in wrong[:limit]:
        one, two = _apart(wanted.get(key, "none"), found.get(key, "none"))
        yield f"{kind} {_told(key)}: {_told(one)} expected, {_told(two)} found"
    if len(wrong) > limit:
        yield f"{kind}: {len(wrong) - limit} more of {len(wanted)} are wrong"


def _apart(one: object, two: object) -> tuple[object, object]:
    """Only the entries in which two mappings differ."""
    while isinstance(one, dict) and isinstance(two, dict):
        keys = [key for key in {**one, **two} if one.get(key, "none") != two.get(key, "none")]
        if len(keys) > 1:
            return {k: one.get(k, "none") for k in keys}, {k: two.get(k, "none") for k in keys}
        one, two = one.get(keys[0], "none"), two.get(keys[0], "none")
    return one, two


def _told(value: object) -> str:
    if isinstance(value, UUID):
        return str(value)[:8]
    if isinstance(value, tuple):
        return "(" + ", ".join(map(_told, value)) + ")"
    return str(value)[:300]
