"""One shape for every error answer, whoever raised it: a route, the framework, the database, a bug.

    Problem (HTTPException)        raised by routes: status, code and a sentence to act on
    ├── NotFound        404        absent, or somebody else's: they look alike
    ├── NotAllowed      403        signed in, but not for this
    ├── NotSignedIn     401        no, bad or ended credentials
    ├── Conflict        409        the state of things forbids it
    └── Invalid         422        a value does not fit; ``field_errors`` names which

No answer carries SQL, a path, a trace or a value that was sent (it may be a password).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import asyncpg
import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import Request

from libs.errors import BadQuestion, Transient
from libs.http.answers import ExactJSON
from libs.observability import current_correlation_id

log = structlog.get_logger()
FieldErrors = Mapping[str, list[str]]

CODES = {
    400: "BAD_REQUEST",
    401: "NOT_SIGNED_IN",
    403: "NOT_ALLOWED",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    409: "CONFLICT",
    413: "TOO_LARGE",
    415: "UNSUPPORTED_MEDIA_TYPE",
    422: "VALIDATION_ERROR",
    429: "TOO_MANY_REQUESTS",
    500: "INTERNAL_ERROR",
    503: "UNAVAILABLE",
}
RETRY_AFTER_SECONDS = "5"
_UNSTORABLE = ("22021", "22P05", "22P02", "22003", "22007", "22008", "54000")
"""SQLSTATEs of values that PostgreSQL cannot take: NUL, surrogates, numbers and dates out of range, texts too
long for an index.
"""


class Problem(HTTPException):
    """An error that the caller should read."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        code: str = "",
        field_errors: FieldErrors | None = None,
        details: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, detail, dict(headers or {}))
        self.code = code or CODES.get(status, "ERROR")
        self.field_errors = field_errors or {}
        self.details = details or {}


class NotFound(Problem):
    """404. Says what was looked for, never whether it exists for somebody else."""

    def __init__(self, what: str) -> None:
        super().__init__(404, f"There is no such {what}, or it is not yours.")


class NotAllowed(Problem):
    """403."""

    def __init__(self, detail: str = "This needs an administrator.") -> None:
        super().__init__(403, detail)


class NotSignedIn(Problem):
    """401."""

    def __init__(self, detail: str = "Sign in: send an access token as `Authorization: Bearer …`.") -> None:
        super().__init__(401, detail, headers={"WWW-Authenticate": "Bearer"})


class Conflict(Problem):
    """409."""

    def __init__(self, detail: str, **details: Any) -> None:
        super().__init__(409, detail, details=details)


class Invalid(Problem):
    """422 of one field."""

    def __init__(self, field: str, message: str, **details: Any) -> None:
        super().__init__(422, f"{field}: {message}", field_errors={field: [message]}, details=details)


