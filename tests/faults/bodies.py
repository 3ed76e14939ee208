"""Messages as bytes, made without the product's own classes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from uuid import UUID

import orjson

from tests.faults.model import METRICS, Row, Run

LEVELS = ("campaign", "strategy", "placement", "creative")


@dataclass(frozen=True)
class Message:
    """Something to publish: to a key of the exchange, or (by hand) straight into a queue."""

    body: bytes
    key: str = ""
    queue: str = ""
    run: UUID | None = None
    sequence: int = -1
    is_poison: bool = False


def batches_of(run: Run, random: Random) -> list[Message]:
    """The batches of a run; now and then one as a person would type it, without a digest."""
    return [_batch(run, n, rows, digest=random.random() > 0.1) for n, rows in enumerate(run.batches)]


def contradicting(run: Run, original: Message, random: Random) -> Message:
    """A batch with the number of another one, and other content."""
    rows = [row._replace(values=(random.randint(1, 9), *row.values[1:])) for row in run.batches[0]]
    extra = Row(min(run.coverage, default=run.delivered_at.date()), ("x", "x", "x", "x"), (1,) * len(METRICS))
    made = _batch(run, original.sequence, [*rows, extra], digest=True)
    return Message(made.body, queue="loader.batches", run=run.run_id, sequence=made.sequence, is_poison=True)


def staged_by_hand(run: Run) -> Message:
    """“Merge this run”, once more, after it ended."""
    body = orjson.dumps({"client_id": str(run.client), "run_id": str(run.run_id)})
    return Message(body, queue="loader.merges")


def by_hand(queue: str, body: bytes, *, is_poison: bool = False) -> Message:
    """A body alone, put into a queue."""
    return Message(body, queue=queue, is_poison=is_poison)


def _batch(run: Run, sequence: int, rows: Sequence[Row], *, digest: bool) -> Message:
    names = list(dict.fromkeys(name for row in rows for name in row.path))
    place = {name: n for n, name in enumerate(names)}
    columns: dict[str, list[object]] = {"date": [row.day.isoformat() for row in rows]} if rows else {}
    for n, level in enumerate(LEVELS if rows else ()):
        columns[level] = [place[row.path[n]] for row in rows]
    for n, metric in enumerate(METRICS):
        values = [row.values[n] for row in rows]
        if any(value is not None for value in values):
            columns[metric] = list(values)
    content = orjson.dumps(names) + b"\n" + orjson.dumps(columns)
    head: dict[str, object] = {
        "schema": 1,
        "run_id": str(run.run_id),
        "client_id": str(run.client),
        "source": run.source,
        "account": run.account,
        "sequence": sequence,
        "row_count": len(rows),
        "delivered_at": run.delivered_at.isoformat(),
        "names": names,
        "columns": columns,
    }
    if digest:
        head["digest"] = hashlib.sha256(content).hexdigest()
    if sequence == len(run.batches) - 1:
        head |= {"last": True, "end": _end(run)}
    return Message(orjson.dumps(head), key=f"metrics.batch.{run.source}", run=run.run_id, sequence=sequence)


def _end(run: Run) -> dict[str, object]:
    return {
        "batch_count": len(run.batches),
        "coverage": sorted(day.isoformat() for day in run.coverage),
        "allow_shrink": True,
        "currency": run.currency,
        "rows_read": len(run.rows) + run.rejected,
        "rows_rejected": run.rejected,
    }
