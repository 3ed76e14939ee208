"""The upload API: every status, the diff, duplicates, history, undo, and who may see what."""

from __future__ import annotations

import asyncio
import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx

from deploy.world.facebook_exports import Export, csv_bytes, export, renamed
from libs.auth import API_KEY_PREFIX, digest_of, new_secret
from libs.testing.waiting import eventually
from services.connectors.facebook.main import create_app
from tests.services.connectors.facebook.conftest import Facebook
from tests.simulators.s3_faults import Fault

DAYS = [date(2025, 11, 1) + timedelta(days=n) for n in range(3)]
MADE = export(DAYS)
BODY = csv_bytes(MADE.table())
ALTERED = csv_bytes(renamed(MADE.table(), "Purchases", "Results"))
"""The same rows, other bytes."""


async def test_accepted_then_completed(facebook: Facebook) -> None:
    async with facebook.started():
        accepted = await facebook.accepted(BODY, name="../../October.csv")
        assert (accepted["status"], accepted["file_name"]) == ("pending", "October.csv")
        assert accepted["client_id"] == str(facebook.acme)
        async with facebook.loader():
            found = await facebook.done(accepted["upload_id"])
    assert (found["status"], found["run_status"]) == ("completed", "loaded")
    assert found["ingestion_run_id"] == accepted["ingestion_run_id"]
    assert found["progress"] == {"batches_staged": 1, "batches_expected": 1, "percent": 100}
    assert found["rows_read"] == found["rows_loaded"] == len(MADE.rows)
    assert found["uploaded_by"] == "nina@agency.example"
    (run,) = await facebook.records.runs()
    assert run.artifact is not None
    assert await facebook.raw(run.artifact["bucket"], run.artifact["key"]) == BODY
    (told,) = await facebook.records.fetch("SELECT * FROM audit_logs")
    assert (told["action"], told["entity_id"]) == ("upload.accepted", accepted["upload_id"])
    assert told["user_id"] == facebook.people["nina"][0]
    assert told["new_values"]["file_name"] == "October.csv"


async def test_an_api_key_for_uploads_uploads_and_one_for_reading_reads(facebook: Facebook) -> None:
    keys = {}
    for scope in ("upload", "read"):
        keys[scope] = new_secret(API_KEY_PREFIX)
        await facebook.records.fetch(
            "INSERT INTO api_keys (user_id, name, key_hash, scopes) VALUES ($1, 'k', $2, ARRAY[$3::text])",
            facebook.people["nina"][0],
            digest_of(keys[scope]),
            scope,
        )

    async def ask(scope: str, method: str, path: str, **fields: str) -> httpx.Response:
        given: dict[str, Any] = {}
        if method == "POST":
            data = {"client_id": str(facebook.acme), **fields}
            given = {"files": {"file": ("export.csv", BODY)}, "data": data}
        async with facebook.http(None) as http:
            headers = {"Authorization": f"Bearer {keys[scope]}"}
            return await http.request(method, path, headers=headers, **given)

    async with facebook.started():
        for scope, method, path, fields in (
            ("read", "POST", "/upload", {}),
            ("upload", "POST", "/upload", {"dry_run": "true"}),
            ("upload", "GET", "/uploads", {}),
            ("read", "DELETE", f"/uploads/{uuid4()}", {}),
        ):
            refused = await ask(scope, method, path, **fields)
            assert (refused.status_code, refused.json()["error_code"]) == (403, "NOT_ALLOWED"), (scope, path)
        foreign = await ask("upload", "POST", "/upload", client_id=str(facebook.umbra))
        assert foreign.status_code == 404
        accepted = await ask("upload", "POST", "/upload")
        assert accepted.status_code == 202, accepted.text
        shown = await ask("read", "GET", f"/uploads/{accepted.json()['upload_id']}")
        assert (shown.status_code, shown.json()["uploaded_by"]) == (200, "nina@agency.example")
    (told,) = await facebook.records.fetch("SELECT * FROM audit_logs")
    (used,) = await facebook.records.fetch("SELECT id, last_used_at FROM api_keys WHERE scopes = '{upload}'")
    assert told["new_values"]["api_key"] == str(used["id"])
    assert used["last_used_at"] is not None


async def test_wait_holds_the_answer_until_it_is_loaded(facebook: Facebook) -> None:
    async with facebook.started(), facebook.loader():
        accepted = await facebook.accepted(BODY, wait=30)
    assert accepted["status"] == "completed"


async def test_wait_ends_when_nobody_loads(facebook: Facebook) -> None:
    async with facebook.started():
        accepted = await facebook.accepted(BODY, wait=1)
    assert accepted["status"] in ("pending", "processing")


