"""Names of objects in a bucket, with places for the day."""

from __future__ import annotations

import re

KEY_BYTES = 1024
"""Of an object's key, at most (Amazon S3 user guide, "Naming Amazon S3 objects"). Two such texts fit into a
row of the index that keeps two clients from reading the same object: 2,704 bytes.
"""
PLACES = ("date", "yyyymmdd", "client")
_PLACE = re.compile(r"\{([^{}]*)\}")


def checked_pattern(pattern: str) -> str:
    """The pattern, if a connector can follow it. Raises ValueError with what is wrong."""
    unknown = [name for name in _PLACE.findall(pattern) if name not in PLACES]
    if unknown or "{" in _PLACE.sub("", pattern) or "}" in _PLACE.sub("", pattern):
        raise ValueError("may hold {date}, {yyyymmdd} and {client}, and no other braces")
    if ".." in pattern.split("/") or pattern.startswith("/"):
        raise ValueError("must not begin with / or hold ..")
    if len(pattern.encode()) > KEY_BYTES:
        raise ValueError(f"is longer than {KEY_BYTES:,} bytes, the most that S3 takes as a key")
    return pattern
