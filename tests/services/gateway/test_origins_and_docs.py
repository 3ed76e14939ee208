"""Pages of other origins, and the pages of the documents."""

from __future__ import annotations

import re

from fastapi import FastAPI

from contracts.asyncapi import SERVICES, document_of
from tests.services.gateway.conftest import Api, Seeded, Start
from tests.services.gateway.operations import operations
from tests.services.gateway.test_errors import envelope_of


async def test_cross_origin_requests_need_a_named_origin(start: Start, seeded: Seeded) -> None:
    api = start(seeded, cors_origins="https://app.agency.example")
    asking = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "Authorization"}
    good = await api(
        "OPTIONS", "/clients", who=None, headers={"Origin": "https://app.agency.example", **asking}
    )
    assert good.headers["Access-Control-Allow-Origin"] == "https://app.agency.example"
    for origin in ("https://evil.example", "https://app.agency.example.evil.example", "null"):
        answer = await api("OPTIONS", "/clients", who=None, headers={"Origin": origin, **asking})
        assert "Access-Control-Allow-Origin" not in answer.headers
        answer = await api("GET", "/clients", headers={"Origin": origin})
        assert "Access-Control-Allow-Origin" not in answer.headers
    closed = start(seeded)
    answer = await closed("GET", "/clients", headers={"Origin": "https://app.agency.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers


async def test_pages_of_other_origins_can_read_every_answer(start: Start, seeded: Seeded) -> None:
    page = {"Origin": "https://app.agency.example"}
    api = start(seeded, cors_origins=page["Origin"], app_version="of a page")  # its own application

    @api.app.get("/api/v1/bug")
    async def bug() -> None:
        raise RuntimeError

    for method, path, status in (
        ("GET", "/clients", 200),
        ("GET", "/nowhere", 404),
        ("POST", "/clients", 422),
        ("GET", "/bug", 500),
    ):
        answer = await api(method, path, headers=page)
        assert answer.status_code == status
        assert answer.headers["Access-Control-Allow-Origin"] == page["Origin"]
        assert "Idempotency-Replayed" in answer.headers["Access-Control-Expose-Headers"]
        if status >= 400:
            envelope_of(answer)
    stranger = await api("GET", "/bug", headers={"Origin": "https://evil.example"})
    assert stranger.status_code == 500
    assert "Access-Control-Allow-Origin" not in stranger.headers


async def test_a_preflight_is_refused_in_the_shape_of_errors(start: Start, seeded: Seeded) -> None:
    page = "https://app.agency.example"
    api = start(seeded, cors_origins=page)
    for origin, method, header in (
        ("https://evil.example", "GET", "Authorization"),
        (page, "TRACE", "Authorization"),
        (page, "GET", "X-Secret"),
    ):
        asking = {
            "Origin": origin,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": header,
        }
        answer = await api("OPTIONS", "/clients", who=None, headers=asking)
        assert answer.status_code == 400
        assert envelope_of(answer)["error_code"] == "BAD_REQUEST"
        assert "Origin" in answer.headers["Vary"]


async def test_every_operation_is_documented(api: Api) -> None:
    app: FastAPI = api.app
    known = {tag["name"] for tag in app.openapi()["tags"]}
    for operation in operations(app):
        document = operation.document
        assert document["summary"], operation
        assert document["description"], operation
        assert document["tags"], operation
        assert set(document["tags"]) <= known
        good = next(found for status, found in document["responses"].items() if status.startswith("2"))
        content = good["content"]
        assert all("example" in kind or "examples" in kind for kind in content.values()), operation
        if "requestBody" in document:
            bodies = document["requestBody"]["content"].values()
            assert all("example" in str(kind) or "$ref" in str(kind) for kind in bodies), operation


AMONG_IDS = {"/api/v1/clients/active", "/api/v1/clients/{client_id}/cpm/history"}
"""Addresses that are those of another path with an id in this place, too, and take its methods."""


async def test_an_address_tells_all_the_methods_that_it_takes(api: Api) -> None:
    for path, methods in api.app.openapi()["paths"].items():
        if path in AMONG_IDS:
            continue
        answer = await api.http.request("TRACE", path)
        assert answer.status_code == 405, path
        assert answer.headers["Allow"] == ", ".join(sorted(method.upper() for method in methods)), path


async def test_the_page_asks_for_a_file_and_fills_nothing_in(api: Api) -> None:
    """Where a field has neither default nor example the page sends a word of its own."""
    paths = api.app.openapi()["paths"]
    form = paths["/api/v1/facebook/upload"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    fields = form["properties"]
    assert (fields["file"]["type"], fields["file"]["format"]) == ("string", "binary")
    assert all("default" in told or told["example"] == "" for name, told in fields.items() if name != "file")


async def test_the_messages_between_services_have_a_page(api: Api) -> None:
    page = await api.http.get("/docs/messages")
    assert page.status_code == 200
    assert "loader.batches" in page.text
    assert "script-src" not in page.headers["content-security-policy"]
    for service in SERVICES:
        assert f"/docs/messages/{service}.json" in page.text
        assert (await api.http.get(f"/docs/messages/{service}.json")).json() == document_of(service)
    assert (await api.http.get("/docs/messages/nobody.json")).status_code == 404


async def test_the_docs_page_runs_only_its_own_scripts(api: Api) -> None:
    answer = await api.http.get("/docs")
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    script = next(part for part in policy.split(";") if part.strip().startswith("script-src"))
    assert "'unsafe-inline'" not in script
    assert "sha256-" in script
    assert "http" not in policy
    files = re.findall(r'(?:src|href)="(/[^"]+)"', answer.text)
    assert len(files) == 2
    for file in files:
        assert len((await api.http.get(file)).content) > 100_000
