"""Forty clients and the limits of one key: as fast as the limits allow, and never a request too many."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import structlog
from pydantic import SecretStr
from structlog.testing import capture_logs

from services.connectors.vibe.handlers import asking, gate
from services.connectors.vibe.handlers.gate import Wait
from services.connectors.vibe.rules.credentials import Key
from tests.services.connectors.vibe.conftest import API_KEY, NOON, Vibe
from tests.services.connectors.vibe.timeline import Timeline, pull_of_all, timeline

CLIENTS = 40
KEY: dict[str, Any] = {
    "vibe_api_key": SecretStr(API_KEY),
    "vibe_client_id": "",
    "vibe_client_secret": None,
}


async def forty(connector: Vibe) -> None:
    for number in range(1, CLIENTS):
        await connector.records.client(f"Client {number:02}", "vibe", advertiser_id=f"adv-{number:02}")


async def through(connector: Vibe, line: Timeline, minutes: float) -> None:
    """The daily pull of everybody, within that time and without one 429."""
    connector.api.now = lambda: line.now() + timedelta(seconds=0.2)  # a request takes its time to get there
    line.put("pull.requested.vibe", pull_of_all())
    await line.run()
    rows = await connector.requests()
    assert [row["status"] for row in rows] == ["fetched"] * CLIENTS
    assert len({batch.run_id for batch in connector.ears.batches()}) <= CLIENTS
    assert connector.api.throttled == 0
    assert connector.api.calls["create"] == CLIENTS
    assert line.now() - NOON < timedelta(minutes=minutes)


async def test_fifteen_reports_an_hour_are_forty_reports_in_two_hours(connector: Vibe) -> None:
    """legacy counts reports alone: 15 at once, 15 an hour later, 10 another hour later."""
    await forty(connector)
    settings = connector.settings.model_copy(update={**KEY, "vibe_profile": "legacy"})
    async with timeline(settings, connector.records, connector.bus) as line:
        await through(connector, line, 2 * 60 + 5)
    created = sorted(report.created - NOON for report in connector.api.reports.values())
    assert created[14] < timedelta(minutes=1)
    assert created[15] > timedelta(hours=1)
    assert created[39] < timedelta(hours=2, minutes=2)


async def test_fifteen_requests_an_hour_are_forty_reports_in_six_hours(connector: Vibe) -> None:
    """std counts each look, too: 80 requests, not one look too early or too many, are six rounds."""
    await forty(connector)
    settings = connector.settings.model_copy(update=KEY)
    async with timeline(settings, connector.records, connector.bus) as line:
        await through(connector, line, 5 * 60 + 25)
    assert connector.api.calls["poll"] == CLIENTS


async def test_twenty_requests_a_minute_are_forty_reports_in_some_minutes(connector: Vibe) -> None:
    """public counts everything, the token as well: 81 requests and those looks that come too early."""
    await forty(connector)
    connector.api.poll_seconds = 10
    async with timeline(connector.settings, connector.records, connector.bus) as line:
        await through(connector, line, 12)
    assert connector.api.calls["token"] == 1


@pytest.mark.parametrize("left", [0, 9])
async def test_a_restart_forgets_no_request(connector: Vibe, left: int) -> None:
    """The accounts are in the database: a new process goes on counting where the old one was ended."""
    await connector.records.client("Other", "vibe", advertiser_id="adv-other")
    settings = connector.settings.model_copy(
        update={**KEY, "vibe_profile": "legacy", "vibe_rate_limit": left + 1}
    )
    connector.api.hourly = left + 1
    async with timeline(settings, connector.records, connector.bus) as line:
        connector.api.now = line.now
        line.put("pull.requested.vibe", f'{{"client_id": "{connector.acme}"}}'.encode())
        await line.run()
        ended = line.now()
    async with timeline(settings, connector.records, connector.bus) as line:
        line.time = ended
        connector.api.now = line.now
        line.put("pull.requested.vibe", pull_of_all())
        await line.run()
    assert connector.api.throttled == 0
    assert len(connector.api.reports) == 3
    assert (line.now() - NOON > timedelta(hours=1)) == (left == 0)


async def test_processes_share_the_account_of_a_key(connector: Vibe) -> None:
    """Two of them, forty requests at the same moment: fifteen are let out."""
    key = Key("legacy", secret=API_KEY)
    settings, bus, records = connector.settings, connector.bus, connector.records
    async with timeline(settings, records, bus) as one, timeline(settings, records, bus) as two:

        async def enter(number: int) -> float:
            try:
                await gate.enter((one, two)[number % 2].desk, key, "create")
            except Wait as wait:
                return wait.seconds
            return 0

        waits = await asyncio.gather(*map(enter, range(40)))
    assert waits.count(0) == 15
    assert min(wait for wait in waits if wait) > 3600


async def test_it_says_for_how_long_it_waits(connector: Vibe, monkeypatch: pytest.MonkeyPatch) -> None:
    # A logger remembers where it wrote first; other tests of this process may have made it do so.
    monkeypatch.setattr(asking, "log", structlog.get_logger())
    await connector.records.client("Other", "vibe", advertiser_id="adv-other")
    settings = connector.settings.model_copy(update={**KEY, "vibe_profile": "legacy", "vibe_rate_limit": 1})
    with capture_logs() as logs:
        async with timeline(settings, connector.records, connector.bus) as line:
            connector.api.now = line.now
            line.put("pull.requested.vibe", pull_of_all())
            for _ in range(5):  # for all; per client; per window
                await line.step()
            (row,) = [row for row in await connector.requests() if row["status"] == "wanted"]
            assert "the limit of key legacy" in row["note"]
            assert row["not_before"] - NOON > timedelta(minutes=59)
    (said,) = [entry for entry in logs if entry["event"] == "report put off"]
    assert 3600 <= said["seconds"] < 3700
