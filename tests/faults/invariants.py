"""The invariants of the promise (docs: reliability.md), as questions to the evidence. All must be exact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import NamedTuple
from uuid import UUID

from tests.faults import model
from tests.faults.bodies import Message
from tests.faults.evidence import Evidence, totals_of
from tests.faults.generator import Plan
from tests.faults.journal import Journal
from tests.faults.model import Run
from tests.faults.queues import DeadLetter, Depth

APPLIED = frozenset({"loaded", "partial", "unchanged", "superseded"})
CLOSED = APPLIED | {"failed", "undone", "missing_file"}


class Violation(NamedTuple):
    """A broken promise."""

    invariant: str
    what: str


@dataclass
class Case:
    """All that is known when everything is still."""

    plan: Plan
    journal: Journal
    now: Evidence
    dead: set[DeadLetter] = field(default_factory=set)
    depths: dict[str, Depth] = field(default_factory=dict)
    working: tuple[str, ...] = ()
    files: list[str] = field(default_factory=list)
    """Temporary files that are left."""
    ends: dict[str, list[int]] = field(default_factory=dict)
    """Exit codes of processes that ended by themselves."""

    @property
    def sent(self) -> list[Run]:
        """Every run of the plan."""
        return [*self.plan.runs, *self.plan.undone]

    def stand(self) -> list[Run]:
        """Runs whose rows have to stand: all confirmed, and of unknown fate those that the log knows."""
        undone = {run.run_id for run in self.plan.undone}
        sure = {run.run_id for run in self.journal.confirmed_runs(self.sent)}
        came = {run_id for run_id, log in self.now.runs.items() if log.status in APPLIED}
        return [
            run
            for run in self.journal.attempted_runs(self.sent)
            if run.run_id in (sure | came) - undone and run.currency is None
        ]


def check(case: Case) -> list[Violation]:
    """Every violation; none is what must come out."""
    questions = {
        "I1": confirmed_is_applied,
        "I2": applied_was_attempted,
        "I3": facts_equal_the_model,
        "I4": rollups_equal_the_facts,
        "I6": runs_applied_once,
        "I7": dead_letters_are_the_poison,
        "I8": nothing_is_left_behind,
    }
    return [Violation(name, what) for name, ask in questions.items() for what in ask(case)]


def confirmed_is_applied(case: Case) -> Iterator[str]:
    """I1: a run whose batches were all confirmed is applied, or failed with a reason."""
    for run in case.journal.confirmed_runs(case.sent):
        log = case.now.runs.get(run.run_id)
        if log is None:
            yield f"run {run.run_id} was confirmed, and nobody knows it"
        elif log.status not in CLOSED:
            yield f"run {run.run_id} was confirmed, and is {log.status} ({log.staged} of {log.expected})"
        elif (log.status == "failed") != (run.currency is not None) or (
            log.status == "failed" and not log.error
        ):
            yield f"run {run.run_id} ended as {log.status}: {log.error}"


def applied_was_attempted(case: Case) -> Iterator[str]:
    """I2 (and I10): no run, no row and no name that nobody sent; each with its own client."""
    known = {run.run_id: run for run in case.journal.attempted_runs(case.sent)}
    begun = {m.run for m in case.journal.attempted if not m.is_poison}
    for run_id, log in case.now.runs.items():
        if run_id not in begun or (log.status in APPLIED and run_id not in known):
            yield f"run {run_id} is {log.status}, and was never sent"
    clients = {run.run_id: run.client for run in case.sent}
    numbers = {(log.client, log.run_no): run_id for run_id, log in case.now.runs.items()}
    for run_id, log in case.now.runs.items():
        if clients.get(run_id) != log.client:
            yield f"run {run_id} stands under another client"
    for fact, run_no in case.now.run_of.items():
        if (fact.client, run_no) not in numbers:
            yield f"{fact} says that run {run_no} brought it, which its client does not have"


def facts_equal_the_model(case: Case) -> Iterator[str]:
    """I3: every row, every metric, every spend."""
    wanted = model.standing(case.stand())
    for gone in case.plan.deleted:
        wanted = {
            f: v
            for f, v in wanted.items()
            if (f.client, f.source, f.account, f.path[0])
            != (gone.client, gone.source, gone.account, gone.campaign)
        }
    if case.now.nameless:
        yield f"{case.now.nameless} facts have no place in the hierarchy"
    yield from _differences("fact", wanted, case.now.facts)
    rates = _rates_in_force(case.plan)
    spends = {}
    for fact, values in wanted.items():
        cpm = model.rate_of(rates, fact.client, fact.source, fact.day)
        spends[fact] = model.spend_e7(values[0], cpm)
    shown = {f: None if s is None else int(s.scaleb(7)) for f, s in case.now.spends.items()}
    yield from _differences("spend", spends, shown)


def rollups_equal_the_facts(case: Case) -> Iterator[str]:
    """I4: rollups, blocks and summaries are sums of the facts that stand."""
    rates = _rates_in_force(case.plan)
    yield from _differences("rollup", model.summed(case.now.facts, rates), case.now.rollups)
    yield from _differences("block", _blocks(case, rates), case.now.blocks)
    by_period: dict[tuple[object, ...], list[model.Sums]] = {}
    days: dict[tuple[object, ...], set[object]] = {}
    for (client, _, _, day, _), sums in case.now.rollups.items():
        for period, start in _periods(day):
            by_period.setdefault((client, period, start), []).append(sums)
            days.setdefault((client, period, start), set()).add(day)
    wanted = {
        key: {"days": Fraction(len(days[key])), **_shown(model.total(parts))}
        for key, parts in by_period.items()
    }
    told = {
        key: {name: None if v is None else Fraction(v) for name, v in summary["sums"].items()}
        for key, summary in case.now.summaries.items()
    }
    yield from _differences("summary", wanted, told)


def runs_applied_once(case: Case) -> Iterator[str]:
    """I6: a run changes a date once, and each line of the ledger begins where the one before ended."""
    loads = Counter((line.slice, line.run_no) for line in case.now.ledger if line.kind == "load")
    for (slice_, run_no), times in loads.items():
        if times > 1:
            yield f"run {run_no} was applied {times} times to {slice_}"
    last: dict[tuple[object, ...], model.Values] = {}
    nothing = totals_of([])
    for line in case.now.ledger:
        if line.kind == "superseded":
            continue
        if last.get(line.slice, nothing) != line.before:
            yield f"a gap in the ledger of {line.slice}: {last.get(line.slice)} → {line.before} ({line.kind})"
        last[line.slice] = line.after
    slices: dict[tuple[object, ...], list[model.Values]] = {key: [] for key in last}
    for fact, values in case.now.facts.items():
        slices.setdefault((fact.client, fact.source, fact.account, fact.day), []).append(values)
    stands = {key: totals_of(values) for key, values in slices.items()}
    yield from _differences("last line of the ledger for", stands, last)


def dead_letters_are_the_poison(case: Case) -> Iterator[str]:
    """I7: every poisonous body is dead, no other is, and each says why."""
    dead = {(letter.queue, letter.body) for letter in case.dead}
    sure = _bodies(m for m in case.journal.confirmed if m.is_poison)
    tried = _bodies(m for m in case.journal.attempted if m.is_poison)
    for queue, body in sure - dead:
        yield f"poison in {queue} is not among its dead letters: {body[:80]!r}"
    for letter in case.dead:
        if (letter.queue, letter.body) not in tried:
            yield f"a dead letter of {letter.queue} is no poison: {letter.body[:120]!r} ({letter.reason})"
        if not letter.reason:
            yield f"a dead letter of {letter.queue} has no reason: {letter.body[:80]!r}"


def nothing_is_left_behind(case: Case) -> Iterator[str]:
    """I8: consumers, sessions, staging, files; and no process that gave up."""
    for name in case.working:
        if not case.depths[name].consumers:
            yield f"nobody consumes {name}"
    yield from (f"idle in transaction: {session}" for session in case.now.idle)
    for run_id, sequence in case.now.staged:
        log = case.now.runs.get(run_id)
        if log is None or log.status in CLOSED:
            yield f"batch {sequence} of run {run_id} is still staged ({log and log.status})"
    yield from (f"a temporary file is left: {name}" for name in case.files)
    yield from (f"{name} ended by itself: exit codes {codes}" for name, codes in case.ends.items() if codes)


def nothing_changed(before: Evidence, after: Evidence) -> Iterator[Violation]:
    """I7 and I4: moving dead letters back and recomputing everything changed no number."""
    for kind, name in (
        ("fact", "facts"),
        ("rollup", "rollups"),
        ("block", "blocks"),
        ("summary", "summaries"),
    ):
        one, two = getattr(before, name), getattr(after, name)
        yield from (Violation("I7", f"replay changed {what}") for what in _differences(kind, one, two))
    if [line for line in after.ledger if line not in before.ledger]:
        yield Violation("I7", "by replay, the ledger has new lines")


def _rates_in_force(plan: Plan) -> list[model.Rate]:
    kept = {(rate.client, rate.source, rate.effective): rate for rate in [*plan.rates, *plan.rate_changes]}
    return list(kept.values())


def _bodies(messages: Iterable[Message]) -> set[tuple[str, bytes]]:
    return {(message.queue, message.body) for message in messages}


def _periods(day: object) -> tuple[tuple[str, object], ...]:
    assert isinstance(day, date)
    return ("week", model.week_of(day)), ("month", model.month_of(day))


def _blocks(case: Case, rates: list[model.Rate]) -> dict[tuple[int, str, object], dict[int, model.Sums]]:
    parts: dict[tuple[int, str, object], dict[int, list[model.Sums]]] = {}
    for fact, values in case.now.facts.items():
        client, creative = case.now.creative_of[fact]
        row = model.measured(values, model.rate_of(rates, fact.client, fact.source, fact.day))
        for period, start in (("day", fact.day), *_periods(fact.day)):
            parts.setdefault((client, period, start), {}).setdefault(creative, []).append(row)
    return {key: {c: model.total(rows) for c, rows in by.items()} for key, by in parts.items()}


_SCALES = {"conversion_revenue": ("conversion_revenue_micros", 6), "spend": ("spend_e7", 7)}


def _shown(sums: model.Sums) -> dict[str, Fraction | None]:
    """The sums of a summary: counts, and money in units of the currency."""
    plain = {name: (name, 0) for name in ("impressions", "clicks", "conversions", "video_completions")}
    found: dict[str, Fraction | None] = {}
    for name, (column, scale) in {**plain, **_SCALES}.items():
        value = sums[column]
        found[name] = None if value is None else Fraction(value, 10**scale)
    return found


def _differences(kind: str, wanted: object, found: object, limit: int = 5) -> Iterator[str]:
    """Missing, surplus and different entries of two mappings."""
    assert isinstance(wanted, dict)
    assert isinstance(found, dict)
    wrong = [
        key
        for key in {**wanted, **found}
        if key not in wanted or key not in found or wanted[key] != found[key]
    ]
    for key in wrong[:limit]:
        one, two = _apart(wanted.get(key, "none"), found.get(key, "none"))
        yield f"{kind} {_told(key)}: {_told(one)} expected, {_told(two)} found"
    if len(wrong) > limit:
        yield f"{kind}: {len(wrong) - limit} more of {len(wanted)} are wrong"


def _apart(one: object, two: object) -> tuple[object, object]:
    """Only the entries in which two mappings differ."""
    while isinstance(one, dict) and isinstance(two, dict):
        keys = [key for key in {**one, **two} if one.get(key, "none") != two.get(key, "none")]
        if len(keys) > 1:
            return {k: one.get(k, "none") for k in keys}, {k: two.get(k, "none") for k in keys}
        one, two = one.get(keys[0], "none"), two.get(keys[0], "none")
    return one, two


def _told(value: object) -> str:
    if isinstance(value, UUID):
        return str(value)[:8]
    if isinstance(value, tuple):
        return "(" + ", ".join(map(_told, value)) + ")"
    return str(value)[:300]
