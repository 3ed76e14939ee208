"""Phase P7: warm pages, and users who browse while nothing else happens and while files are loaded."""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from deploy.world.surfside_large import LargeFile, large_file
from tests.bench.asking import BASE, Asking, percentile
from tests.bench.course import Course
from tests.bench.figures import Figures, Target, console
from tests.bench.filling import Client, forget_client
from tests.bench.place import Place
from tests.bench.rig import Rig
from tests.bench.users import Found, Task
from tests.bench.watching import Account

USERS = 50
FILES_AT_ONCE = 5
LOADED = "loaded-meanwhile"
MUCH = 250
"""Requests behind a 99th percentile."""


@dataclass
class Browsing:
    """A place with services, who asks, and how much."""

    place: Place
    rig: Rig
    asking: Asking
    figures: Figures
    times: int
    seconds: float


async def warm(browsing: Browsing) -> None:
    """P7: the page of the largest client, asked again and again."""
    client = browsing.place.largest
    for name, days in browsing.place.size.ranges.items():
        await browsing.asking.dashboard(client, days)
        found = []
        for _ in range(browsing.times):
            answer = await browsing.asking.dashboard(client, days)
            assert answer.ok, f"the dashboard answered {answer.status}"
            found.append(answer.seconds)
        what = f"dashboard over {name}, warm, {browsing.place.size.label}: p95 of {browsing.times}"
        browsing.figures.add("P7", what, percentile(found, 0.95) * 1000, "ms", target=Target("<=", 25))


async def users(browsing: Browsing) -> None:
    """P7: 50 users, alone and while files are loaded for a client that they look at, too."""
    await forget_client(browsing.rig.owner, LOADED)  # of a run that was ended
    account = await browsing.rig.add_client(LOADED)
    clients = [*(str(client.public_id) for client in browsing.place.clients), str(account.public_id)]
    async with browsing.rig.phase(f"P7 {USERS} users for {browsing.seconds:g} s"):
        alone = await _browse(browsing, clients)
    _tell(browsing, "", alone)
    over = asyncio.Event()
    async with browsing.rig.phase(f"P7 {USERS} users while files are loaded"):
        async with asyncio.TaskGroup() as group:
            loading = group.create_task(_load(browsing, account, over))
            busy = await _browse(browsing, clients)
            over.set()
        loaded = loading.result()
    _tell(browsing, " while files are loaded", busy)
    _compare(browsing, alone, busy)
    browsing.figures.add("P7", f"rows loaded meanwhile, {browsing.place.size.label}", loaded, "")
    await forget_client(browsing.rig.owner, LOADED)


def _compare(browsing: Browsing, alone: Found, busy: Found) -> None:
    for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99)):
        value, baseline = (percentile(found.all, share) * 1000 for found in (busy, alone))
        what = f"{USERS} users while files are loaded against without, {browsing.place.size.label}: {name}"
        browsing.figures.add("P7", what, value, "ms", baseline=baseline, target=Target("<=", 2))


def _tell(browsing: Browsing, how: str, found: Found) -> None:
    label, values = browsing.place.size.label, found.all
    bounds = {"p50": (0.5, 50), "p95": (0.95, 200), "p99": (0.99, 500)}
    for name, (share, bound) in bounds.items():
        what = f"{USERS} users{how}, {label}: {name}"
        target = None if how else Target("<=", bound)
        browsing.figures.add("P7", what, percentile(values, share) * 1000, "ms", target=target)
    what = f"errors of {USERS} users{how}, {label}"
    browsing.figures.add("P7", what, len(found.errors), "", target=Target("<=", 0))
    if len(values) < MUCH:
        console.print(f"  only {len(values)} answers: the 99th percentile says little")
    for page, seconds in sorted(found.seconds.items()):
        middle, worst = statistics.median(seconds) * 1000, percentile(seconds, 0.95) * 1000
        console.print(f"    {page}: {len(seconds)} answers, median {middle:.0f} ms, p95 {worst:.0f} ms")
    for error in found.errors[:3]:
        console.print(f"  [red]{error}[/red]")


async def _browse(browsing: Browsing, clients: list[str]) -> Found:
    task = Task(
        url=browsing.place.stack.url("gateway") + BASE,
        authorization=browsing.asking.authorization,
        clients=clients,
        last=str(browsing.place.largest.maker.last),
        users=USERS,
        seconds=browsing.seconds,
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.users"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    try:
        said, _ = await process.communicate(json.dumps(asdict(task)).encode())
    except asyncio.CancelledError:
        with suppress(ProcessLookupError):
            process.terminate()
        raise
    assert process.returncode == 0, "the process of the users ended badly"
    return Found(**json.loads(said))


async def _load(browsing: Browsing, account: Account, over: asyncio.Event) -> int:
    """File after file, new days each time, until it is over; returns how many rows that were."""
    course, rows = Course(browsing.rig, browsing.figures, browsing.place.largest.maker.last), 0
    for files in _deliveries(browsing.place.largest):
        await course.put(account, files)
        before = await browsing.rig.watch.standing(account)
        await course.pull(account, files)
        await browsing.rig.watch.until_summed_up(account, before, len(files))
        await course.check(account, files, [file.first_day for file in files])
        rows += sum(file.totals.rows for file in files)
        if over.is_set():
            break
    return rows


def _deliveries(like: Client) -> Iterator[list[LargeFile]]:
    """Some files at a time, the newest days first; rows as the largest client has, at most 50,000 a day."""
    creatives = min(50_000, like.maker.creatives)
    for start in range(0, like.maker.days - FILES_AT_ONCE, FILES_AT_ONCE):
        days = [like.maker.last - timedelta(days=start + n) for n in reversed(range(FILES_AT_ONCE))]
        yield [large_file(day, creatives=creatives) for day in days]
