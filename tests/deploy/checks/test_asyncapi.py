"""The AsyncAPI documents: complete, the same each time, and every reference leads somewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from contracts.asyncapi import SERVICES, document_of
from contracts.topology import MESSAGES, PUBLISHES, QUEUES, queues_of_key
from deploy.checks.asyncapi import documents


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for name, value in node.items():
            if name == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def followed(document: dict[str, Any], reference: str) -> Any:
    found: Any = document
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return found


def test_the_same_contracts_make_the_same_text() -> None:
    assert documents() == documents()
    assert set(documents()) == {f"docs/generated/asyncapi/{service}.json" for service in SERVICES}
    for text in documents().values():
        assert json.loads(text)["asyncapi"] == "3.0.0"
        assert text.endswith("}\n")


@pytest.mark.parametrize("service", SERVICES)
def test_a_document_shows_all_that_is_taken_and_sent(service: str) -> None:
    document = document_of(service)
    operations = document["operations"].values()
    received = {o["channel"]["$ref"].split("/")[-1] for o in operations if o["action"] == "receive"}
    sent = {o["channel"]["$ref"].split("/")[-1] for o in operations if o["action"] == "send"}
    assert received == {queue.name for queue in QUEUES if queue.service == service}
    assert sent == set(PUBLISHES.get(service, ()))
    taken = {key for key in MESSAGES if any(queue.service == service for queue in queues_of_key(key))}
    assert set(document["components"]["messages"]) == taken | sent


@pytest.mark.parametrize("service", SERVICES)
def test_every_reference_leads_somewhere_and_every_message_has_an_example(service: str) -> None:
    document = document_of(service)
    for reference in references(document):
        assert followed(document, reference), reference
    for key, message in document["components"]["messages"].items():
        assert message["examples"], f"{key} has no golden sample"
        for example in message["examples"]:
            MESSAGES[key].model_validate(example["payload"])


def test_a_queue_says_where_its_dead_letters_are_and_how_often_it_tries() -> None:
    channel = document_of("loader")["channels"]["loader.batches"]
    assert "Dead letters: loader.batches.dead" in channel["description"]
    assert "8 deliveries" in channel["description"]
    assert "10 s, 30 s, 60 s" in document_of("loader")["info"]["description"]
