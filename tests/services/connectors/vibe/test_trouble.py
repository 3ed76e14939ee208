"""Vibe is slow, limited or broken: what passes is waited out, what does not is said once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from libs.db.engine import transaction
from libs.operations import backfills
from libs.testing.waiting import eventually
from tests.connectors.base import DAY
from tests.connectors.harness import dead_letters
from tests.services.connectors.vibe.conftest import Vibe
from tests.simulators.vibe import Kind, Operation


def alerts(connector: Vibe) -> list[dict[str, Any]]:
    return [json.loads(body) for body in connector.ears.heard["notifier.alerts"]]


@pytest.mark.parametrize("operation", ["token", "create", "poll"])
@pytest.mark.parametrize("kind", ["error", "html", "throttle", "redirect", "endless"])
async def test_what_passes_is_waited_out(connector: Vibe, operation: Operation, kind: Kind) -> None:
    connector.api.fail(operation, kind, 2)
    async with connector.started():
        await connector.trigger(DAY)
        await connector.ears.whole_run()
    assert len(connector.api.reports) == 1
    assert len(await connector.records.runs()) == 1
    assert alerts(connector) == []


@pytest.mark.parametrize("retry_after", ["900", "Thu, 06 Nov 2025 12:15:00 GMT"])
async def test_retry_after_is_honoured(connector: Vibe, retry_after: str) -> None:
    """As a number of seconds and as a date."""
    connector.api.fail("create", "throttle", retry_after=retry_after)
    connector.clock.speed = 300
    async with connector.started():
        await connector.trigger(DAY)
        await connector.ears.whole_run()
    (report,) = connector.api.reports.values()
    assert (report.created - connector.clock().replace(hour=12, minute=0, second=0)).total_seconds() >= 890


@pytest.mark.parametrize(
    ("kind", "code", "says"),
    [("refuse", "vibe_refused", "with 400"), ("denied", "access_denied", "Look at the credentials")],
)
async def test_what_vibe_refuses_fails_the_run_with_a_sentence(
    connector: Vibe, kind: Kind, code: str, says: str
) -> None:
    connector.api.fail("create", kind)
    async with connector.started():
        await connector.trigger(DAY)
        run = await connector.records.run_in("failed", within=30)
        await connector.quiet()
        assert run.error_code == code
        assert says in (run.error or "")
        assert await dead_letters(connector.bus, "vibe.pulls") == []
        await connector.trigger(DAY)
        await connector.ears.whole_run()
    assert len(connector.ears.failures()) == 1


async def test_a_window_that_failed_is_told_for_each_of_its_days(
    connector: Vibe, engine_of: Callable[[str], AsyncEngine]
) -> None:
    """A backfill shows all of them as failed, with the reason, and begins them afresh in one report."""
    first = DAY - timedelta(days=3)
    connector.api.fail("create", "refuse")
    async with connector.started():
        await connector.pull(client_id=connector.acme, start_date=first, end_date=DAY)
        run = await connector.records.run_in("failed", within=30)
    (client,) = await connector.records.fetch("SELECT id FROM clients WHERE public_id = $1", connector.acme)
    asked = backfills.Slice(client["id"], "vibe", first - timedelta(days=1), DAY + timedelta(days=1))
    async with transaction(engine_of("console")) as connection:
        state = await backfills.state(connection, asked, datetime(2025, 1, 1, tzinfo=UTC))
        pulls = await backfills.messages(connection, asked, connector.acme)
    assert [day["status"] for day in state["days"]] == ["waiting", *["failed"] * 4, "waiting"]
    assert {day["error"] for day in state["days"][1:-1]} == {run.error}
    assert (state["days_failed"], state["days_left"]) == (4, 2)
    assert [(pull.start_date, pull.end_date, pull.generation) for pull in pulls] == [
        (first - timedelta(days=1), first - timedelta(days=1), 0),
        (first, DAY, 1),
        (DAY + timedelta(days=1), DAY + timedelta(days=1), 0),
    ]


async def test_a_look_that_is_denied_leaves_the_report_for_the_next_pull(connector: Vibe) -> None:
    """Credentials are repaired; the report was there all the time."""
    connector.api.fail("poll", "denied", 2)
    async with connector.started():
        await connector.trigger(DAY)
        run = await connector.records.run_in("failed", within=30)
        await connector.trigger(DAY)
        await connector.ears.whole_run()
    assert run.error_code == "access_denied"
    assert len(connector.api.reports) == 1


async def test_five_failures_in_a_row_open_the_circuit_once_for_all_clients_of_a_key(connector: Vibe) -> None:
    """Nothing is asked for five minutes, by nobody; then one request tries, and all is well."""
    await connector.records.client("Other", "vibe", advertiser_id="adv-other")
    connector.api.fail("create", "error", 5)
    async with connector.started():
        await connector.trigger(DAY)
        (alert,) = await eventually(lambda: heard(connector), within=60)
        opened, asked = connector.clock(), connector.api.calls["create"]
        await connector.pull()
        first = await connector.ears.whole_run(within=60)
        await connector.ears.whole_run(beside={first[0].run_id}, within=60)
    assert asked == 5
    created = sorted(report.created for report in connector.api.reports.values())
    assert (created[0] - opened).total_seconds() > 240
    assert alert["kind"] == "circuit.open"
    assert "5 times in a row" in alert["message"]
    assert len(alerts(connector)) == 1
    (row,) = await connector.records.fetch("SELECT failures, open_until FROM vibe_keys")
    assert (row["failures"], row["open_until"]) == (0, None)


async def heard(connector: Vibe) -> list[dict[str, Any]]:
    return alerts(connector)


async def test_a_vibe_that_never_comes_back_fails_the_run_in_the_end(connector: Vibe) -> None:
    connector.api.fail("create", "error", 1000)
    connector.clock.speed = 2000
    async with connector.started():
        await connector.trigger(DAY)
        run = await connector.records.run_in("failed", within=60)
    assert run.error_code == "vibe_unavailable"
    assert "12 tries" in (run.error or "")
    assert connector.api.calls["create"] == 12
    assert len(alerts(connector)) == 1


async def test_a_vibe_that_stops_answering_looks_gives_the_report_up_for_now(connector: Vibe) -> None:
    """The report may well be there: the next pull looks at it before it asks for another."""
    connector.api.fail("poll", "error", 12)
    connector.clock.speed = 2000
    async with connector.started():
        await connector.trigger(DAY)
        await connector.request_in("given_up", within=60)
        await connector.trigger(DAY)
        await connector.ears.whole_run(within=60)
    assert len(connector.api.reports) == 1
