"""I1 and I2: what was confirmed is applied or says why not, and nothing else is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tests.faults.case import APPLIED, CLOSED, Case


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
    yield from _last_version_is_applied(case)


def applied_was_attempted(case: Case) -> Iterator[str]:
    """I2 (and I10): no run, no row and no name that nobody sent; each with its own client."""
    known = {run.run_id: run for run in case.journal.attempted_runs(case.sent)}
    begun = {m.run for m in case.journal.attempted if not m.is_poison}
    yield from _every_file_was_put(case)
    over = case.passed_over
    direct = {id: log for id, log in case.now.runs.items() if log.sha256 is None and id not in over}
    for run_id, log in direct.items():
        if run_id not in begun or (log.status in APPLIED and run_id not in known):
            yield f"run {run_id} is {log.status}, and was never sent"
    clients = {run.run_id: run.client for run in case.sent}
    numbers = {(log.client, log.run_no): run_id for run_id, log in case.now.runs.items()}
    for run_id, log in direct.items():
        if clients.get(run_id) != log.client:
            yield f"run {run_id} stands under another client"
    for fact, run_no in case.now.run_of.items():
        if (fact.client, run_no) not in numbers:
            yield f"{fact} says that run {run_no} brought it, which its client does not have"


def _last_version_is_applied(case: Case) -> Iterator[str]:
    """I1 for files: the version in the bucket is read, its rows stand, its bad lines are in quarantine."""
    for file in case.journal.last_files().values():
        logs = [
            log
            for log in case.now.runs.values()
            if (log.client, log.day, log.sha256) == (file.client, file.day, file.sha256)
        ]
        if not any(log.status in APPLIED for log in logs):
            yield f"the last version of {file.key} was asked for, and its runs are {[r.status for r in logs]}"
        yield from (
            f"{file.key} has {file.bad} bad lines, in quarantine are {log.rejected}"
            for log in logs
            if log.rejected != file.bad
        )


def _every_file_was_put(case: Case) -> Iterator[str]:
    """I2 for files: each run read a version that was put there, and each version has one run at most."""
    put: Counter[tuple[object, ...]] = Counter(
        (file.client, file.day, file.sha256) for file in case.journal.put
    )
    logs = (log for log in case.now.runs.values() if log.sha256)
    read: Counter[tuple[object, ...]] = Counter((log.client, log.day, log.sha256) for log in logs)
    for key, times in read.items():
        if times > put[key]:
            yield f"{key} was read by {times} runs, and put there {put[key]} times"
