"""Coverage, restatements, queues and replay: what an operator sees and does."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import aio_pika
import pytest

from contracts.topology import QUEUES
from libs.bus.headers import for_dead
from libs.settings import BusSettings
from libs.testing.queues import depth, take_all
from tests.services.gateway.conftest import Api, Seeded, Start
from tests.services.gateway.test_runs import YESTERDAY, a_run
from tests.services.gateway.traces import Owner, audited
from tests.services.gateway.world import FIRST, TODAY, Client

PULLS = "surfside.pulls"


async def line_of(api: Api, client: Client, source: str, **more: Any) -> dict[str, Any]:
    found = await api.get("/admin/coverage", client_id=str(client.public_id), source=source, **more)
    assert found["total"] == 1
    line: dict[str, Any] = found["data"][0]
    return line


async def test_coverage_names_the_state_of_every_day(api: Api, guest: Client, owner: Owner) -> None:
    gone = [TODAY - timedelta(days=n) for n in (20, 21, 22, 23)]
    await owner.execute(
        "DELETE FROM slice_head WHERE client_id = $1 AND source = 'surfside' AND date = ANY($2)",
        guest.id,
        gone,
    )
    for day, status in zip(gone, ("missing_file", "failed", "held", "running"), strict=True):
        await a_run(owner, guest, status, day=day)
    await a_run(owner, guest, "held", day=TODAY - timedelta(days=30))
    line = await line_of(
        api, guest, "surfside", start_date=str(FIRST - timedelta(days=2)), end_date=str(TODAY)
    )
    days = {day["date"]: day for day in line["days"]}
    states = [days[str(day)]["status"] for day in gone]
    assert states == ["missing", "failed", "held", "loading"]
    assert days[str(TODAY - timedelta(days=30))]["status"] == "held"
    assert days[str(TODAY - timedelta(days=30))]["delivered_at"] is not None
    assert days[str(TODAY - timedelta(days=31))]["status"] == "loaded"
    assert (days[str(YESTERDAY)]["status"], days[str(YESTERDAY)]["provisional"]) == ("provisional", True)
    assert days[str(TODAY - timedelta(days=14))]["status"] == "provisional"
    assert days[str(TODAY - timedelta(days=15))]["status"] == "loaded"
    assert days[str(FIRST - timedelta(days=1))]["status"] == "not_expected"
    assert days[str(TODAY)]["status"] == "waiting"
    assert sum(line["counts"].values()) == len(days) == 73
    only = await line_of(api, guest, "surfside", status=["missing", "failed"])
    assert {day["date"] for day in only["days"]} == {str(gone[0]), str(gone[1])}
    assert only["counts"] == {**only["counts"], "missing": 1, "failed": 1, "held": 2}


async def test_coverage_knows_partial_days_and_own_settling_windows(
    api: Api, guest: Client, owner: Owner
) -> None:
    await owner.execute(
        "UPDATE source_settings SET settling_days = 1 WHERE client_id = $1 AND source = 'surfside'", guest.id
    )
    await a_run(owner, guest, "partial", day=YESTERDAY)
    run_no = await owner.fetchval("SELECT max(run_no) FROM ingestion_logs WHERE client_id = $1", guest.id)
    await owner.execute(
        "UPDATE slice_head SET run_no = $2 WHERE client_id = $1 AND source = 'surfside' AND date = $3",
        guest.id,
        run_no,
        YESTERDAY,
    )
    line = await line_of(api, guest, "surfside", start_date=str(YESTERDAY - timedelta(days=1)))
    assert [day["status"] for day in line["days"]] == ["loaded", "partial"]
    assert [day["provisional"] for day in line["days"]] == [False, True]
    assert line["settling_days"] == 1


async def test_a_window_that_failed_shows_on_each_of_its_days(api: Api, guest: Client, owner: Owner) -> None:
    """A report of Vibe is of several days, and its run stands on the last of them."""
    first = FIRST - timedelta(days=6)
    body = {"source": "surfside", "client_id": str(guest.public_id)}
    body |= {"start_date": str(first), "end_date": str(first + timedelta(days=3))}
    answer = await api.send("POST", "/admin/backfill-historical", 202, json=body)
    run = await a_run(owner, guest, "failed", day=first + timedelta(days=2), error="Vibe answered with 400")
    await owner.execute("UPDATE ingestion_logs SET window_start = $1 WHERE run_id = $2", first, run)
    job = await api.get(answer["status_url"].removeprefix("/api/v1"))
    assert [day["status"] for day in job["days"]] == ["failed"] * 3 + ["waiting"]
    assert [day["error"] for day in job["days"]] == ["Vibe answered with 400"] * 3 + [None]
    assert {day["run_id"] for day in job["days"][:3]} == {str(run)}
    assert (job["days_failed"], job["days_left"]) == (3, 1)
    line = await line_of(api, guest, "surfside", start_date=body["start_date"], end_date=body["end_date"])
    assert [day["status"] for day in line["days"]] == ["failed"] * 3 + ["not_expected"]
    inside = await line_of(
        api, guest, "surfside", start_date=body["start_date"], end_date=str(first + timedelta(days=1))
    )
    assert [day["status"] for day in inside["days"]] == ["failed"] * 2


async def test_coverage_is_paged_over_sources_of_active_clients(api: Api, guest: Client) -> None:
    every = await api.get("/admin/coverage", page_size=500)
    assert "Gone" not in {row["client_name"] for row in every["data"]}
    assert [row["source"] for row in every["data"] if row["client_name"] == guest.name] == [
        "facebook",
        "surfside",
        "vibe",
    ]
    second = await api.get("/admin/coverage", page_size=2, page=2)
    assert second["data"] == every["data"][2:4]
    assert second["total"] == every["total"]
    for wrong in (
        {"start_date": str(TODAY), "end_date": str(YESTERDAY)},
        {"start_date": str(TODAY - timedelta(days=500)), "end_date": str(TODAY)},
        {"status": "lost"},
        {"source": "tiktok"},
    ):
        await api.send("GET", "/admin/coverage", 422, params=wrong)
    await api.send("GET", "/admin/coverage", 404, params={"client_id": str(uuid4())})


async def ledger(owner: Owner, client: Client, run: object, before: Any, after: Any, **more: Any) -> None:
    await owner.execute(
        "INSERT INTO slice_ledger (client_id, source, date, kind, run_no, totals_before, totals_after, at) "
        "VALUES ($1, 'vibe', $2, $3, (SELECT run_no FROM ingestion_logs WHERE run_id = $4), $5, $6, $7)",
        client.id,
        more.get("day", YESTERDAY),
        more.get("kind", "load"),
        run,
        json.dumps(before),
        json.dumps(after),
        more.get("at", datetime.now(UTC)),
    )


async def test_a_restatement_says_which_run_and_file_and_when(api: Api, guest: Client, owner: Owner) -> None:
    """41 on Monday, 47 today."""
    monday, today = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 4, 9, tzinfo=UTC)
    first, second = [await a_run(owner, guest, source="vibe") for _ in range(2)]
    none, some = {"rows": 0, "conversions": None}, {"rows": 3, "conversions": 41, "spend": "1.2500000"}
    more = {"rows": 3, "conversions": 47, "spend": "1.5000000", "media_cost_micros": 2_500_000}
    await ledger(owner, guest, first, none, some, at=monday)
    await ledger(owner, guest, second, some, some, kind="superseded")
    await ledger(owner, guest, second, some, more, at=today)
    mine = {"client_id": str(guest.public_id), "source": "vibe"}
    found = await api.get("/admin/restatements", **mine)
    assert found["total"] == 1
    (row,) = found["data"]
    assert row["changes"]["conversions"] == {"before": 41, "after": 47, "change": 6}
    assert str(row["changes"]["spend"]["change"]) == "0.2500000"
    assert row["changes"]["media_cost"]["before"] is None
    assert str(row["changes"]["media_cost"]["after"]) == "2.500000"
    assert "rows" not in row["changes"]
    assert (row["run_id"], row["file"]) == (str(second), {"bucket": "raw", "key": "k"})
    assert row["changed_at"].startswith("2026-03-04T09:00")
    assert row["earlier"]["run_id"] == str(first)
    assert row["earlier"]["changed_at"].startswith("2026-03-02T09:00")


async def test_restatements_are_filtered_and_paged(api: Api, guest: Client, owner: Owner) -> None:
    run = await a_run(owner, guest, source="vibe")
    for number in range(5):
        day = YESTERDAY - timedelta(days=number)
        kind = "repricing" if number == 4 else "load"
        await ledger(owner, guest, run, {"rows": 1}, {"rows": 2 + number}, day=day, kind=kind)
    mine = {"client_id": str(guest.public_id)}
    assert (await api.get("/admin/restatements", **mine))["total"] == 5
    assert (await api.get("/admin/restatements", **mine, kind="repricing"))["total"] == 1
    assert (await api.get("/admin/restatements", **mine, start_date=str(YESTERDAY)))["total"] == 1
    assert (await api.get("/admin/restatements", **mine, source="surfside"))["total"] == 0
    page = await api.get("/admin/restatements", **mine, sort_by="date", order="asc", page_size=2, page=2)
    assert [row["date"] for row in page["data"]] == [str(YESTERDAY - timedelta(days=n)) for n in (2, 1)]
    backwards = {"start_date": str(TODAY), "end_date": str(YESTERDAY)}
    await api.send("GET", "/admin/restatements", 422, params=backwards)
    await api.send("GET", "/admin/restatements", 404, params={"client_id": str(uuid4())})


# --- queues


@pytest.fixture
def wired(start: Start, seeded: Seeded, bus_settings: BusSettings) -> Api:
    """The gateway on a virtual host of this test's own."""
    return start(seeded, rabbitmq_url=bus_settings.rabbitmq_url)


