"""A second factor: an authenticator app, and recovery codes for its loss."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter
from pydantic import ConfigDict
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.auth.second_factor import (
    enrolment_uri,
    new_recovery_codes,
    new_totp_secret,
    recovery_hash,
    step_of,
)
from libs.http.answers import ExactJSON
from libs.http.errors import Conflict, Invalid
from services.gateway.routes.access import Caller, Database, Parts, Personal, Wired
from services.gateway.routes.documents import answers
from services.gateway.routes.passwords import Secrets
from services.gateway.routes.proof import Code, Password, factor_of, note, proven, sealer_of
from services.gateway.rules import people as records
from services.gateway.rules.bodies import Body
from services.gateway.store import people, second_factor

router = APIRouter(prefix="/auth/mfa", tags=["auth"])
ON = "An authenticator app is enrolled already: DELETE /api/v1/auth/mfa first."


class Enrol(Secrets):
    """The password: whoever finds an open session must not lock its owner out."""

    password: Password

    model_config = ConfigDict(json_schema_extra={"example": {"password": "correct horse battery staple"}})


class Verify(Body):
    """What the app shows now."""

    code: Code

    model_config = ConfigDict(json_schema_extra={"example": {"code": "492039"}})


class Remove(Secrets):
    """Both factors."""

    password: Password
    code: Code

    model_config = ConfigDict(
        json_schema_extra={"example": {"password": "correct horse battery staple", "code": "492039"}}
    )


@router.post("/enroll", summary="Begin with an authenticator app", responses=answers(records.ENROLMENT))
async def enrol(given: Enrol, caller: Personal, parts: Wired) -> ExactJSON:
    """Put the secret (or a QR code of `otpauth_uri`) into the app, then send a code to `/auth/mfa/verify`.

    Until then nothing changes. The secret is shown this once.
    """
    secret, sealer = new_totp_secret(), sealer_of(parts)
    async with proven(parts, caller, given.password) as (connection, user):
        if user["mfa_secret"] is not None:
            raise Conflict(ON)
        await second_factor.enrol(connection, caller.id, sealer.seal(secret))
        await caller.audit(connection, "user.mfa_begun", "user", caller.id)
    uri = enrolment_uri(secret, caller.email, parts.issuer)
    return ExactJSON({"secret": secret, "otpauth_uri": uri})


@router.post("/verify", summary="Prove that the app has it", responses=answers(records.ENROLLED))
async def verify(given: Verify, caller: Personal, connection: Database, parts: Wired) -> ExactJSON:
    """From now on each login needs a code. Recovery codes are shown this once; each replaces a code once."""
    step = await _proved_step(connection, caller, parts, given.code)
    codes = new_recovery_codes()
    await second_factor.confirm(connection, caller.id, step, [recovery_hash(code) for code in codes])
    await caller.audit(connection, "user.mfa_enrolled", "user", caller.id)
    return ExactJSON({"mfa_enabled": True, "recovery_codes": codes})


@router.delete("", summary="Do without the app again", responses=answers({"mfa_enabled": False}))
async def remove(given: Remove, caller: Personal, parts: Wired) -> ExactJSON:
    """Needs both factors; a recovery code will do. Somebody who has neither asks an administrator."""
    async with proven(parts, caller, given.password) as (connection, user):
        if user["mfa_secret"] is None:
            raise Conflict("No authenticator app is enrolled.")
        right = await factor_of(connection, parts, user, given.code) is not None
        if right:
            await second_factor.remove(connection, caller.id)
            await caller.audit(connection, "user.mfa_removed", "user", caller.id)
        else:
            await note(connection, "login_failed", caller.email, caller.origin, caller.id)
    if not right:
        raise Invalid("code", "is wrong, too old or was used before")
    return ExactJSON({"mfa_enabled": False})


async def _proved_step(connection: AsyncConnection, caller: Caller, parts: Parts, code: str) -> int:
    user = await people.hold(connection, caller.id)
    if user is None or user["mfa_pending"] is None:
        raise Conflict(ON if user and user["mfa_secret"] else "Begin with POST /api/v1/auth/mfa/enroll.")
    secret = sealer_of(parts).open(user["mfa_pending"])
    step = step_of(secret, code, datetime.now(UTC), None)
    if step is None:
        raise Invalid(
            "code", "is not what the app shows now: look again, and check the clock of the telephone"
        )
    return step
