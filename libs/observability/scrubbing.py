"""Texts of errors without what nobody should read there: secrets, and who somebody is.

For logs and for reports of errors alike. Better one word too few than a password too many.
"""

from __future__ import annotations

import re

HIDDEN = "[hidden]"
LONGEST = 50_000
"""Characters; what is longer is cut, so that a huge text cannot hold up whoever logs it."""

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    # Values bound to a statement stand at the end of SQLAlchemy's texts, and in details of PostgreSQL's.
    (re.compile(r"\[parameters: .*?\]\s*(?=\(Background|\Z)", re.DOTALL), f"[parameters: {HIDDEN}] "),
    (re.compile(r"(Key \([^)]*\))=\(.*?\)(?= (?:already|is|conflicts)|\.|$)", re.DOTALL), rf"\1=({HIDDEN})"),
    (re.compile(r"\b([a-z][a-z0-9+.-]{0,30}://)[^\s/@]+@", re.IGNORECASE), rf"\1{HIDDEN}@"),
    (re.compile(r"\b(Bearer|Basic)\s+[^\s\"',;]+", re.IGNORECASE), rf"\1 {HIDDEN}"),
    (re.compile(r"(?<![\w-])eyJ[\w-]++\.[\w-]++\.[\w-]*+"), HIDDEN),
    (re.compile(r"\btmk_[\w-]+"), HIDDEN),
    (re.compile(r"\bA(?:KIA|SIA)[0-9A-Z]{16}\b"), HIDDEN),
    (
        re.compile(
            r"(\b[\w-]{0,40}(?:password|passwd|secret|token|api[_-]?key|signature|credential|authorization|cookie)"
            r"[\w-]{0,40}[\"']?\s{0,9}[=:]\s{0,9})(?!\[hidden\])(?:\"[^\"]*\"|'[^']*'|[^\s\"',;&)}\]]+)",
            re.IGNORECASE,
        ),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]+(?:\.[\w-]+)+"), HIDDEN),
)


def scrubbed(text: str) -> str:
    """The text with passwords, tokens, keys, e-mail addresses and bound values replaced by ``[hidden]``."""
    if len(text) > LONGEST:
        text = text[:LONGEST] + "…"
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text
