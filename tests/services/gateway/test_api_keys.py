"""API keys: shown once, for reading or for uploads, and for nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from libs.auth import digest_of
from services.gateway.routes import api_keys
from tests.services.gateway.conftest import Api, with_uploads
from tests.services.gateway.operations import operations
from tests.services.gateway.persons import Person, at_once, person
from tests.services.gateway.traces import Owner, audited


async def key_of(who: Person, *scopes: str, **more: Any) -> dict[str, Any]:
    return await who.does("POST", "/auth/api-keys", {"name": "a key", "scopes": list(scopes), **more}, 201)


async def asked(desk: Api, key: str, method: str, path: str, **sent: Any) -> httpx.Response:
    return await desk(method, path, who=None, headers={"Authorization": f"Bearer {key}"}, **sent)


async def test_a_key_is_shown_once_and_stored_as_a_digest(desk: Api, owner: Owner) -> None:
    nina = await person(desk, owner)
    made = await key_of(nina, "read", "upload", expires_at="2099-01-01T00:00:00+02:00")
    assert made["key"].startswith("tmk_")
    assert (made["scopes"], made["expires_at"]) == (["read", "upload"], "2098-12-31T22:00:00Z")
    (shown,) = (await nina.does("GET", "/auth/api-keys"))["data"]
    assert shown == {name: value for name, value in made.items() if name != "key"}
    (row,) = await owner.fetch("SELECT * FROM api_keys WHERE user_id = $1", nina.id)
    assert row["key_hash"] == digest_of(made["key"])
    assert made["key"] not in str(tuple(row))
    (line,) = await audited(owner, made["id"])
    assert (line["action"], line["user_id"]) == ("api_key.added", nina.id)


@pytest.mark.parametrize(
    "change",
    [
        {"scopes": []},
        {"scopes": ["write"]},
        {"scopes": "read"},
        {"name": ""},
        {"name": "x" * 256},
        {"expires_at": "2020-01-01T00:00:00Z"},
        {"expires_at": "2099-01-01T00:00:00"},
        {"expires_at": "never"},
        {"expires_at": "9999-12-31T23:59:59-12:00"},
        {"expires_at": "9999-01-01T00:00:00Z"},
        {"user_id": str(uuid4())},
        {"key": "tmk_mine"},
    ],
)
async def test_what_is_no_key(desk: Api, change: dict[str, Any]) -> None:
    refused = await desk.send("POST", "/auth/api-keys", 422, json={"name": "k", **change})
    assert list(change) == [name.split(".")[0] for name in refused["field_errors"]]


async def test_a_read_key_reads_what_its_user_sees(desk: Api, owner: Owner) -> None:
    """The world's user of North: that client's numbers, no others."""
    api_key = await desk.send("POST", "/auth/api-keys", 201, who="nina", json={"name": "k"})
    north, south = desk.world.north.public_id, desk.world.south.public_id
    assert (await asked(desk, api_key["key"], "GET", f"/clients/{north}")).json()["name"] == "North"
    assert (await asked(desk, api_key["key"], "GET", f"/clients/{south}")).status_code == 404
    assert (await asked(desk, api_key["key"], "GET", "/clients")).status_code == 403
    assert (await asked(desk, api_key["key"], "GET", "/dashboard/summary")).json()["client_name"] == "North"
    me = (await asked(desk, api_key["key"], "GET", "/auth/me")).json()
    assert me["email"] == "nina@agency.example"
    (shown,) = (await desk.get("/auth/api-keys", who="nina"))["data"]
    assert shown["last_used_at"]


async def test_no_key_writes_and_an_upload_key_does_not_even_read(
    desk: Api, owner: Owner, uploads: str
) -> None:
    """Every operation of the document, with keys of an administrator, who may do everything."""
    with_uploads(desk, uploads)
    boss = await person(desk, owner, "admin")
    read, upload = (await key_of(boss, "read"))["key"], (await key_of(boss, "upload"))["key"]
    good = 0
    for operation in operations(desk.app):
        if operation.access == "P":
            continue
        ids = {"client_id": desk.world.north.public_id, "run_id": desk.world.runs["North"]}
        path, name = operation.at(ids), str(operation)
        sent = operation.sent(operation.body)
        refused = await asked(desk, upload, operation.method, path, **sent)
        code = "NOT_FOUND" if "upload" in operation.scopes else "NOT_ALLOWED"  # the client of the example
        assert refused.json()["error_code"] == code, name
        answer = await asked(desk, read, operation.method, path, **sent)
        if "read" in operation.scopes:
            assert operation.method == "GET", name
            assert answer.status_code in (200, 404, 422, 503), (name, answer.text)
            good += answer.status_code == 200
        else:
            assert answer.status_code == 403, name
    assert good >= 15
    answer = await asked(desk, read, "POST", "/auth/logout")
    assert answer.status_code == 401
    await owner.execute("UPDATE users SET is_active = false WHERE id = $1", boss.id)


async def test_a_key_ends_when_it_is_deleted_or_expires(desk: Api, owner: Owner) -> None:
    nina, sam = await person(desk, owner), await person(desk, owner)
    soon = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    first, second = await key_of(nina, "read"), await key_of(nina, "read", expires_at=soon)
    for key in (first["key"], second["key"]):
        assert await nina.is_in(key)
    for user, status in ((sam, 404), (nina, 200), (nina, 404)):
        await user.does("DELETE", f"/auth/api-keys/{first['id']}", None, status)
    assert not await nina.is_in(first["key"])
    assert (await audited(owner, first["id"]))[-1]["action"] == "api_key.deleted"
    await owner.execute("UPDATE api_keys SET expires_at = now() WHERE user_id = $1", nina.id)
    assert not await nina.is_in(second["key"])
    for wrong in (
        "tmk_",
        "tmk_unknown",
        second["key"] + "x",
        second["key"][:-1],
        "tmk_\ud800é".encode("utf-8", "ignore").decode(),
    ):
        answer = await desk(
            "GET", "/auth/me", who=None, headers={"Authorization": f"Bearer {wrong}".encode()}
        )
        assert answer.status_code == 401


async def test_a_person_has_so_many_keys_at_most(
    desk: Api, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_keys, "MOST", 3)
    nina = await person(desk, owner)
    body = {"name": "k"}
    assert await at_once(*(nina("POST", "/auth/api-keys", body) for _ in range(5))) == [201] * 3 + [409] * 2
