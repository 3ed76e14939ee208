"""Runs, corrections, triggers, backfills, notifications: what is queued, kept and refused."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from tests.services.gateway.conftest import Api
from tests.services.gateway.traces import Owner, audited, outbox
from tests.services.gateway.world import FIRST, TODAY, Client

YESTERDAY = TODAY - timedelta(days=1)


async def a_run(owner: Owner, client: Client, status: str = "loaded", **columns: Any) -> UUID:
    """A run of a client, with a raw file and a line of the ledger."""
    run: asyncpg.Record | None = await owner.fetchrow(
        "INSERT INTO ingestion_logs (client_id, run_id, source, run_date, status, artifact, error) "
        "VALUES ($1, gen_random_uuid(), $2, $3, $4, $5, $6) RETURNING run_id, run_no",
        client.id,
        columns.get("source", "surfside"),
        columns.get("day", YESTERDAY),
        status,
        columns.get("artifact", '{"bucket": "raw", "key": "k", "sha256": "0", "size": 1}'),
        columns.get("error"),
    )
    assert run is not None
    await owner.execute(
        "INSERT INTO slice_ledger (client_id, source, date, kind, run_no, totals_before, totals_after) "
        "VALUES ($1, 'surfside', $2, 'load', $3, $4, $5)",
        client.id,
        YESTERDAY,
        run["run_no"],
        '{"rows": 0}',
        '{"rows": 3, "spend": "12.3400000", "ratio": 0.10}',
    )
    return UUID(str(run["run_id"]))


async def test_runs_are_listed_and_filtered(api: Api, guest: Client, owner: Owner) -> None:
    held = await a_run(owner, guest, "held")
    failed = await a_run(owner, guest, "failed", source="vibe", error="no such column")
    mine = {"client_id": str(guest.public_id)}
    everything = await api.get("/admin/ingestion-logs", **mine)
    assert everything["total"] == 3
    assert everything["data"][0]["client_name"] == guest.name
    for filters, wanted in (
        ({"status": "held"}, {held}),
        ({"source": "vibe"}, {failed}),
        ({"status": "success"}, {api.world.runs[guest.name]}),
        ({"status": "processing"}, set()),
        ({"start_date": str(TODAY)}, set()),
        ({"start_date": str(YESTERDAY), "end_date": str(YESTERDAY), "status": "failed"}, {failed}),
    ):
        found = await api.get("/admin/ingestion-logs", **mine, **filters)
        assert {UUID(row["run_id"]) for row in found["data"]} == {UUID(str(run)) for run in wanted}, filters
    backwards = {"start_date": str(TODAY), "end_date": str(YESTERDAY)}
    await api.send("GET", "/admin/ingestion-logs", 422, params=backwards)


async def test_a_run_tells_everything(api: Api, guest: Client, owner: Owner) -> None:
    run = await a_run(owner, guest)
    found = await api.get(f"/admin/ingestion-logs/{run}")
    assert found["artifact"]["bucket"] == "raw"
    (entry,) = found["ledger"]
    assert entry["totals_after"]["spend"] == "12.3400000"
    assert "0.10" in (await api("GET", f"/admin/ingestion-logs/{run}")).text
    assert "traceback" not in found
    partial = await api.get(f"/admin/ingestion-logs/{api.world.runs[guest.name]}")
    assert [row["row_number"] for row in partial["rejected_rows"]] == [3, 9]
    assert partial["rejected_rows"][0]["reasons"] == ["negative impressions"]


async def test_no_line_of_a_long_ledger_is_kept_back(api: Api, guest: Client, owner: Owner) -> None:
    run = await a_run(owner, guest)
    await owner.execute(
        "INSERT INTO slice_ledger (client_id, source, date, kind, run_no, totals_before, totals_after) "
        "SELECT l.client_id, source, date '2000-01-01' + n, 'load', run_no, '{}', '{}' "
        "FROM ingestion_logs l, generate_series(1, 1200) n WHERE run_id = $1",
        run,
    )
    pages = [await api.get(f"/admin/ingestion-logs/{run}", ledger_page=page) for page in (1, 2, 3)]
    assert [(page["ledger_total"], len(page["ledger"])) for page in pages] == [
        (1201, 1000),
        (1201, 201),
        (1201, 0),
    ]
    days = [line["date"] for page in pages for line in page["ledger"]]
    assert (len(set(days)), days) == (1201, sorted(days))
    assert (await api.get(f"/admin/ingestion-logs/{run}"))["ledger_page"] == 1
    await api.send("GET", f"/admin/ingestion-logs/{run}", 422, params={"ledger_page": 0})


async def test_rejected_rows_are_a_file_without_formulas(api: Api, guest: Client, owner: Owner) -> None:
    run = api.world.runs[guest.name]
    await owner.executemany(
        "INSERT INTO rejected_rows (client_id, run_id, row_number, raw, reasons) VALUES ($1, $2, $3, $4, $5)",
        [(guest.id, run, 100 + n, '{"name": "=1+1", "n": "2"}', ["why"]) for n in range(2500)],
    )
    answer = await api("GET", f"/admin/ingestion-logs/{run}/rejected.csv")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="rejected-surfside-')
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert len(rows) == 1 + 2 + 2500
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row)


async def test_a_run_is_resolved_by_body_or_query(api: Api, guest: Client, owner: Owner) -> None:
    run = await a_run(owner, guest, "failed")
    path = f"/admin/ingestion-logs/{run}"
    await api.send("POST", f"{path}/resolve", 422)
    await api.send("POST", f"{path}/resolve", 422, json={"resolution_notes": "  "})
    await api.send("POST", f"{path}/resolve", 200, json={"resolution_notes": "asked again"})
    await api.send("POST", f"{path}/resolve", 200, params={"resolution_notes": "came"})
    found = await api.get(path)
    assert (found["resolution_status"], found["resolution_notes"]) == ("resolved", "came")
    assert found["resolved_by_email"] == "admin@agency.example"
    lines = await audited(owner, run)
    assert json.loads(lines[1]["old_values"])["notes"] == "asked again"


ACTIONS = {
    "confirm": ("run.confirmed", ("held",), "confirmed_by"),
    "undo": ("run.undo", ("loaded", "partial"), "requested_by"),
}
STATUSES = ("running", "stalled", "held", "loaded", "partial", "unchanged", "superseded", "failed", "undone")


@pytest.mark.parametrize("action", ACTIONS)
async def test_corrections_are_queued_for_runs_that_fit(
    api: Api, guest: Client, owner: Owner, action: str
) -> None:
    key, fitting, by = ACTIONS[action]
    for status in STATUSES:
        run = await a_run(owner, guest, status)
        path = f"/admin/ingestion-logs/{run}/{action}"
        if status not in fitting:
            refused = await api.send("POST", path, 409)
            assert refused["details"]["status"] == status
            continue
        answer = await api.send("POST", path, 202)
        wanted = {"client_id": str(guest.public_id), "run_id": str(run), by: "admin@agency.example"}
        assert await outbox(owner, answer) == [(key, wanted)]
        (line,) = await audited(owner, run)
        assert (line["action"], json.loads(line["old_values"])) == (key, {"status": status})


@pytest.mark.parametrize("source", ["surfside", "vibe", "facebook"])
async def test_a_reload_goes_to_the_connector_of_the_source(
    api: Api, guest: Client, owner: Owner, source: str
) -> None:
    run = await a_run(owner, guest, "failed", source=source)
    path = f"/admin/ingestion-logs/{run}/reload"
    answer = await api.send("POST", path, 202, json={"allow_shrink": True})
    ((key, body),) = await outbox(owner, answer)
    assert key == f"reload.requested.{source}"
    assert body == {"client_id": str(guest.public_id), "run_id": str(run), "allow_shrink": True}
    bare = await a_run(owner, guest, "missing_file", artifact=None)
    await api.send("POST", f"/admin/ingestion-logs/{bare}/reload", 409)


# --- triggers


async def test_a_pull_is_queued_with_the_requests_id(api: Api, guest: Client, owner: Owner) -> None:
    body = {"source": "surfside", "client_id": str(guest.public_id), "date": str(YESTERDAY)}
    name = f"trigger-{uuid4().hex}"
    answer = await api("POST", "/admin/trigger-ingestion", json=body, headers={"X-Request-ID": name})
    assert answer.status_code == 202
    assert answer.json()["correlation_id"] == name
    ((key, message),) = await outbox(owner, answer.json())
    assert key == "pull.requested.surfside"
    assert message["client_id"] == str(guest.public_id)
    assert (message["start_date"], message["end_date"]) == (str(YESTERDAY), str(YESTERDAY))
    by_query = await api.send("POST", "/admin/trigger-ingestion", 202, params=body)
    assert by_query["message"] == answer.json()["message"]
    everyone = await api.send("POST", "/admin/trigger-ingestion", 202, json={"source": "vibe"})
    assert guest.name in everyone["clients"]
    assert "Gone" not in everyone["clients"]
    assert "client_id" not in everyone["message"]


async def test_a_pull_that_makes_no_sense_is_refused_and_queues_nothing(
    api: Api, guest: Client, owner: Owner
) -> None:
    mine = str(guest.public_id)
    await owner.execute(
        "UPDATE source_settings SET enabled = false WHERE client_id = $1 AND source = 'vibe'", guest.id
    )
    before = await owner.fetchval("SELECT coalesce(max(id), 0) FROM outbox")
    for body, status, field in (
        ({}, 422, "source"),
        ({"source": "tiktok"}, 422, "source"),
        ({"source": "facebook"}, 422, "source"),
        ({"source": "vibe", "client_id": mine}, 422, "source"),
        ({"source": "surfside", "client_id": str(uuid4())}, 404, None),
        ({"source": "surfside", "client_id": str(api.world.clients["Gone"].public_id)}, 422, "source"),
        ({"source": "surfside", "client_id": mine, "date": str(TODAY + timedelta(days=2))}, 422, "date"),
        ({"source": "surfside", "client": mine}, 422, "client"),
        ({"source": "surfside", "client_id": None, "date": "yesterday"}, 422, "date"),
    ):
        answer = await api.send("POST", "/admin/trigger-ingestion", status, json=body)
        assert field is None or field in answer["field_errors"], (body, answer)
    facebook = await api.send("POST", "/admin/trigger-ingestion", 422, json={"source": "facebook"})
    assert "comes by upload" in facebook["detail"]
    assert await owner.fetchval("SELECT coalesce(max(id), 0) FROM outbox") == before


async def test_the_same_key_at_once_pulls_once(api: Api, guest: Client, owner: Owner) -> None:
    body = {"source": "surfside", "client_id": str(guest.public_id), "date": str(YESTERDAY)}
    headers = {"Idempotency-Key": uuid4().hex}
    answers = await asyncio.gather(
        *(api("POST", "/admin/trigger-ingestion", json=body, headers=headers) for _ in range(8))
    )
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["correlation_id"] for answer in answers}) == 1
    count = await owner.fetchval(
        "SELECT count(*) FROM outbox WHERE body LIKE $1", f"%{guest.public_id}%".encode()
    )
    assert count == 1


async def test_a_request_that_failed_does_not_use_up_its_key(api: Api, guest: Client) -> None:
    headers = {"Idempotency-Key": uuid4().hex}
    body = {"source": "facebook"}
    refused = await api("POST", "/admin/trigger-ingestion", json=body, headers=headers)
    assert refused.status_code == 422
    good = {"source": "surfside", "client_id": str(guest.public_id)}
    answer = await api("POST", "/admin/trigger-ingestion", json=good, headers=headers)
    assert answer.status_code == 202


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "x" * 201])
async def test_a_key_that_is_none_is_refused(api: Api, key: str) -> None:
    headers = {"Idempotency-Key": key.encode()}
    body = {"source": "surfside"}
    answer = await api("POST", "/admin/trigger-ingestion", json=body, headers=headers)
    assert answer.status_code == 422


async def test_a_backfill_is_a_job_with_progress(api: Api, guest: Client, owner: Owner) -> None:
    """Days that stand count as done; a run that fails ends its day; a held one waits."""
    first, last = FIRST - timedelta(days=3), FIRST + timedelta(days=1)
    body = {
        "source": "surfside",
        "client_id": str(guest.public_id),
        "start_date": str(first),
        "end_date": str(last),
    }
    answer = await api.send("POST", "/admin/backfill-historical", 202, json=body)
    ((key, message),) = await outbox(owner, answer)
    assert (key, message["start_date"], message["end_date"]) == (
        "pull.requested.surfside",
        str(first),
        str(last),
    )
    path = answer["status_url"].removeprefix("/api/v1")
    job = await api.get(path)
    states = ["waiting", "waiting", "waiting", "loaded", "loaded"]
    assert [day["status"] for day in job["days"]] == states
    assert (job["status"], job["days_done"], job["days_total"]) == ("running", 2, 5)
    for number, status in enumerate(("missing_file", "failed", "held")):
        await a_run(owner, guest, status, day=first + timedelta(days=number))
    job = await api.get(path)
    assert [day["status"] for day in job["days"]][:3] == ["missing_file", "failed", "held"]
    assert (job["status"], job["days_done"]) == ("running", 4)
    await owner.execute(
        "UPDATE ingestion_logs SET status = 'loaded' WHERE client_id = $1 AND status = 'held'", guest.id
    )
    assert (await api.get(path))["status"] == "done"
    assert [line["action"] for line in await audited(owner, answer["backfill_id"])] == ["backfill.requested"]


async def test_a_backfill_that_makes_no_sense_is_refused(api: Api, guest: Client) -> None:
    good = {
        "source": "surfside",
        "client_id": str(guest.public_id),
        "start_date": str(FIRST),
        "end_date": str(YESTERDAY),
    }
    for change in (
        {"source": None},
        {"source": "facebook"},
        {"client_id": None},
        {"start_date": None},
        {"end_date": str(FIRST - timedelta(days=1))},
        {"end_date": str(TODAY + timedelta(days=2))},
        {"start_date": str(TODAY - timedelta(days=401))},
        {"source": "vibe", "start_date": str(TODAY - timedelta(days=46))},
    ):
        await api.send("POST", "/admin/backfill-historical", 422, json={**good, **change})
    await api.send("POST", "/admin/backfill-historical", 404, json={**good, "client_id": str(uuid4())})


# --- notifications


async def test_notifications_are_acknowledged_once(api: Api, guest: Client, owner: Owner) -> None:
    notification = await owner.fetchval(
        "INSERT INTO notifications (client_id, kind, severity, message, dedupe_key) "
        "VALUES ($1, 'file.missing', 'warning', 'no file', $2) RETURNING id",
        guest.id,
        uuid4().hex,
    )
    mine = {"client_id": str(guest.public_id)}
    (found,) = (await api.get("/admin/notifications", **mine, acknowledged="false"))["data"]
    assert (found["message"], found["client_name"]) == ("no file", guest.name)
    for _ in range(2):
        await api.send("POST", f"/admin/notifications/{notification}/acknowledge", 200)
    (seen,) = (await api.get("/admin/notifications", **mine, acknowledged="true"))["data"]
    assert seen["acknowledged_by"] == str(api.world.users["admin"])
    assert (await api.get("/admin/notifications", **mine, severity="error"))["total"] == 0
