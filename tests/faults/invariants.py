"""The invariants of the promise, as questions to the evidence. All must hold exactly."""

from __future__ import annotations

from collections.abc import Iterator

from tests.faults import arrivals, leftovers, numbers
from tests.faults.case import Case, Violation
from tests.faults.differences import differences

QUESTIONS = {
    "I1": arrivals.confirmed_is_applied,
    "I2": arrivals.applied_was_attempted,
    "I3": numbers.facts_equal_the_model,
    "I4": numbers.rollups_equal_the_facts,
    "I5": numbers.api_equals_the_rollups,
    "I6": numbers.runs_applied_once,
    "I7": leftovers.dead_letters_are_the_poison,
    "I8": leftovers.nothing_is_left_behind,
}


def check(case: Case) -> list[Violation]:
    """Every violation; none is what must come out."""
    return [Violation(name, what) for name, ask in QUESTIONS.items() for what in ask(case)]


def nothing_changed(before: Case, after: Case) -> list[Violation]:
    """I7 and I4: moving dead letters back and recomputing everything changed no number and lost no poison."""
    return [Violation("I7", f"replay: {what}") for what in _changes(before, after)]


def _changes(before: Case, after: Case) -> Iterator[str]:
    for name in ("fact", "rollup", "block"):
        yield from differences(name, getattr(before.now, f"{name}s"), getattr(after.now, f"{name}s"))
    yield from differences("summary", before.now.summaries, after.now.summaries)
    if [line for line in after.now.ledger if line not in before.now.ledger]:
        yield "the ledger has new lines"
    contradictions = {wrong.body for _, wrong in before.plan.contradicted}  # of runs that have ended by now
    gone = {dead.body for dead in before.dead} - {dead.body for dead in after.dead} - contradictions
    yield from (f"poison vanished: {body[:80]!r}" for body in gone)
    if before.answers != after.answers:
        yield "the API answers otherwise"
