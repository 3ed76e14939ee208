"""Signing in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.auth import AccessClaims, digest_of, new_secret
from libs.db.engine import tenant
from libs.http.answers import ExactJSON
from libs.http.errors import Problem
from services.gateway.routes.access import From, Origin, Parts, Signed, Wired
from services.gateway.routes.documents import answers
from services.gateway.rules import examples, logins
from services.gateway.rules.bodies import Body, storable
from services.gateway.store import audit, people

router = APIRouter(prefix="/auth", tags=["auth"])
WRONG = "E-mail or password is wrong."
REFRESH_PREFIX = "tmr_"


class Credentials(Body):
    """E-mail and password; ``str_strip_whitespace`` would change a password, so it is off here."""

    model_config = ConfigDict(str_strip_whitespace=False)

    email: Annotated[str, Field(min_length=3, max_length=254), AfterValidator(storable)]
    password: Annotated[str, Field(min_length=1, max_length=1024)]


class LoggedIn(BaseModel):
    """Tokens of a new session."""

    access_token: str
    refresh_token: str
    token_type: str = "bearer"  # noqa: S105 - the name of the scheme
    expires_in: int = Field(description="Seconds until the access token expires.")


class Me(BaseModel):
    """The signed-in user."""

    id: str
    email: str
    role: str
    client_ids: list[str]
    created_at: datetime


LOGIN_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": Credentials.model_json_schema(),
                "example": {"email": "you@agency.example", "password": "correct horse battery staple"},
            },
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "required": ["username", "password"],
                    "properties": {
                        "username": {"type": "string", "description": "The e-mail address."},
                        "password": {"type": "string", "format": "password"},
                    },
                },
                "example": {"username": "you@agency.example", "password": "correct horse battery staple"},
            },
        },
    }
}


async def credentials_of(request: Request) -> Credentials:
    """From JSON, or from the OAuth2 form that the docs page sends (its other fields are ignored)."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
            form = await request.form(max_fields=10, max_files=0)
            return Credentials.model_validate(
                {"email": form.get("username"), "password": form.get("password")}
            )
        return Credentials.model_validate(await request.json())
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False, include_context=False)
        raise RequestValidationError([{**e, "loc": ("body", *e["loc"])} for e in found]) from None
    except (ValueError, RecursionError):
        raise Problem(422, "The body must be JSON with email and password, or a form.") from None


@router.post(
    "/login",
    summary="Sign in",
    response_model=LoggedIn,
    openapi_extra=LOGIN_BODY,
    responses=answers(
        {
            "access_token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.…",
            "refresh_token": "tmr_…",
            "token_type": "bearer",
            "expires_in": 1800,
        }
    ),
)
async def login(
    parts: Wired, origin: From, given: Annotated[Credentials, Depends(credentials_of)]
) -> ExactJSON:
    """Returns an access token for `Authorization: Bearer …` and a refresh token.

    Unknown user, wrong password and too many failures look and take the same.
    """
    account = given.email.strip().lower()
    user = await _looked_up(parts, origin, account)
    right = await parts.hasher.verify(given.password, user["password_hash"] if user else None)
    answer = await _settled(parts, origin, account, user if right else None)
    if answer is None:
        raise Problem(401, WRONG, code="INVALID_CREDENTIALS")
    return ExactJSON(answer)


@router.get(
    "/me",
    summary="Who am I",
    response_model=Me,
    responses=answers(
        {
            "id": examples.USER,
            "email": "you@agency.example",
            "role": "client",
            "client_ids": [examples.CLIENT],
            "created_at": "2026-01-05T09:00:00Z",
        }
    ),
)
async def me(caller: Signed, parts: Wired) -> ExactJSON:
    """The signed-in user and their clients."""
    async with tenant(parts.engine, role=caller.role, client_ids=caller.client_ids) as connection:
        owned = await people.public_ids(connection, caller.client_ids)
    return ExactJSON(
        {
            "id": caller.id,
            "email": caller.email,
            "role": caller.role,
            "client_ids": owned,
            "created_at": caller.created_at,
        }
    )


async def _looked_up(parts: Parts, origin: Origin, account: str) -> RowMapping | None:
    """The user of that name, if any. Raises 429 for an address with too many failures."""
    since = datetime.now(UTC) - logins.WINDOW
    async with tenant(parts.engine, role="nobody", client_ids=()) as connection:
        if logins.address_is_locked(await people.failures_from(connection, origin.ip, since)):
            wait = str(int(logins.WINDOW.total_seconds()))
            raise Problem(429, "Too many failed logins from this address.", headers={"Retry-After": wait})
        return await people.user_by_email(connection, account)


async def _settled(
    parts: Parts, origin: Origin, account: str, user: RowMapping | None
) -> dict[str, Any] | None:
    """The new session of a user whose password was right; None, and noted, where there is none.

    Failures are counted here, after the hash: however many attempts run at once, at most as many as
    there are hashing threads slip past the limit.
    """
    since = datetime.now(UTC) - logins.WINDOW
    async with tenant(parts.engine, role="nobody", client_ids=()) as connection:
        failures = await people.failures_of(connection, account, since)
        good = user is not None and user["is_active"] and not logins.account_is_locked(failures)
        await audit.record(
            connection,
            "login" if good else "login_failed",
            "login",
            account,
            user_id=user["id"] if user else None,
            ip=origin.ip,
            user_agent=origin.user_agent,
        )
        return await _session(parts, connection, origin, user) if good and user else None


async def _session(
    parts: Parts, connection: AsyncConnection, origin: Origin, user: RowMapping
) -> dict[str, Any]:
    """Start a session: its refresh token (stored hashed) and an access token that names it."""
    refresh = new_secret(REFRESH_PREFIX)
    session = await people.start_session(
        connection,
        {
            "user_id": user["id"],
            "token_hash": digest_of(refresh),
            "ip": origin.ip,
            "user_agent": origin.user_agent,
            "expires_at": datetime.now(UTC) + parts.session_lifetime,
        },
    )
    return {
        "access_token": parts.tokens.issue(AccessClaims(user["id"], user["email"], user["role"], session)),
        "refresh_token": refresh,
        "token_type": "bearer",
        "expires_in": int(parts.tokens.lifetime.total_seconds()),
    }
