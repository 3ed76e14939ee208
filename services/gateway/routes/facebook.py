"""The facebook connector answers what is in its contract: passed through as it comes, nothing is kept."""

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

from libs.http.documents import Document
from libs.http.errors import Problem
from libs.http.middleware import REQUEST_ID
from libs.observability import current_correlation_id, tracing
from libs.trust import trusted
from services.gateway.routes.access import From, Parts, Wired

log = structlog.get_logger()
_PLAIN = re.compile(r"[0-9A-Za-z/_-]+")
"""Beside its contract the connector answers what is not public (metrics, health, its document): nothing that
a client of HTTP might resolve (dots, escapes) may come near.
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


def router(contract: Document) -> APIRouter:
    """A route for each address of the contract, with its methods: nothing else is reached."""
    made = APIRouter(include_in_schema=False)
    for path, methods in contract["paths"].items():
        made.add_api_route(path, passed_through, methods=[method.upper() for method in methods])
    return made


async def passed_through(request: Request, origin: From, parts: Wired) -> StreamingResponse:
    """Whatever the connector answers, streamed both ways; 503 while it is away."""
    if not parts.facebook_url:
        raise Problem(503, "Uploads are not set up here: an administrator has to set FACEBOOK_URL.")
    has_body = "content-length" in request.headers or "transfer-encoding" in request.headers
    asked = parts.uploads.build_request(
        request.method,
        _url(request),
        headers=_headers(request, origin.ip),
        content=request.stream() if has_body else None,
    )
    answer = await _answer(parts, asked)
    back = {name: answer.headers[name] for name in _PASSED_BACK if name in answer.headers}
    return StreamingResponse(_body(answer), answer.status_code, back)


def _url(request: Request) -> httpx.URL:
    """The same address at the connector. Raises 404 for what may be another one there."""
    path: str = request.scope["path"]
    if _PLAIN.fullmatch(path) is None:
        raise HTTPException(404)
    query = quote(request.scope["query_string"], safe=_OF_QUERIES)
    try:
        return httpx.URL(path=path, query=query.encode())
    except httpx.InvalidURL as error:
        raise Problem(414, "The address is too long.", code="TOO_LONG") from error


def _headers(request: Request, ip: str | None) -> httpx.Headers:
    """Byte by byte as they came: a name of a browser may hold any; but for blanks around a value, which are
    no part of it, and which no client sends.
    """
    headers = httpx.Headers(
        [(name, value.strip()) for name, value in request.headers.raw if name.decode("latin-1") in _PASSED_ON]
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
