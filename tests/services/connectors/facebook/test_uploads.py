"""The upload API: every status, the diff, duplicates, history, undo, and who may see what."""

from __future__ import annotations

import asyncio
import json
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

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


async def test_a_dry_run_says_what_would_change_and_changes_nothing(facebook: Facebook) -> None:
    table = MADE.table()
    clicks = table[1][5]
    table[1][5] += 1
    del table[2]
    new = ["2025-11-03", "Winter", "Everyone", "Snow", 100, 1, 0, "0.00", "1.25"]
    changed = csv_bytes([*table, new])
    async with facebook.started(), facebook.loader():
        first = await facebook.send(BODY, dry_run=True)
        assert (first.status_code, first.json()["would_be"]) == (200, "loaded")
        assert first.json()["new_campaigns"] == ["Autumn 0", "Autumn 1"]
        await facebook.accepted(BODY, wait=30)
        before = await facebook.facts()
        answers = {
            kind: (await facebook.send(changed, who="admin", dry_run=True, on_duplicate=kind)).json()
            for kind in ("reject", "merge", "replace")
        }
        assert await facebook.facts() == before
    assert len(await facebook.records.fetch("SELECT FROM uploaded_files")) == 1
    assert {kind: found["would_be"] for kind, found in answers.items()} == {
        "reject": "refused",
        "merge": "loaded",
        "replace": "loaded",
    }
    found = answers["replace"]
    assert (found["added"], found["changed"]["count"], found["vanishing"]["count"]) == (1, 1, 1)
    assert found["unchanged"] == len(MADE.rows) - 2
    assert found["changed"]["rows"][0]["metrics"] == {"clicks": {"before": clicks, "after": clicks + 1}}
    assert found["vanishing"]["rows"][0]["creative"] == "Video «1» 15s"
    assert found["new_campaigns"] == ["Winter"]
    assert answers["merge"]["vanishing"]["count"] == 0
    sums = MADE.totals
    gone = next(row for row in MADE.rows if row.creative == "Video «1» 15s")
    totals = found["totals"]
    assert totals["before"]["clicks"] == sums.clicks
    assert totals["after"]["clicks"] == sums.clicks - gone.clicks + 2
    assert totals["after"]["media_cost"] == pytest.approx(sums.media_cost_micros / 1e6 + 1.25)
    assert answers["merge"]["totals"]["after"]["rows"] == len(MADE.rows) + 1
    assert [day["date"] for day in found["dates"]] == [str(day) for day in DAYS]
    assert answers["reject"]["duplicates"]["count"] == len(MADE.rows) - 1


async def agree_on_cost(facebook: Facebook) -> None:
    """Acme's user may see from now on what its media cost."""
    await facebook.records.fetch(
        """UPDATE clients SET settings = '{"show_media_cost": true}' WHERE public_id = $1""", facebook.acme
    )


COSTLY = {"media_cost", "media_cost_micros"}


async def test_a_dry_run_tells_nothing_of_cost_unless_it_is_agreed(facebook: Facebook) -> None:
    """Not by a count either: the second row differs in its cost alone."""
    table = MADE.table()
    table[1][5] += 1
    table[1][8] = table[3][8] = "777.77"
    total = [*MADE.total_row[:8], "4242.42"]
    changed = csv_bytes([table[0], total, *table[1:]])

    async def asked(who: str) -> tuple[str, dict[str, Any]]:
        answer = await facebook.send(changed, who=who, dry_run=True, on_duplicate="merge")
        assert answer.status_code == 200, answer.text
        return answer.text, answer.json()

    async with facebook.started(), facebook.loader():
        await facebook.accepted(BODY, wait=30)
        text, found = await asked("nina")
        del found["definitions"]["media_cost"]  # the title of its column
        assert "cost" not in json.dumps(found)
        assert found["changed"]["count"] == 1
        assert list(found["changed"]["rows"][0]["metrics"]) == ["clicks"]
        assert found["control_totals"]["impressions"] == total[4]
        (told,) = [warning for warning in found["warnings"] if warning["code"] == "control_totals"]
        assert "impressions" in told["message"]
        assert "4242" not in text.replace(",", "")
        await agree_on_cost(facebook)
        for who in ("nina", "admin"):
            _, whole = await asked(who)
            assert whole["changed"]["count"] == 2
            assert "media_cost" in whole["changed"]["rows"][0]["metrics"]
            assert whole["control_totals"]["media_cost_micros"] == 4_242_420_000
            assert {"before", "after"} == set(whole["totals"])
            assert whole["totals"]["before"]["media_cost"] == MADE.totals.media_cost_micros / 1e6
            (told,) = [warning for warning in whole["warnings"] if warning["code"] == "control_totals"]
            assert "media_cost_micros" in told["differing"]


async def test_an_upload_tells_nothing_of_cost_unless_it_is_agreed(facebook: Facebook) -> None:
    """Rejected rows may hold it: those of somebody else's file are not shown."""
    table = MADE.table()
    table[2][4] = "many"
    table[2][8] = "1234.56"
    cost_alone = [*MADE.total_row[:4], *([""] * 4), "4242.42"]
    body = csv_bytes([table[0], cost_alone, *table[1:]])

    async def asked(who: str) -> dict[str, Any]:
        found: dict[str, Any] = (await facebook.get(f"/uploads/{upload}", who=who)).json()
        return found

    async with facebook.started(), facebook.loader():
        upload = (await facebook.accepted(body, who="admin", wait=30))["upload_id"]
        hidden, whole = await asked("nina"), await asked("admin")
        assert not COSTLY & set(hidden["control_totals"])
        assert "cost" not in json.dumps(hidden["warnings"])
        assert (hidden["rows_rejected"], hidden["rejected_rows"]) == (1, [])
        assert "uploader" not in hidden
        assert whole["control_totals"]["media_cost_micros"] == 4_242_420_000
        assert any(warning["code"] == "control_totals" for warning in whole["warnings"])
        assert "1234.56" in whole["rejected_rows"][0]["raw"]
        await agree_on_cost(facebook)
        assert await asked("nina") == whole


async def test_who_uploaded_a_file_sees_its_rejected_rows(facebook: Facebook) -> None:
    table = MADE.table()
    table[2][4] = "many"
    async with facebook.started(), facebook.loader():
        upload = await facebook.accepted(csv_bytes(table), wait=30)
        found = (await facebook.get(f"/uploads/{upload['upload_id']}")).json()
    assert "many" in found["rejected_rows"][0]["raw"]


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
    assert other["data"] == []
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
