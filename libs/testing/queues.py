"""Looking into queues and putting things into them, as an operator does on the management page."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import uuid4

import aio_pika
import httpx
from aio_pika.abc import AbstractIncomingMessage

from libs.bus.declare import management, vhost_of
from libs.settings import BusSettings
from libs.testing.waiting import eventually


async def put_raw(settings: BusSettings, queue: str, body: bytes, **properties: Any) -> None:
    """A message into a queue: body only, unless properties are given (those of aio_pika.Message)."""
    async with await aio_pika.connect(settings.rabbitmq_url) as connection:
        channel = await connection.channel()
        await channel.default_exchange.publish(aio_pika.Message(body, **properties), routing_key=queue)


async def type_message(settings: BusSettings, queue: str, payload: str, properties: dict[str, Any]) -> None:
    """What the page's *Publish message* does; AssertionError when RabbitMQ does not take it."""
    async with management(settings) as api:
        answer = await api.post(
            f"/api/exchanges/{_vhost(settings)}/amq.default/publish",
            json={
                "routing_key": queue,
                "payload": payload,
                "payload_encoding": "string",
                "properties": properties,
            },
        )
    assert answer.json() == {"routed": True}, answer.text  # noqa: S101


async def depth(settings: BusSettings, queue: str) -> int:
    """Messages that wait in a queue (those under way are not counted)."""
    return (await _declared(settings, queue)).message_count or 0


async def consumers(settings: BusSettings, queue: str) -> int:
    """How many consumers a queue has."""
    return (await _declared(settings, queue)).consumer_count or 0


async def take(settings: BusSettings, queue: str) -> AbstractIncomingMessage:
    """The first message of a queue, taken out of it; waits for it up to ten seconds."""
    async with await aio_pika.connect(settings.rabbitmq_url) as connection:
        channel = await connection.channel()
        waiting = await channel.get_queue(queue, ensure=False)

        async def first() -> AbstractIncomingMessage | None:
            return await waiting.get(fail=False)

        found = await eventually(first, within=10, what=f"a message in {queue}")
        assert found is not None  # noqa: S101
        await found.ack()
        return found


async def take_all(settings: BusSettings, queue: str) -> list[AbstractIncomingMessage]:
    """Every message that waits in a queue now, taken out of it."""
    found: list[AbstractIncomingMessage] = []
    async with await aio_pika.connect(settings.rabbitmq_url) as connection:
        channel = await connection.channel()
        waiting = await channel.get_queue(queue, ensure=False)
        while (message := await waiting.get(fail=False)) is not None:
            found.append(message)
            await message.ack()
    return found


async def move_messages(settings: BusSettings, source: str, target: str) -> None:
    """What the page's *Move messages* does: a shovel that ends when the source is empty."""
    vhost = _vhost(settings)
    shovel = {
        "src-protocol": "amqp091",
        "src-uri": f"amqp:///{vhost}",
        "src-queue": source,
        "src-delete-after": "queue-length",
        "dest-protocol": "amqp091",
        "dest-uri": f"amqp:///{vhost}",
        "dest-queue": target,
        "dest-add-forward-headers": False,
        "ack-mode": "on-confirm",
    }
    async with management(settings) as api:
        _ok(await api.put(f"/api/parameters/shovel/{vhost}/{uuid4().hex}", json={"value": shovel}))


async def change_policy(settings: BusSettings, queue: str, **rules: Any) -> None:
    """Change rules of a queue's policy (``max_length`` stands for ``max-length``).

    They hold a moment later; the management API tells it only after five seconds.
    """
    vhost, changes = _vhost(settings), {name.replace("_", "-"): value for name, value in rules.items()}
    async with management(settings) as api:
        policy = _ok(await api.get(f"/api/policies/{vhost}/{queue}")).json()
        policy["definition"] |= changes
        _ok(await api.put(f"/api/policies/{vhost}/{queue}", json=policy))


async def delete_queue(settings: BusSettings, queue: str) -> None:
    """Delete a queue with all that is in it, whoever consumes from it."""
    async with management(settings) as api:
        _ok(await api.delete(f"/api/queues/{_vhost(settings)}/{queue}"))


async def _declared(settings: BusSettings, queue: str) -> Any:
    async with await aio_pika.connect(settings.rabbitmq_url) as connection:
        channel = await connection.channel()
        return (await channel.declare_queue(queue, passive=True)).declaration_result


def _vhost(settings: BusSettings) -> str:
    return quote(vhost_of(settings.rabbitmq_url), safe="")


def _ok(answer: httpx.Response) -> httpx.Response:
    assert not answer.is_error, f"{answer.request.url}: {answer.text}"  # noqa: S101
    return answer
