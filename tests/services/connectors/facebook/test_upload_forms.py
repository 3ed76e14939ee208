"""Forms of an upload: fields, keys, sizes, and what is none."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.services.connectors.facebook.conftest import Facebook
from tests.services.connectors.facebook.test_uploads import ALTERED, BODY

WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "unknown field": ({"on_duplicates": "merge"}, "on_duplicates"),
    "unknown choice": ({"on_duplicate": "ignore"}, "on_duplicate"),
    "not a client id": ({"client_id": "5"}, "client_id"),
    "wait too long": ({"wait": 61}, "wait"),
    "wait for ever": ({"wait": -1}, "wait"),
    "dates without a year": ({"date_format": "DD/MM"}, "date_format"),
    "a name too long": ({"campaign": "x" * 256}, "campaign"),
    "a name with NUL": ({"ad_set": "a\x00b"}, "ad_set"),
}


@pytest.mark.parametrize("kind", sorted(WRONG))
async def test_wrong_fields_are_named(facebook: Facebook, kind: str) -> None:
    fields, name = WRONG[kind]
    async with facebook.started():
        answer = await facebook.send(BODY, **fields)
    found = answer.json()
    assert (answer.status_code, found["error_code"]) == (422, "VALIDATION_ERROR"), found
    assert list(found["field_errors"]) == [name]
    assert found["correlation_id"] == answer.headers["X-Request-ID"]


async def test_the_same_key_is_one_upload(facebook: Facebook) -> None:
    """The first answer again, in turn and at once; another file or other fields with the key are refused."""
    async with facebook.started():
        first = await facebook.send(BODY, key="nightly-1")
        again = await facebook.send(BODY, key="nightly-1")
        assert (first.status_code, again.status_code) == (202, 202)
        assert again.json() == first.json()
        assert again.headers["Idempotency-Replayed"] == "true"
        assert "Idempotency-Replayed" not in first.headers
        for body, fields in ((ALTERED, {}), (BODY, {"on_duplicate": "merge"})):
            other = await facebook.send(body, key="nightly-1", **fields)
            assert (other.status_code, other.json()["error_code"]) == (422, "IDEMPOTENCY_KEY_REUSED")
        without = await facebook.send(BODY)
        assert without.json()["error_code"] == "ALREADY_LOADED"
        theirs = await facebook.send(BODY, who="sam", client_id=facebook.umbra, key="nightly-1")
        assert theirs.status_code == 202
        refused = await facebook.send(b"no export", key="nightly-2")
        assert refused.status_code == 400
        waited = {"on_duplicate": "merge", "key": "nightly-2"}
        at_once = await asyncio.gather(*(facebook.send(ALTERED, **waited) for _ in range(3)))
        assert {answer.status_code for answer in at_once} == {202}
        assert len({answer.json()["upload_id"] for answer in at_once}) == 1
        assert sum("Idempotency-Replayed" in answer.headers for answer in at_once) == 2


async def test_without_a_client_it_is_the_only_one_or_the_choices(facebook: Facebook) -> None:
    async with facebook.started():
        found = await facebook.accepted(BODY, client_id=None)
        assert found["client_id"] == str(facebook.acme)
        several = (await facebook.send(BODY, who="admin", client_id=None)).json()
        assert list(several["field_errors"]) == ["client_id"]
        assert {each["client_id"] for each in several["details"]["choices"]} == {
            str(facebook.acme),
            str(facebook.umbra),
        }
        await facebook.records.fetch("UPDATE clients SET status = 'disabled' WHERE name = 'Acme Outdoor'")
        none = await facebook.send(BODY, client_id=None)
        assert (none.status_code, none.json()["details"]) == (422, {"choices": []})


async def test_forms_that_are_none(facebook: Facebook) -> None:
    async with facebook.started(), facebook.http("nina") as http:
        data = {"client_id": str(facebook.acme)}
        no_file = await http.post("/upload", files={"other": ("a.csv", BODY)}, data=data)
        text = await http.post("/upload", files={"file": (None, "text")}, data=data)
        two = await http.post("/upload", files=[("file", ("a", BODY)), ("file", ("b", BODY))], data=data)
        plain = await http.post("/upload", json=data)
        kind = {"Content-Type": "multipart/form-data; boundary=x"}
        broken = await http.post("/upload", content=b"--y\r\nwhat", headers=kind)
    assert [answer.status_code for answer in (no_file, text, two, plain, broken)] == [422, 422, 400, 400, 400]
    for answer in (no_file, text, two, plain, broken):
        assert set(answer.json()) == {"detail", "error_code", "field_errors", "details", "correlation_id"}


async def test_too_large_is_refused_before_the_rest_is_read(facebook: Facebook) -> None:
    sent = 0

    async def endless() -> Any:
        nonlocal sent
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
        while sent < 50_000_000:
            sent += 10_000
            yield b"x" * 10_000

    async with facebook.started(max_upload_size=200_000):
        exactly = await facebook.send(b"x" * 200_001)
        announced = await facebook.send(b"x" * 400_000)
        async with facebook.http("nina") as http:
            kind = {"Content-Type": "multipart/form-data; boundary=x"}
            streamed = await http.post("/upload", content=endless(), headers=kind)
    assert [a.status_code for a in (exactly, announced, streamed)] == [413, 413, 413]
    assert {a.json()["error_code"] for a in (exactly, announced, streamed)} == {"TOO_LARGE"}
    assert exactly.json()["details"] == {"size": 200_001, "limit": 200_000}
