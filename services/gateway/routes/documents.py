"""What the OpenAPI document says beside the routes: tags, examples, errors; and the page that shows it."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

import orjson
from fastapi import APIRouter, FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from pydantic import BaseModel
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from libs.http.answers import exact_json

router = APIRouter(include_in_schema=False)
PAGE_FILES = StaticFiles(packages=[("fastapi_offline", "static")])
"""Script and style of the page, from a package: it works without a network."""

TAGS = [
    {
        "name": "auth",
        "description": "Sign in; send the access token as `Authorization: Bearer …`. "
        "Sessions, second factors, API keys for programs.",
    },
    {"name": "users", "description": "Who may sign in (administrators)."},
    {"name": "dashboard", "description": "Figures of a client: totals, lists, trends, what is missing."},
    {"name": "metrics", "description": "Rows, summaries, trends, top lists, and how a number came about."},
    {"name": "hierarchy", "description": "Campaigns and what belongs to them."},
    {"name": "clients", "description": "Clients and how each of their sources is read."},
    {"name": "rates", "description": "CPMs by day: spend follows from impressions and the CPM of the day."},
    {
        "name": "ingestion",
        "description": "Runs, rejected rows, pulls, backfills, notifications (administrators).",
    },
    {"name": "exports", "description": "Files of what is on the screen, and reports by e-mail."},
    {"name": "audit", "description": "Who did what, from where (administrators)."},
]
ABOUT = """Paid-media performance: what was delivered, what it cost, what it brought.

**Ranges** are account days, both included; left out: the last 30 complete days. **Numbers** are exact; `null`
means not defined or not measured, and `coverage` says what share of the impressions a ratio covers.
**Lists** have `page`, `page_size` (at most 500), `sort_by` and `order`. **Errors** all have one shape.
POSTs that start work honour `Idempotency-Key`; `X-Request-ID` goes through to all that a request caused.
"""


class Error(BaseModel):
    """Every error."""

    detail: str
    error_code: str
    field_errors: dict[str, list[str]]
    details: dict[str, Any]
    correlation_id: str


def _error(
    description: str, code: str, detail: str, fields: dict[str, list[str]] | None = None
) -> dict[str, Any]:
    example = {
        "detail": detail,
        "error_code": code,
        "field_errors": fields or {},
        "details": {},
        "correlation_id": "4f1d2c3b5a6978869504f3e2d1c0b9a8",
    }
    return {"model": Error, "description": description, "content": {"application/json": {"example": example}}}


ERRORS: dict[int | str, dict[str, Any]] = {
    401: _error(
        "Not signed in", "NOT_SIGNED_IN", "Sign in: send an access token as `Authorization: Bearer …`."
    ),
    403: _error("Not for you", "NOT_ALLOWED", "This needs an administrator."),
    404: _error("Absent, or somebody else's", "NOT_FOUND", "There is no such client, or it is not yours."),
    409: _error(
        "The state of things forbids it", "CONFLICT", "This run is loaded; only one that is held can be …"
    ),
    413: _error("Too large", "TOO_LARGE", "The request is too large: at most 1,048,576 bytes."),
    422: _error(
        "A value does not fit",
        "VALIDATION_ERROR",
        "end_date: 2026-01-01 is before start_date 2026-01-31",
        {"end_date": ["2026-01-01 is before start_date 2026-01-31"]},
    ),
    503: _error("Try again shortly", "UNAVAILABLE", "Something this needs does not answer just now."),
}


NULL = "\u2400"
"""Stands for null in an example until the document is made: the framework leaves nulls out."""


def answers(
    example: Any, status: int = 200, kind: str = "application/json"
) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of a route whose good answer looks like this."""
    shown = _replaced(orjson.loads(exact_json(example)), None, NULL) if "json" in kind else example
    description = {200: "Done", 201: "Added", 202: "Accepted: it happens soon"}[status]
    return {status: {"description": description, "content": {kind: {"example": shown}}}}


def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, with the nulls of examples; made once."""
    if not app.openapi_schema:
        app.openapi_schema = _replaced(FastAPI.openapi(app), NULL, None)
    return app.openapi_schema


def _replaced(content: Any, old: Any, new: Any) -> Any:
    if isinstance(content, dict):
        return {name: _replaced(value, old, new) for name, value in content.items()}
    if isinstance(content, list):
        return [_replaced(value, old, new) for value in content]
    return new if content == old else content


@router.get("/docs")
async def docs() -> HTMLResponse:
    """The interactive page; its own script is named by its digest, nothing else runs."""
    html = _page()
    digests = [_digest(script) for script in re.findall(r"<script>(.*?)</script>", html, re.DOTALL)]
    policy = (
        f"default-src 'none'; script-src 'self' {' '.join(digests)}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )
    return HTMLResponse(html, headers={"Content-Security-Policy": policy})


def _page() -> str:
    page = get_swagger_ui_html(
        openapi_url="/openapi.json",
        title="Tidemark",
        swagger_js_url="/docs/files/swagger-ui-bundle.js",
        swagger_css_url="/docs/files/swagger-ui.css",
        swagger_favicon_url="data:,",
    )
    return bytes(page.body).decode()


def _digest(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
