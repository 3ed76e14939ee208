"""E-mail addresses that people type."""

from __future__ import annotations

from email.errors import HeaderParseError
from email.headerregistry import Address


def checked_address(text: str) -> str:
    """The address itself. Raises ValueError with a sentence for a person."""
    try:
        found = Address(addr_spec=text)
    except (HeaderParseError, ValueError, IndexError):
        raise ValueError(f"{text!r} is not an e-mail address") from None
    if (
        not text.isprintable()
        or not text.isascii()
        or ("." not in found.domain and found.domain != "localhost")
    ):
        raise ValueError(f"{text!r} is not an e-mail address")
    return text
