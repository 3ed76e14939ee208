"""I7 and I8: dead letters are the poison, and nothing is left behind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tests.faults.bodies import Message
from tests.faults.case import CLOSED, Case


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
    kept = {log.key for log in case.now.runs.values() if log.key is not None}
    over = {name for name in case.archived if any(f"/{run_id}/" in name for run_id in case.passed_over)}
    yield from (f"the raw archive has or lacks {name}" for name in kept ^ (case.archived - over))
    yield from (f"{name} ended by itself: exit codes {codes}" for name, codes in case.ends.items() if codes)


def _bodies(messages: Iterable[Message]) -> set[tuple[str, bytes]]:
    return {(message.queue, message.body) for message in messages}
