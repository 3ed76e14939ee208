"""Which pulls lead to which runs: split, put off, refused, repeated. Real S3, PostgreSQL and RabbitMQ."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import aio_pika
import pytest

from deploy.world.surfside_files import ClientSpec, World
from libs.storage import store
from libs.testing.waiting import eventually
from tests.connectors.base import DAY, NEXT_DAY
from tests.connectors.harness import dead_letters, totals_of
from tests.services.connectors.surfside.conftest import ACME, Surfside

BETA = ClientSpec("Beta Foods", "beta-foods")
CODES = "SELECT error_code FROM ingestion_logs ORDER BY run_no"


async def deliver(connector: Surfside, spec: ClientSpec, day: date, *, revision: int = 0) -> None:
    world = World(7, [spec], [day], {(spec.slug, day): revision})
    for made in world.files_for(spec, day):
        await connector.buckets.put(made.key, made.body)


async def runs_of(connector: Surfside, count: int) -> set[UUID]:
    """The runs on the bus, once there are so many whole ones."""

    async def whole() -> set[UUID]:
        found = {batch.run_id for batch in connector.ears.batches() if batch.last}
        return found if len(found) >= count else set()

    return await eventually(whole, within=60, what=f"{count} whole runs")


async def died(connector: Surfside, within: float = 30) -> str:
    """Why the next message died."""

    async def reason() -> str:
        for _, headers in await dead_letters(connector.bus, connector.pull_queue):
            return str(headers["x-reason"])
        return ""

    return await eventually(reason, within=within, what="a dead letter")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b'{"client": 5}', "client"),
        (b'{"client_id": "5"}', "client_id"),
        (b'{"start_date": "2025-11-04"}', "both"),
        (b"[]", "object"),
    ],
)
async def test_a_misspelt_command_dies_and_pulls_nothing(connector: Surfside, body: bytes, says: str) -> None:
    await deliver(connector, ACME, DAY)
    async with connector.started():
        connection = await aio_pika.connect(connector.bus.rabbitmq_url)
        async with connection:
            channel = await connection.channel()
            await channel.default_exchange.publish(aio_pika.Message(body), routing_key="surfside.pulls")
        assert says in await died(connector)
        await connector.quiet()
    assert await connector.records.runs() == []


async def test_unknown_disabled_and_not_enabled_clients_are_refused(connector: Surfside) -> None:
    off = await connector.records.client("Off", enabled=False)
    gone = await connector.records.client("Gone")
    await connector.records.fetch("UPDATE clients SET status = 'disabled' WHERE name = 'Gone'")
    async with connector.started():
        for client_id, says in (
            (uuid4(), "There is no client"),
            (off, "not enabled"),
            (gone, "is disabled"),
        ):
            await connector.pull(client_id=client_id, start_date=DAY, end_date=DAY)
            assert says in await died(connector)
    assert await connector.records.runs() == []


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        (date(2020, 1, 1), date(2025, 1, 1), "at most 400"),
        (date(2030, 1, 1), date(2030, 1, 1), "has not begun yet"),
    ],
)
async def test_days_that_cannot_be_are_refused_with_advice(
    connector: Surfside, first: date, last: date, says: str
) -> None:
    async with connector.started():
        await connector.pull(client_id=connector.acme, start_date=first, end_date=last)
        assert says in await died(connector)
        await connector.pull(start_date=first, end_date=last)
        assert says in await died(connector)


async def test_nothing_given_pulls_yesterday_for_every_enabled_client(connector: Surfside) -> None:
    beta = await connector.records.client(
        BETA.name, bucket=connector.buckets.reports, prefix="surfside/{client}", file_pattern=BETA.pattern
    )
    await connector.records.client("Off", enabled=False, bucket=connector.buckets.reports)
    for spec in (ACME, BETA):
        await deliver(connector, spec, NEXT_DAY)
    async with connector.started():
        await connector.pull()
        await runs_of(connector, 2)
        await connector.quiet()
    batches = connector.ears.batches()
    assert {batch.client_id for batch in batches} == {connector.acme, beta}
    assert {batch.run_date for batch in batches} == {NEXT_DAY}


async def test_yesterday_is_the_accounts_own_day(connector: Surfside) -> None:
    """At 17:30 UTC it is tomorrow already in Auckland."""
    await connector.records.fetch("UPDATE source_settings SET timezone = 'Pacific/Auckland'")
    await deliver(connector, ACME, date(2025, 11, 6))
    async with connector.started():
        await connector.pull(client_id=connector.acme)
        await runs_of(connector, 1)
    (batch,) = connector.ears.batches()
    assert batch.run_date == date(2025, 11, 6)
    assert batch.end is not None
    assert batch.end.account_timezone == "Pacific/Auckland"


@pytest.mark.parametrize("pattern", ["media-report-{date}.csv", "media-report-{date}*.csv"])
async def test_a_normal_pull_takes_what_is_new_or_changed_in_the_window(
    connector: Surfside, pattern: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        store, "MAX_LISTED", 2
    )  # of a day; what its days have in common may be a whole bucket
    await connector.records.fetch("UPDATE source_settings SET file_pattern = $1", pattern)
    days = [NEXT_DAY - timedelta(days=back) for back in (0, 1, 2, 14, 15)]
    for day in days:
        await deliver(connector, ACME, day)
    async with connector.started():
        await connector.pull(client_id=connector.acme)
        await runs_of(connector, 4)
        await connector.quiet()
        assert {batch.run_date for batch in connector.ears.batches()} == set(days[:4])
        await connector.records.fetch("UPDATE ingestion_logs SET status = 'loaded'")
        await deliver(connector, ACME, days[2], revision=1)
        await connector.pull(client_id=connector.acme)
        await runs_of(connector, 5)
        await connector.quiet()
    runs = await connector.records.runs()
    assert len(runs) == 5
    assert runs[-1].run_date == days[2]


async def test_a_range_is_split_per_day_both_ends_included(connector: Surfside) -> None:
    days = [DAY - timedelta(days=back) for back in range(3)]
    for day in days:
        await deliver(connector, ACME, day)
    async with connector.started():
        await connector.pull(client_id=connector.acme, start_date=days[-1], end_date=days[0])
        await runs_of(connector, 3)
    assert {batch.run_date for batch in connector.ears.batches()} == set(days)


async def test_a_file_that_is_late_is_looked_for_until_it_is_there(connector: Surfside) -> None:
    connector.now = datetime(2025, 11, 5, 16, 59, tzinfo=UTC)  # a minute before noon Eastern
    async with connector.started():
        await connector.trigger(DAY)

        async def put_off() -> bool:
            rows = await connector.records.fetch("SELECT last_value FROM outbox_id_seq")
            return int(rows[0]["last_value"]) >= 2  # twice, at least

        await eventually(put_off)
        assert await connector.records.runs() == []
        await deliver(connector, ACME, DAY)
        await runs_of(connector, 1)
        await connector.quiet()
    (run,) = await connector.records.runs()
    assert run.status == "running"
    assert connector.ears.missing() == []


async def test_a_look_is_put_off_for_an_hour_and_counted(connector: Surfside) -> None:
    connector.now = datetime(2025, 11, 5, 10, tzinfo=UTC)
    await connector.records.execute(
        "CREATE TABLE kept AS SELECT * FROM outbox; "
        "CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS "
        "$$ BEGIN INSERT INTO kept SELECT NEW.*; RETURN NEW; END $$; "
        "CREATE TRIGGER keep AFTER INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION keep()"
    )

    async def looks() -> list[int]:
        rows = await connector.records.fetch("SELECT body, delay_seconds FROM kept ORDER BY id LIMIT 3")
        assert all(row["delay_seconds"] == 3600 for row in rows)
        found = [json.loads(row["body"])["looks"] for row in rows]
        return found if len(found) == 3 else []

    async with connector.started():
        await connector.trigger(DAY)
        assert await eventually(looks) == [1, 2, 3]
        connector.now = datetime(2025, 11, 5, 17, tzinfo=UTC)  # due now
        await connector.records.run_in("missing_file")
        await connector.quiet()
    assert len(connector.ears.missing()) == 1


async def test_a_client_that_is_disabled_while_it_is_waited_for_ends_quietly(connector: Surfside) -> None:
    await connector.records.fetch("UPDATE source_settings SET enabled = false")
    async with connector.started():
        await connector.pull(client_id=connector.acme, start_date=DAY, end_date=DAY, looks=3)
        await connector.quiet()
    assert await dead_letters(connector.bus, "surfside.pulls") == []
    assert await connector.records.runs() == []


async def test_denied_access_is_told_once_and_healed_by_the_next_pull(connector: Surfside) -> None:
    await deliver(connector, ACME, DAY)
    await connector.buckets.deny()
    async with connector.started():
        await connector.trigger(DAY)
        run = await connector.records.run_in("failed")
        await connector.trigger(DAY)
        await connector.quiet()
        assert run.error_code == "access_denied"
        assert run.error
        assert f"s3://{connector.buckets.reports}/surfside/acme-outdoor" in run.error
        assert len(connector.ears.failures()) == 1
        await connector.buckets.allow()
        await connector.trigger(DAY)
        await runs_of(connector, 1)
    denied, loaded = await connector.records.runs()
    assert (denied.status, denied.resolution_status) == ("failed", "resolved")
    assert loaded.delivered_at is not None


async def test_denied_access_before_the_file_is_due_heals_without_a_hand(connector: Surfside) -> None:
    connector.now = datetime(2025, 11, 5, 10, tzinfo=UTC)
    await deliver(connector, ACME, DAY)
    await connector.buckets.deny()
    async with connector.started():
        await connector.trigger(DAY)
        await connector.records.run_in("failed")
        await connector.buckets.allow()
        await runs_of(connector, 1)
        await connector.quiet()
    assert len(connector.ears.failures()) == 1


async def test_a_row_of_a_day_after_the_delivery_is_bad_whenever_it_is_read(connector: Surfside) -> None:
    """By the delivery's own time: today's clock would give another batch to a retry after midnight."""
    made = World(7, [ACME], [DAY]).file_for(ACME, DAY)
    await connector.buckets.put(made.key, made.body)
    found = await connector.buckets.store.head(connector.buckets.reports, made.key)
    tomorrow = found.last_modified.date() + timedelta(days=1)
    body = made.body + made.body.splitlines(keepends=True)[1].replace(
        str(DAY).encode(), str(tomorrow).encode()
    )
    await connector.buckets.put(made.key, body)
    connector.now = found.last_modified + timedelta(days=3)
    async with connector.started():
        await connector.trigger(DAY)
        batches = await connector.ears.whole_run()
    assert totals_of(batches) == made.by_day[DAY]
    (row,) = await connector.records.rejected()
    assert str(tomorrow) in row["reasons"][0]


async def test_no_bucket_of_that_name_fails_and_says_so(connector: Surfside) -> None:
    await connector.records.fetch("UPDATE source_settings SET bucket = 'no-such-bucket'")
    async with connector.started():
        await connector.trigger(DAY)
        run = await connector.records.run_in("failed")
        await connector.pull(client_id=connector.acme)  # the window meets it, too, and reports yesterday
        await connector.quiet()
    assert run.error_code == "bucket_missing"
    assert "no-such-bucket" in (run.error or "")
    assert [found.run_date for found in await connector.records.runs()] == [DAY, NEXT_DAY]


async def test_two_clients_that_would_read_one_object_are_refused(connector: Surfside) -> None:
    await deliver(connector, ACME, DAY)
    other = await connector.records.client(
        "Other", bucket=connector.buckets.reports, prefix="surfside/acme-outdoor", file_pattern="*{date}*"
    )
    async with connector.started():
        await connector.trigger(DAY)
        await connector.pull(client_id=other, start_date=DAY, end_date=DAY)
        await connector.quiet()
        runs = await connector.records.runs()
        assert [run.error_code for run in runs] == ["shared_object"] * 2
        assert all("Acme Outdoor" in (run.error or "") and "Other" in (run.error or "") for run in runs)
        assert connector.ears.batches() == []
        await connector.records.fetch(
            "UPDATE source_settings SET prefix = 'elsewhere' WHERE prefix LIKE '%outdoor'"
        )
        await connector.trigger(DAY)
        await runs_of(connector, 1)


async def test_a_body_cut_short_is_fetched_again_and_never_half_loaded(connector: Surfside) -> None:
    totals = await connector.deliver(DAY, "happy")
    await connector.cut(4)  # more than the three tries of one message
    async with connector.started():
        await connector.trigger(DAY)
        batches = await connector.ears.whole_run()
        await connector.quiet()
    assert totals_of(batches) == totals
    assert len(await connector.records.runs()) == 1
    assert await dead_letters(connector.bus, "surfside.pulls") == []


async def test_changed_settings_make_the_same_delivery_a_new_run(connector: Surfside) -> None:
    await deliver(connector, ACME, DAY)
    async with connector.started():
        await connector.trigger(DAY)
        await runs_of(connector, 1)
        await connector.records.fetch("UPDATE ingestion_logs SET status = 'loaded'")
        await connector.records.fetch("UPDATE source_settings SET due_by = '11:00'")  # changes no row
        await connector.trigger(DAY)
        await connector.quiet()
        assert len(await connector.records.runs()) == 1
        await connector.records.fetch("UPDATE source_settings SET strict = true")
        await connector.trigger(DAY)
        await runs_of(connector, 2)


async def test_a_fresh_start_makes_the_same_delivery_a_new_run(connector: Surfside) -> None:
    await deliver(connector, ACME, DAY)
    async with connector.started():
        for generation in (0, 1, 1):
            await connector.pull(
                client_id=connector.acme, start_date=DAY, end_date=DAY, generation=generation
            )
        await runs_of(connector, 2)
        await connector.quiet()
    assert sorted(run.generation for run in await connector.records.runs()) == [0, 1]


async def test_an_object_without_end_is_refused_before_it_is_fetched(connector: Surfside) -> None:
    await deliver(connector, ACME, DAY)
    connector.settings = connector.settings.model_copy(update={"surfside_max_file_bytes": 100})
    async with connector.started():
        await connector.trigger(DAY)
        run = await connector.records.run_in("failed")
    assert run.error_code == "too_large"
    assert "GET" not in connector.proxy.requests
