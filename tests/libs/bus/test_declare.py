"""Declaring the topology: again and again, with other limits, on a broker that refuses or is away."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

import pytest

from contracts.topology import EXCHANGE, QUEUES, RETRY_SECONDS, retry_name
from libs.bus import Bus, BusUnavailable
from libs.bus.declare import declare, management, vhost_of
from libs.bus.definitions import definitions
from libs.errors import Terminal
from libs.settings import BusSettings
from libs.testing.queues import depth
from tests.libs.bus.consuming import KEY, QUEUE, Recorder, consuming


def test_queues_carry_their_type_alone_so_that_no_change_refuses_to_start() -> None:
    made = definitions()
    assert {queue["name"] for queue in made["queues"]} == {
        *(queue.name for queue in QUEUES),
        *(queue.dead for queue in QUEUES),
        *(retry_name(seconds) for seconds in RETRY_SECONDS),
    }
    for queue in made["queues"]:
        assert queue["durable"]
        assert queue["arguments"] == {"x-queue-type": "quorum"}


def test_every_queue_refuses_when_it_is_full_and_keeps_what_dies() -> None:
    policies = {policy["name"]: policy["definition"] for policy in definitions()["policies"]}
    for queue in QUEUES:
        assert policies[queue.name]["overflow"] == "reject-publish"
        assert policies[queue.name]["max-length-bytes"] > 0
        assert policies[queue.name]["dead-letter-strategy"] == "at-least-once"
        assert policies[queue.name]["dead-letter-routing-key"] == queue.dead
    for seconds in RETRY_SECONDS:
        assert policies[retry_name(seconds)]["message-ttl"] == seconds * 1000
        assert "dead-letter-routing-key" not in policies[retry_name(seconds)]
        assert policies[retry_name(seconds)]["overflow"] == "reject-publish"


def test_retries_and_dead_letters_take_the_default_exchange() -> None:
    """Through the topic exchange every other queue of the key would get a copy."""
    assert {policy["definition"].get("dead-letter-exchange", "") for policy in definitions()["policies"]} == {
        ""
    }
    fanouts = {exchange["name"] for exchange in definitions()["exchanges"]} - {EXCHANGE}
    assert fanouts == {retry_name(seconds) for seconds in RETRY_SECONDS}


async def test_declaring_again_keeps_messages_and_consumers(bus_settings: BusSettings) -> None:
    bus = Bus(bus_settings, "surfside")
    await bus.publish_bytes(KEY, b'{"looks": 1}')
    await declare(bus_settings)
    await declare(bus_settings.model_copy(update={"retry_seconds": (0.1, 5)}))
    assert await depth(bus_settings, QUEUE) == 1
    pull = Recorder()
    async with consuming(bus_settings, pull):
        await declare(bus_settings)
        await bus.publish_bytes(KEY, b'{"looks": 2}')
        await pull.has(2)
    await bus.stop()
    async with management(bus_settings) as api:
        found = (await api.get(f"/api/policies/{vhost_of(bus_settings.rabbitmq_url)}")).json()
    assert {policy["name"] for policy in found} >= {QUEUE, "retry.0.1s", "retry.5s", "dead"}


async def test_a_management_api_that_is_away_or_refuses_is_said(bus_settings: BusSettings) -> None:
    away = bus_settings.model_copy(update={"rabbitmq_management_url": "http://127.0.0.1:1"})
    with pytest.raises(BusUnavailable, match="does not answer"):
        await declare(away)
    address = urlsplit(bus_settings.rabbitmq_url)
    stranger = urlunsplit(address._replace(netloc=f"stranger:wrong@{address.hostname}:{address.port}"))
    with pytest.raises(Terminal, match="refused the topology"):
        await declare(bus_settings.model_copy(update={"rabbitmq_url": stranger}))


@pytest.mark.parametrize(
    ("address", "vhost"),
    [
        ("amqp://u:p@host:5672/", "/"),
        ("amqp://u:p@host", "/"),
        ("amqp://host/tide%2Fmark", "tide/mark"),
        ("amqps://host/one?heartbeat=5", "one"),
    ],
)
def test_the_virtual_host_of_an_address(address: str, vhost: str) -> None:
    assert vhost_of(address) == vhost
