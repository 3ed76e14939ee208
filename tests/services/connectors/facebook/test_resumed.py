"""An upload that is resumed is read as it was begun, whatever was changed in between."""

from __future__ import annotations

import contextlib
from datetime import date, timedelta
from uuid import UUID

import httpx
import pytest

from deploy.world.facebook_exports import csv_bytes, export, renamed
from libs.db.engine import make_engine, transaction
from services.connectors.facebook.store import standing, uploads
from services.connectors.facebook.store.standing import History
from tests.connectors.harness import dead_letters, died, process_of
from tests.services.connectors.facebook.conftest import Facebook

DAYS = [date(2025, 11, 1) + timedelta(days=n) for n in range(3)]
MADE = export(DAYS, ads=4_000)
"""More than one batch."""
BODY = csv_bytes(renamed(MADE.table(dates="%d/%m/%Y"), "Purchases", "Sales of the shop"))
BEGUN = (
    "UPDATE source_settings SET date_format = 'DD/MM/YYYY', timezone = 'America/New_York', "
    "column_map = '{\"conversions\": \"Sales of the shop\"}' WHERE source = 'facebook'"
)
CHANGED = (
    "UPDATE source_settings SET date_format = 'MM/DD/YYYY', timezone = 'Pacific/Kiritimati', "
    'column_map = \'{"conversions": "Nothing"}\', strict = true, max_bad_share = 0 '
    "WHERE source = 'facebook'"
)


async def interrupted(facebook: Facebook, place: str) -> None:
    """An upload whose worker is killed at a place."""
    environment = facebook.environment() | {"TIDEMARK_FAILPOINT": place}
    async with process_of(facebook.module, environment) as process:
        await facebook.ready()
        with contextlib.suppress(httpx.TransportError):  # it may die before it has answered
            await facebook.send(BODY)
        assert await died(process)


@pytest.mark.parametrize("place", ["facebook.after_accept", "connector.between_batches"])
async def test_settings_that_changed_in_between_do_not_matter(facebook: Facebook, place: str) -> None:
    """Killed before it was read at all, and after its first batch."""
    await facebook.records.fetch(BEGUN)
    async with facebook.loader():
        await interrupted(facebook, place)
        (upload,) = await facebook.records.fetch("SELECT id FROM uploaded_files")
        await facebook.records.fetch(CHANGED)
        async with process_of(facebook.module, facebook.environment()):
            await facebook.ready()
            found = await facebook.done(upload["id"])
            await facebook.quiet()
    assert found["run_status"] == "loaded", found["error"]
    assert found["rows_rejected"] == 0
    assert found["definitions"]["conversions"] == "Sales of the shop"
    (run,) = await facebook.records.runs()
    assert run.artifact is not None
    assert run.artifact["read_as"]["date_format"] == "DD/MM/YYYY"
    assert await dead_letters(facebook.bus, "loader.batches") == []
    (sums,) = await facebook.records.fetch(
        "SELECT count(*) AS rows, sum(impressions) AS impressions, sum(conversions) AS conversions, "
        "min(date) AS first, max(date) AS last FROM daily_metrics"
    )
    totals = MADE.totals
    assert (sums["rows"], sums["impressions"], sums["conversions"]) == (
        totals.rows,
        totals.impressions,
        totals.conversions,
    )
    assert (sums["first"], sums["last"]) == (DAYS[0], DAYS[-1])


async def test_the_past_that_it_was_read_by_is_kept(facebook: Facebook) -> None:
    """Campaigns of an account that come in between do not move the rest of a file to that account."""
    async with facebook.started():
        accepted = await facebook.accepted(csv_bytes(export(DAYS).table()))
        await facebook.quiet()  # read and sent; nobody loads it
    run_id = UUID(accepted["ingestion_run_id"])
    (client,) = await facebook.records.fetch("SELECT id FROM clients WHERE public_id = $1", facebook.acme)
    await facebook.records.fetch(
        "INSERT INTO campaigns (client_id, id, source, account, name) "
        "VALUES ($1, 1, 'facebook', '1029', 'x')",
        client["id"],
    )
    engine = make_engine(facebook.settings, "facebook", sees_all=True)
    async with transaction(engine) as connection:
        now = await standing.history(connection, client["id"], run_id)
        record = await uploads.read_by(connection, client["id"], run_id, now.as_json())
    await engine.dispose()
    assert now.accounts == {"1029"}
    first = History.from_json(record["past"])
    assert first == History("USD", frozenset(), {})
    assert record["read_as"]["timezone"] == "UTC"
    assert record["parts"][0]["name"] == "export.csv"
