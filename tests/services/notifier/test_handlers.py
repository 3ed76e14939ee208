"""Six queues on the real broker, one row per matter in the real table."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from uuid import uuid4

import aio_pika
import pytest
from prometheus_client import REGISTRY
from sqlalchemy.ext.asyncio import AsyncEngine

from contracts.envelope import Message
from contracts.load.v1 import RunLoaded
from contracts.notify.v1 import AlertRaised
from contracts.summarise.v1 import SummariesUpdated
from libs.bus import Bus
from libs.db.engine import transaction
from libs.settings import BusSettings
from libs.testing.databases import Database
from libs.testing.waiting import eventually
from services.notifier.handlers import subscribe
from services.notifier.handlers.keeping import keep_digest, keep_update
from services.notifier.store import OCCURRENCES_KEPT
from tests.services.notifier.desk import DAY, Desk


async def test_a_failed_run_is_told_once_however_often_it_is_delivered(desk: Desk) -> None:
    run = await desk.run("failed")
    for _ in range(3):
        await desk.fails(run)
    row = await desk.only()
    assert (row["kind"], row["severity"], row["times"], row["run_id"]) == ("run.failed", "error", 1, run)
    assert row["client_id"] is not None
    assert row["message"].startswith("Acme: surfside of 2026-10-01")


async def test_each_run_counts_once_and_the_newest_is_shown(desk: Desk) -> None:
    first, second = await desk.run("failed"), await desk.run("failed", 1)
    for run, error in ((first, "one"), (second, "two"), (first, "one"), (second, "two")):
        await desk.fails(run, error)
    row = await desk.only()
    assert (row["times"], row["run_id"]) == (2, second)
    assert row["message"].endswith("two")
    assert row["details"]["occurrences"] == [str(first), str(second)]


async def test_the_same_message_to_two_processes_at_once_counts_once(desk: Desk) -> None:
    run, other = await desk.run("failed"), await desk.run("failed")
    await asyncio.gather(*(desk.fails(run) for _ in range(4)), *(desk.fails(other) for _ in range(4)))
    assert (await desk.only())["times"] == 2


async def test_only_the_last_occurrences_are_kept(desk: Desk) -> None:
    event = AlertRaised(kind="disk", message="full", dedupe_key="disk")
    for number in range(OCCURRENCES_KEPT + 5):
        assert await desk.alerts(event, f"c{number}")
    row = await desk.only()
    assert row["times"] == OCCURRENCES_KEPT + 5
    assert row["details"]["occurrences"] == [f"c{n}" for n in range(5, OCCURRENCES_KEPT + 5)]


async def test_a_missing_file_is_resolved_when_it_comes(desk: Desk) -> None:
    await desk.misses(await desk.run("missing_file"))
    assert (await desk.only())["resolved_at"] is None
    assert await desk.loads(await desk.run("loaded", 2)) == 1
    assert (await desk.only())["resolved_at"] is not None


async def test_messages_that_overtake_each_other_end_the_same(desk: Desk) -> None:
    gone, come = await desk.run("missing_file"), await desk.run("partial", 1)
    await desk.loads(come)
    await desk.misses(gone)
    assert (await desk.only())["resolved_at"] is not None


async def test_a_late_copy_of_an_old_success_does_not_hide_a_new_failure(desk: Desk) -> None:
    good, bad = await desk.run("loaded"), await desk.run("failed", 1)
    await desk.loads(good)
    await desk.fails(bad)
    assert await desk.loads(good) == 0
    assert (await desk.only())["resolved_at"] is None


async def test_a_new_failure_opens_the_matter_again(desk: Desk) -> None:
    await desk.fails(await desk.run("failed"))
    await desk.loads(await desk.run("loaded", 1))
    await desk.owner.execute(
        "UPDATE notifications SET acknowledged_at = now(), acknowledged_by = $1", uuid4()
    )
    await desk.fails(await desk.run("failed", 2))
    row = await desk.only()
    assert (row["times"], row["resolved_at"], row["acknowledged_at"]) == (2, None, None)


@pytest.mark.parametrize("kind", ["run.held", "run.stalled"])
async def test_held_and_stalled_runs_are_settled_by_themselves_or_another(desk: Desk, kind: str) -> None:
    for number in (1, 2):
        run = await desk.run("held")
        event = AlertRaised(
            kind=kind, message="m", dedupe_key=f"{kind}:{run}", client_id=desk.client, run_id=run
        )
        await desk.alerts(event)
        if number == 1:
            await desk.owner.execute("UPDATE ingestion_logs SET status = 'loaded' WHERE run_id = $1", run)
            await desk.loads(run)
        else:
            await desk.loads(await desk.run("loaded", 1))
    assert all(row["resolved_at"] for row in await desk.rows())


@pytest.mark.parametrize(
    ("day", "source"), [(DAY + timedelta(days=1), "surfside"), (DAY, "vibe"), (None, "surfside")]
)
async def test_another_delivery_settles_nothing(desk: Desk, day: date | None, source: str) -> None:
    await desk.fails(await desk.run("failed"))
    assert await desk.loads(await desk.run("loaded", 1, day=day, source=source), day, source) == 0
    assert (await desk.only())["resolved_at"] is None


async def test_other_kinds_stay_open(desk: Desk) -> None:
    await desk.alerts(AlertRaised(kind="account.mixed", message="m", dedupe_key="k", client_id=desk.client))
    await desk.loads(await desk.run("loaded", 1))
    assert (await desk.only())["resolved_at"] is None


async def test_a_load_that_is_in_no_log_settles_too(desk: Desk) -> None:
    await desk.fails(await desk.run("failed"))
    assert await desk.loads(uuid4()) == 1


async def test_a_warning_about_an_unknown_client_is_not_lost(desk: Desk) -> None:
    desk.client = uuid4()
    await desk.misses(uuid4())
    row = await desk.only()
    assert row["client_id"] is None
    assert str(desk.client) in row["message"]


async def test_one_row_says_how_new_the_numbers_are(desk: Desk) -> None:
    for version in (1, 3, 2, 3):
        event = SummariesUpdated(client_id=desk.client, data_version=version, dates=[DAY])
        async with transaction(desk.engine) as connection:
            await keep_update(connection, event)
    row = await desk.only()
    assert (row["severity"], row["times"], row["details"]["data_version"]) == ("info", 2, 3)


async def test_a_digest_is_asked_for_once(desk: Desk) -> None:
    await desk.fails(await desk.run("failed"))
    await desk.misses(await desk.run("missing_file"))
    async with transaction(desk.engine) as connection:
        await keep_digest(connection, DAY, "first", "http://x.example")
        await keep_digest(connection, DAY, "first", "http://x.example")
    (row,) = [row for row in await desk.rows() if row["kind"] == "digest"]
    assert (row["times"], row["client_id"]) == (1, None)
    assert row["message"] == f"Digest of {DAY}: 2 open troubles"


@asynccontextmanager
async def notifier(settings: BusSettings, engine: AsyncEngine) -> AsyncIterator[None]:
    bus = Bus(settings, "notifier")
    subscribe(bus, engine, lambda: DAY)
    await bus.start()
    try:
        yield
    finally:
        await bus.stop()


async def put_raw(settings: BusSettings, queue: str, *bodies: bytes) -> None:
    async with await aio_pika.connect(settings.rabbitmq_url) as connection:
        channel = await connection.channel()
        for body in bodies:
            await channel.default_exchange.publish(aio_pika.Message(body), routing_key=queue)


def body(message: Message) -> bytes:
    return message.model_dump_json().encode()


async def test_every_queue_is_heard(desk: Desk, bus_settings: BusSettings) -> None:
    failed, gone, come = [await desk.run(s, n) for n, s in enumerate(("failed", "missing_file", "loaded"))]
    alert = AlertRaised(kind="disk", message="full", dedupe_key="disk", severity="error")
    news = SummariesUpdated(client_id=desk.client, data_version=1, dates=[DAY])
    async with notifier(bus_settings, desk.engine):
        await put_raw(bus_settings, "notifier.failures", *[body(desk.failure(failed))] * 2)
        await put_raw(bus_settings, "notifier.missing", *[body(desk.missing(gone))] * 2)
        await put_raw(bus_settings, "notifier.alerts", body(alert))
        await put_raw(bus_settings, "notifier.summaries", *[body(news)] * 2)
        await put_raw(bus_settings, "notifier.digests", b"{}")

        async def all_kinds() -> bool:
            return len(await desk.rows()) == 5

        await eventually(all_kinds)
        load = RunLoaded(
            client_id=desk.client, run_id=come, source="surfside", status="loaded", run_date=DAY, dates=[DAY]
        )
        await put_raw(bus_settings, "notifier.loads", *[body(load)] * 2)

        async def settled() -> bool:
            return {row["kind"] for row in await desk.rows() if row["resolved_at"]} == {
                "run.failed",
                "file.missing",
            }

        await eventually(settled)
    assert {row["kind"]: row["times"] for row in await desk.rows()} == {
        "run.failed": 1,
        "file.missing": 1,
        "disk": 1,
        "summaries.updated": 1,
        "digest": 1,
    }


async def test_with_the_database_away_a_warning_waits(
    desk: Desk, database: Database, bus_settings: BusSettings
) -> None:
    """The role cannot connect for a while; the message goes up the ladder and arrives all the same."""
    name = database.owner_url.rpartition("/")[2]
    await desk.owner.execute(f"REVOKE CONNECT ON DATABASE {name} FROM PUBLIC")
    async with notifier(bus_settings, desk.engine):
        await put_raw(bus_settings, "notifier.missing", body(desk.missing(uuid4())))

        labels = {"queue": "notifier.missing", "outcome": "retried"}

        async def tried() -> float:
            return REGISTRY.get_sample_value("tidemark_messages_handled_total", labels) or 0

        await eventually(tried, what="a first attempt that failed")
        assert await desk.rows() == []
        await desk.owner.execute(f"GRANT CONNECT ON DATABASE {name} TO PUBLIC")

        async def told() -> bool:
            return len(await desk.rows()) == 1

        await eventually(told)
