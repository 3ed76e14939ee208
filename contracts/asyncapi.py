"""AsyncAPI 3.0 documents, one per service: what it takes and what it sends, from contracts.topology.

The framework alone would show only what is received. Examples are the golden samples.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic.json_schema import models_json_schema

from contracts.envelope import Message
from contracts.topology import EXCHANGE, MESSAGES, PUBLISHES, QUEUES, RETRY_SECONDS, Queue, queues_of_key

SAMPLES = Path(__file__).parent / "samples" / "v1"
SERVICES = tuple(sorted({queue.service for queue in QUEUES} | set(PUBLISHES)))
"""Those that take or send messages."""
Document = dict[str, Any]


def document_of(service: str) -> Document:
    """The AsyncAPI document of a service."""
    queues = [queue for queue in QUEUES if queue.service == service]
    sent = PUBLISHES.get(service, ())
    taken = [key for key in MESSAGES if any(queue in queues for queue in queues_of_key(key))]
    models = {MESSAGES[key] for key in (*sent, *taken)}
    rungs = ", ".join(f"{seconds} s" for seconds in RETRY_SECONDS)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": f"Tidemark: {service}",
            "version": "1",
            "description": (
                "Bodies are JSON; whatever a consumer needs is in the body. Publishes are persistent, "
                f"mandatory and confirmed. After a transient error a message comes back after {rungs}; then, "
                "and at once after a terminal error, it is in the queue's dead letters with its reason."
            ),
        },
        "defaultContentType": "application/json",
        "channels": {
            **{queue.name: _queue_channel(queue, taken) for queue in queues},
            **{key: _key_channel(key) for key in sent},
        },
        "operations": {
            **{f"receive {queue.name}": _operation("receive", queue.name) for queue in queues},
            **{f"send {key}": _operation("send", key) for key in sent},
        },
        "components": {
            "messages": {key: _message(key) for key in sorted({*sent, *taken})},
            "schemas": _schemas(models),
        },
    }


def _queue_channel(queue: Queue, taken: list[str]) -> Document:
    keys = [key for key in taken if queue in queues_of_key(key)]
    return {
        "address": queue.name,
        "description": (
            f"Bound to {', '.join(queue.keys)}. Dead letters: {queue.dead}. At most {queue.attempts} "
            f"deliveries, {queue.prefetch} at a time, {queue.max_megabytes} MB."
        ),
        "messages": {key: {"$ref": f"#/components/messages/{key}"} for key in keys},
        "bindings": {"amqp": {"is": "queue", "queue": {"name": queue.name, "durable": True}}},
    }


def _key_channel(key: str) -> Document:
    reached = ", ".join(f"{queue.name} ({queue.service})" for queue in queues_of_key(key))
    return {
        "address": key,
        "description": f"Reaches {reached}.",
        "messages": {key: {"$ref": f"#/components/messages/{key}"}},
        "bindings": {
            "amqp": {"is": "routingKey", "exchange": {"name": EXCHANGE, "type": "topic", "durable": True}}
        },
    }


def _operation(action: str, channel: str) -> Document:
    return {"action": action, "channel": {"$ref": f"#/channels/{channel}"}}


def _message(key: str) -> Document:
    model = MESSAGES[key]
    examples = [path for path in sorted(SAMPLES.glob(f"{key}*.json")) if _key_of(path) == key]
    return {
        "name": model.__name__,
        "summary": (model.__doc__ or "").strip().splitlines()[0],
        "payload": {"$ref": f"#/components/schemas/{model.__name__}"},
        "examples": [{"name": path.stem, "payload": json.loads(path.read_bytes())} for path in examples],
    }


def _key_of(path: Path) -> str:
    """The routing key of a sample: the longest that its name begins with."""
    return max((key for key in MESSAGES if path.stem.startswith(key)), key=len)


def _schemas(models: set[type[Message]]) -> Document:
    ordered = sorted(models, key=lambda model: model.__name__)
    _, made = models_json_schema(
        [(model, "validation") for model in ordered], ref_template="#/components/schemas/{model}"
    )
    return dict(sorted(made.get("$defs", {}).items()))
