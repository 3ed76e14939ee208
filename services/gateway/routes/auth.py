"""Signing in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.db.engine import tenant
from libs.http.answers import ExactJSON
from libs.http.errors import Problem
from libs.http.failure import FAILURES
from services.gateway.routes.access import From, Origin, Parts, Public, Reader, Wired, seen_by
from services.gateway.routes.documents import answers
from services.gateway.routes.proof import Code, Factor, Password, factor_of, is_locked, note, sealer_of
from services.gateway.routes.sessions import SignedIn, new_tokens
from services.gateway.rules import logins
from services.gateway.rules import people as records
from services.gateway.rules.bodies import Body, storable
from services.gateway.store import people

router = APIRouter(prefix="/auth", tags=["auth"])
WRONG = "E-mail or password is wrong."
WRONG_CODE = (
    "The code is wrong, too old or was used before: send the next one of your app, or a recovery code."
)
ASKED: dict[str, Any] = {
    **dict.fromkeys(records.TOKENS),
    "token_type": "bearer",
    "expires_in": 0,
    "mfa_required": True,
    "must_change_password": False,
}
"""The answer to a right password that needs a code beside it."""


class SignIn(Body):
    """E-mail and password; ``str_strip_whitespace`` would change a password, so it is off here."""

    model_config = ConfigDict(str_strip_whitespace=False)

    email: Annotated[str, Field(min_length=3, max_length=254), AfterValidator(storable)]
    password: Password
    code: Code | None = Field(default=None, description="Of the authenticator app, or a recovery code.")


class Me(BaseModel):
    """The signed-in user."""

    id: str
    email: str
    role: str
    client_ids: list[str]
    mfa_enabled: bool
    must_change_password: bool
    created_at: datetime


LOGIN_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": SignIn.model_json_schema(),
                "example": {"email": "you@agency.example", "password": "correct horse battery staple"},
            },
        },
    }
}


_NO_FORM = (
    "The form has neither username nor password. Send JSON with email and password, and the header "
    "Content-Type: application/json."
)


async def credentials_of(request: Request) -> SignIn:
    """From JSON, or from the OAuth2 form that the docs page sends (its other fields are ignored)."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
            form = await request.form(max_fields=10, max_files=0)
            if not form.keys() & {"username", "password"}:
                raise Problem(422, _NO_FORM)
            given = {"email": form.get("username"), "password": form.get("password")}
            code = form.get("code") or form.get("client_secret") or None
            return SignIn.model_validate({**given, "code": code})
        return SignIn.model_validate(await request.json())
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False, include_context=False)
        raise RequestValidationError([{**e, "loc": ("body", *e["loc"])} for e in found]) from None
    except (ValueError, RecursionError):
        raise Problem(422, "The body must be JSON with email and password, or a form.") from None


@router.post(
    "/login",
    summary="Sign in",
    response_model=SignedIn,
    openapi_extra=LOGIN_BODY,
    dependencies=[Public],
    responses={
        **answers(records.TOKENS, modelled=True),
        401: FAILURES[401],
        429: FAILURES[429],
    },
)
async def login(parts: Wired, origin: From, given: Annotated[SignIn, Depends(credentials_of)]) -> ExactJSON:
    """Returns an access token for `Authorization: Bearer …` and a refresh token.

    With an authenticator app enrolled, the answer is `mfa_required` until `code` (its, or a recovery code) is
    sent, too. The form of OAuth2 is understood. Unknown user and wrong password look and take the same.
    """
    attempt = Attempt(origin, given.email.strip().lower(), given.code)
    user = await _looked_up(parts, attempt)
    right = await parts.hasher.verify(given.password, user["password_hash"] if user else None)
    answer = await _settled(parts, attempt, user, right=right)
    if isinstance(answer, Problem):
        raise answer
    return ExactJSON(answer)


@router.get("/me", summary="Who am I", response_model=Me, responses=answers(records.ME, modelled=True))
async def me(caller: Reader, parts: Wired) -> ExactJSON:
    """The signed-in user and their clients."""
    async with seen_by(parts.engine, caller) as connection:
        owned = await people.public_ids(connection, caller.client_ids)
    names = ("id", "email", "role", "mfa_enabled", "must_change_password", "created_at")
    return ExactJSON({**{name: getattr(caller, name) for name in names}, "client_ids": owned})


@dataclass(frozen=True)
class Attempt:
    """Somebody who wants in."""

    origin: Origin
    account: str
    code: str | None


async def _looked_up(parts: Parts, attempt: Attempt) -> RowMapping | None:
    """The user of that name, if any. Raises 429 for an address with too many failures."""
    since = datetime.now(UTC) - logins.WINDOW
    async with tenant(parts.engine, role="nobody", client_ids=()) as connection:
        if logins.address_is_locked(await people.failures_from(connection, attempt.origin.ip, since)):
            wait = str(int(logins.WINDOW.total_seconds()))
            raise Problem(429, "Too many failed logins from this address.", headers={"Retry-After": wait})
        return await people.user_by_email(connection, attempt.account)


async def _settled(
    parts: Parts, attempt: Attempt, known: RowMapping | None, *, right: bool
) -> dict[str, Any] | Problem:
    """Tokens, the question for a code, or why not; noted either way.

    Failures are counted after the hash, while the user is held: attempts on one account are counted one after
    the other, however many run at once.
    """
    async with tenant(parts.engine, role="nobody", client_ids=()) as connection:
        user = await people.hold(connection, known["id"]) if known else None
        locked = await is_locked(connection, attempt.account)
        if user is None or known is None or locked or not (right and _is_as_verified(user, known)):
            await _note(connection, "login_failed", attempt, user)
            return Problem(401, WRONG, code="INVALID_CREDENTIALS")
        if user["mfa_secret"] is None:
            return await _let_in(parts, connection, attempt, user)
        return await _with_code(parts, connection, attempt, user)


def _is_as_verified(user: RowMapping, before: RowMapping) -> bool:
    """Whether the password is still the one that was looked at, of somebody who may sign in."""
    return bool(user["is_active"]) and user["password_hash"] == before["password_hash"]


async def _with_code(
    parts: Parts, connection: AsyncConnection, attempt: Attempt, user: RowMapping
) -> dict[str, Any] | Problem:
    sealer_of(parts)
    if not attempt.code:
        await _note(connection, "login_mfa_asked", attempt, user)
        return ASKED
    factor = await factor_of(connection, parts, user, attempt.code)
    if factor is None:
        await _note(connection, "login_failed", attempt, user)
        return Problem(401, WRONG_CODE, code="INVALID_CODE")
    return await _let_in(parts, connection, attempt, user, factor)


async def _let_in(
    parts: Parts,
    connection: AsyncConnection,
    attempt: Attempt,
    user: RowMapping,
    factor: Factor | None = None,
) -> dict[str, Any]:
    await _note(connection, "login", attempt, user, factor)
    return await new_tokens(parts, connection, attempt.origin, user)


async def _note(
    connection: AsyncConnection,
    action: Literal["login", "login_failed", "login_mfa_asked"],
    attempt: Attempt,
    user: RowMapping | None,
    factor: Factor | None = None,
) -> None:
    await note(connection, action, attempt.account, attempt.origin, user["id"] if user else None, factor)