async def bury(settings: BusSettings, *bodies: bytes) -> None:
    async with await aio_pika.connect(settings.rabbitmq_url) as connection:
        channel = await connection.channel()
        for body in bodies:
            headers = for_dead({}, PULLS, 1, "Terminal: no such client")
            message = aio_pika.Message(body, headers=headers, delivery_mode=2, timestamp=datetime.now(UTC))
            await channel.default_exchange.publish(message, f"{PULLS}.dead")


async def test_queues_tell_what_waits_and_what_died(wired: Api, bus_settings: BusSettings) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    await bury(bus_settings, b'{"generation": 1}', b'{"generation": 2}')
    for _ in range(3):  # looking takes nothing away
        found = await wired.get("/admin/queues")
    assert [row["name"] for row in found["data"]] == [queue.name for queue in QUEUES]
    row = found["data"][0]
    assert (row["name"], row["waiting"], row["consumers"], row["dead_letters"]) == (PULLS, 0, 0, 2)
    assert row["oldest_dead_letter"]["reason"] == "Terminal: no such client"
    assert datetime.fromisoformat(row["oldest_dead_letter"]["died_at"]) >= before
    assert found["data"][1]["oldest_dead_letter"] is None


async def test_a_replay_moves_letters_once(wired: Api, bus_settings: BusSettings, owner: Owner) -> None:
    bodies = [json.dumps({"generation": n}).encode() for n in range(3)]
    await bury(bus_settings, *bodies)
    path, key = f"/admin/queues/{PULLS}.dead/replay", {"Idempotency-Key": uuid4().hex}
    for _ in range(2):
        done = await wired.send("POST", path, 200, json={"limit": 2}, headers=key)
        assert (done["queue"], done["moved"], done["remaining"], done["complete"]) == (PULLS, 2, 1, False)
    assert await depth(bus_settings, PULLS) == 2
    rest = await wired.send("POST", path, 200)
    assert (rest["moved"], rest["remaining"], rest["complete"]) == (1, 0, True)
    assert [message.body for message in await take_all(bus_settings, PULLS)] == bodies
    assert (await wired.send("POST", path, 200))["moved"] == 0
    lines = [(line["action"], json.loads(line["new_values"])) for line in await audited(owner, PULLS)]
    replays = [(lines[n], lines[n + 1]) for n in range(len(lines) - 6, len(lines), 2)]
    for (before, asked), (after, told) in replays:
        assert (before, after) == ("queue.replay_requested", "queue.replayed")
        assert asked["replay"] == told["replay"]
    assert [(asked["limit"], told["moved"]) for (_, asked), (_, told) in replays] == [
        (2, 2),
        (1000, 1),
        (1000, 0),
    ]


