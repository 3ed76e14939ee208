"""Names of files: client and range, safe in a header, on a disk and on a screen."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from urllib.parse import quote

CLIENT_CHARACTERS = 60
_RESERVED = re.compile(r"[\s\\/:*?\"<>|%;,'`$&^!#{}\[\]()~.=+@_-]+")
"""What some file system, shell or header gives a meaning to; each run of it becomes one hyphen."""


def file_name(clients: Sequence[str], what: str, start: date, last: date, suffix: str) -> str:
    """For example ``Northwind-Outfitters_campaigns_2026-03-01_2026-03-31.csv``."""
    whose = _plain(clients[0]) if len(clients) == 1 else f"{len(clients)}-clients"
    return f"{whose or 'client'}_{what}_{start}_{last}.{suffix}"


def disposition(name: str) -> str:
    """The value of Content-Disposition (RFC 6266): plain ASCII for old programs, UTF-8 for the others."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    fallback = ascii_name if not ascii_name.startswith("_") else f"client{ascii_name}"
    return f"attachment; filename=\"{fallback}\"; filename*=UTF-8''{quote(name, safe='')}"


def _plain(name: str) -> str:
    """A name without control, format and private characters and without what is reserved."""
    composed = unicodedata.normalize("NFC", name)
    visible = "".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in composed)
    return _RESERVED.sub("-", visible)[:CLIENT_CHARACTERS].strip("-")
