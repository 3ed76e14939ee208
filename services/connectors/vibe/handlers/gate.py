"""Whether a request may go out now: limits, circuit breaker, Vibe's word; of one key, for all processes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.notify.v1 import AlertRaised
from libs.bus import outbox
from libs.db.engine import transaction
from services.connectors.vibe.client.errors import VibeThrottled, VibeTrouble
from services.connectors.vibe.handlers.desk import SOURCE, Desk
from services.connectors.vibe.rules import limits, profiles
from services.connectors.vibe.rules.credentials import Key
from services.connectors.vibe.rules.limits import Kind
from services.connectors.vibe.store import keys
from services.connectors.vibe.store.keys import KeyState

log = structlog.get_logger()

FAILURES_TO_OPEN = 5
OPEN_SECONDS = 300
UNKNOWN_WAIT_SECONDS = 60
"""After a 429 that does not say when."""
MAX_TROUBLES = 12
"""Tries of one report with growing pauses, an hour and a half in all; then its run fails."""
PACES = 5

Step = Callable[[AsyncConnection], Awaitable[None]]


class Wait(Exception):
    """Not now: in so many seconds."""

    def __init__(self, seconds: float, reason: str) -> None:
        super().__init__(reason)
        self.seconds = seconds
        self.reason = reason


@dataclass(frozen=True)
class _Verdict:
    seconds: float = 0.0
    reason: str = ""


async def enter(desk: Desk, key: Key, kind: Kind, step: Step | None = None) -> None:
    """Take a place for one request and write it down, with ``step`` in the same transaction.

    Raises Wait. What is a second away is paced here; a request that must come first (a token) is made.
    """
    if kind != "token" and desk.api.needs_token(key):
        await enter(desk, key, "token")
        await desk.api.fetch_token(key)
    for _ in range(PACES):
        verdict = await _decide(desk, key, kind, step)
        if not verdict.seconds:
            return
        if verdict.seconds > limits.PACE_SECONDS:
            break
        await desk.pause(verdict.seconds)
    raise Wait(verdict.seconds, verdict.reason)


async def _decide(desk: Desk, key: Key, kind: Kind, step: Step | None) -> _Verdict:
    limited = profiles.limits_of(key.profile, desk.pace.hourly)
    async with transaction(desk.engine) as connection:
        state = await keys.locked(connection, key.digest)
        now = desk.now()  # not before: others may have been waited for
        verdict = _of_state(state, kind, now)
        if not verdict.seconds:
            verdict = await _of_limits(connection, desk, key, kind, now)
        if not verdict.seconds:
            await keys.note_call(connection, key.digest, kind, now, limits.looks_back(limited))
            if step is not None:
                await step(connection)
    return verdict


def _of_state(state: KeyState, kind: Kind, now: datetime) -> _Verdict:
    reasons = {
        "Vibe does not answer: its circuit is open": state.open_until,
        "Vibe asked to slow down": state.not_before,
        "Vibe takes no more new reports for now": state.creates_not_before if kind == "create" else None,
    }
    waits = {reason: (until - now).total_seconds() for reason, until in reasons.items() if until}
    reason = max(waits, key=lambda name: waits[name], default="")
    return _Verdict(max(0.0, waits.get(reason, 0.0)), reason)


async def _of_limits(
    connection: AsyncConnection, desk: Desk, key: Key, kind: Kind, now: datetime
) -> _Verdict:
    limited = profiles.limits_of(key.profile, desk.pace.hourly)
    calls = await keys.calls(connection, key.digest, now - limits.looks_back(limited))
    seconds = limits.wait_for(limited, calls, kind, now)
    if seconds:
        return _Verdict(seconds, f"the limit of key {key.shown} is reached")
    if kind == "poll" and profiles.counts_every_request(key.profile):
        # A report that is looked at later is ready at the first look: new ones go first.
        waiting = await keys.reports_waiting(connection, key.digest, now)
        if waiting >= limits.free_slots(limited, calls, kind, now):
            return _Verdict(
                profiles.HOUR / desk.pace.hourly, f"{waiting} new reports of key {key.shown} go first"
            )
    return _Verdict()


async def answered(desk: Desk, key: Key) -> None:
    """Vibe answered: failures in a row are over."""
    async with transaction(desk.engine) as connection:
        await keys.answered(connection, key.digest)


async def limit_told(
    connection: AsyncConnection, desk: Desk, key: Key, left: int | None, retry_after: float | None
) -> None:
    """Vibe says that nothing is left of the hour, which others may have used, too."""
    if left == 0 and retry_after:
        await _told(connection, desk, key, retry_after)


async def refused(
    connection: AsyncConnection, desk: Desk, key: Key, error: VibeTrouble | VibeThrottled
) -> None:
    """Write down for this key that Vibe was in trouble (five in a row open its circuit), or asked to wait."""
    if isinstance(error, VibeThrottled):
        await keys.locked(connection, key.digest)
        await _told(connection, desk, key, error.retry_after or UNKNOWN_WAIT_SECONDS)
        return
    until = desk.now() + timedelta(seconds=OPEN_SECONDS)
    await keys.locked(connection, key.digest)
    failures = await keys.failed(connection, key.digest, FAILURES_TO_OPEN, until)
    if failures >= FAILURES_TO_OPEN:
        log.warning("circuit open", key=key.shown, failures=failures, until=until.isoformat())
    if failures == FAILURES_TO_OPEN:
        await outbox.put(connection, SOURCE, "alert.raised", _alert(key, until, error))


async def _told(connection: AsyncConnection, desk: Desk, key: Key, seconds: float) -> None:
    until = desk.now() + timedelta(seconds=seconds)
    await keys.told_to_wait(connection, key.digest, until, creates_alone=key.profile == "legacy")


def _alert(key: Key, until: datetime, error: Exception) -> AlertRaised:
    return AlertRaised(
        kind="circuit.open",
        severity="error",
        message=(
            f"Vibe failed {FAILURES_TO_OPEN} times in a row for key {key.shown}: it is left alone until "
            f"{until:%Y-%m-%d %H:%M:%S} UTC, then tried again. Reports wait and are not lost. Last: {error}"
        ),
        dedupe_key=f"circuit.open:{key.digest[:16]}:{until:%Y-%m-%dT%H:%M}",
        details={"key": key.shown, "open_until": until.isoformat()},
    )
