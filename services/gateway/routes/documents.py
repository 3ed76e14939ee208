"""What the OpenAPI document says beside the routes: tags, examples, errors; and the page that shows it."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

import orjson
from fastapi import APIRouter, FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from libs.http.answers import exact_json
from libs.http.documented import with_access
from libs.http.failure import Error
from services.gateway.rules.failures import FAILURES, possible
from services.gateway.rules.shapes import schema_of

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
Messages between the services: `/docs/messages`.
POSTs that start work honour `Idempotency-Key`; `X-Request-ID` goes through to all that a request caused.
"""


NULL = "\u2400"
"""Stands for null in an example until the document is made: the framework leaves nulls out."""


INVALID: dict[int | str, dict[str, Any]] = {422: {**FAILURES[422], "model": Error}}
"""Of every route: the framework would put its own shape there."""
_DONE = {200: "Done", 201: "Added", 202: "Accepted: it happens soon", 503: "Not now"}


def answers(
    example: Any,
    status: int = 200,
    kind: str = "application/json",
    *,
    other: Any = None,
    modelled: bool = False,
) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of a route whose good answer looks like this, or like the ``other``.

    ``modelled``: how it looks is told by the route's model.
    """
    if "json" not in kind:
        form = {} if kind.startswith("text/") else {"format": "binary"}
        content: dict[str, Any] = {"schema": {"type": "string", **form}, "example": example}
    else:
        plain = orjson.loads(exact_json(example))
        content = {} if modelled else {"schema": _either(plain, other)}
        content["example"] = _replaced(plain, None, NULL)
    return {status: {"description": _DONE[status], "content": {kind: content}}}


def _either(example: Any, other: Any) -> dict[str, Any]:
    known = [schema_of(orjson.loads(exact_json(each))) for each in (example, other) if each is not None]
    return known[0] if len(known) == 1 else {"anyOf": known}


def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, with access, failures and the nulls of examples; made once."""
    if not app.openapi_schema:
        made, app.openapi_schema = FastAPI.openapi(app), None
        app.openapi_schema = _replaced(_completed(with_access(app, made)), NULL, None)
    return app.openapi_schema


def _completed(made: dict[str, Any]) -> dict[str, Any]:
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            operation["operationId"] = _operation_id(method, path)
            found = {s: a for s, a in operation["responses"].items() if s != "422"}
            failures = {} if operation["tags"] == ["operations"] else possible(method.upper(), operation)
            operation["responses"] = dict(sorted({**failures, **found}.items()))
    return made


def _operation_id(method: str, path: str) -> str:
    """``get_campaigns_campaign_id_tree``: what a generated client calls its function."""
    return "_".join([method, *re.findall(r"[a-z0-9_]+", path.removeprefix("/api/v1").replace("-", "_"))])


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