async def test_a_queue_that_is_none_is_404_with_the_names(api: Api) -> None:
    answer = await api.send("POST", "/admin/queues/nothing/replay", 404)
    assert answer["details"]["queues"] == [queue.name for queue in QUEUES]
    assert "loader.batches" in answer["detail"]
    for limit in (0, -1, 10**9):
        await api.send("POST", f"/admin/queues/{PULLS}/replay", 422, params={"limit": limit})


async def test_without_rabbitmq_queues_are_503_with_retry_after(api: Api) -> None:
    for method, path in (("GET", "/admin/queues"), ("POST", f"/admin/queues/{PULLS}/replay")):
        answer = await api(method, path)
        assert (answer.status_code, answer.json()["error_code"]) == (503, "UNAVAILABLE")
        assert int(answer.headers["Retry-After"]) > 0


async def test_a_backfill_begins_failed_days_afresh(api: Api, guest: Client, owner: Owner) -> None:
    """The same delivery is the same run and has ended: without a new generation the job would never end."""
    first = FIRST - timedelta(days=4)
    await a_run(owner, guest, "failed", day=first + timedelta(days=1), error="no such column")
    body = {"source": "surfside", "client_id": str(guest.public_id)}
    body |= {"start_date": str(first), "end_date": str(FIRST)}
    answer = await api.send("POST", "/admin/backfill-historical", 202, json=body)
    asked = [(pull["start_date"], pull["generation"]) for pull in answer["messages"]]
    days = [str(first + timedelta(days=n)) for n in range(3)]
    assert asked == [(days[0], 0), (days[1], 1), (days[2], 0)]
    job = await api.get(answer["status_url"].removeprefix("/api/v1"))
    assert [day["status"] for day in job["days"]] == ["waiting"] * 4 + ["loaded"]
    assert (job["days_done"], job["days_left"], job["days_failed"], job["days_skipped"]) == (1, 4, 0, 1)
    await a_run(owner, guest, "failed", day=first + timedelta(days=1), error="still no such column")
    job = await api.get(answer["status_url"].removeprefix("/api/v1"))
    assert (job["days_left"], job["days_failed"]) == (3, 1)
    assert job["days"][1]["error"] == "still no such column"
