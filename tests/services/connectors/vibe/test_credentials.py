"""Whose credentials, for whose advertiser; and that nobody ever reads them."""

from __future__ import annotations

import json
import logging
from uuid import UUID

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from libs.testing.waiting import eventually
from tests.connectors.base import DAY
from tests.connectors.harness import RunRow, dead_letters, process_of, publish
from tests.services.connectors.vibe.conftest import ADVERTISER, API_KEY, OAUTH, Vibe


async def failed(connector: Vibe, client: UUID) -> RunRow:
    await connector.pull(client_id=client, start_date=DAY, end_date=DAY)
    run = await connector.records.run_in("failed")
    await connector.quiet()
    assert connector.api.calls.total() == 0
    return run


async def test_the_default_key_does_not_serve_a_client_without_an_advertiser_of_its_own(
    connector: Vibe,
) -> None:
    """Least of all with the advertiser of the settings, which may be another client's."""
    other = await connector.records.client("Other", "vibe")
    async with connector.started(vibe_advertiser_id="adv-of-the-settings"):
        run = await failed(connector, other)
    assert run.error_code == "no_credentials"
    assert "VIBE_ADVERTISER_ID names adv-of-the-settings" in (run.error or "")


async def test_without_any_credentials_it_says_what_to_set(connector: Vibe) -> None:
    async with connector.started(vibe_client_id="", vibe_client_secret=None):
        run = await failed(connector, connector.acme)
    assert run.error_code == "no_credentials"
    assert "VIBE_API_KEY" in (run.error or "")


async def test_a_clients_own_credentials_win(connector: Vibe) -> None:
    other = await connector.records.client("Other", "vibe")
    await connector.credentials(other, advertiser="adv-other", api_key="own-key-4711")
    connector.api.api_keys.add("own-key-4711")
    async with connector.started():
        await connector.pull(client_id=other, start_date=DAY, end_date=DAY)
        await connector.ears.whole_run()
    (report,) = connector.api.reports.values()
    assert (report.profile, report.advertiser) == ("std", "adv-other")
    assert connector.api.calls["token"] == 0


async def test_two_keys_have_two_accounts(connector: Vibe) -> None:
    """One key at its limit holds up nobody who has another."""
    other = await connector.records.client("Other", "vibe")
    await connector.credentials(other, advertiser="adv-other", api_key="own-key-4711")
    connector.api.api_keys |= {"own-key-4711", API_KEY}
    own = {"vibe_api_key": SecretStr(API_KEY), "vibe_client_id": "", "vibe_client_secret": None}
    async with connector.started(**own, vibe_profile="legacy", vibe_rate_limit=1):
        for client in (connector.acme, other):
            await connector.pull(client_id=client, start_date=DAY, end_date=DAY)
        first = await connector.ears.whole_run()
        await connector.ears.whole_run(beside={first[0].run_id})
    rows = await connector.records.fetch("SELECT key_digest FROM vibe_keys")
    assert len(rows) == 2
    assert connector.api.throttled == 0


async def test_two_clients_cannot_read_one_advertiser(connector: Vibe) -> None:
    """One by its settings, the other by its credentials, which no index compares."""
    other = await connector.records.client("Other", "vibe")
    await connector.credentials(other, advertiser=ADVERTISER, api_key="own-key-4711")
    async with connector.started():
        run = await failed(connector, other)
    assert run.error_code == "shared_advertiser"
    assert "Acme Outdoor" in (run.error or "")


async def test_settings_and_credentials_that_name_two_advertisers_are_refused(connector: Vibe) -> None:
    await connector.credentials(connector.acme, advertiser="adv-else", api_key="own-key-4711")
    async with connector.started():
        run = await failed(connector, connector.acme)
    assert run.error_code == "two_advertisers"