async def test_the_same_bytes_again_name_the_earlier_upload(facebook: Facebook) -> None:
    async with facebook.started(), facebook.loader():
        first = await facebook.accepted(BODY, wait=30)
        again = await facebook.send(BODY, name="other name.csv", on_duplicate="merge")
        found = again.json()
        assert (again.status_code, found["error_code"]) == (409, "ALREADY_LOADED")
        assert found["details"]["upload_id"] == first["upload_id"]
        other = await facebook.send(BODY, who="sam", client_id=facebook.umbra)
        assert other.status_code == 202  # another client's business
        await facebook.done(other.json()["upload_id"])
        deleted = await facebook.http("admin").delete(f"/uploads/{first['upload_id']}", params={"undo": True})
        assert (deleted.status_code, deleted.json()["undo"]) == (202, "queued")

        async def gone() -> bool:
            return (await facebook.records.runs())[0].status == "undone"

        await eventually(gone)
        assert len(await facebook.facts()) == len(MADE.rows)  # the other client's
        assert (await facebook.accepted(BODY, wait=30))["run_status"] == "loaded"
    actions = await facebook.records.fetch("SELECT action FROM audit_logs ORDER BY id")
    assert [row["action"] for row in actions][2:] == ["upload.deleted", "upload.accepted"]


async def test_nothing_else_is_done_here_that_would_need_a_line_in_the_audit_log(facebook: Facebook) -> None:
    paths = create_app(facebook.settings).openapi()["paths"]
    doing = {f"{method} {path}" for path, methods in paths.items() for method in methods if method != "get"}
    assert doing == {"post /api/v1/facebook/upload", "delete /api/v1/facebook/uploads/{upload_id}"}


async def test_an_undone_run_may_be_uploaded_again(facebook: Facebook) -> None:
    async with facebook.started(), facebook.loader():
        await facebook.accepted(BODY, wait=30)
        await facebook.records.fetch("UPDATE ingestion_logs SET status = 'undone'")
        assert (await facebook.send(BODY, on_duplicate="merge")).status_code == 202


async def test_rows_that_exist_are_refused_with_the_first_ten(facebook: Facebook) -> None:
    async with facebook.started(), facebook.loader():
        await facebook.accepted(BODY, wait=30)
        answer = await facebook.send(ALTERED)
    found = answer.json()
    assert (answer.status_code, found["error_code"]) == (409, "DUPLICATES")
    assert found["details"]["count"] == len(MADE.rows)
    assert len(found["details"]["duplicates"]) == 10
    assert found["details"]["duplicates"][0] == {
        "date": "2025-11-01",
        "campaign": "Autumn 0",
        "strategy": "Prospecting 0",
        "placement": "Video «0» 15s",
        "creative": "Video «0» 15s",
    }


async def test_what_is_refused_is_not_kept(facebook: Facebook) -> None:
    async with facebook.started(), facebook.loader():
        await facebook.accepted(BODY, wait=30)
        kept = await facebook.buckets.keys(facebook.buckets.raw)
        assert (await facebook.send(ALTERED)).status_code == 409
        assert (await facebook.send(b"not,an,export\n1,2,3\n")).status_code == 400
    assert await facebook.buckets.keys(facebook.buckets.raw) == kept
    assert len(kept) == 1


async def test_the_refusal_is_told_also_where_nothing_can_be_deleted(facebook: Facebook) -> None:
    await facebook.buckets.store.ensure_bucket(facebook.buckets.raw)
    await facebook.buckets.deny("s3:DeleteObject", bucket=facebook.buckets.raw)
    async with facebook.started():
        answer = await facebook.send(b"not,an,export\n1,2,3\n")
    await facebook.buckets.allow(bucket=facebook.buckets.raw)
    assert (answer.status_code, answer.json()["error_code"]) == (400, "MISSING_COLUMNS")


async def test_the_loader_refuses_what_was_not_seen_at_once(facebook: Facebook) -> None:
    async with facebook.started(upload_check_seconds=0), facebook.loader():
        await facebook.accepted(BODY, wait=30)
        late = await facebook.accepted(ALTERED, wait=30)
        assert (late["status"], late["error_code"]) == ("failed", "DUPLICATES")
        assert (await facebook.accepted(ALTERED, wait=30))["upload_id"] != late["upload_id"]


