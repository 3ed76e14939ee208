"""What every error looks like in the OpenAPI documents, and which of them an operation may answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel


class Error(BaseModel):
    """Every error."""

    detail: str
    error_code: str
    field_errors: dict[str, list[str]]
    details: dict[str, Any]
    correlation_id: str


_RETRY = {"Retry-After": {"description": "In so many seconds.", "schema": {"type": "string"}}}
_SIGN_IN = {"WWW-Authenticate": {"description": "`Bearer`.", "schema": {"type": "string"}}}
_HEADERS: Mapping[int, Mapping[str, Any]] = {401: _SIGN_IN, 429: _RETRY, 503: _RETRY}


def failure(
    status: int,
    description: str,
    code: str,
    detail: str,
    details: Mapping[str, Any] | None = None,
    **fields: list[str],
) -> dict[str, Any]:
    """A failure as one of the ``responses`` of an operation; ``fields``: the example's ``field_errors``."""
    example = {
        "detail": detail,
        "error_code": code,
        "field_errors": fields,
        "details": dict(details or {}),
        "correlation_id": "4f1d2c3b5a6978869504f3e2d1c0b9a8",
    }
    schema = {"$ref": "#/components/schemas/Error"}
    return {
        "description": description,
        **({"headers": dict(_HEADERS[status])} if status in _HEADERS else {}),
        "content": {"application/json": {"schema": schema, "example": example}},
    }


FAILURES: Mapping[int, dict[str, Any]] = {
    400: failure(
        400,
        "Not to be read",
        "BAD_REQUEST",
        "The request cannot be read: check that its body is well-formed.",
    ),
    401: failure(
        401, "Not signed in", "NOT_SIGNED_IN", "Sign in: send an access token as `Authorization: Bearer …`."
    ),
    403: failure(403, "Not for you", "NOT_ALLOWED", "This needs an administrator."),
    404: failure(
        404, "Absent, or somebody else's", "NOT_FOUND", "There is no such client, or it is not yours."
    ),
    408: failure(
        408,
        "The rest did not come",
        "REQUEST_TIMEOUT",
        "Nothing more of the request came for 30 seconds: send it again.",
    ),
    409: failure(
        409,
        "The state of things forbids it",
        "CONFLICT",
        "This run is loaded; only one that is held can be …",
    ),
    413: failure(413, "Too large", "TOO_LARGE", "The request is too large: at most 1,048,576 bytes."),
    414: failure(414, "Too long", "TOO_LONG", "The address is too long."),
    422: failure(
        422,
        "A value does not fit",
        "VALIDATION_ERROR",
        "end_date: 2026-01-01 is before start_date 2026-01-31",
        end_date=["2026-01-01 is before start_date 2026-01-31"],
    ),
    429: failure(429, "Too many attempts", "TOO_MANY_REQUESTS", "Too many failed logins from this address."),
    503: failure(503, "Try again shortly", "UNAVAILABLE", "Something this needs does not answer just now."),
}


def possible(method: str, operation: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Status → the failure, of what follows from access, parameters and body. A route adds its own."""
    statuses = {503}
    if operation["x-access"] != "P":
        statuses |= {401, 403, 404} | ({409} if method != "GET" else set())
    if operation.get("parameters"):
        statuses |= {422}
    if "requestBody" in operation:
        statuses |= {400, 408, 413, 422}
    return {str(status): FAILURES[status] for status in sorted(statuses)}
