"""Nobody consumes but through the bus: acks are explicit, prefetch is set, each queue has one handler."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from faststream import AckPolicy

from contracts.topology import QUEUES, queue_named
from libs.bus import Bus
from libs.settings import BusSettings

ROOT = Path(__file__).parents[3]
LIBRARIES = {"faststream", "aio_pika", "aiormq", "pamqp", "pika", "kombu"}
MAY = ("libs/bus", "libs/testing", "services/console")
"""The console is the operator's hand: it looks at dead letters and moves them, and consumes nothing."""
SETTINGS = BusSettings(rabbitmq_url="amqp://127.0.0.1:1/")


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def broker_imports(source: str) -> set[str]:
    """Messaging libraries that a module imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add((node.module or "").split(".")[0])
    return found & LIBRARIES


def subscriptions(source: str) -> list[str]:
    """Names of the queues that a module subscribes to; ``?`` where one is not written down."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    named = [
        call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "subscriber"
    ]
    return [
        call.args[0].value
        if call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
        else "?"
        for call in named
    ]


def service_of(path: Path) -> str:
    parts = path.relative_to(ROOT / "services").parts
    return parts[1] if parts[0] == "connectors" else parts[0]


def subscribed() -> dict[str, list[str]]:
    """Service → queues that its modules subscribe to."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in sources("services"):
        found[service_of(path)] += subscriptions(path.read_text())
    return {service: queues for service, queues in found.items() if queues}


def test_only_the_bus_uses_a_messaging_library() -> None:
    guilty = {
        str(path.relative_to(ROOT)): used
        for path in sources("contracts", "libs", "services", "deploy")
        if not str(path.relative_to(ROOT)).startswith(MAY) and (used := broker_imports(path.read_text()))
    }
    assert guilty == {}


def test_a_service_that_consumes_has_one_handler_for_each_of_its_queues() -> None:
    found = subscribed()
    assert found
    for service, queues in found.items():
        assert sorted(queues) == sorted(queue.name for queue in QUEUES if queue.service == service)


@pytest.mark.parametrize("service", sorted({queue.service for queue in QUEUES}))
def test_acks_are_explicit_and_prefetch_is_that_of_the_topology(service: str) -> None:
    bus = Bus(SETTINGS, service)

    async def handle(message: object, delivery: object) -> None:
        raise NotImplementedError

    mine = [queue.name for queue in QUEUES if queue.service == service]
    for queue in mine:
        bus.subscriber(queue)(handle)
    consumers = bus._consumer._subscribers
    assert {consumer.queue.name for consumer in consumers} == set(mine)
    for consumer in consumers:
        assert consumer.ack_policy is AckPolicy.MANUAL
        assert consumer._no_reply
        assert consumer.channel is not None
        assert consumer.channel.prefetch_count == queue_named(consumer.queue.name).prefetch
    assert len({id(consumer.channel) for consumer in consumers}) == len(mine)


def test_a_queue_has_one_handler() -> None:
    bus = Bus(SETTINGS, "surfside")

    async def handle(message: object, delivery: object) -> None:
        raise NotImplementedError

    bus.subscriber("surfside.pulls")(handle)
    with pytest.raises(ValueError, match="has its handler already"):
        bus.subscriber("surfside.pulls")


def test_the_search_finds_what_it_looks_for() -> None:
    wrong = (
        "import aio_pika\nfrom faststream.rabbit import RabbitBroker\n@broker.subscriber('a')\ndef f(): ...\n"
    )
    assert broker_imports(wrong) == {"aio_pika", "faststream"}
    assert subscriptions(wrong + "bus.subscriber(name)\nbus.subscriber()\n") == ["a", "?", "?"]
