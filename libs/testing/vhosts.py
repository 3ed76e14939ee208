"""Virtual hosts for tests: each with the topology, or a part of it, and a ladder of fractions of a second."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from urllib.parse import quote, urlsplit, urlunsplit

import httpx

from contracts.topology import PUBLISHES, QUEUES, Queue, queues_of_key
from libs.bus.declare import declare, management
from libs.errors import Terminal
from libs.settings import BusSettings

FAST_LADDER = (0.1, 0.2, 0.4)


def queues_around(*services: str) -> tuple[Queue, ...]:
    """What these services consume, and what takes their messages: a third of the topology, made in a third
    of the time."""
    reached = {q.name for service in services for key in PUBLISHES[service] for q in queues_of_key(key)}
    return tuple(queue for queue in QUEUES if queue.service in services or queue.name in reached)


async def fresh_vhost(
    server: BusSettings,
    name: str,
    ladder: tuple[float, ...] = FAST_LADDER,
    queues: Sequence[Queue] = QUEUES,
) -> BusSettings:
    """A new virtual host of that name (an old one is deleted) with these queues and a fast ladder."""
    url = await recreate_vhost(server, name)
    settings = server.model_copy(update={"rabbitmq_url": url, "retry_seconds": ladder})
    await declare(settings, queues)
    return settings


async def recreate_vhost(server: BusSettings, name: str) -> str:
    """An empty virtual host of that name (an old one is deleted); returns its AMQP address."""
    await drop_vhost(server, name)
    async with management(server) as api:
        user = quote(urlsplit(server.rabbitmq_url).username or "guest", safe="")
        for path, body in (
            (f"/api/vhosts/{name}", {}),
            (f"/api/permissions/{name}/{user}", {"configure": ".*", "write": ".*", "read": ".*"}),
        ):
            answer = await api.put(path, json=body)
            if answer.is_error:
                raise Terminal(f"RabbitMQ refused {path}: {answer.text}")
    return urlunsplit(urlsplit(server.rabbitmq_url)._replace(path=f"/{name}"))


async def drop_vhost(server: BusSettings, name: str, *, led: bool = False) -> None:
    """Delete a virtual host with all that is in it; fine if there is none.

    ``led``: its queues have their leaders, because the server was not started since they were declared.
    """
    async with management(server) as api:
        if not led:
            await _led(api, name)
        answer = await api.delete(f"/api/vhosts/{name}")
        if answer.is_error and answer.status_code != 404:
            raise Terminal(f"RabbitMQ refused to delete {name}: {answer.text}")


async def _led(api: httpx.AsyncClient, name: str) -> None:
    """Wait until each queue has a leader, by a command that only a leader answers.

    Just after a start they are still being elected. A queue deleted in that moment takes the supervisor of
    RabbitMQ 3.10's dead-lettering with it, and no queue can be declared until the next start. What a queue
    answers does not matter: one that cannot be led has nothing that could fall.
    """
    found = await api.get(f"/api/queues/{name}", params={"columns": "name"})
    queues = [quote(queue["name"], safe="") for queue in found.json()] if found.is_success else []
    await asyncio.gather(*(api.delete(f"/api/queues/{name}/{queue}/contents") for queue in queues))
