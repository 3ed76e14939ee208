"""The OpenAPI document: what the routes do not say, and what is passed through; the page that shows it."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from libs.http import documents
from libs.http.documents import INVALID, answers
from libs.http.failure import FAILURES

__all__ = ["ABOUT", "INVALID", "PAGE_FILES", "answers", "document", "router", "tags"]
router = APIRouter(include_in_schema=False)
PAGE_FILES = StaticFiles(packages=[("fastapi_offline", "static")])
"""Script and style of the page, from a package: it works without a network."""

_PASSING = {str(status): FAILURES[status] for status in (414, 503)}
"""What passing a request through can add to the answers of a contract."""
TAGS: list[dict[str, Any]] = [
    {
        "name": "auth",
        "description": "Sign in; send the access token as `Authorization: Bearer …`. "
        "Sessions, second factors, API keys for programs.",
    },
    {
        "name": "users",
        "description": "Who may sign in (administrators). They are added with `POST /auth/register`; which "
        "clients are theirs is said at the clients (`user_id`).",
    },
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

**First steps**, as an administrator: sign in (*Authorize*); add a client (`POST /clients`), a user for it
(`POST /auth/register`, then their `user_id` with `PUT /clients/{client_id}`) and its price of a thousand
impressions (`POST /clients/{client_id}/cpm`); upload an export (`POST /facebook/upload`, first with
`dry_run`), follow it (`GET /facebook/uploads/{upload_id}`), look (`GET /dashboard`) and take a file
(`GET /exports/xlsx`).

**Ranges** are account days, both included; left out: the last 30 complete days. **Numbers** are exact; `null`
means not defined or not measured, and `coverage` says what share of the impressions a ratio covers.
**Lists** have `page`, `page_size` (at most 500), `sort_by` and `order`. **Errors** all have one shape.
Messages between the services: `/docs/messages`.
POSTs that start work honour `Idempotency-Key`; `X-Request-ID` goes through to all that a request caused.
"""


def tags(contract: documents.Document) -> list[dict[str, Any]]:
    """In the order of the page: uploads before what becomes of them."""
    before = next(number for number, tag in enumerate(TAGS) if tag["name"] == "ingestion")
    return [*TAGS[:before], *contract["tags"], *TAGS[before:]]


def document(app: FastAPI, contract: documents.Document) -> documents.Document:
    """The OpenAPI document, with the operations that are passed through to somebody's contract; made once.

    Raises ValueError where both mean something else by the same name.
    """
    if not app.openapi_schema:
        made = documents.document(app)
        for kind, named in contract["components"].items():
            _add(made["components"].setdefault(kind, {}), named)
        _add(made["paths"], _passed_through(contract["paths"]))
        app.openapi_schema = made
    return app.openapi_schema


def _passed_through(paths: documents.Document) -> documents.Document:
    return {
        path: {
            method: {**told, "responses": dict(sorted({**_PASSING, **told["responses"]}.items()))}
            for method, told in methods.items()
        }
        for path, methods in paths.items()
    }


def _add(into: documents.Document, named: documents.Document) -> None:
    for name, value in named.items():
        if into.setdefault(name, value) != value:
            raise ValueError(f"{name} of a contract is something else here")


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
