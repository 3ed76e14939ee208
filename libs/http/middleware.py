"""What surrounds every request: an id, headers that protect browsers, an answer for what nobody foresaw.

Pure ASGI: nothing is buffered, and cancelling a request reaches the route.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager
from uuid import uuid4

import structlog
from prometheus_client import Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from libs.http.answers import exact_json
from libs.http.errors import CODES, RETRY_AFTER_SECONDS, Problem, envelope
from libs.observability import correlation, reporting, tracing

log = structlog.get_logger()
SECONDS = Histogram(
    "tidemark_http_request_duration_seconds",
    "Time from a request's headers to the end of its answer; route: its pattern, status 0: none was sent.",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60),
)

REQUEST_ID = "X-Request-ID"
ANSWERING = "tidemark.answering"
"""In a scope: what the answer to a bug is sent with, where a layer further in adds headers to each answer."""
_ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
"""Anything else is replaced: it would stand in logs and in headers of messages."""
_UNTRACED = ("/health", "/metrics")
"""Asked every few seconds."""
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

PROTECTION = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "Cache-Control": "no-store",
}
"""On every answer that does not say otherwise itself."""


class Boundary:
    """The outermost layer: correlation, a span, protecting headers, one log line, and the answer to a bug."""

    def __init__(self, app: ASGIApp, *, headers: Mapping[str, str] | None = None) -> None:
        self.app = app
        self.headers = {**PROTECTION, **(headers or {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; other scopes pass."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _request_id(scope)
        with correlation(request_id), _span(scope) as span:
            sender = _Sender(send, request_id, self.headers)
            try:
                await self._request(scope, receive, sender)
            finally:
                _tell(span, scope, sender.status)

    async def _request(self, scope: Scope, receive: Receive, sender: _Sender) -> None:
        started = time.monotonic()
        try:
            await self.app(scope, receive, sender)
        except Exception as error:
            log.exception("request failed", method=scope["method"], route=_route(scope))
            reporting.report(error, route=_route(scope), correlation_id=sender.request_id)
            if sender.status:
                raise
            await _answer_500(scope.get(ANSWERING, sender), error)
        finally:
            seconds, route = time.monotonic() - started, _route(scope)
            SECONDS.labels(_method(scope), route, str(sender.status)).observe(seconds)
            log.info(
                "request",
                method=scope["method"],
                route=route,
                status=sender.status,
                ms=round(seconds * 1000, 1),
            )


class _Sender:
    """Adds the headers to the start of the answer (to a 503: when to come again); remembers its status."""

    def __init__(self, send: Send, request_id: str, headers: Mapping[str, str]) -> None:
        self._send = send
        self.request_id = request_id
        self._headers = headers
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers[REQUEST_ID] = self.request_id
            if self.status == 503:
                headers.setdefault("Retry-After", RETRY_AFTER_SECONDS)
            for name, value in self._headers.items():
                headers.setdefault(name, value)
        await self._send(message)


async def _answer_500(send: Send, _: Exception) -> None:
    body = exact_json(
        envelope("Something went wrong here. Tell an administrator the correlation id.", CODES[500])
    )
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 500, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _request_id(scope: Scope) -> str:
    given = Headers(scope=scope).get(REQUEST_ID, "")
    return given if _ACCEPTABLE_ID.fullmatch(given) else uuid4().hex


def _span(scope: Scope) -> AbstractContextManager[tracing.Span]:
    """Below whoever asks, where they say so. Not with the address or its query: they may name anybody."""
    if not tracing.on() or scope["path"].startswith(_UNTRACED):
        return tracing.NO_SPAN
    return tracing.span(
        _method(scope),
        "server",
        parent=Headers(scope=scope).get("traceparent"),
        attributes={"http.request.method": _method(scope), "url.scheme": scope.get("scheme", "http")},
    )


def _tell(span: tracing.Span, scope: Scope, status: int) -> None:
    if span is tracing.NO_SPAN:
        return
    route = _route(scope)
    span.rename(f"{_method(scope)} {route}")
    span.note({"http.route": route, "http.response.status_code": status})
    if client := scope.get("path_params", {}).get("client_id"):
        span.note({"tidemark.client_id": str(client)})
    if status == 0 or status >= 500:
        span.fail(str(status or "no answer"))


def _method(scope: Scope) -> str:
    method: str = scope["method"]
    return method if method in _METHODS else "_OTHER"


def _route(scope: Scope) -> str:
    """The pattern of the address, not the address: it may hold line breaks and ids.

    A route knows how it was written down; below which routers it is included, the framework says beside it.
    """
    included = scope.get("fastapi", {}).get("effective_route_context")
    return getattr(included or scope.get("route"), "path", "") or "(none)"


class BodyLimit:
    """Refuses bodies over a number of bytes with the usual error, announced or not, and those that stop.

    ``larger``: the start of an address → another limit below it. ``seconds``: for each piece of a body.
    """

    def __init__(
        self, app: ASGIApp, *, limit: int, larger: Mapping[str, int] | None = None, seconds: float = 30.0
    ) -> None:
        self.app = app
        self.limit = limit
        self.larger = larger or {}
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; the route sees the error when it reads what is too much."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        taken, whole, path = 0, False, scope["path"]
        limit = next((most for start, most in self.larger.items() if path.startswith(start)), self.limit)

        async def counted() -> Message:
            nonlocal taken, whole
            message = await (receive() if whole else _in_time(receive, self.seconds))
            whole = whole or not message.get("more_body", False)  # then comes the caller's going away
            taken += len(message.get("body", b""))
            if taken > limit or (announced.isdecimal() and int(announced) > limit):
                raise Problem(413, f"The request is too large: at most {limit:,} bytes.")
            return message

        await self.app(scope, counted, send)


async def _in_time(receive: Receive, seconds: float) -> Message:
    """The next piece of a body. Raises Problem (408)."""
    try:
        async with asyncio.timeout(seconds):
            return await receive()
    except TimeoutError:
        raise Problem(
            408,
            f"Nothing more of the request came for {seconds:g} seconds: send it again.",
            code="REQUEST_TIMEOUT",
            headers={"Connection": "close"},
        ) from None
