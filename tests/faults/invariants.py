"""The invariants of the promise, as questions to the evidence. All must hold exactly."""

from __future__ import annotations

from collections.abc import Iterator

from tests.faults import arrivals, leftovers, numbers
from tests.faults.case import Case, Violation
from tests.faults.differences import differences
from tests.faults.evidence import Evidence

QUESTIONS = {
    "I1": arrivals.confirmed_is_applied,
    "I2": arrivals.applied_was_attempted,
    "I3": numbers.facts_equal_the_model,
    "I4": numbers.rollups_equal_the_facts,
    "I6": numbers.runs_applied_once,
    "I7": leftovers.dead_letters_are_the_poison,
    "I8": leftovers.nothing_is_left_behind,
}


def check(case: Case) -> list[Violation]:
    """Every violation; none is what must come out."""
    return [Violation(name, what) for name, ask in QUESTIONS.items() for what in ask(case)]


def nothing_changed(before: Evidence, after: Evidence) -> Iterator[Violation]:
    """I7 and I4: moving dead letters back and recomputing everything changed no number."""
    for kind, name in (
        ("fact", "facts"),
        ("rollup", "rollups"),
        ("block", "blocks"),
        ("summary", "summaries"),
    ):
        one, two = getattr(before, name), getattr(after, name)
        yield from (Violation("I7", f"replay changed {what}") for what in differences(kind, one, two))
    if [line for line in after.ledger if line not in before.ledger]:
        yield Violation("I7", "by replay, the ledger has new lines")
