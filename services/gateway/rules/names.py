"""Names of campaigns, strategies, placements and creatives as people type them."""

from __future__ import annotations

import unicodedata

NO_NAME = ("", "-", "–", "—", "n/a", "null")


def tidy(text: str) -> str:
    """Trimmed, inner white space collapsed, NFC, case kept: as the names in files are read.

    Raises ValueError on what no file could name.
    """
    name = unicodedata.normalize("NFC", " ".join(text.split()))
    if name.casefold() in NO_NAME:
        raise ValueError("is not a name")
    if any(unicodedata.category(char) == "Cc" for char in name):
        raise ValueError("holds a control character")
    return name
