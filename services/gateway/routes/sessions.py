"""Sessions: renewing one, ending one, all of one's own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.notify.v1 import AlertRaised
from libs.auth import REFRESH_PREFIX, AccessClaims, InvalidToken, digest_of, new_secret
from libs.bus import outbox
from libs.db.engine import tenant
from libs.http.answers import ExactJSON
from libs.http.errors import NotFound, NotSignedIn
from libs.http.failure import FAILURES
from libs.reading.lists import listed
from services.gateway.routes.access import Credential, Database, From, Origin, Parts, Personal, Public, Wired
from services.gateway.routes.documents import answers
from services.gateway.routes.scope import Paged
from services.gateway.rules import examples
from services.gateway.rules import people as records
from services.gateway.rules.bodies import Body
from services.gateway.store import audit, people, sessions

router = APIRouter(prefix="/auth", tags=["auth"])
ENDED = "The refresh token is not valid, was used before or has expired: sign in again."
RefreshToken = Annotated[str, Field(min_length=1, max_length=200)]


class SignedIn(BaseModel):
    """Tokens of a session; null while a code of the authenticator app is asked for (`mfa_required`)."""

    access_token: str | None
    refresh_token: str | None
    token_type: str = "bearer"  # noqa: S105 - the name of the scheme
    expires_in: int = Field(description="Seconds until the access token expires.")
    mfa_required: bool = Field(description="Send the login again, with `code`.")
    must_change_password: bool = Field(description="Only a change of the password is answered until then.")


class Renewal(Body):
    """The refresh token that was given last."""

    refresh_token: RefreshToken

    model_config = ConfigDict(json_schema_extra={"example": {"refresh_token": "tmr_…"}})


class Leave(Body):
    """Not needed where an access token is sent."""

    refresh_token: RefreshToken | None = None

    model_config = ConfigDict(json_schema_extra={"example": {"refresh_token": "tmr_…"}})


@router.post(
    "/refresh",
    summary="Renew a session",
    response_model=SignedIn,
    responses={**answers(records.TOKENS, modelled=True), 401: FAILURES[401]},
    dependencies=[Public],
)
async def refresh(given: Renewal, parts: Wired, origin: From) -> ExactJSON:
    """Takes a refresh token and returns a new pair; each refresh token is good once.

    One that comes twice was copied: the whole session ends, and administrators are told.
    """
    renewed = await _renewed(parts, origin, digest_of(given.refresh_token))
    if renewed is None:
        raise NotSignedIn(ENDED)
    return ExactJSON(renewed)


@router.post(
    "/logout",
    summary="Sign out",
    responses={**answers({"signed_out": True}), 401: FAILURES[401]},
    dependencies=[Public],
)
async def logout(parts: Wired, origin: From, credential: Credential, given: Leave | None = None) -> ExactJSON:
    """Ends the session of the access token, or of the refresh token in the body: both are good for nothing at
    once. Twice is the same as once.
    """
    if not await _left(parts, origin, credential, given.refresh_token if given else None):
        raise NotSignedIn(
            "There is no such session: send its access token, or its refresh token in the body."
        )
    return ExactJSON({"signed_out": True})


@router.get("/sessions", summary="Where you are signed in", responses=answers(examples.page(records.SESSION)))
async def listing(
    caller: Personal,
    connection: Database,
    paging: Paged,
    sort_by: Literal["last_used_at", "created_at", "expires_at"] = "last_used_at",
) -> ExactJSON:
    """Your sessions, the last used first; `current` is the one that asks."""
    return ExactJSON(listed(*await sessions.page(connection, caller.id, caller.session, sort_by, paging)))


@router.delete(
    "/sessions/{session_id}",
    summary="End one of your sessions",
    responses=answers({"id": records.SESSION["id"], "ended": True}),
)
async def end(session_id: UUID, caller: Personal, connection: Database) -> ExactJSON:
    """Whoever holds its tokens is out at once."""
    await people.hold(connection, caller.id)
    if not await sessions.end(connection, caller.id, session_id):
        raise NotFound("session")
    await caller.audit(connection, "session.ended", "session", session_id)
    return ExactJSON({"id": session_id, "ended": True})


async def new_tokens(
    parts: Parts, connection: AsyncConnection, origin: Origin, user: RowMapping, family: UUID | None = None
) -> dict[str, Any]:
    """Tokens of a new session of a user who is held (``family``: of that one); stored hashed."""
    secret = new_secret(REFRESH_PREFIX)
    token = {
        "user_id": user["id"],
        "family": family,
        "token_hash": digest_of(secret),
        "ip": origin.ip,
        "user_agent": origin.user_agent,
        "expires_at": datetime.now(UTC) + parts.session_lifetime,
    }
    token_id = await sessions.add_token(connection, token)
    return {
        "access_token": parts.tokens.issue(AccessClaims(user["id"], user["email"], user["role"], token_id)),
        "refresh_token": secret,
        "token_type": "bearer",
        "expires_in": int(parts.tokens.lifetime.total_seconds()),
        "mfa_required": False,
        "must_change_password": user["must_change_password"],
    }


async def _renewed(parts: Parts, origin: Origin, token_hash: bytes) -> dict[str, Any] | None:
    """The next tokens of a session; None if the token is good for nothing."""
    async with tenant(parts.engine, role="nobody", client_ids=()) as connection:
        user = await _holder(connection, token_hash)
        token = await sessions.token(connection, token_hash)  # as it is now that its user is held
        if user is None or token is None or token["ended"] or not user["is_active"]:
            return None
        if token["used"]:
            await _end_copied(connection, origin, user, token)
            return None
        if not token["fresh"]:
            return None
        await sessions.use_up(connection, token["id"])
        await sessions.forget_expired(connection, user["id"])
        return await new_tokens(parts, connection, origin, user, token["family"])


async def _holder(connection: AsyncConnection, token_hash: bytes) -> RowMapping | None:
    user_id = await sessions.user_of_token(connection, token_hash)
    return None if user_id is None else await people.hold(connection, user_id)


async def _end_copied(
    connection: AsyncConnection, origin: Origin, user: RowMapping, token: RowMapping
) -> None:
    """Two hold the token, and nobody knows which of them is the user: neither goes on."""
    await sessions.end(connection, user["id"], token["family"])
    await _record(connection, "session.token_reused", token["family"], origin, user["id"])
    alert = AlertRaised(
        kind="session.token_reused",
        message=f"A refresh token of {user['email']} was used twice: the session was ended. "
        "Somebody may have copied it; if the user knows nothing of it, reset the password.",
        dedupe_key=f"session.token_reused:{token['family']}",
        details={"user_id": str(user["id"]), "session_id": str(token["family"]), "ip": origin.ip},
    )
    await outbox.put(connection, "gateway", "alert.raised", alert)


async def _left(parts: Parts, origin: Origin, credential: str | None, refresh_token: str | None) -> bool:
    """Whether there was such a session; it has ended now."""
    async with tenant(parts.engine, role="nobody", client_ids=()) as connection:
        found = await _of_refresh_token(connection, refresh_token) or await _of_access_token(
            connection, parts, credential
        )
        if found is None:
            return False
        user_id, family = found
        await people.hold(connection, user_id)
        if await sessions.end(connection, user_id, family):
            await _record(connection, "logout", family, origin, user_id)
        return True


async def _of_refresh_token(connection: AsyncConnection, secret: str | None) -> tuple[UUID, UUID] | None:
    token = await sessions.token(connection, digest_of(secret)) if secret else None
    return (token["user_id"], token["family"]) if token else None


async def _of_access_token(
    connection: AsyncConnection, parts: Parts, credential: str | None
) -> tuple[UUID, UUID] | None:
    try:
        claims = parts.tokens.verify(credential or "")
    except InvalidToken:
        return None
    family = await sessions.family_of(connection, claims.user_id, claims.session)
    return (claims.user_id, family) if family else None


async def _record(
    connection: AsyncConnection, action: str, family: UUID, origin: Origin, user_id: UUID
) -> None:
    ip, agent = origin.ip, origin.user_agent
    await audit.record(connection, action, "session", family, user_id=user_id, ip=ip, user_agent=agent)
