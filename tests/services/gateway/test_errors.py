"""One shape for every error; hostile input is never a 500 and never comes back."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime, timedelta, timezone
from typing import Any

import asyncpg
import httpx
import pytest
import structlog
from sqlalchemy import text

from libs.http import middleware
from libs.http.middleware import PROTECTION
from services.gateway import main
from tests.services.gateway.conftest import Api, Seeded, Start, with_uploads
from tests.services.gateway.operations import ids_of, operations
from tests.services.gateway.world import Client

JSON = {"Content-Type": "application/json"}
CANARY = "canary-7f3a9"


def envelope_of(answer: httpx.Response) -> dict[str, Any]:
    body: dict[str, Any] = answer.json()
    assert set(body) == {"detail", "error_code", "field_errors", "details", "correlation_id"}
    assert body["detail"]
    assert body["error_code"].isupper()
    assert body["correlation_id"] == answer.headers["X-Request-ID"]
    lowered = answer.text.lower()
    assert not any(
        word in lowered for word in ("traceback", "sqlalchemy", "asyncpg", "select ", "/srv/", ".py")
    )
    return body


async def test_framework_errors_have_the_shape(api: Api) -> None:
    for method, path, status in (
        ("GET", "/nowhere", 404),
        ("GET", "/clients/", 404),
        ("PUT", "/auth/login", 405),
        ("TRACE", "/clients", 405),
        ("POST", "/clients", 422),
        ("GET", "/dashboard/summary?start_date=yesterday", 422),
    ):
        answer = await api(method, path)
        assert answer.status_code == status, answer.text
        envelope_of(answer)
    assert (await api("PUT", "/auth/login")).headers["Allow"] == "POST"
    outside = await api.http.get("/nowhere")
    assert outside.status_code == 404
    envelope_of(outside)


async def test_every_answer_protects_browsers(api: Api) -> None:
    answers = [
        await api("GET", "/clients"),
        await api("GET", "/clients", who=None),
        await api("GET", "/nowhere"),
        await api("POST", "/clients", content=b"x" * 2_000_000, headers=JSON),
        await api.http.get("/openapi.json"),
        await api.http.get("/docs"),
        await api.http.get("/overview"),
        await api.http.get("/assets/nothing.js"),
    ]
    for answer in answers:
        for name in PROTECTION:
            assert name in answer.headers, (answer.request.url, name)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "'unsafe-eval'" not in answer.headers["Content-Security-Policy"]


async def test_strict_transport_security_in_production(start: Start, seeded: Seeded) -> None:
    plain = start(seeded)
    assert "Strict-Transport-Security" not in (await plain("GET", "/clients")).headers
    hard = start(
        seeded,
        environment="production",
        secret_key="Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MGFiY2RlZmdoaWprbG1ub3A",
        database_url="postgresql://role:0f3c9a1b7e5d2c4a@127.0.0.1:9/none?sslmode=require",
        rabbitmq_url="amqps://role:0f3c9a1b7e5d2c4a@127.0.0.1:9/",
    )
    answer = await hard.http.get("/docs")
    assert "max-age" in answer.headers["Strict-Transport-Security"]


@pytest.mark.parametrize("given", ["abc-123", "x" * 64, "A.b_c-9"])
async def test_a_request_id_goes_through(api: Api, given: str) -> None:
    answer = await api("GET", "/nowhere", headers={"X-Request-ID": given})
    assert answer.headers["X-Request-ID"] == given
    assert answer.json()["correlation_id"] == given


@pytest.mark.parametrize("given", ["", "x" * 65, "a b", "a\tb", "<script>", "a;b", "é"])
async def test_a_request_id_that_could_forge_a_log_line_is_replaced(api: Api, given: str) -> None:
    answer = await api("GET", "/nowhere", headers={"X-Request-ID": given.encode()})
    assert answer.headers["X-Request-ID"] != given
    assert len(answer.headers["X-Request-ID"]) == 32


HOSTILE_BODIES: dict[str, bytes] = {
    "NaN": b'{"name": NaN}',
    "infinity": b'{"name": "a", "settings": {"thresholds": {"spend_over": Infinity}}}',
    "overflow": b'{"name": "a", "settings": {"thresholds": {"spend_over": 1e400}}}',
    "NUL": b'{"name": "a\\u0000b"}',
    "raw NUL": b'{"name": "a\x00b"}',
    "lone surrogate": b'{"name": "a\\ud800b"}',
    "surrogate as a field": b'{"name": "a", "\\udfff": 1}',
    "not UTF-8": b'{"name": "\xff\xfe"}',
    "deep": b'{"name": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep objects": b'{"name": ' + b'{"a":' * 20_000 + b"1" + b"}" * 20_000 + b"}",
    "not JSON": b"{name: a}",
    "empty": b"",
    "a list": b"[]",
    "a string": b'"name"',
    "null": b"null",
    "unknown field": b'{"name": "a", "id": 5}',
    "role": b'{"name": "a", "status": "disabled"}',
    "too long": b'{"name": "' + b"a" * 256 + b'"}',
    "blank": b'{"name": "   "}',
    "wrong type": b'{"name": {"a": 1}}',
    "long number": b'{"name": ' + b"9" * 5000 + b"}",
    "time zone": b'{"name": "a", "timezone": "../../etc/passwd"}',
    "currency": b'{"name": "a", "currency": "usd"}',
}


@pytest.mark.parametrize("name", HOSTILE_BODIES)
async def test_hostile_bodies_are_refused(api: Api, name: str) -> None:
    answer = await api("POST", "/clients", content=HOSTILE_BODIES[name], headers=JSON)
    assert answer.status_code in (400, 422), (name, answer.text)
    envelope_of(answer)


async def test_hostile_bodies_are_refused_where_nobody_is_signed_in(api: Api) -> None:
    for body in HOSTILE_BODIES.values():
        answer = await api("POST", "/auth/login", who=None, content=body, headers=JSON)
        assert answer.status_code in (400, 422)
        envelope_of(answer)


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", ""])
async def test_a_body_that_is_not_json_is_refused(api: Api, kind: str) -> None:
    answer = await api("POST", "/clients", content=b'{"name": "a"}', headers={"Content-Type": kind})
    assert answer.status_code == 422
    envelope_of(answer)


async def test_json_that_is_not_called_json_is_told_what_to_do(api: Api) -> None:
    """As `curl -d` sends it, of which people think that it is enough."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for path in ("/clients", "/auth/login"):
        answer = await api("POST", path, content=b'{"email": "a@b.example", "password": "x"}', headers=form)
        assert answer.status_code == 422
        assert "Content-Type: application/json" in answer.json()["detail"]


