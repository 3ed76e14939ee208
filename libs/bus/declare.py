"""Declares the topology on a broker, at deploy, whether consumers run or not."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote, unquote, urlsplit

import httpx

from contracts.topology import QUEUES, Queue
from libs.bus.definitions import definitions
from libs.bus.errors import BusUnavailable
from libs.errors import Terminal
from libs.settings import BusSettings
from libs.trust import trusted


async def declare(settings: BusSettings, queues: Sequence[Queue] = QUEUES) -> None:
    """Import the definitions into the vhost of ``rabbitmq_url``: of the whole topology, or of these queues.

    Raises BusUnavailable when the management API does not answer, Terminal when it refuses.
    """
    vhost = quote(vhost_of(settings.rabbitmq_url), safe="")
    async with management(settings) as api:
        try:
            made = definitions(settings.retry_seconds, queues)
            answer = await api.post(f"/api/definitions/{vhost}", json=made)
        except httpx.TransportError as error:
            raise BusUnavailable(f"RabbitMQ's management API at {api.base_url} does not answer") from error
        if answer.is_error:
            raise Terminal(f"RabbitMQ refused the topology ({answer.status_code}): {answer.text[:500]}")


def vhost_of(rabbitmq_url: str) -> str:
    """The virtual host that an AMQP address names; ``/`` where it names none."""
    return unquote(urlsplit(rabbitmq_url).path.removeprefix("/")) or "/"


def management(settings: BusSettings) -> httpx.AsyncClient:
    """A client of the management API with the credentials of the AMQP address."""
    amqp = urlsplit(settings.rabbitmq_url)
    secure = amqp.scheme == "amqps"
    default = f"{'https' if secure else 'http'}://{amqp.hostname}:{15671 if secure else 15672}"
    return httpx.AsyncClient(
        base_url=settings.rabbitmq_management_url or default,
        auth=(unquote(amqp.username or "guest"), unquote(amqp.password or "guest")),
        timeout=30,
        verify=trusted(),
    )
