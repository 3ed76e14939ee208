"""Three APIs behind one connector."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from deploy.world.vibe_reports import vibe_report
from services.connectors.vibe.main import defaults_of
from services.connectors.vibe.settings import VibeSettings
from tests.connectors.base import DAY
from tests.connectors.harness import totals_of
from tests.services.connectors.vibe.conftest import ADVERTISER, API_KEY, OAUTH, Vibe

KEY: dict[str, Any] = {"vibe_api_key": SecretStr(API_KEY)}
PAIR: dict[str, Any] = {"vibe_client_id": OAUTH[0], "vibe_client_secret": SecretStr(OAUTH[1])}
NO_PAIR: dict[str, Any] = {"vibe_client_id": "", "vibe_client_secret": None}
WINDOW = {"start_date": date(2025, 11, 3), "end_date": DAY}
BODIES = {
    "public": {
        "advertiser_ids": [ADVERTISER],
        "start_date": "2025-11-03",
        "end_date": "2025-11-04",
        "granularity": "DAY",
        "format": "CSV",
    },
    "legacy": {"advertiser_id": ADVERTISER, "start_date": "2025-11-03", "end_date": "2025-11-05"},
}


def settings_with(**values: Any) -> VibeSettings:
    return VibeSettings(
        _env_file=None,
        database_url="postgresql://h/d",
        rabbitmq_url="amqp://h",
        **values,
    )


@pytest.mark.parametrize("profile", ["public", "legacy", "std"])
async def test_each_profile_brings_a_report(connector: Vibe, profile: str) -> None:
    """The simulator refuses a field too many, a header too few, and a day too far."""
    chosen = PAIR if profile == "public" else {**KEY, **NO_PAIR}
    async with connector.started(**chosen, vibe_profile=None if profile == "std" else profile):
        await connector.pull(client_id=connector.acme, **WINDOW)
        batches = await connector.ears.whole_run()
    assert totals_of(batches) == vibe_report(ADVERTISER, WINDOW["start_date"], DAY).totals
    (body,) = connector.api.asked
    if profile == "std":
        assert (body["startDate"], body["endDate"]) == ("2025-11-03", "2025-11-04")
        assert {"impressions", "spend"} <= set(body["metrics"])
    else:
        assert body == BODIES[profile]
    assert connector.api.calls["token"] == (1 if profile == "public" else 0)
    (request,) = await connector.requests()
    assert (request["status"], request["request_params"]["profile"]) == ("fetched", profile)


@pytest.mark.parametrize(
    ("given", "profile"),
    [
        (KEY, "std"),
        (PAIR, "public"),
        ({**KEY, **PAIR}, "public"),
        ({**KEY, "vibe_profile": "legacy"}, "legacy"),
        ({**KEY, **PAIR, "vibe_profile": "std"}, "std"),
        ({}, None),
    ],
)
def test_what_is_set_chooses_the_profile(given: dict[str, Any], profile: str | None) -> None:
    key = defaults_of(settings_with(**given)).key
    assert (key.profile if key else None) == profile


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"vibe_client_id": "x"}, "go together"),
        ({**KEY, "vibe_profile": "public"}, "needs VIBE_CLIENT_ID"),
        ({**PAIR, "vibe_profile": "legacy"}, "needs VIBE_API_KEY"),
        ({"vibe_poll_seconds": 5}, "one look in 10 seconds"),
        ({"vibe_api_base_url": "ftp://x"}, "http or https"),
        ({"encryption_key": SecretStr("short")}, "Fernet key must be"),
        ({"vibe_api_base_url": "http://x", "environment": "production"}, "without TLS"),
        ({"vibe_download_hosts": "x", "environment": "production"}, "VIBE_DOWNLOAD_HOSTS"),
    ],
)
def test_settings_that_contradict_each_other_stop_the_start(given: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        settings_with(**given)


async def test_a_token_that_is_no_longer_taken_is_fetched_again(connector: Vibe) -> None:
    connector.api.fail("poll", "denied")
    async with connector.started():
        await connector.pull(client_id=connector.acme, **WINDOW)
        await connector.ears.whole_run()
    assert connector.api.calls["token"] == 2
    assert len(connector.api.reports) == 1