async def test_messages_have_no_words_of_a_library(api: Api) -> None:
    answer = await api("GET", "/dashboard/summary?start_date=20.11.2026")
    assert answer.json()["field_errors"] == {"start_date": ["must be a day like 2026-03-01"]}


async def test_bodies_have_a_limit_announced_or_not(start: Start, seeded: Seeded) -> None:
    api = start(seeded, max_body_bytes=2000)

    async def dripping() -> Any:
        for _ in range(30):
            yield b" " * 100

    for content in (b" " * 2001, dripping()):
        answer = await api("POST", "/clients", content=content, headers=JSON)
        assert answer.status_code == 413
        assert envelope_of(answer)["error_code"] == "TOO_LARGE"
        answer = await api("POST", "/auth/login", who=None, content=b" " * 5000, headers=JSON)
        assert answer.status_code == 413


HOSTILE_VALUES = (
    "\x00",
    "\ud800".encode("utf-8", "surrogatepass"),
    "'; DROP TABLE users; --",
    "../../etc/passwd",
    "-1",
    "1000000000",
    "99999999999999999999",
    "NaN",
    "9999-12-31",
    "0001-01-01",
    "true",
    "",
    "é" * 300,
    "%",
    "_",
)


async def test_no_value_of_any_query_parameter_is_a_500(api: Api, uploads: str) -> None:
    with_uploads(api, uploads)
    tried, seen = 0, Counter[str]()
    north, ids = api.world.north.public_id, ids_of(api.world.north)
    for operation in operations(api.app):
        if operation.method != "GET" or operation.access == "P":
            continue
        for name in operation.query:
            seen[name] += 1
            # What many have in common is read by the same code: all values twice, then a few in turn.
            few = [HOSTILE_VALUES[(seen[name] * 2 + n) % len(HOSTILE_VALUES)] for n in range(2)]
            for value in HOSTILE_VALUES if seen[name] <= 2 else few:
                params: Any = {"client_id": str(north), **operation.needed, name: value}
                answer = await api("GET", operation.at(ids), params=params)
                assert answer.status_code < 500, (operation, name, value, answer.text)
                if answer.status_code != 200:
                    envelope_of(answer)
                tried += 1
    assert tried > 900


@pytest.mark.parametrize("path", ["/dashboard/creatives", "/campaigns", "/clients", "/admin/ingestion-logs"])
async def test_sort_by_takes_names_of_the_list_only(api: Api, path: str) -> None:
    for value in ("id; DROP TABLE users", "password_hash", "(SELECT 1)", "name,id", "SPEND", "__class__"):
        params = {"client_id": str(api.world.north.public_id), "sort_by": value}
        body = await api.send("GET", path, 422, params=params)
        assert list(body["field_errors"]) == ["sort_by"]
    assert (await api("GET", path, params={"order": "asc; --"})).status_code == 422


@pytest.mark.parametrize(
    ("page", "size"), [(0, 10), (-1, 10), (1, 0), (1, 501), (1, -1), (10**9, 10), (1, 10**9)]
)
async def test_pages_have_limits(api: Api, page: int, size: int) -> None:
    params = {"client_id": str(api.world.north.public_id), "page": page, "page_size": size}
    for path in ("/dashboard/creatives", "/campaigns", "/clients", "/admin/ingestion-logs"):
        assert (await api("GET", path, params=params)).status_code == 422


