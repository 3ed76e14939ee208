"""The oracle can fail: each bug, made on purpose, turns it red, and by the invariant that it breaks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from deploy.local import Infra
from libs.testing.vhosts import FAST_LADDER
from tests.faults.experiment import Experiment
from tests.faults.generator import Plan, make_plan
from tests.faults.mutations import MUTATIONS
from tests.faults.world import Launch, World, make_world

SEED = 1


@dataclass(frozen=True)
class Expected:
    """Where the bug is, what helps it to show, and which invariants see it."""

    service: str
    invariants: set[str]
    failpoints: tuple[str, ...] = ()


EXPECTED = {
    "acks_first": Expected("loader", {"I1", "I3"}, ("loader.in_merge:4",)),
    "forgets_ended_runs": Expected("loader", {"I7"}, ("loader.after_commit:3",)),
    "counts_batches_twice": Expected("loader", {"I1"}),
    "leaves_out_the_ledger": Expected("loader", {"I6"}),
    "last_arrival_wins": Expected("loader", {"I3"}),
    "adds_up": Expected("aggregator", {"I4"}),
    "trusts_what_was_prepared": Expected("aggregator", {"I4"}),
    "forgets_before_publishing": Expected("loader", {"I1", "I3"}, ("loader.after_publish:1",)),
}

TRIED_ELSEWHERE = {"notes_before_sending", "forgets_calls", "takes_the_same_bytes_again"}
"""In the files of the services that they break: test_notifier.py, test_vibe.py, test_facebook.py."""


@pytest.fixture
async def world(infra: Infra, tmp_path: Path) -> AsyncIterator[World]:
    """What can never work need not be tried for long: all servers stay up here."""
    async with make_world(infra, f"faults_{uuid4().hex[:8]}", tmp_path, FAST_LADDER) as made:
        yield made


def test_every_mutation_is_tried() -> None:
    assert set(EXPECTED) | TRIED_ELSEWHERE == set(MUTATIONS)


@pytest.mark.parametrize("name", EXPECTED)
async def test_mutation_turns_the_oracle_red(world: World, name: str) -> None:
    expected = EXPECTED[name]
    sound = {"loader", "aggregator"} - {expected.service}
    mutated = Launch(expected.service, expected.failpoints, mutation=name)
    experiment = Experiment(world, _without_waiting(make_plan(SEED)))
    found = await experiment.run([mutated, *map(Launch, sound)])
    assert expected.invariants <= {violation.invariant for violation in found}, found


def _without_waiting(plan: Plan) -> Plan:
    """The same plan, but for what waits until messages were handled: here some never are."""
    firsts: dict[UUID | None, int] = {first.run: n for n, (first, _) in enumerate(plan.contradicted)}
    assert len(firsts) == len(plan.contradicted)
    return replace(plan, load=[*plan.load, *(first for first, _ in plan.contradicted)], contradicted=[])
