"""Each invariant sees what it is there for: one thing at a time is wrong with sound evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from tests.faults import model
from tests.faults.answers import Answers
from tests.faults.bodies import Message
from tests.faults.case import Case
from tests.faults.evidence import Evidence, LedgerLine, RunLog, totals_of
from tests.faults.generator import Plan
from tests.faults.invariants import check, nothing_changed
from tests.faults.journal import Journal
from tests.faults.model import Fact, Rate, Row, Run
from tests.faults.queues import DeadLetter, Depth
from tests.faults.shown import shown

CLIENT, DAY = UUID(int=1), date(2026, 3, 4)
ROW = Row(DAY, ("c", "s", "p", "a"), (1_000, 10, None, None, None, None))
RUN = Run(UUID(int=2), CLIENT, "surfside", "", datetime(2026, 3, 5, tzinfo=UTC), ((ROW,),), frozenset({DAY}))
FACT = Fact(CLIENT, "surfside", "", DAY, ROW.path)
BATCH = Message(b"batch", key="metrics.batch.surfside", run=RUN.run_id, sequence=0)
POISON = Message(b"poison", queue="loader.batches", is_poison=True)
RATE = Rate(CLIENT, None, date(2026, 1, 1), Decimal("10.0000"))
LOADED = RunLog(CLIENT, 7, "surfside", "loaded", 1, 1, None, DAY, None, None, 0)
SLICE = (CLIENT, "surfside", "", DAY)


def sound() -> Case:
    """One row of one run, loaded, rolled up and shown; one poisonous message, dead."""
    journal = Journal()
    for message in (BATCH, POISON):
        journal.attempted[message] = journal.confirmed[message] = 1
    sums = model.measured(ROW.values, RATE.cpm)
    total = {"days": Decimal(1), "impressions": Decimal(1_000), "clicks": Decimal(10), "spend": Decimal("10")}
    unmeasured = dict.fromkeys(("conversions", "conversion_revenue", "video_completions"))
    periods = (("day", DAY), ("week", date(2026, 3, 2)), ("month", date(2026, 3, 1)))
    now = Evidence(
        facts={FACT: ROW.values},
        run_of={FACT: 7},
        creative_of={FACT: (1, 1)},
        spends={FACT: Decimal("10.0000000")},
        runs={RUN.run_id: LOADED},
        rollups={(*SLICE, "c"): sums},
        blocks={(1, period, start): {1: sums} for period, start in periods},
        summaries={(CLIENT, name, start): {"sums": {**total, **unmeasured}} for name, start in periods[1:]},
        ledger=[LedgerLine(SLICE, "load", 7, totals_of([]), totals_of([ROW.values]))],
    )
    return Case(
        Plan(1, [CLIENT], rates=[RATE], runs=[RUN], load=[BATCH, POISON]),
        journal,
        now,
        dead={DeadLetter("loader.batches", b"poison", "not JSON")},
        depths={"loader.batches": Depth(0, 1)},
        working=("loader.batches",),
        answers={CLIENT: Answers(shown(sums), {("surfside", "c"): [shown(sums)]}, shown(sums))},
    )


def lost_run(case: Case) -> None:
    case.now.runs.clear()


def run_left_open(case: Case) -> None:
    case.now.runs[RUN.run_id] = LOADED._replace(status="running")


def run_failed_without_cause(case: Case) -> None:
    case.now.runs[RUN.run_id] = LOADED._replace(status="failed", error="no")


def unsent_run(case: Case) -> None:
    case.now.runs[UUID(int=9)] = LOADED._replace(run_no=8)


def row_of_nobody(case: Case) -> None:
    case.now.run_of[FACT] = 8


def wrong_metric(case: Case) -> None:
    case.now.facts[FACT] = (1_001, *ROW.values[1:])


def wrong_spend(case: Case) -> None:
    case.now.spends[FACT] = Decimal("10.0000001")


def doubled_rollup(case: Case) -> None:
    (sums,) = case.now.rollups.values()
    sums |= {"rows": 2}


def old_block(case: Case) -> None:
    case.now.blocks.pop((1, "week", date(2026, 3, 2)))


def old_summary(case: Case) -> None:
    case.now.summaries[CLIENT, "month", date(2026, 3, 1)]["sums"]["clicks"] = Decimal(9)


def wrong_answer(case: Case) -> None:
    case.answers[CLIENT].summary["ctr"] = Decimal("1.000001")


def hidden_campaign(case: Case) -> None:
    case.answers[CLIENT].campaigns.clear()


def applied_twice(case: Case) -> None:
    nothing = totals_of([])
    case.now.ledger += [
        LedgerLine(SLICE, "undo", 7, totals_of([ROW.values]), nothing),
        LedgerLine(SLICE, "load", 7, nothing, totals_of([ROW.values])),
    ]


def gap_in_the_ledger(case: Case) -> None:
    case.now.ledger[0] = case.now.ledger[0]._replace(before=totals_of([ROW.values]))


def poison_vanished(case: Case) -> None:
    case.dead.clear()


def good_message_died(case: Case) -> None:
    case.dead.add(DeadLetter("loader.batches", BATCH.body, "gave up"))


def dead_without_reason(case: Case) -> None:
    case.dead = {replace(letter, reason="") for letter in case.dead}


def nobody_consumes(case: Case) -> None:
    case.depths["loader.batches"] = Depth(0, 0)


def batch_left_in_staging(case: Case) -> None:
    case.now.staged.append((RUN.run_id, 0))


def idle_session(case: Case) -> None:
    case.now.idle.append("loader")


def left_file(case: Case) -> None:
    case.files.append("part-1")


def unknown_archive(case: Case) -> None:
    case.archived.add("surfside/x")


def process_gave_up(case: Case) -> None:
    case.ends["loader-1"] = [1]


WRONGS: dict[Callable[[Case], None], str] = {
    lost_run: "I1",
    run_left_open: "I1",
    run_failed_without_cause: "I1",
    unsent_run: "I2",
    row_of_nobody: "I2",
    wrong_metric: "I3",
    wrong_spend: "I3",
    doubled_rollup: "I4",
    old_block: "I4",
    old_summary: "I4",
    wrong_answer: "I5",
    hidden_campaign: "I5",
    applied_twice: "I6",
    gap_in_the_ledger: "I6",
    poison_vanished: "I7",
    good_message_died: "I7",
    dead_without_reason: "I7",
    nobody_consumes: "I8",
    batch_left_in_staging: "I8",
    idle_session: "I8",
    left_file: "I8",
    unknown_archive: "I8",
    process_gave_up: "I8",
}


def test_nothing_is_wrong_with_sound_evidence() -> None:
    assert check(sound()) == []
    assert nothing_changed(sound(), sound()) == []


@pytest.mark.parametrize("wrong", WRONGS, ids=lambda wrong: wrong.__name__)
def test_one_wrong_thing_is_seen(wrong: Callable[[Case], None]) -> None:
    case = sound()
    wrong(case)
    assert WRONGS[wrong] in {violation.invariant for violation in check(case)}


@pytest.mark.parametrize("wrong", [wrong_metric, doubled_rollup, old_summary, wrong_answer, poison_vanished])
def test_what_a_replay_changes_is_seen(wrong: Callable[[Case], None]) -> None:
    case = sound()
    wrong(case)
    assert nothing_changed(sound(), case)