@pytest.mark.parametrize("key", [None, SecretStr(Fernet.generate_key().decode())])
async def test_credentials_that_cannot_be_opened_say_so(connector: Vibe, key: SecretStr | None) -> None:
    await connector.credentials(connector.acme, advertiser=ADVERTISER, api_key="own-key-4711")
    async with connector.started(encryption_key=key):
        run = await failed(connector, connector.acme)
    assert run.error_code == ("cannot_open_credentials" if key else "no_encryption_key")
    assert "ENCRYPTION_KEY" in (run.error or "")


@pytest.mark.parametrize("others", [1, 1000])
async def test_another_clients_rows_are_refused_whatever_vibe_sends(connector: Vibe, others: int) -> None:
    """One client's figures never stand under another's name; not by a reload either."""
    await connector.records.client("Other", "vibe", advertiser_id="adv-else", enabled=False)
    await connector.deliver(DAY, "happy")
    strange = connector.contents[DAY].replace(f"{ADVERTISER},".encode(), b"adv-else,", others)
    connector.contents[DAY] = strange
    async with connector.started():
        await connector.trigger(DAY)
        run = await connector.records.run_in("failed")
        body = {"client_id": connector.acme, "run_id": run.run_id}
        await publish(connector.bus, "reload.requested.vibe", body)

        async def both() -> bool:
            return [each.error_code for each in await connector.records.runs()] == ["other_client"] * 2

        await eventually(both)
    assert "which is client Other's" in (run.error or "")
    assert not any(batch.last for batch in connector.ears.batches())


async def test_rows_of_several_advertisers_are_refused_and_an_unknown_id_is_a_warning(
    connector: Vibe,
) -> None:
    await connector.deliver(DAY, "happy")
    known = connector.contents[DAY]
    async with connector.started():
        connector.contents[DAY] = known.replace(f"{ADVERTISER},".encode(), b"adv-7,", 1)
        await connector.trigger(DAY)
        run = await connector.records.run_in("failed")
        connector.contents[DAY] = known.replace(f",{ADVERTISER},".encode(), b",adv-7,")
        await connector.trigger(DAY)
        await connector.ears.whole_run()
    assert run.error_code == "several_owners"
    (_, loaded) = await connector.records.runs()
    assert "'adv-7'" in loaded.warned("other_advertiser")["message"]


CANARIES = (API_KEY, OAUTH[1], "own-key-canary-77", "X-Signature", "token-")


async def test_no_secret_in_logs_messages_and_tables(
    connector: Vibe, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """A Vibe that echoes all it was sent, in a process that logs all it has."""
    caplog.set_level(logging.DEBUG)
    other = await connector.records.client("Other", "vibe")
    await connector.credentials(other, advertiser="adv-other", api_key="own-key-canary-77")
    connector.api.api_keys.add("own-key-canary-77")
    connector.api.ready_after = 0
    for operation in ("token", "create", "poll"):
        connector.api.fail(operation, "denied")
        connector.api.fail(operation, "refuse")
    connector.api.fail("download", "redirect")
    environment = connector.environment() | {"DEBUG": "true"}
    async with process_of(connector.module, environment):
        for client in (connector.acme, other) * 4:
            await connector.pull(client_id=client, start_date=DAY, end_date=DAY, looks=1)
            await connector.quiet()
        await connector.request_in("fetched")
    written = capfd.readouterr()
    told = written.out + written.err + caplog.text
    told += "".join(body.decode() for bodies in connector.ears.heard.values() for body in bodies)
    for queue in ("vibe.pulls", "vibe.polls"):
        told += "".join(f"{body!r}{headers}" for body, headers in await dead_letters(connector.bus, queue))
    for table in ("ingestion_logs", "vibe_keys", "vibe_calls", "outbox", "rejected_rows"):
        told += json.dumps(
            [dict(row) for row in await connector.records.fetch(f"SELECT * FROM {table}")], default=str
        )
    notes = await connector.records.fetch("SELECT note, request_params FROM vibe_report_requests")
    told += str([dict(row) for row in notes])
    assert "with 401" in told  # it did speak of it
    assert [canary for canary in CANARIES if canary in told] == []
    sealed = await connector.records.fetch("SELECT api_key FROM vibe_credentials")
    assert b"canary" not in sealed[0]["api_key"]
