"""Users who browse, in a process of their own: `python -m tests.bench.users < TASK.json > FOUND.json`.

Each looks at a page, thinks for about a second, and goes on: mostly the dashboard of a client over one of
the ranges, then lists, trends, summaries. What they ask follows from a seed. Times are those until the last
byte; whoever has not been answered when time is up still waits for the answer.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

import httpx

RANGES = ((7, 4), (30, 4), (90, 1), (396, 1))
"""Days and how often."""
PAGES: tuple[tuple[str, dict[str, Any], int], ...] = (
    ("/dashboard", {}, 6),
    ("/dashboard/campaigns", {"page_size": 50}, 2),
    ("/dashboard/creatives", {"page_size": 50}, 2),
    ("/dashboard/creatives", {"page_size": 50, "page": 2, "sort_by": "clicks"}, 1),
    ("/dashboard/trends", {"by": "week"}, 2),
    ("/dashboard/source-breakdown", {}, 1),
    ("/metrics/weekly", {"page_size": 10}, 1),
    ("/dashboard/freshness", {}, 1),
)
"""Path, parameters, how often."""
THINK_SECONDS = (0.5, 1.5)
RAMP_SECONDS = 5.0
"""Within which they come; what is asked until then is not counted."""


@dataclass(frozen=True)
class Task:
    """Who is to browse what, and for how long after all have come."""

    url: str
    authorization: str
    clients: list[str]
    """Of each, its id; the first is looked at as often as all others together."""
    last: str
    users: int
    seconds: float
    seed: int = 1


@dataclass
class Found:
    """What they met: seconds of each answer by page, and what was no answer."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    @property
    def all(self) -> list[float]:
        """Over all pages."""
        return [value for values in self.seconds.values() for value in values]


async def browse(task: Task) -> Found:
    """All users at once."""
    found, began = Found(), time.monotonic()
    limits = httpx.Limits(max_connections=task.users, max_keepalive_connections=task.users)
    headers = {"Authorization": task.authorization}
    async with httpx.AsyncClient(base_url=task.url, headers=headers, limits=limits, timeout=60) as http:
        users = [
            _user(http, task, random.Random(task.seed * 1000 + n), began, found) for n in range(task.users)
        ]
        await asyncio.gather(*users)
    return found


async def _user(
    http: httpx.AsyncClient, task: Task, chance: random.Random, began: float, found: Found
) -> None:
    await asyncio.sleep(chance.uniform(0, RAMP_SECONDS))
    while (now := time.monotonic()) < began + RAMP_SECONDS + task.seconds:
        path, parameters = _question(task, chance)
        told = await _ask(http, path, parameters)
        if now >= began + RAMP_SECONDS:
            found.seconds.setdefault(path, []).append(time.monotonic() - now)
            found.errors += [told] if told else []
        await asyncio.sleep(chance.uniform(*THINK_SECONDS))


def _question(task: Task, chance: random.Random) -> tuple[str, dict[str, Any]]:
    largest = chance.random() < 0.5
    client = task.clients[0] if largest else chance.choice(task.clients[1:])
    (days,) = chance.choices([days for days, _ in RANGES], [often for _, often in RANGES])
    ((path, more, _),) = chance.choices(PAGES, [often for *_, often in PAGES])
    last = date.fromisoformat(task.last)
    first = last - timedelta(days=days - 1)
    return path, {"client_id": client, "start_date": str(first), "end_date": str(last), **more}


async def _ask(http: httpx.AsyncClient, path: str, parameters: dict[str, Any]) -> str | None:
    """What went wrong, if anything did."""
    try:
        answer = await http.get(path, params=parameters)
    except httpx.HTTPError as error:
        return f"{path}: {error!r}"
    return None if answer.is_success else f"{path}: {answer.status_code} {answer.text[:200]}"


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(browse(Task(**json.load(sys.stdin)))))))