async def test_merge_updates_and_replace_replaces(facebook: Facebook) -> None:
    fewer = Export(tuple(row for row in MADE.rows if row.creative != "Video «5» 15s"))
    table = fewer.table()
    table[1][5] = 59
    async with facebook.started(), facebook.loader():
        await facebook.accepted(BODY, wait=30)
        merged = await facebook.accepted(csv_bytes(table), on_duplicate="merge", wait=30)
        assert merged["run_status"] == "loaded"
        after_merge = await facebook.facts()
        table[1][5] = 58
        replaced = await facebook.accepted(csv_bytes(table), on_duplicate="replace", wait=30)
        assert replaced["run_status"] == "loaded"
        after_replace = await facebook.facts()
    assert (len(after_merge), after_merge[0][6]) == (len(MADE.rows), 59)
    assert (len(after_replace), after_replace[0][6]) == (len(fewer.rows), 58)


async def test_a_replacement_that_removes_most_is_held(facebook: Facebook) -> None:
    async with facebook.started(), facebook.loader():
        await facebook.accepted(BODY, wait=30)
        table = MADE.table()[:2]
        held = await facebook.accepted(csv_bytes(table), on_duplicate="replace", wait=5)
        assert (held["status"], held["run_status"]) == ("processing", "held")
        assert len(await facebook.facts()) == len(MADE.rows)


async def test_nobody_sees_or_touches_another_clients_uploads(facebook: Facebook) -> None:
    async with facebook.started():
        mine = await facebook.accepted(BODY)
        theirs = await facebook.accepted(BODY, who="sam", client_id=facebook.umbra)
        for foreign in (theirs["upload_id"], str(uuid4())):
            for path in (f"/uploads/{foreign}", f"/uploads/{foreign}/events"):
                answer = await facebook.get(path)
                assert (answer.status_code, answer.json()["error_code"]) == (404, "NOT_FOUND")
                assert "upload" in answer.json()["detail"]
        for client in (facebook.umbra, UUID(int=0)):
            answer = await facebook.send(ALTERED, client_id=client)
            assert (answer.status_code, answer.json()["error_code"]) == (404, "NOT_FOUND")
        lists = {who: (await facebook.get("/uploads", who=who)).json() for who in ("nina", "sam", "admin")}
        other = (await facebook.get("/uploads", client_id=str(facebook.umbra))).json()
        async with facebook.http("nina") as http:
            forbidden = await http.delete(f"/uploads/{mine['upload_id']}")
    assert [each["upload_id"] for each in lists["nina"]["data"]] == [mine["upload_id"]]
    assert [each["upload_id"] for each in lists["sam"]["data"]] == [theirs["upload_id"]]
    assert lists["admin"]["total"] == 2
    assert (other["error_code"], "client" in other["detail"]) == ("NOT_FOUND", True)
    assert forbidden.status_code == 403
    assert len(await facebook.records.fetch("SELECT FROM uploaded_files")) == 2


async def test_who_is_not_signed_in_is_answered_before_the_file_is_read(facebook: Facebook) -> None:
    async with facebook.started():
        nobody = await facebook.send(BODY, who=None)
        await facebook.records.fetch("UPDATE users SET is_active = false WHERE email LIKE 'sam%'")
        disabled = await facebook.send(BODY, who="sam", client_id=facebook.umbra)
        lists = await facebook.get("/uploads", who=None)
    assert [a.status_code for a in (nobody, disabled, lists)] == [401, 401, 401]


async def test_a_disabled_client_takes_nothing(facebook: Facebook) -> None:
    await facebook.records.fetch("UPDATE clients SET status = 'disabled' WHERE name = 'Acme Outdoor'")
    async with facebook.started():
        assert (await facebook.send(BODY)).status_code == 404
        assert (await facebook.send(BODY, who="admin")).status_code == 409


async def test_uploads_are_listed_and_filtered(facebook: Facebook) -> None:
    async with facebook.started():
        async with facebook.loader():
            await facebook.accepted(BODY, name="b.csv", wait=30)
        await facebook.accepted(ALTERED, name="a.csv", on_duplicate="merge")
        by_name = (await facebook.get("/uploads", sort_by="file_name", order="asc", page_size=1)).json()
        done = (await facebook.get("/uploads", status="completed")).json()
        wrong = await facebook.get("/uploads", sort_by="digest; drop table users")
    assert (by_name["total"], by_name["data"][0]["file_name"]) == (2, "a.csv")
    assert [each["file_name"] for each in done["data"]] == ["b.csv"]
    assert wrong.status_code == 422


async def test_an_open_upload_cannot_be_deleted(facebook: Facebook) -> None:
    async with facebook.started(), facebook.http("admin") as http:
        accepted = await facebook.accepted(BODY)
        answer = await http.delete(f"/uploads/{accepted['upload_id']}")
        assert answer.status_code == 409
        await facebook.records.fetch("UPDATE ingestion_logs SET status = 'loaded'")
        answer = await http.delete(f"/uploads/{accepted['upload_id']}")
        assert (answer.status_code, answer.json()["undo"]) == (200, None)
        assert (await http.delete(f"/uploads/{accepted['upload_id']}")).status_code == 404