async def test_what_was_sent_does_not_come_back(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    """A rejected body may hold a password: neither the answer nor the log repeats a value."""
    for body in (
        {"email": CANARY, "password": {"nested": CANARY}},
        {"email": "a@b.example", "password": CANARY, "extra": CANARY},
        {"email": "a@b.example", "password": CANARY * 200},
        {"password": CANARY},
        [CANARY],
    ):
        answer = await api("POST", "/auth/login", who=None, json=body)
        assert answer.status_code == 422
        assert CANARY not in answer.text
    answer = await api("POST", "/auth/login", who=None, json={"email": "a@b.example", "password": CANARY})
    assert answer.status_code == 401
    form = {"username": "a@b.example", "password": CANARY, "scope": "x"}
    answer = await api("POST", "/auth/login", who=None, data=form)
    assert CANARY not in answer.text
    answer = await api("GET", "/clients", who=None, headers={"Authorization": f"Bearer {CANARY}"})
    assert CANARY not in answer.text
    captured = capsys.readouterr()
    assert CANARY not in captured.out + captured.err


async def test_a_bug_is_a_500_that_tells_nothing(
    start: Start, seeded: Seeded, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    api = start(seeded, app_version="with a bug")  # no other test gets this application
    # A logger remembers where it wrote first; other tests of this process may have made it do so.
    monkeypatch.setattr(middleware, "log", structlog.get_logger())

    @api.app.get("/api/v1/bug")
    async def bug() -> None:
        secret = CANARY
        raise RuntimeError(f"SELECT {len(secret)} FROM users at /srv/tidemark/x.py")

    answer = await api("GET", "/bug", headers={"X-Request-ID": "bug-1"})
    assert answer.status_code == 500
    assert envelope_of(answer)["error_code"] == "INTERNAL_ERROR"
    logged = capsys.readouterr().err
    assert "bug-1" in logged
    assert "RuntimeError" in logged
    assert CANARY not in logged


async def test_a_value_that_the_driver_cannot_send_is_no_lost_connection(
    start: Start, seeded: Seeded
) -> None:
    api = start(seeded, app_version="with a value")  # no other test gets this application
    late = datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-12)))

    @api.app.get("/api/v1/late")
    async def asked() -> None:
        async with api.parts.engine.connect() as connection:
            await connection.execute(text("SELECT CAST(:at AS timestamptz)"), {"at": late})

    answer = await api("GET", "/late")
    assert answer.status_code == 422
    envelope_of(answer)


async def test_a_database_that_is_away_is_503(start: Start, seeded: Seeded) -> None:
    api = start(seeded, database_url="postgresql://gateway:none@127.0.0.1:9/nothing")
    for method, path, who in (("GET", "/clients", "admin"), ("POST", "/auth/login", None)):
        body = {"email": "a@b.example", "password": "password"}
        answer = await api(method, path, who=who, json=body)
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert envelope_of(answer)["error_code"] == "UNAVAILABLE"
    async with beside(api) as http:
        ready = await http.get("/health/ready")
        assert ready.status_code == 503
        assert ready.json()["checks"]["postgresql"] != "ok"
        assert ready.headers["Retry-After"]
        assert (await http.get("/health/live")).status_code == 200


def beside(api: Api) -> httpx.AsyncClient:
    """A client of the port that is not public."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(main.operations(api.app)), base_url="http://inner")


async def test_without_rabbitmq_it_is_ready_and_says_so(api: Api) -> None:
    async with beside(api) as http:
        answer = await http.get("/health/ready")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "degraded",
        "checks": {"postgresql": "ok", "rabbitmq": "does not answer"},
    }


async def test_a_request_that_waits_for_a_lock_ends_in_time(
    start: Start, seeded: Seeded, owner: asyncpg.Connection[Any], guest: Client
) -> None:
    api = start(seeded, request_lock_timeout=0.2)
    path = f"/clients/{guest.public_id}/settings"
    async with owner.transaction():
        await owner.execute("SELECT FROM clients WHERE id = $1 FOR UPDATE", guest.id)
        answer = await api("POST", path, json={"show_media_cost": True})
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert envelope_of(answer)["error_code"] == "UNAVAILABLE"
        assert (await api("GET", path)).status_code == 200
    assert (await api("POST", path, json={"show_media_cost": True})).status_code < 300


async def test_a_statement_that_takes_too_long_ends(
    start: Start, seeded: Seeded, owner: asyncpg.Connection[Any]
) -> None:
    """Without a limit on locks, the one on statements is what ends the wait: reading too."""
    api = start(seeded, request_lock_timeout=0, request_statement_timeout=0.3)
    async with owner.transaction():
        await owner.execute("LOCK TABLE saved_views IN ACCESS EXCLUSIVE MODE")
        answer = await api("GET", "/views")
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert envelope_of(answer)["error_code"] == "UNAVAILABLE"


async def test_a_body_that_stops_coming_is_not_waited_for(start: Start, seeded: Seeded) -> None:
    api = start(seeded, body_seconds=0.2)

    async def stopping() -> Any:
        yield b'{"email": '
        await asyncio.Event().wait()

    for path, who in (("/auth/login", None), ("/clients", "admin")):
        answer = await api("POST", path, who=who, content=stopping(), headers=JSON)
        assert answer.status_code == 408
        assert envelope_of(answer)["error_code"] == "REQUEST_TIMEOUT"
