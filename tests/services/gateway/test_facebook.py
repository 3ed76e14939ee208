"""What the gateway passes through: as it comes, headers filtered, 503 while the connector is away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from contracts.http import contract_of
from deploy.local.ports import free_ports
from libs.observability import tracing
from libs.testing.waiting import eventually
from services.gateway.main import create_app
from tests.libs.observability.conftest import received, traced
from tests.libs.observability.receiver import Receiver
from tests.libs.observability.spans import spans_of
from tests.services.gateway.conftest import Api, Seeded, Start, settings_of

__all__ = ["received", "traced"]


@dataclass
class Connector:
    """Something that answers in the connector's place, and tells what it was asked."""

    url: str
    asked: list[dict[str, Any]] = field(default_factory=list)
    got: int = 0
    pieces: int = 0
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def upload(self, request: Request) -> Response:
        self.asked.append({"path": request.url.path, "query": request.url.query, **dict(request.headers)})
        async for piece in request.stream():
            self.got += len(piece)
            self.pieces += 1
        headers = {"Set-Cookie": "a=b", "X-Inner": "secret", "Retry-After": "7"}
        return JSONResponse({"bytes": self.got}, 202, headers)

    async def events(self, request: Request) -> Response:
        async def told() -> AsyncIterator[bytes]:
            yield b"data: 1\n\n"
            await self.go_on.wait()
            yield b"data: 2\n\n"

        return StreamingResponse(told(), media_type="text/event-stream")

    async def inner(self, request: Request) -> Response:
        self.asked.append({"path": request.url.path})
        return JSONResponse({"secret": True})

    async def missing(self, request: Request) -> Response:
        return JSONResponse({"detail": "There is no such upload.", "error_code": "NOT_FOUND"}, 404)


@asynccontextmanager
async def serving(app: Any, port: int) -> AsyncIterator[None]:
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", lifespan="off"))
    task = asyncio.create_task(server.serve())

    async def is_up() -> bool:
        return server.started

    await eventually(is_up)
    try:
        yield
    finally:
        server.should_exit = True
        await task


@pytest.fixture
async def upstream() -> AsyncIterator[Connector]:
    port = free_ports("connector")["connector"]
    made = Connector(f"http://127.0.0.1:{port}")
    routes = [
        Route("/api/v1/facebook/upload", made.upload, methods=["POST"]),
        Route("/api/v1/facebook/uploads/1/events", made.events),
        Route("/api/v1/facebook/uploads/{id}", made.missing, methods=["GET", "DELETE"]),
        Route("/{path:path}", made.inner, methods=["GET", "POST", "DELETE"]),
    ]
    async with serving(Starlette(routes=routes), port):
        yield made


async def test_a_body_goes_through_in_pieces(start: Start, seeded: Seeded, upstream: Connector) -> None:
    api = start(seeded, facebook_url=upstream.url)

    async def body() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * 100_000

    headers = {
        "Content-Type": "multipart/form-data; boundary=x",
        "X-Request-ID": "of-mine",
        "X-Forwarded-For": "6.6.6.6",
        "Cookie": "session=1",
    }
    answer = await api("POST", "/facebook/upload?a=b&c=%20d", headers=headers, content=body())
    assert (answer.status_code, answer.json()) == (202, {"bytes": 4_000_000})
    assert upstream.pieces > 10
    (asked,) = upstream.asked
    assert (asked["path"], asked["query"]) == ("/api/v1/facebook/upload", "a=b&c=%20d")
    assert asked["authorization"].startswith("Bearer ")
    assert (asked["content-type"], asked["x-request-id"]) == (headers["Content-Type"], "of-mine")
    assert asked["x-forwarded-for"] != "6.6.6.6"
    assert "cookie" not in asked
    assert answer.headers["X-Request-ID"] == "of-mine"
    assert answer.headers["Retry-After"] == "7"
    assert {"set-cookie", "x-inner"} & set(answer.headers) == set()


async def test_errors_come_back_as_they_are(start: Start, seeded: Seeded, upstream: Connector) -> None:
    api = start(seeded, facebook_url=upstream.url)
    for method in ("GET", "DELETE"):
        answer = await api(method, "/facebook/uploads/7?undo=true")
        assert (answer.status_code, answer.json()["error_code"]) == (404, "NOT_FOUND")


INNER = (
    "%2e%2e/%2e%2e/%2e%2e/metrics/",
    "%2E%2e/%2e./%2e%2E/openapi.json",
    "uploads/%2e%2e/%2e%2e/%2e%2e/%2e%2e/health/ready",
    "uploads/%252e%252e/%252e%252e/%252e%252e/%252e%252e/metrics",
    "uploads/%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2fmetrics",
    "uploads/%2e",
    "uploads/1/events/%2e%2e",
    "uploads/1%3fa=b",
    "uploads/1%23a",
    "uploads/%01",
    "uploads/%00",
    "uploads/%0a",
    "uploads/%c3%a9",
    "upload/",
    "%2fmetrics",
    "%2f%2f127.0.0.1/metrics",
    "nothing",
    "",
)
"""``%2e`` in an address is a dot in ASGI's path, as a plain one that the client of a test would resolve."""


@pytest.mark.parametrize("path", INNER)
async def test_what_is_not_public_there_is_not_reached(
    start: Start, seeded: Seeded, upstream: Connector, path: str
) -> None:
    api = start(seeded, facebook_url=upstream.url)
    for method in ("GET", "POST", "DELETE"):
        answer = await api(method, f"/facebook/{path}")
        told = answer.status_code, answer.json()["error_code"]
        assert told in ((404, "NOT_FOUND"), (405, "METHOD_NOT_ALLOWED")), answer.text
        assert (told[0] == 404) or method == "POST", "uploads are looked at and deleted, not sent"
        assert set(answer.json()) == {"detail", "error_code", "field_errors", "details", "correlation_id"}
    assert upstream.asked == []


