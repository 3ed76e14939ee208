"""Unexpected errors reach a receiver that speaks Sentry's protocol: once, scrubbed; known ones do not."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from pydantic import BaseModel
from starlette.middleware import Middleware
from structlog.testing import capture_logs

from contracts.ingest.v1 import PullRequested
from contracts.topology import Queue
from libs.bus import Delivery
from libs.errors import Terminal, Transient
from libs.http.errors import NotFound, handle_errors
from libs.http.middleware import Boundary
from libs.observability import reporting
from libs.settings import BusSettings
from libs.testing.queues import depth
from libs.testing.vhosts import queues_around
from libs.testing.waiting import eventually
from tests.libs.bus.consuming import DEAD, KEY, SERVICE, consuming
from tests.libs.observability.conftest import settings
from tests.libs.observability.receiver import Receiver

SECRET = "correct-horse-battery"
PERSON = "jane.doe@agency.example"


class Login(BaseModel):
    """A body with something that must not be told."""

    password: str
    number: int = 1


def trouble(local: str) -> None:
    """Fails; its arguments and its text hold what must not be told."""
    raise ZeroDivisionError(f"postgresql://u:{local}@db/x of {PERSON} (password={local})")


@pytest.fixture(scope="session")
def queues() -> tuple[Queue, ...]:
    """Of the service that is looked at here."""
    return queues_around(SERVICE)


@pytest.fixture
def http() -> httpx.AsyncClient:
    """An application with one route that fails, and some that answer."""
    app = FastAPI(middleware=[Middleware(Boundary)])
    handle_errors(app)

    @app.post("/fails/{name}")
    async def fails(name: str, body: Login) -> None:
        trouble(body.password)

    @app.get("/absent")
    async def absent() -> None:
        raise NotFound("client")

    @app.get("/away")
    async def away() -> None:
        raise Transient("later")

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://gateway")


def events(receiver: Receiver) -> list[dict[str, Any]]:
    """The events of every envelope that came."""
    found = []
    for post in receiver.posts:
        lines = post.body.split(b"\n")
        for header, payload in zip(lines[1::2], lines[2::2], strict=False):
            if json.loads(header).get("type") == "event":
                found.append(json.loads(payload))
    return found


async def only_event(receiver: Receiver) -> dict[str, Any]:
    """The one event that comes until everything is sent."""

    async def came() -> bool:
        return bool(events(receiver))

    await eventually(came, what="a report")
    reporting.stop()
    (event,) = events(receiver)
    return event


async def test_an_exception_of_a_route_arrives_once_and_scrubbed(
    reported: Receiver, http: httpx.AsyncClient
) -> None:
    headers = {"Authorization": f"Bearer {SECRET}", "X-Request-ID": "request-1", "Cookie": f"a={SECRET}"}
    answer = await http.post(f"/fails/{PERSON}?q={SECRET}", json={"password": SECRET}, headers=headers)
    assert answer.status_code == 500
    event = await only_event(reported)
    (error,) = event["exception"]["values"]
    assert error["type"] == "ZeroDivisionError"
    assert error["stacktrace"]["frames"][-1]["function"] == "trouble"
    assert (event["release"], event["environment"]) == ("1.2.3", "staging")
    assert event["tags"] == {"service": "surfside", "route": "/fails/{name}", "correlation_id": "request-1"}
    for post in reported.posts:
        assert SECRET.encode() not in post.body
        assert PERSON.encode() not in post.body
        assert b'"vars"' not in post.body


async def test_an_exception_of_a_handler_arrives_once_for_all_its_attempts(
    reported: Receiver, bus_settings: BusSettings
) -> None:
    async def fail(_: PullRequested, __: Delivery) -> None:
        trouble(SECRET)

    async with consuming(bus_settings, fail) as bus:
        await bus.publish(KEY, PullRequested(looks=1), correlation_id="c-1")
        await eventually(lambda: depth(bus_settings, DEAD), within=30, what="a dead letter")
    event = await only_event(reported)
    assert event["tags"] == {"service": "surfside", "queue": "surfside.pulls", "correlation_id": "c-1"}
    assert all(SECRET.encode() not in post.body for post in reported.posts)


async def test_what_is_foreseen_is_not_reported(
    reported: Receiver, http: httpx.AsyncClient, bus_settings: BusSettings
) -> None:
    answers = [
        await http.get("/absent"),
        await http.get("/nowhere"),
        await http.get("/away"),
        await http.post("/fails/x", json={"number": "none"}),
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 503, 422]
    seen = []

    async def refuse(_: PullRequested, delivery: Delivery) -> None:
        seen.append(delivery.attempt)
        if delivery.attempt == 1:
            raise Transient("not now")
        raise Terminal("never")

    async with consuming(bus_settings, refuse) as bus:
        await bus.publish(KEY, PullRequested(looks=1))
        await eventually(lambda: depth(bus_settings, DEAD), what="a dead letter")
    reporting.stop()
    assert seen == [1, 2]
    assert events(reported) == []


def test_a_receiver_that_hangs_does_not_hold_up_the_end(received: Receiver) -> None:
    received.answers.clear()
    reporting.start("surfside", settings(sentry_dsn=f"http://k@127.0.0.1:{received.port}/7"))
    with capture_logs():
        reporting.report(ZeroDivisionError("x"))
        reporting.stop()
    reporting.report(ZeroDivisionError("y"))
    assert len(received.posts) <= 1
