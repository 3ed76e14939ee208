"""Phases with many files of moderate size: flat memory, and how fresh the figures are."""

from __future__ import annotations

import asyncio
import math
import statistics
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from deploy.demo.api import Api
from deploy.world.surfside_large import LargeFile, large_file
from tests.bench.course import Course
from tests.bench.figures import Target, console
from tests.bench.watching import Account

SIZES = (500, 1_000, 2_000, 5_000, 10_000)
"""Rows of the files, in turn: every ten of them are the same mixture."""
FILES = 100
GROUP = 10
SINGLE_LOADS = 5
SINGLE = 7
"""Block of days of the first client that are loaded one by one."""
LOOK_SECONDS = 0.1


async def flat_memory(course: Course) -> float:
    """P5: peaks over the last ten of 100 files against the second ten; returns seconds per file."""
    account = await course.client("many files")
    files = _files(course, FILES)
    peaks: dict[str, list[float]] = defaultdict(list)
    seconds: list[float] = []
    for start in range(0, FILES, GROUP):
        some = files[start : start + GROUP]
        title = f"P5 files {start + 1} to {start + GROUP} of {FILES}"
        phase = await course.load(title, account, some, aloud=start + GROUP == FILES)
        seconds.append(phase.wall / GROUP)
        for service, peak in phase.peaks.items():
            peaks[service].append(peak)
    for service, by_group in peaks.items():
        what = f"peak memory, files 91 to 100 against 11 to 20: {service}"
        course.figures.add("P5", what, by_group[-1], "MB", baseline=by_group[1], target=Target("<=", 1.1))
    return statistics.median(seconds)


async def refresh(course: Course) -> None:
    """P8: from a load's commit until rollups, blocks and summaries cover it."""
    account = await course.client("first")
    lags: list[float] = []
    for file in course.files(course.days(SINGLE, SINGLE_LOADS)):
        await course.put(account, [file])
        title, last = f"P8 one day of {course.creatives:,} rows", len(lags) == SINGLE_LOADS - 1
        async with course.rig.phase(title, aloud=last) as phase:
            lags.append(await _lag(course, account, file))
            await course.rig.watch.until_handled(phase.handled, {"aggregator.loads": 1})
    what = f"refresh after {course.creatives:,} rows: worst of {SINGLE_LOADS}"
    course.figures.add("P8", what, max(lags), "s", target=Target("<=", 1))


async def _lag(course: Course, account: Account, file: LargeFile) -> float:
    """Seconds between the moments at which the rows and the new version of the data can be seen."""
    watch = course.rig.watch
    before = await watch.standing(account)
    await course.pull(account, [file])
    await watch.until_loaded(account, before, 1, every=0.005)
    began = time.monotonic()
    await watch.until_summed_up(account, before, 1, every=0.005)
    return time.monotonic() - began


async def freshness(course: Course, seconds_per_file: float) -> None:
    """P8: requests at half the rate that the system can take, each timed until the API shows its figures."""
    if "gateway" not in course.rig.stack.processes:
        console.print("P8 event in → visible in the API: not measured, there is no gateway yet")
        return
    account = await course.client("many files")
    files = _files(course, FILES, older=FILES)
    await course.put(account, files)
    every = 2 * seconds_per_file
    async with (
        course.administrator() as api,
        course.rig.phase(f"P8 {FILES} files, one every {every:.2f} s") as phase,
    ):
        delays = await _delays(course, api, account, files, every)
        await course.rig.watch.until_handled(phase.handled, {"aggregator.loads": FILES})
    worst = sorted(delays)[math.ceil(0.99 * len(delays)) - 1]
    median = statistics.median(delays)
    course.figures.add("P8", "event in → visible in the API, p99", worst, "s", target=Target("<=", 5))
    course.figures.add("P8", "event in → visible in the API, median", median, "s")


async def _delays(
    course: Course, api: Api, account: Account, files: Sequence[LargeFile], every: float
) -> list[float]:
    asked: dict[date, float] = {}
    seen: dict[date, float] = {}
    wanted = {file.first_day: file.totals.impressions for file in files}

    async def ask() -> None:
        began = time.monotonic()
        for number, file in enumerate(files):
            await asyncio.sleep(max(0.0, began + number * every - time.monotonic()))
            asked[file.first_day] = time.monotonic()
            await course.pull(account, [file])

    async def look() -> None:
        while len(seen) < len(files):
            points = await api.trends(str(account.public_id), min(wanted), max(wanted))
            now = time.monotonic()
            for point in points:
                day = date.fromisoformat(point["date"])
                if day not in seen and point["impressions"] == wanted[day]:
                    seen[day] = now
            await asyncio.sleep(LOOK_SECONDS)

    async with asyncio.timeout(len(files) * every + 120):
        await asyncio.gather(ask(), look())
    return [seen[day] - asked[day] for day in wanted]


def _files(course: Course, count: int, older: int = 0) -> list[LargeFile]:
    """One a day up to so many days before the newest, in the sizes of SIZES."""
    first = course.today - timedelta(days=older + count)
    return [
        large_file(first + timedelta(days=number), creatives=SIZES[number % len(SIZES)])
        for number in range(count)
    ]
