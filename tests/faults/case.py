"""All that is known at the end of an experiment, for the invariants to judge."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from tests.faults.answers import Answers
from tests.faults.evidence import Evidence
from tests.faults.generator import Plan
from tests.faults.journal import Journal
from tests.faults.model import Rate, Run
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
    archived: set[str] = field(default_factory=set)
    """Keys in the raw archive."""
    answers: dict[UUID, Answers] = field(default_factory=dict)
    """Of the API, by client."""
    ends: dict[str, list[int]] = field(default_factory=dict)
    """Exit codes of processes that ended by themselves."""

    @property
    def sent(self) -> list[Run]:
        """Every run of the plan."""
        return [*self.plan.runs, *self.plan.undone]

    @property
    def passed_over(self) -> set[UUID]:
        """Runs of files that were replaced while their connector was down: begun, and nothing was sent."""
        runs = self.now.runs
        applied = {(log.client, log.source, log.day) for log in runs.values() if log.status in APPLIED}
        return {
            run_id
            for run_id, log in runs.items()
            if (log.status, log.staged, log.sha256) == ("running", 0, None)
            and log.day is not None
            and (log.client, log.source, log.day) in applied
        }

    def stand(self) -> list[Run]:
        """Runs whose rows have to stand: all confirmed, and of unknown fate those that the log knows."""
        undone = {run.run_id for run in self.plan.undone}
        sure = {run.run_id for run in self.journal.confirmed_runs(self.sent)}
        came = {run_id for run_id, log in self.now.runs.items() if log.status in APPLIED}
        sent = [
            run
            for run in self.journal.attempted_runs(self.sent)
            if run.run_id in (sure | came) - undone and run.currency is None
        ]
        return sent + [file.as_run() for file in self.journal.last_files().values()]

    @property
    def rates(self) -> list[Rate]:
        """Those in force: a later one for the same day stands instead of an earlier one."""
        everything = [*self.plan.rates, *self.plan.rate_changes]
        return list({(rate.client, rate.source, rate.effective): rate for rate in everything}.values())
