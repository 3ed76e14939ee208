"""Whose certificates are good."""

from __future__ import annotations

import ssl
from functools import cache

import httpx


@cache
def trusted() -> ssl.SSLContext:
    """httpx' own choice, read once in a process (25 ms) and not for each client."""
    return httpx.create_ssl_context()