async def test_an_address_takes_the_methods_of_the_contract(
    start: Start, seeded: Seeded, upstream: Connector
) -> None:
    api = start(seeded, facebook_url=upstream.url)
    contract = contract_of("facebook")["paths"]
    assert len(contract) >= 4
    for path, methods in contract.items():
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - {method.upper() for method in methods}:
            answer = await api(method, path.removeprefix("/api/v1").format(upload_id="1"))
            assert answer.status_code == 405, (method, path)
            assert set(answer.headers["Allow"].split(", ")) == {known.upper() for known in methods}
    assert upstream.asked == []


def test_a_contract_that_means_something_else_by_a_name_is_refused(seeded: Seeded) -> None:
    contract = contract_of("facebook")
    contract["components"]["schemas"]["Error"] = {"type": "string"}
    with pytest.raises(ValueError, match="Error"):
        create_app(settings_of(seeded.database), contract).openapi()


async def test_bytes_of_headers_and_queries_go_through(
    start: Start, seeded: Seeded, upstream: Connector
) -> None:
    api = start(seeded, facebook_url=upstream.url)
    headers = {"User-Agent": b"caf\xe9", "Accept-Language": "é".encode(), "Authorization": b"Bearer "}
    answer = await api("POST", "/facebook/upload", headers=headers, content=b"x")
    assert answer.status_code == 202
    (asked,) = upstream.asked
    assert asked["authorization"] == "Bearer"
    assert (asked["user-agent"], asked["accept-language"]) == ("café", "é".encode().decode("latin-1"))


async def raw(api: Api, query: bytes) -> int:
    """The status of an answer to a query that no client of a test would send."""
    token = f"Bearer {api.token('admin')}".encode()
    scope = {
        **{"type": "http", "http_version": "1.1", "method": "GET", "scheme": "http"},
        **{"path": "/api/v1/facebook/uploads/7", "raw_path": b"/api/v1/facebook/uploads/7"},
        **{"root_path": "", "query_string": query, "headers": [(b"authorization", token)]},
        **{"client": ("127.0.0.1", 1), "server": ("gateway", 80)},
    }
    sent: list[Any] = []
    told = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Any:
        return told.pop() if told else await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    await api.app(scope, receive, send)
    return int(sent[0]["status"])


async def test_no_query_is_a_500(start: Start, seeded: Seeded, upstream: Connector) -> None:
    api = start(seeded, facebook_url=upstream.url)
    assert await raw(api, b"a=\xe9\x01&b=[]") == 404  # the connector's
    assert await raw(api, b"a=" + b"x" * 70_000) == 414


async def test_events_arrive_one_by_one(seeded: Seeded, upstream: Connector) -> None:
    """Through real sockets: the first is here before the second is sent."""
    port = free_ports("gateway")["gateway"]
    app = create_app(settings_of(seeded.database, facebook_url=upstream.url))
    async with (
        serving(app, port),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/api/v1/facebook", timeout=20) as http,
        http.stream("GET", "/uploads/1/events") as answer,
    ):
        pieces = answer.aiter_text()
        assert await anext(pieces) == "data: 1\n\n"
        upstream.go_on.set()
        assert await anext(pieces) == "data: 2\n\n"
    await app.state.parts.uploads.aclose()
    await app.state.parts.engine.dispose()


async def test_a_connector_that_is_away_is_503(start: Start, seeded: Seeded) -> None:
    api = start(seeded, facebook_url="http://127.0.0.1:9")
    answer = await api("POST", "/facebook/upload", content=b"x")
    assert (answer.status_code, answer.json()["error_code"]) == (503, "UNAVAILABLE")
    assert answer.headers["Retry-After"]
    assert set(answer.json()) == {"detail", "error_code", "field_errors", "details", "correlation_id"}


async def test_without_a_connector_it_says_what_to_set(start: Start, seeded: Seeded) -> None:
    answer = await start(seeded)("GET", "/facebook/uploads")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "FACEBOOK_URL" in answer.json()["detail"]


async def test_uploads_have_a_limit_of_their_own(start: Start, seeded: Seeded, upstream: Connector) -> None:
    api = start(seeded, facebook_url=upstream.url, max_upload_size=3_000_000)
    fits = await api("POST", "/facebook/upload", content=b"x" * 3_000_000)
    too_large = await api("POST", "/facebook/upload", content=b"x" * 3_100_000)
    other = await api("POST", "/clients", content=b"x" * 2_000_000)
    assert [a.status_code for a in (fits, too_large, other)] == [202, 413, 413]
    assert upstream.got == 3_000_000


async def test_the_connector_goes_on_with_the_trace(
    start: Start, seeded: Seeded, upstream: Connector, traced: Receiver
) -> None:
    api = start(seeded, facebook_url=upstream.url)
    trace = "0af7651916cd43dd8448eb211c80319c"
    headers = {"traceparent": f"00-{trace}-b7ad6b7169203331-01"}
    assert (await api("POST", "/facebook/upload?to=jane", headers=headers, content=b"x")).status_code == 202
    tracing.stop()
    (span,) = (span for span in spans_of(traced) if span.kind == "server")
    assert (span.trace, span.parent) == (trace, "b7ad6b7169203331")
    (asked,) = upstream.asked
    assert asked["traceparent"].split("-")[1:3] == [trace, span.id]
    assert all(b"jane" not in post.body for post in traced.posts)
