"""``/facebook/*`` is the facebook connector's: passed through as it comes, nothing is kept in between."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from string import punctuation
from urllib.parse import quote

import httpx
import structlog
from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import StreamingResponse

from libs.http.errors import Problem
from libs.http.middleware import REQUEST_ID
from libs.observability import current_correlation_id, tracing
from libs.trust import trusted
from services.gateway.routes.access import From, Parts, Wired

log = structlog.get_logger()
router = APIRouter(prefix="/facebook", include_in_schema=False)
METHODS = ["GET", "POST", "DELETE"]
_PUBLIC = re.compile(r"upload|uploads(/[0-9A-Za-z-]+(/events)?)?")
"""The connector's addresses that are for everybody. Beside them it answers what is not public (metrics,
health, its document): nothing that a client of HTTP might resolve (dots, escapes) may come near.
"""
_OF_QUERIES = punctuation.replace("#", "")
FORM_BYTES = 65_536
"""Of a form, beside its file."""
_PASSED_ON = (
    *("authorization", "content-type", "content-length", "accept", "accept-language", "user-agent"),
    *("idempotency-key", "last-event-id"),
)
"""Of the request; cookies, hop-by-hop headers and what claims to be a proxy's stay here."""
_PASSED_BACK = (
    *("content-type", "content-length", "content-disposition", "cache-control", "retry-after"),
    *("www-authenticate", "allow", "x-accel-buffering", "idempotency-replayed"),
)


def upstream(url: str) -> httpx.AsyncClient:
    """A client of the connector; answers may be long in coming (`wait`, events), connections not."""
    timeout = httpx.Timeout(None, connect=5, pool=5)
    return httpx.AsyncClient(
        base_url=url or "http://unset.invalid", timeout=timeout, follow_redirects=False, verify=trusted()
    )


@router.api_route("/{path:path}", methods=METHODS)
async def passed_through(path: str, request: Request, origin: From, parts: Wired) -> StreamingResponse:
    """Whatever the connector answers, streamed both ways; 503 while it is away."""
    if not parts.facebook_url:
        raise Problem(503, "Uploads are not set up here: an administrator has to set FACEBOOK_URL.")
    has_body = "content-length" in request.headers or "transfer-encoding" in request.headers
    asked = parts.uploads.build_request(
        request.method,
        _url(path, request),
        headers=_headers(request, origin.ip),
        content=request.stream() if has_body else None,
    )
    answer = await _answer(parts, asked)
    back = {name: answer.headers[name] for name in _PASSED_BACK if name in answer.headers}
    return StreamingResponse(_body(answer), answer.status_code, back)


def _url(path: str, request: Request) -> httpx.URL:
    """The address at the connector. Raises 404 for what is not public there."""
    if _PUBLIC.fullmatch(path) is None:
        raise HTTPException(404)
    query = quote(request.scope["query_string"], safe=_OF_QUERIES)
    try:
        return httpx.URL(path=f"/api/v1{router.prefix}/{path}", query=query.encode())
    except httpx.InvalidURL as error:
        raise Problem(414, "The address is too long.", code="TOO_LONG") from error


def _headers(request: Request, ip: str | None) -> httpx.Headers:
    """Byte by byte as they came: a name of a browser may hold any."""
    headers = httpx.Headers(
        [(name, value) for name, value in request.headers.raw if name.decode("latin-1") in _PASSED_ON]
    )
    headers[REQUEST_ID] = current_correlation_id() or ""
    if (trace := tracing.traceparent()) is not None:
        headers["traceparent"] = trace
    if ip is not None:
        headers["X-Forwarded-For"] = ip
    headers["Accept-Encoding"] = "identity"
    return headers


async def _answer(parts: Parts, asked: httpx.Request) -> httpx.Response:
    try:
        return await parts.uploads.send(asked, stream=True)
    except httpx.TransportError as error:
        log.warning("the facebook connector does not answer", error=repr(error))
        raise Problem(503, "Uploads cannot be taken just now: try again shortly.") from error


async def _body(answer: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for piece in answer.aiter_raw():
            yield piece
    finally:
        await answer.aclose()