def envelope(
    detail: str,
    code: str,
    field_errors: FieldErrors | None = None,
    details: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The body of every error answer."""
    return {
        "detail": detail,
        "error_code": code,
        "field_errors": field_errors or {},
        "details": details or {},
        "correlation_id": current_correlation_id(),
    }


def handle_errors(app: FastAPI) -> None:
    """Give an application the one shape for everything that its routes and the framework raise.

    What nobody foresaw is answered by ``libs.http.middleware.Boundary``.
    """
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(DBAPIError, _database_error)
    app.add_exception_handler(PoolTimeout, _unavailable)
    app.add_exception_handler(OSError, _unavailable)
    app.add_exception_handler(Transient, _unavailable)
    app.add_exception_handler(BadQuestion, _bad_question)


async def _http_error(request: Request, error: Exception) -> ExactJSON:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
    if error.status_code == 405:
        error = _other_method(request)
    if isinstance(error, Problem):
        body = envelope(error.detail, error.code, error.field_errors, error.details)
    else:
        body = envelope(_sentence(error), CODES.get(error.status_code, "ERROR"))
    return ExactJSON(body, error.status_code, error.headers)


def _other_method(request: Request) -> Problem:
    """405 with all that the address takes: the framework names the methods of one route of several."""
    taken = {
        method
        for route in iter_route_contexts(request.app.routes)
        if (regex := getattr(route, "path_regex", None)) and regex.match(request.scope["path"])
        for method in route.methods or ()
    }
    allowed = ", ".join(sorted(taken))
    sentence = f"This address takes {allowed or 'other methods'} only: /docs shows what is done where."
    return Problem(405, sentence, headers={"Allow": allowed})


def _sentence(error: HTTPException) -> str:
    """What to do about an error of the framework; its own texts are a word or two."""
    return {
        404: "There is no such address: see /docs for those that exist.",
        413: "The request is too large.",
        400: "The request cannot be read: check that its body is well-formed.",
    }.get(error.status_code, error.detail)


async def _invalid_request(_: Request, error: Exception) -> ExactJSON:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it
    fields: dict[str, list[str]] = defaultdict(list)
    for found in error.errors():
        fields[_field_of(found["loc"])].append(_said(found))
    detail = "; ".join(f"{name}: {', '.join(messages)}" for name, messages in list(fields.items())[:5])
    return ExactJSON(envelope(_printable(detail), CODES[422], _printable_fields(fields)), 422)


def _said(found: Mapping[str, Any]) -> str:
    """What is wrong with a value; a body that is no object was mostly sent without saying that it is JSON."""
    if found["type"] in ("model_attributes_type", "model_type", "dict_type") and found["loc"] == ("body",):
        return "must be a JSON object, sent with the header Content-Type: application/json"
    return str(found["msg"]).removeprefix("Value error, ")


def _field_of(location: tuple[Any, ...]) -> str:
    """``email`` of ("body", "email"); the place itself where that is all (``body``)."""
    parts = [str(part) for part in location if not isinstance(part, int)]
    return ".".join(parts[1:]) or parts[0] if parts else "request"


def _printable(text: str) -> str:
    """Without what JSON cannot carry; a name of a field may hold anything."""
    return text.encode("utf-8", "replace").decode()[:1000]


def _printable_fields(fields: FieldErrors) -> FieldErrors:
    return {_printable(name): [_printable(m) for m in found] for name, found in list(fields.items())[:50]}


async def _database_error(request: Request, error: Exception) -> ExactJSON:
    assert isinstance(error, DBAPIError)  # noqa: S101 - registered for it
    state = str(getattr(error.orig, "sqlstate", "") or "")
    if state in _UNSTORABLE or _is_unsendable(error):
        return ExactJSON(envelope("A value holds something that cannot be stored.", CODES[422]), 422)
    if state == "23505":
        return ExactJSON(envelope("There is one like this already.", CODES[409]), 409)
    connection_lost = error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
    cut_off = isinstance(error, InternalError) and not state  # the driver, while its connection goes down
    if connection_lost or cut_off or state[:2] in ("08", "28", "3D", "40", "53", "55", "57"):
        return await _unavailable(request, error)
    raise error


def _is_unsendable(error: DBAPIError) -> bool:
    """Whether the driver could not encode a value: its own DataError, and not a kind of it that the server
    sends."""
    cause = error.orig.__cause__ if error.orig else None
    return type(cause) is asyncpg.DataError or isinstance(cause, ValueError)


async def _bad_question(request: Request, error: Exception) -> ExactJSON:
    assert isinstance(error, BadQuestion)  # noqa: S101 - registered for it
    return await _http_error(request, Invalid(error.field, error.message))


async def _unavailable(_: Request, error: Exception) -> ExactJSON:
    log.warning("unavailable", error=type(error).__name__)
    body = envelope("Something this needs does not answer just now: try again shortly.", CODES[503])
    return ExactJSON(body, 503, {"Retry-After": RETRY_AFTER_SECONDS})
