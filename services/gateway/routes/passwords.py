"""Passwords: one's own, and those of people who forgot theirs."""

from __future__ import annotations

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import AfterValidator, ConfigDict, Field, StrictBool
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.auth.policy import LONGEST, SHORTEST, refusal_of_password
from libs.http.answers import ExactJSON
from libs.http.errors import Invalid, NotAllowed, NotFound
from services.gateway.routes.access import Admin, Arriving, Caller, Wired, seen_by
from services.gateway.routes.documents import answers
from services.gateway.routes.proof import Password, proven
from services.gateway.rules import examples
from services.gateway.rules.bodies import Body, storable
from services.gateway.store import people, second_factor, sessions

router = APIRouter(prefix="/auth", tags=["auth"])
NewPassword = Annotated[
    str,
    Field(min_length=SHORTEST, max_length=LONGEST, description="Common ones are refused."),
    AfterValidator(storable),
]


class Secrets(Body):
    """A body with passwords: nothing is stripped."""

    model_config = ConfigDict(str_strip_whitespace=False)


class PasswordChange(Secrets):
    """The old password proves that it is its owner who changes it."""

    current_password: Password
    new_password: NewPassword

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "current_password": "correct horse battery staple",
                "new_password": "quiet violet harbour 41",
            }
        }
    )


class Reset(Secrets):
    """A password that an administrator hands over."""

    new_password: NewPassword
    must_change_password: StrictBool = Field(
        default=False, description="The user has to choose another one first."
    )
    reset_mfa: StrictBool = Field(
        default=False, description="Also for somebody who lost their authenticator app."
    )

    model_config = ConfigDict(json_schema_extra={"example": {"new_password": "quiet violet harbour 41"}})


@router.put(
    "/change-password",
    summary="Change your password",
    responses=answers({"changed": True, "sessions_ended": 2}),
)
async def change_password(given: PasswordChange, caller: Arriving, parts: Wired) -> ExactJSON:
    """Your other sessions end; the one that asks goes on."""
    await refuse_weak("new_password", given.new_password, caller.email)
    if given.new_password == given.current_password:
        raise Invalid("new_password", "is the one that you have")
    new_hash = await parts.hasher.hash(given.new_password)
    async with proven(parts, caller, given.current_password, "current_password") as (connection, user):
        await people.set_password(connection, user["id"], new_hash, must_change=False)
        family = await sessions.family_of(connection, caller.id, caller.session)
        ended = await sessions.end_all(connection, caller.id, but=family)
        await caller.audit(connection, "user.password_changed", "user", caller.id)
    return ExactJSON({"changed": True, "sessions_ended": ended})


@router.post(
    "/reset-password/{user_id}",
    summary="Give a user another password",
    responses=answers({"id": examples.USER, "reset": True, "sessions_ended": 1}),
)
async def reset_password(user_id: UUID, given: Reset, caller: Admin, parts: Wired) -> ExactJSON:
    """Their sessions end. No administrator's can be reset: they change it themselves, as they know it."""
    async with seen_by(parts.engine, caller) as connection:
        user = _resettable(await people.one(connection, user_id), caller)
    await refuse_weak("new_password", given.new_password, user["email"])
    new_hash = await parts.hasher.hash(given.new_password)
    async with seen_by(parts.engine, caller) as connection:
        ended = await _reset(connection, caller, user_id, given, new_hash)
    return ExactJSON({"id": user_id, "reset": True, "sessions_ended": ended})


async def refuse_weak(field: str, password: str, email: str) -> None:
    """Raises 422 for a password that is common or easy to guess, with advice."""
    refusal = await asyncio.to_thread(refusal_of_password, password, email)
    if refusal:
        raise Invalid(field, refusal)


def _resettable(user: RowMapping | None, caller: Caller) -> RowMapping:
    if user is None:
        raise NotFound("user")
    if user["id"] == caller.id:
        raise NotAllowed(
            "Your own account needs the password that you have: PUT /api/v1/auth/change-password changes it, "
            "DELETE /api/v1/auth/mfa removes the second factor."
        )
    if user["role"] == "admin":
        raise NotAllowed(
            "The password of an administrator is changed by nobody else: they can use "
            "PUT /api/v1/auth/change-password."
        )
    return user


async def _reset(
    connection: AsyncConnection, caller: Caller, user_id: UUID, given: Reset, new_hash: str
) -> int:
    user = _resettable(await people.hold(connection, user_id), caller)  # as it is now
    await people.set_password(connection, user["id"], new_hash, must_change=given.must_change_password)
    if given.reset_mfa:
        await second_factor.remove(connection, user["id"])
    told = {"must_change_password": given.must_change_password, "reset_mfa": given.reset_mfa}
    await caller.audit(connection, "user.password_reset", "user", user_id, new=told)
    return await sessions.end_all(connection, user["id"])
