"""What an API key may still ask: its calls, its circuit breaker, and what Vibe said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.connectors.vibe.rules.limits import Call, Kind


@dataclass(frozen=True)
class KeyState:
    """A row of vibe_keys."""

    failures: int
    open_until: datetime | None
    not_before: datetime | None
    creates_not_before: datetime | None


async def locked(connection: AsyncConnection, digest: str) -> KeyState:
    """The key's row, made if need be; nobody else decides about this key until the transaction ends."""
    values = {"digest": digest}
    await connection.execute(
        text("INSERT INTO vibe_keys (key_digest) VALUES (:digest) ON CONFLICT DO NOTHING"), values
    )
    found = await connection.execute(
        text(
            "SELECT failures, open_until, not_before, creates_not_before FROM vibe_keys "
            "WHERE key_digest = :digest FOR UPDATE"
        ),
        values,
    )
    return KeyState(*found.one())


async def calls(connection: AsyncConnection, digest: str, since: datetime) -> list[Call]:
    """The requests that were let out after a time."""
    found = await connection.execute(
        text("SELECT at, kind FROM vibe_calls WHERE key_digest = :digest AND at > :since"),
        {"digest": digest, "since": since},
    )
    return [Call(row.at, row.kind) for row in found]


async def note_call(
    connection: AsyncConnection, digest: str, kind: Kind, now: datetime, keep: timedelta
) -> None:
    """A request is let out; what no limit looks back to is forgotten."""
    await connection.execute(
        text("DELETE FROM vibe_calls WHERE key_digest = :digest AND at < :before"),
        {"digest": digest, "before": now - keep},
    )
    await connection.execute(
        text("INSERT INTO vibe_calls (key_digest, at, kind) VALUES (:digest, :at, :kind)"),
        {"digest": digest, "at": now, "kind": kind},
    )


async def answered(connection: AsyncConnection, digest: str) -> None:
    """Vibe answered: failures in a row are over."""
    await connection.execute(
        text(
            "UPDATE vibe_keys SET failures = 0, open_until = NULL WHERE key_digest = :digest AND failures > 0"
        ),
        {"digest": digest},
    )


async def failed(connection: AsyncConnection, digest: str, threshold: int, open_until: datetime) -> int:
    """One more failure in a row, which at the threshold opens the circuit; returns how many there are."""
    found = await connection.execute(
        text(
            "UPDATE vibe_keys SET failures = failures + 1, "
            "open_until = CASE WHEN failures + 1 >= :threshold THEN :until ELSE open_until END "
            "WHERE key_digest = :digest RETURNING failures"
        ),
        {"digest": digest, "threshold": threshold, "until": open_until},
    )
    return int(found.scalar_one())


async def told_to_wait(
    connection: AsyncConnection, digest: str, until: datetime, *, creates_alone: bool
) -> None:
    """Vibe said when it takes the next request (or the next new report)."""
    column = "creates_not_before" if creates_alone else "not_before"
    await connection.execute(
        text(
            f"UPDATE vibe_keys SET {column} = greatest({column}, CAST(:until AS timestamptz)) "
            "WHERE key_digest = :digest"
        ),
        {"digest": digest, "until": until},
    )


async def reports_waiting(connection: AsyncConnection, digest: str, now: datetime) -> int:
    """How many reports are to be created with this key and were looked after lately."""
    found = await connection.execute(
        text(
            "SELECT count(*) FROM vibe_report_requests WHERE key_digest = :digest AND status = 'wanted' "
            "AND coalesce(not_before, requested_at) > :since"
        ),
        {"digest": digest, "since": now - timedelta(hours=2)},
    )
    return int(found.scalar_one())
