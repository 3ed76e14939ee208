"""Answers of Vibe's API: read within a limit, judged by their status, shown without secrets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import orjson

from services.connectors.vibe.client.errors import VibeRefused, VibeThrottled, VibeTrouble

MAX_ANSWER_BYTES = 1_000_000
LONGEST_WAIT_SECONDS = 7200.0
"""Vibe may say more; then it is asked again after two hours all the same."""
_SHOWN = 200


@dataclass(frozen=True)
class Answer:
    """A good answer, and what its headers say of the limit."""

    content: dict[str, Any]
    left: int | None = None
    retry_after: float | None = None


async def read(response: httpx.Response, what: str, secrets: Iterable[str], now: datetime) -> Answer:
    """The answer's content. Raises VibeThrottled, VibeTrouble or VibeRefused; ``what`` was asked for."""
    body = b""
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > MAX_ANSWER_BYTES:
            raise VibeTrouble(f"Vibe answered {what} with more than {MAX_ANSWER_BYTES:,} bytes")
    status, wait = response.status_code, retry_after(response.headers, now)
    # The other header tells of the hour's limit on every answer, whatever went wrong.
    said = retry_after(response.headers, now, ("retry-after",)) if status >= 500 else None
    if status == 429:
        raise VibeThrottled(f"Vibe asks to slow down: {what} was answered with 429", wait)
    if status >= 500:
        raise VibeTrouble(f"Vibe answered {what} with {status}: {shown(body, secrets)}", said)
    if status >= 400:
        raise VibeRefused(
            f"Vibe refused {what} with {status}: {shown(body, secrets)}{_advice(status)}", status
        )
    if status >= 300:
        raise VibeTrouble(f"Vibe answered {what} with a redirect ({status}), which is not followed")
    return Answer(_content(body, what, secrets), _whole(response.headers.get("x-rate-limit-left")), wait)


def _content(body: bytes, what: str, secrets: Iterable[str]) -> dict[str, Any]:
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise VibeTrouble(
            f"Vibe answered {what} with something that is no JSON: {shown(body, secrets)}"
        ) from None
    if not isinstance(content, dict):
        raise VibeTrouble(f"Vibe answered {what} with a JSON {type(content).__name__} instead of an object")
    return content


def retry_after(
    headers: httpx.Headers, now: datetime, names: Sequence[str] = ("retry-after", "x-rate-limit-retry-after")
) -> float | None:
    """Seconds to wait, from the first of these headers, as a number or as a date; None where none says it."""
    text = next((headers[name] for name in names if headers.get(name)), "").strip()
    try:
        seconds = float(text)
    except ValueError:
        seconds = _until(text, now)
    return min(seconds, LONGEST_WAIT_SECONDS) if 0 <= seconds < float("inf") else None


def _until(text: str, now: datetime) -> float:
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return -1.0
    return (at.astimezone(UTC) - now).total_seconds()


def _whole(text: str | None) -> int | None:
    return int(text) if text is not None and text.strip().isdecimal() else None


def shown(body: bytes, secrets: Iterable[str]) -> str:
    """The beginning of a body for people: one line, no secret that the server echoes."""
    text = body[: _SHOWN * 8].decode("utf-8", "replace")
    for secret in filter(None, secrets):
        text = text.replace(secret, "[secret]")
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return repr(line[:_SHOWN])


def _advice(status: int) -> str:
    if status in (401, 403):
        return ". Look at the credentials: PUT /clients/{id}/sources/vibe, or the VIBE_ settings"
    return ""
