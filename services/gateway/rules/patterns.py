"""Names of objects in a bucket, with places for the day."""

from __future__ import annotations

import re

PLACES = ("date", "yyyymmdd", "client")
_PLACE = re.compile(r"\{([^{}]*)\}")


def checked_pattern(pattern: str) -> str:
    """The pattern, if a connector can follow it. Raises ValueError with what is wrong."""
    unknown = [name for name in _PLACE.findall(pattern) if name not in PLACES]
    if unknown or "{" in _PLACE.sub("", pattern) or "}" in _PLACE.sub("", pattern):
        raise ValueError("may hold {date}, {yyyymmdd} and {client}, and no other braces")
    if ".." in pattern.split("/") or pattern.startswith("/"):
        raise ValueError("must not begin with / or hold ..")
    return pattern
