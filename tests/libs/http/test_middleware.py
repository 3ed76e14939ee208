"""What a request is called in spans, metrics and the log: the whole pattern of its address."""

from __future__ import annotations

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from prometheus_client import REGISTRY
from starlette.middleware import Middleware
from structlog.testing import capture_logs

from libs.http.middleware import Boundary
from libs.observability import tracing
from tests.libs.observability.conftest import received, traced
from tests.libs.observability.receiver import Receiver
from tests.libs.observability.spans import spans_of

__all__ = ["received", "traced"]


@pytest.fixture
def http() -> httpx.AsyncClient:
    """An application with an address of its own, and the same route below two routers, twice."""

    async def route(thing: str) -> str:
        return thing

    inner, outer = APIRouter(prefix="/inner"), APIRouter(prefix="/outer")
    inner.add_api_route("/{thing}", route)
    outer.include_router(inner)
    app = FastAPI(middleware=[Middleware(Boundary)])
    app.add_api_route("/plain/{thing}", route)
    app.include_router(outer)
    app.include_router(inner, prefix="/again")
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway")


ROUTES = {
    "/plain/a": "/plain/{thing}",
    "/outer/inner/a": "/outer/inner/{thing}",
    "/again/inner/a": "/again/inner/{thing}",
    "/nowhere/a": "(none)",
}


def counted(route: str, status: int) -> float:
    labels = {"method": "GET", "route": route, "status": str(status)}
    name = "tidemark_http_request_duration_seconds_count"
    return REGISTRY.get_sample_value(name, labels) or 0.0


@pytest.mark.parametrize(("path", "route"), ROUTES.items())
async def test_a_request_is_called_by_the_whole_pattern(
    traced: Receiver, http: httpx.AsyncClient, path: str, route: str
) -> None:
    status = 404 if route == "(none)" else 200
    before = counted(route, status)
    with capture_logs() as lines:
        assert (await http.get(path)).status_code == status
    tracing.stop()
    (span,) = spans_of(traced)
    assert (span.name, span.attributes["http.route"]) == (f"GET {route}", route)
    assert counted(route, status) == before + 1
    assert [line["route"] for line in lines if line["event"] == "request"] == [route]


async def test_another_method_of_an_address_has_its_pattern(http: httpx.AsyncClient) -> None:
    with capture_logs() as lines:
        assert (await http.post("/outer/inner/a")).status_code == 405
    assert [line["route"] for line in lines] == ["/outer/inner/{thing}"]
