"""Opaque secrets (refresh tokens, API keys): random, shown once, stored as a digest."""

from __future__ import annotations

import hashlib
import secrets

REFRESH_PREFIX = "tmr_"
API_KEY_PREFIX = "tmk_"
"""What a secret begins with says what it is, to us and to scanners of source code."""


def new_secret(prefix: str = "") -> str:
    """256 random bits as URL-safe text, after a prefix that says what it is."""
    return prefix + secrets.token_urlsafe(32)


def digest_of(secret: str) -> bytes:
    """What is stored: SHA-256. Enough for 256 random bits; a password needs a slow hash."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
