"""Messages that nobody can handle: each must end in its dead-letter queue, with a reason, once handled."""

from __future__ import annotations

from random import Random
from uuid import UUID

import orjson


def messages(random: Random, client: UUID, with_connector: bool) -> list[tuple[str, bytes]]:
    """(queue, body); bodies differ, so that each can be found again."""
    mark = f"{random.getrandbits(64):016x}"
    queues = ["loader.batches", "loader.merges", "loader.rates", "aggregator.loads"]
    if with_connector:
        queues += ["surfside.pulls", "surfside.reloads"]
    broken = [(queue, f"not JSON, {queue} {mark}".encode()) for queue in queues]
    misspelt = [
        ("loader.merges", orjson.dumps({"client": 5, "note": mark})),
        ("loader.merges", orjson.dumps({"client_id": str(client), "run_id": _uuid(random)})),
        *([("surfside.pulls", orjson.dumps({"client": 5, "note": mark}))] if with_connector else []),
        ("loader.undos", orjson.dumps({"client_id": str(client), "run_id": _uuid(random)})),
    ]
    return [*broken, *misspelt, *(("loader.batches", body) for body in _batches(random, str(client)))]


def _batches(random: Random, client: str) -> list[bytes]:
    """Of an unknown client; with an index outside the names; with wrong numbers; bytes that are no text."""
    good: dict[str, object] = {
        "client_id": client,
        "source": "surfside",
        "sequence": 0,
        "row_count": 1,
        "delivered_at": "2026-01-01T00:00:00Z",
        "names": ["a"],
        "last": True,
        "end": {"batch_count": 1},
    }
    columns = {
        "date": ["2026-01-01"],
        **{level: [0] for level in ("campaign", "strategy", "placement", "creative")},
    }
    return [
        orjson.dumps({**good, "run_id": _uuid(random), **changed})
        for changed in (
            {"client_id": _uuid(random), "columns": columns},
            {"columns": {**columns, "creative": [1]}},
            {"columns": {**columns, "impressions": [-1]}},
            {"columns": {**columns, "impressions": [1.5]}},
        )
    ] + [b"\xff\xfe" + random.randbytes(8)]


def _uuid(random: Random) -> str:
    return str(UUID(int=random.getrandbits(128), version=4))
