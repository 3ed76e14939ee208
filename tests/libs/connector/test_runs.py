"""The connector's part of the ingestion log, with the rights that the service has. Real PostgreSQL."""

from __future__ import annotations

import json
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from libs.connector import runs
from libs.connector.clients import client_named, pulled_clients
from libs.connector.runs import Extract
from libs.db.engine import transaction
from libs.errors import Terminal
from tests.libs.connector.conftest import Books


async def outbox(books: Books) -> list[tuple[str, dict[str, object]]]:
    rows = await books.records.fetch("SELECT routing_key, body FROM outbox ORDER BY id")
    return [(row["routing_key"], json.loads(row["body"])) for row in rows]


async def test_starting_twice_is_one_run_and_tells_how_it_stands(books: Books) -> None:
    run = books.run()
    async with transaction(books.engine) as connection:
        assert await runs.status_of(connection, run) is None
        assert await runs.start(connection, run) == "running"
        assert await runs.start(connection, run) == "running"
    await books.records.fetch("UPDATE ingestion_logs SET status = 'partial'")
    async with transaction(books.engine) as connection:
        assert await runs.start(connection, run) == "partial"
    assert len(await books.records.runs()) == 1


async def test_a_failure_is_announced_once_with_the_run(books: Books) -> None:
    run = books.run()
    async with transaction(books.engine) as connection:
        await runs.start(connection, run)
        assert await runs.fail(connection, run, "empty", "nothing in it", Extract(5, 3))
        assert not await runs.fail(connection, run, "empty", "again")
    (row,) = await books.records.runs()
    assert (row.status, row.error_code, row.error) == ("failed", "empty", "nothing in it")
    assert (row.rows_read, row.rows_rejected, row.resolution_status) == (5, 3, "open")
    ((key, body),) = await outbox(books)
    assert key == "run.failed"
    assert body["client_id"] == str(books.client.public_id)
    assert body["run_date"] == "2025-11-04"


async def test_a_rolled_back_failure_announces_nothing(books: Books) -> None:
    run = books.run()
    async with transaction(books.engine) as connection:
        await runs.start(connection, run)
        await runs.fail(connection, run, "empty", "nothing in it")
        await connection.rollback()
    assert await outbox(books) == []
    assert await books.records.runs() == []


@pytest.mark.parametrize(
    "status", ["loaded", "partial", "unchanged", "superseded", "failed", "undone", "held"]
)
async def test_a_run_that_has_ended_is_left_alone(books: Books, status: str) -> None:
    run = books.run()
    async with transaction(books.engine) as connection:
        await runs.start(connection, run)
    await books.records.fetch("UPDATE ingestion_logs SET status = $1, rows_read = 7", status)
    async with transaction(books.engine) as connection:
        await runs.archived(connection, run, {"key": "late"})
        await runs.extracted(connection, run, Extract(1, 1))
        await runs.troubled(connection, run, "late", None)
        assert not await runs.fail(connection, run, "late", "late")
    (row,) = await books.records.runs()
    assert (row.status, row.rows_read, row.artifact, row.error) == (status, 7, None, None)
    assert await outbox(books) == []


async def test_trouble_shows_while_a_run_is_tried_again_and_goes_when_it_was_read(books: Books) -> None:
    run = books.run()
    async with transaction(books.engine) as connection:
        await runs.start(connection, run)
        await runs.troubled(connection, run, "the archive is away", "Traceback …")
    (row,) = await books.records.runs()
    assert (row.status, row.error) == ("running", "the archive is away")
    warnings = [{"code": "x", "message": "y"}]
    async with transaction(books.engine) as connection:
        await runs.extracted(connection, run, Extract(9, 0, warnings, {"clicks": "Taps"}, {"read": 0.1}))
    (row,) = await books.records.runs()
    assert (row.error, row.rows_read, row.warnings) == (None, 9, warnings)
    assert row.definitions == {"clicks": "Taps"}


async def test_a_missing_file_is_told_once_and_resolved_when_it_comes(books: Books) -> None:
    gone, found = books.run(1, delivered=False), books.run(2)
    async with transaction(books.engine) as connection:
        assert await runs.missing(connection, gone, "reports", "a/b.csv", "No file a/b.csv")
    async with transaction(books.engine) as connection:
        assert not await runs.missing(connection, gone, "reports", "a/b.csv", "No file a/b.csv")
    ((key, body),) = await outbox(books)
    assert key == "file.missing"
    assert (body["bucket"], body["expected"], body["run_date"]) == ("reports", "a/b.csv", "2025-11-04")
    async with transaction(books.engine) as connection:
        await runs.start(connection, found)
        await runs.resolve_absence(connection, found)
    first, second = await books.records.runs()
    assert (first.status, first.resolution_status) == ("missing_file", "resolved")
    assert second.resolution_status is None


async def test_rejected_rows_are_kept_once_whatever_is_in_them(books: Books) -> None:
    run = books.run()
    rows = [
        (
            3,
            ["2025-11-04", None, "a\\u0000b", "\x00", "😀", '"'],
            ["date: cell '' is empty", "second reason"],
        ),
        (4, [], ["a row of nothing"]),
    ]
    async with transaction(books.engine) as connection:
        await runs.start(connection, run)
        await runs.reject(connection, run, [])
        await runs.reject(connection, run, rows)
        await runs.reject(connection, run, rows)
    first, second = await books.records.rejected()
    assert first["raw"] == ["2025-11-04", None, "a\\u0000b", "␀", "😀", '"']
    assert first["reasons"] == ["date: cell '' is empty", "second reason"]
    assert (second["row_number"], second["raw"]) == (4, [])


async def test_a_client_comes_with_its_settings_or_with_the_defaults(books: Books) -> None:
    own = books.client.settings
    assert (own.enabled, own.default_campaign, own.column_map) == (True, "Autumn", {"clicks": "Taps"})
    assert (own.max_bad_share, own.parts, own.settling_days) == (Decimal("0.500"), "latest", None)
    await books.records.client("Off", enabled=False)
    (bare,) = await books.records.fetch("INSERT INTO clients (name) VALUES ('Bare') RETURNING public_id")
    async with transaction(books.engine) as connection:
        without = await client_named(connection, "surfside", UUID(str(bare["public_id"])))
        assert [client.name for client in await pulled_clients(connection, "surfside")] == ["Acme Outdoor"]
        with pytest.raises(Terminal, match="There is no client"):
            await client_named(connection, "surfside", uuid4())
    assert not without.pulled
    assert without.settings.column_map == {}
