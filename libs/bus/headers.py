"""Headers of our own: they trace and count; no consumer needs them to understand a body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ATTEMPT = "x-attempt"
RETRY_OF = "x-retry-of"
REASON = "x-reason"
DIED_IN = "x-died-in"
DIED_AFTER = "x-died-after"
ORIGINAL_KEY = "x-original-key"
TYPE = "x-type"
TRACEPARENT = "traceparent"
TRACESTATE = "tracestate"
TRACING = (ORIGINAL_KEY, TYPE, TRACEPARENT, TRACESTATE)
"""Kept on the retry ladder, in dead letters and when these are moved back."""

REASON_LIMIT = 2_000
"""Bytes; a header that outgrows the frame would close the connection."""


def attempt_of(headers: Mapping[str, Any], queue: str) -> int:
    """Which delivery this is, from 1 on.

    Counts only together with RETRY_OF: a message moved back from the dead letters keeps other headers.
    """
    if headers.get(RETRY_OF) != queue:
        return 1
    try:
        return max(1, int(headers.get(ATTEMPT, 1)))
    except (TypeError, ValueError, OverflowError):
        return 1


def parent_of(headers: Mapping[str, Any]) -> str | None:
    """The W3C ``traceparent`` of whoever sent it, whatever it says."""
    found = headers.get(TRACEPARENT)
    return found if isinstance(found, str) else None


def for_trace(traceparent: str | None) -> dict[str, Any]:
    """The header that makes the receiver's work part of a trace, if there is one."""
    return {TRACEPARENT: traceparent} if traceparent else {}


def for_retry(headers: Mapping[str, Any], queue: str, attempt: int, reason: str) -> dict[str, Any]:
    """Headers of the next delivery."""
    return {**_tracing(headers), ATTEMPT: attempt + 1, RETRY_OF: queue, REASON: shortened(reason)}


def for_dead(headers: Mapping[str, Any], queue: str, attempt: int, reason: str) -> dict[str, Any]:
    """Headers of a dead letter: why and where it died; without those that count attempts."""
    return {**_tracing(headers), DIED_IN: queue, DIED_AFTER: attempt, REASON: shortened(reason)}


def shortened(text: str, limit: int = REASON_LIMIT) -> str:
    """As much of a text as fits into a header or property of that many bytes."""
    return text.encode("utf-8", "replace")[:limit].decode("utf-8", "ignore")


def _tracing(headers: Mapping[str, Any]) -> dict[str, Any]:
    return {name: shortened(str(headers[name])) for name in TRACING if name in headers}
