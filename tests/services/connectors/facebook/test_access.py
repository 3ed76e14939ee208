"""Whose uploads are whose: every operation of the connector's document × every caller."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from deploy.world.facebook_exports import csv_bytes, export
from tests.services.connectors.facebook.conftest import NOON, Facebook

MARK = "Zq7vex"
BODY = csv_bytes(export([NOON.date()], ads=2, seed=7).table())


def operations(facebook: Facebook) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Method, address below the connector's, and what the document says."""
    assert facebook.app is not None
    for path, methods in facebook.app.openapi()["paths"].items():
        for method, document in methods.items():
            yield method.upper(), path.removeprefix("/api/v1/facebook"), document


async def ask(
    facebook: Facebook, method: str, path: str, who: str | None, ids: Mapping[str, UUID]
) -> httpx.Response:
    form: dict[str, Any] = {}
    if path == "/upload":
        form = {"files": {"file": ("export.csv", BODY)}, "data": {"client_id": str(ids["client_id"])}}
    params = {"client_id": str(ids["client_id"])} if path == "/uploads" else {}
    async with facebook.http(who) as http:
        return await http.request(method, path.format(**ids), params=params, **form)


def same(answer: httpx.Response) -> tuple[int, dict[str, Any]]:
    body = answer.json()
    body.pop("correlation_id", None)
    return answer.status_code, body


@pytest.fixture
async def theirs(facebook: Facebook) -> dict[str, UUID]:
    """An upload of Umbra's, whose user is sam."""
    async with facebook.started():
        made = await facebook.accepted(BODY, who="sam", client_id=facebook.umbra, name=f"{MARK}.csv")
        found = await facebook.get(f"/uploads/{made['upload_id']}", who="sam")
        assert MARK in found.text
    return {"upload_id": UUID(made["upload_id"]), "client_id": facebook.umbra}


async def test_what_is_anothers_looks_as_what_is_not_there(
    facebook: Facebook, theirs: dict[str, UUID]
) -> None:
    asked = 0
    async with facebook.started():
        for method, path, document in operations(facebook):
            absent = {name: uuid4() for name in theirs}
            nobodys = [await ask(facebook, method, path, None, ids) for ids in (theirs, absent)]
            assert [same(answer)[0] for answer in nobodys] == [401, 401], path
            answers = [await ask(facebook, method, path, "nina", ids) for ids in (theirs, absent)]
            assert same(answers[0]) == same(answers[1]), path
            status = 403 if document["x-access"] == "A" else 404
            assert answers[0].status_code == status, path
            assert not any(MARK in answer.text for answer in (*nobodys, *answers))
            asked += 1
        assert MARK not in (await facebook.get("/uploads")).text
    assert asked >= 5


async def test_the_document_says_which_keys_will_do(facebook: Facebook) -> None:
    async with facebook.started():
        found = {
            f"{method} {path}": (document["x-access"], document["x-api-key-scopes"])
            for method, path, document in operations(facebook)
        }
    assert found == {
        "POST /upload": ("C", ["upload"]),
        "GET /uploads": ("C", ["read"]),
        "GET /uploads/{upload_id}": ("C", ["read"]),
        "GET /uploads/{upload_id}/events": ("C", ["read"]),
        "DELETE /uploads/{upload_id}": ("A", []),
    }