async def test_identical_uploads_at_once_are_one(facebook: Facebook) -> None:
    async with facebook.started(), facebook.loader():
        answers = await asyncio.gather(*(facebook.send(BODY, name=f"{n}.csv") for n in range(6)))
        codes = sorted(answer.status_code for answer in answers)
        assert codes == [202, 409, 409, 409, 409, 409]
        (accepted,) = [answer.json() for answer in answers if answer.status_code == 202]
        await facebook.done(accepted["upload_id"])
        refused = [answer.json() for answer in answers if answer.status_code == 409]
        assert {each["details"]["upload_id"] for each in refused} == {accepted["upload_id"]}
    assert len(await facebook.facts()) == len(MADE.rows)
    assert len(await facebook.records.runs()) == 1
    assert len(await facebook.buckets.keys(facebook.buckets.raw)) == 1


async def test_an_archive_that_is_away_accepts_nothing(facebook: Facebook) -> None:
    facebook.proxy.faults.append(Fault("denied", 1000, "PUT"))
    async with facebook.started():
        answer = await facebook.send(BODY)
    assert (answer.status_code, answer.json()["error_code"]) == (503, "UNAVAILABLE")
    assert answer.headers["Retry-After"]
    assert await facebook.records.fetch("SELECT FROM uploaded_files") == []


async def test_a_folder_as_archive(facebook: Facebook, tmp_path: Any) -> None:
    async with facebook.started(upload_dir=tmp_path / "kept"), facebook.loader():
        accepted = await facebook.accepted(BODY, wait=30)
        assert accepted["run_status"] == "loaded"
        (run,) = await facebook.records.runs()
        assert run.artifact is not None
        kept = tmp_path / "kept" / run.artifact["bucket"] / run.artifact["key"]
        assert kept.read_bytes() == BODY


async def test_reload_reads_the_archived_bytes_again(facebook: Facebook) -> None:
    async with facebook.started(upload_check_seconds=0), facebook.loader():
        table = export([date(2025, 11, 2)]).table(dates="%d/%m/%Y")
        accepted = await facebook.accepted(csv_bytes(table), wait=30)
        assert (accepted["status"], accepted["error_code"]) == ("failed", "unclear_dates")
        await facebook.records.fetch(
            "UPDATE source_settings SET date_format = 'DD/MM/YYYY' WHERE source = 'facebook'"
        )
        await facebook.reload(client_id=facebook.acme, run_id=accepted["ingestion_run_id"])

        async def loaded() -> bool:
            found = (await facebook.get(f"/uploads/{accepted['upload_id']}")).json()
            return bool(found["run_status"] == "loaded")

        await eventually(loaded, within=30)
    assert {row[0] for row in await facebook.facts()} == {date(2025, 11, 2)}
    first, second = await facebook.records.runs()
    assert (first.status, second.reload_of) == ("failed", first.run_id)


def events_of(text: str) -> list[dict[str, Any]]:
    return [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: ")]


async def test_progress_as_events(facebook: Facebook) -> None:
    async with facebook.started():
        accepted = await facebook.accepted(BODY)
        watching = asyncio.create_task(facebook.get(f"/uploads/{accepted['upload_id']}/events"))
        async with facebook.loader():
            answer = await asyncio.wait_for(watching, 30)
    assert answer.headers["content-type"].startswith("text/event-stream")
    told = events_of(answer.text)
    assert told[0]["status"] in ("pending", "processing")
    assert (told[-1]["status"], told[-1]["progress"]["percent"]) == ("completed", 100)
    assert "event: upload" in answer.text


async def test_health_and_the_document(facebook: Facebook) -> None:
    async with facebook.started():
        assert facebook.app is not None

        async def ready() -> bool:
            async with facebook.http(None) as http:
                found = await http.get(f"http://127.0.0.1:{facebook.port}/health/ready")
                return found.status_code == 200

        await eventually(ready)
        document = facebook.app.openapi()
        missing = await facebook.get("/nothing")
    form = document["paths"]["/api/v1/facebook/upload"]["post"]["requestBody"]["content"]
    assert form["multipart/form-data"]["schema"]["additionalProperties"] is False
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            good = next(answer for status, answer in operation["responses"].items() if status < "300")
            assert operation["summary"], path
            assert "events" in path or "example" in good["content"]["application/json"], (method, path)
    assert (missing.status_code, missing.json()["error_code"]) == (404, "NOT_FOUND")
