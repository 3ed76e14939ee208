"""Proving who it is: passwords, codes, and what failures lead to. One count of failures for all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.auth import Sealer
from libs.auth.second_factor import is_totp, recovery_hash, step_of
from libs.http.errors import Invalid, Problem
from services.gateway.routes.access import Caller, Origin, Parts, seen_by
from services.gateway.rules import logins
from services.gateway.rules.bodies import storable
from services.gateway.store import audit, people, second_factor

Password = Annotated[str, Field(min_length=1, max_length=1024), AfterValidator(storable)]
"""One that is to be checked; what a new one must be is libs.auth.policy's."""
Code = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(storable), AfterValidator(str.strip)]
Factor = Literal["totp", "recovery_code"]


async def note(
    connection: AsyncConnection,
    action: Literal["login", "login_failed", "login_mfa_asked"],
    account: str,
    origin: Origin,
    user_id: UUID | None,
    factor: Factor | None = None,
) -> None:
    """Keep an attempt in the audit log; failures are counted there."""
    await audit.record(
        connection,
        action,
        "login",
        account.lower(),
        user_id=user_id,
        ip=origin.ip,
        user_agent=origin.user_agent,
        new={"second_factor": factor} if factor else None,
    )


async def is_locked(connection: AsyncConnection, account: str) -> bool:
    """Whether an account had too many failures; ask while its user is held."""
    since = datetime.now(UTC) - logins.WINDOW
    return logins.account_is_locked(await people.failures_of(connection, account.lower(), since))


@asynccontextmanager
async def proven(
    parts: Parts, caller: Caller, password: str, field: str = "password"
) -> AsyncIterator[tuple[AsyncConnection, RowMapping]]:
    """The caller's transaction and their user, held, once the password is proved.

    Raises 422 of the field; that counts as a failed login, and a locked account is told the same.
    """
    async with seen_by(parts.engine, caller) as connection:
        before = await people.hold(connection, caller.id)
    password_hash = before["password_hash"] if before else None
    right = await parts.hasher.verify(password, password_hash)
    async with seen_by(parts.engine, caller) as connection:
        user = await people.hold(connection, caller.id)
        same = right and user is not None and user["password_hash"] == password_hash
        if same and user is not None and not await is_locked(connection, caller.email):
            yield connection, user
            return
        await note(connection, "login_failed", caller.email, caller.origin, caller.id)
    raise Invalid(field, "is wrong")


async def factor_of(connection: AsyncConnection, parts: Parts, user: RowMapping, code: str) -> Factor | None:
    """Which second factor a code is, used up from now on; None if it is none. The user is held."""
    if is_totp(code):
        secret = sealer_of(parts).open(user["mfa_secret"])
        step = step_of(secret, code, datetime.now(UTC), user["mfa_step"])
        if step is None:
            return None
        await second_factor.use_step(connection, user["id"], step)
        return "totp"
    return (
        "recovery_code" if await second_factor.use_code(connection, user["id"], recovery_hash(code)) else None
    )


def sealer_of(parts: Parts) -> Sealer:
    """What seals secrets of authenticator apps. Raises 503 where no key is set."""
    if parts.sealer is None:
        raise Problem(
            503,
            "Second factors cannot be kept or checked: an administrator has to set ENCRYPTION_KEY.",
            code="NO_ENCRYPTION_KEY",
        )
    return parts.sealer
