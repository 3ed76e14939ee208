"""RabbitMQ definitions (exchanges, queues, bindings, policies) made from contracts.topology.

Queues carry nothing but their name and type; limits, TTLs and dead-lettering are policies, which can
be changed on a running broker. A rung of the retry ladder is a fanout exchange and a queue with a
TTL, whose messages go on through the default exchange to the queue that their routing key names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from contracts.topology import (
    DELIVERY_LIMIT,
    EXCHANGE,
    MEGABYTE,
    QUEUES,
    RETRY_SECONDS,
    Queue,
    retry_name,
)

RETRY_MEGABYTES = 512

NEVER = 1_000_000_000
"""Stands for no delivery limit: RabbitMQ 4 would have one of 20 by default, and 3.10 knows no -1."""

Definition = dict[str, Any]


def definitions(
    retry_seconds: Iterable[float] = RETRY_SECONDS, queues: Sequence[Queue] = QUEUES
) -> Definition:
    """What RabbitMQ's ``POST /api/definitions/<vhost>`` takes; importing it twice changes nothing."""
    rungs = tuple(retry_seconds)
    names = [name for queue in queues for name in (queue.name, queue.dead)] + [retry_name(s) for s in rungs]
    return {
        "exchanges": [_exchange(EXCHANGE, "topic"), *(_exchange(retry_name(s), "fanout") for s in rungs)],
        "queues": [_queue(name) for name in names],
        "bindings": [
            *(_binding(EXCHANGE, queue.name, key) for queue in queues for key in queue.keys),
            *(_binding(retry_name(s), retry_name(s), "") for s in rungs),
        ],
        "policies": [
            *(_queue_policy(queue) for queue in queues),
            *(_retry_policy(s) for s in rungs),
            _dead_policy(),
        ],
    }


def _exchange(name: str, kind: str) -> Definition:
    return {
        "name": name,
        "type": kind,
        "durable": True,
        "auto_delete": False,
        "internal": False,
        "arguments": {},
    }


def _queue(name: str) -> Definition:
    return {"name": name, "durable": True, "auto_delete": False, "arguments": {"x-queue-type": "quorum"}}


def _binding(exchange: str, queue: str, key: str) -> Definition:
    return {
        "source": exchange,
        "destination": queue,
        "destination_type": "queue",
        "routing_key": key,
        "arguments": {},
    }


def _policy(name: str, rules: Definition) -> Definition:
    pattern = "^" + name.replace(".", r"\.") + "$"
    return {"name": name, "pattern": pattern, "apply-to": "queues", "priority": 10, "definition": rules}


def _queue_policy(queue: Queue) -> Definition:
    return _policy(
        queue.name,
        {
            "delivery-limit": DELIVERY_LIMIT,
            "dead-letter-exchange": "",
            "dead-letter-routing-key": queue.dead,
            "dead-letter-strategy": "at-least-once",
            "overflow": "reject-publish",
            "max-length-bytes": queue.max_megabytes * MEGABYTE,
        },
    )


def _retry_policy(seconds: float) -> Definition:
    return _policy(
        retry_name(seconds),
        {
            "message-ttl": int(seconds * 1000),
            "dead-letter-exchange": "",
            "dead-letter-strategy": "at-least-once",
            "overflow": "reject-publish",
            "max-length-bytes": RETRY_MEGABYTES * MEGABYTE,
        },
    )


def _dead_policy() -> Definition:
    """A dead letter that is looked at and put back is no nearer to its end."""
    return {**_policy("dead", {"delivery-limit": NEVER}), "pattern": r"\.dead$"}
