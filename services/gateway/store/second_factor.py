"""Second factors of users. Hold the user (people.hold) before any of these."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection


async def enrol(connection: AsyncConnection, user_id: UUID, sealed: bytes) -> None:
    """Keep a secret until a code proves that an app has it."""
    await connection.execute(
        text("UPDATE users SET mfa_pending = :sealed WHERE id = :id"), {"id": user_id, "sealed": sealed}
    )


async def confirm(connection: AsyncConnection, user_id: UUID, step: int, code_hashes: Sequence[str]) -> None:
    """From now on the pending secret is asked for at each login; the codes replace it once each."""
    await connection.execute(
        text(
            "UPDATE users SET mfa_secret = mfa_pending, mfa_pending = NULL, mfa_step = :step WHERE id = :id"
        ),
        {"id": user_id, "step": step},
    )
    await _forget_codes(connection, user_id)
    await connection.execute(
        text("INSERT INTO recovery_codes (user_id, code_hash) SELECT :id, unnest(CAST(:hashes AS text[]))"),
        {"id": user_id, "hashes": list(code_hashes)},
    )


async def remove(connection: AsyncConnection, user_id: UUID) -> None:
    """The password alone is enough again."""
    await connection.execute(
        text("UPDATE users SET mfa_secret = NULL, mfa_pending = NULL, mfa_step = NULL WHERE id = :id"),
        {"id": user_id},
    )
    await _forget_codes(connection, user_id)


async def use_step(connection: AsyncConnection, user_id: UUID, step: int) -> None:
    """The code of this step, and of those before it, is used up."""
    await connection.execute(
        text("UPDATE users SET mfa_step = :step WHERE id = :id"), {"id": user_id, "step": step}
    )


async def use_code(connection: AsyncConnection, user_id: UUID, code_hash: str) -> bool:
    """Use up a recovery code; False where there is none like it left."""
    found = await connection.execute(
        text(
            "UPDATE recovery_codes SET used_at = now() "
            "WHERE user_id = :id AND code_hash = :hash AND used_at IS NULL RETURNING true"
        ),
        {"id": user_id, "hash": code_hash},
    )
    return found.scalar_one_or_none() is not None


async def codes_left(connection: AsyncConnection, user_id: UUID) -> int:
    """Recovery codes that were not used."""
    found = await connection.execute(
        text("SELECT count(*) FROM recovery_codes WHERE user_id = :id AND used_at IS NULL"), {"id": user_id}
    )
    return int(found.scalar_one())


async def _forget_codes(connection: AsyncConnection, user_id: UUID) -> None:
    await connection.execute(text("DELETE FROM recovery_codes WHERE user_id = :id"), {"id": user_id})
