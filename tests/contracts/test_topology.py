"""The map holds together: nothing is sent that nobody gets, nothing is awaited that nobody sends."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from contracts.envelope import Command, Event
from contracts.ownership import ROLES
from contracts.topology import (
    EXCHANGE,
    MESSAGES,
    PUBLISHES,
    QUEUES,
    RETRY_SECONDS,
    Queue,
    key_matches,
    queue_named,
    queues_of_key,
    retry_name,
)
from libs.bus.definitions import definitions

SCHEMA = Path(__file__).parents[2] / "docs" / "database_schema.sql"


@pytest.mark.parametrize("key", MESSAGES)
def test_every_routing_key_has_a_queue_and_a_publisher(key: str) -> None:
    assert queues_of_key(key), f"nobody gets {key}"
    assert any(key in keys for keys in PUBLISHES.values()), f"nobody sends {key}"


def test_only_known_keys_are_published() -> None:
    assert {key for keys in PUBLISHES.values() for key in keys} <= set(MESSAGES)


@pytest.mark.parametrize("queue", QUEUES, ids=lambda queue: queue.name)
def test_every_queue_takes_keys_of_one_type_and_has_its_dead_letters(queue: Queue) -> None:
    taken = {key for pattern in queue.keys for key in MESSAGES if key_matches(pattern, key)}
    assert taken, f"no message reaches {queue.name}"
    assert {MESSAGES[key] for key in taken} == {queue.model}
    declared = definitions()
    assert {queue.name, queue.dead} <= {entry["name"] for entry in declared["queues"]}
    (policy,) = [entry for entry in declared["policies"] if re.search(entry["pattern"], queue.name)]
    assert policy["definition"]["dead-letter-routing-key"] == queue.dead
    assert policy["definition"]["dead-letter-strategy"] == "at-least-once"
    (kept,) = [entry for entry in declared["policies"] if re.search(entry["pattern"], queue.dead)]
    assert kept["definition"].keys() == {"delivery-limit"}, "dead letters are neither bounded nor timed"


def test_names_are_unique_and_every_binding_leads_somewhere() -> None:
    declared = definitions()
    names = [entry["name"] for entry in declared["queues"]]
    assert len(names) == len(set(names))
    exchanges = {entry["name"] for entry in declared["exchanges"]}
    assert exchanges == {EXCHANGE, *(retry_name(seconds) for seconds in RETRY_SECONDS)}
    assert {b["destination"] for b in declared["bindings"]} <= set(names)
    assert {b["source"] for b in declared["bindings"]} == exchanges


def test_queues_carry_nothing_but_their_type() -> None:
    assert {str(entry["arguments"]) for entry in definitions()["queues"]} == {"{'x-queue-type': 'quorum'}"}


@pytest.mark.parametrize("model", dict.fromkeys(MESSAGES.values()), ids=lambda model: model.__name__)
def test_every_message_is_a_command_or_an_event(model: type) -> None:
    assert issubclass(model, Command) != issubclass(model, Event)


@pytest.mark.parametrize(
    ("pattern", "key", "matches"),
    [
        ("metrics.batch.*", "metrics.batch.vibe", True),
        ("metrics.batch.*", "metrics.batch", False),
        ("metrics.batch.*", "metrics.batch.vibe.more", False),
        ("run.staged", "run.loaded", False),
    ],
)
def test_bindings_match_word_by_word(pattern: str, key: str, matches: bool) -> None:
    assert key_matches(pattern, key) is matches


def test_an_unknown_queue_is_named_with_those_that_exist() -> None:
    with pytest.raises(KeyError, match=r"loader\.batches"):
        queue_named("loader.batch")


def test_roles_own_tables_that_exist() -> None:
    made = set(re.findall(r"CREATE (?:TABLE|VIEW) (?:public\.)?(\w+)", SCHEMA.read_text()))
    for role in ROLES:
        assert set(role.tables) <= made, role.service
