"""Phases over the whole path: object in S3 → raw archive, rows, ledger, rollups and summaries."""

from __future__ import annotations

from deploy.world.surfside_large import large_file
from tests.bench.course import DAYS, Course
from tests.bench.figures import Target, number
from tests.bench.rig import Phase

FIRST, NEW, ONE_FILE = 5, 4, 3
"""Blocks of days of the first client."""
REPEATS = 50
REPEATED_SHARE = 0.4
"""Rows of the day that is delivered again and again, as a share of a day's."""
MEMORY_MEGABYTES = 400


async def first_load(course: Course) -> Phase:
    """Every creative is new; P2 compares it with P1, which comes after it."""
    account = await course.client("first")
    return await course.load(
        f"P2 a new hierarchy: {DAYS} files of {course.creatives:,} rows, all creatives new",
        account,
        course.files(course.days(FIRST)),
    )


async def new_days(course: Course, first: Phase) -> None:
    """P1, against COPY and dlt, and P2."""
    account = await course.client("first")
    files = course.files(course.days(NEW))
    phase = await course.load(f"P1 new days: {DAYS} files of {course.creatives:,} rows", account, files)
    course.new_days_seconds = phase.wall
    course.against_copy(f"new days, {DAYS} files", phase.wall, Target(">=", 0.3, 0.4))
    course.processor_against_copy(f"new days, {DAYS} files", phase)
    rate, dlt = course.rows / phase.wall, course.rows / course.dlt_seconds
    course.figures.add("P1", "the same against dlt", rate, "rows/s", baseline=dlt, target=Target(">=", 3))
    course.figures.add(
        "P2", "first load, all creatives new", first.wall, "s", baseline=phase.wall, target=Target("<=", 1.3)
    )


async def one_file(course: Course) -> None:
    """P1 with all rows in one file, and what memory that takes (P5)."""
    account = await course.client("first")
    days = course.days(ONE_FILE)
    file = large_file(days[0], days=DAYS, creatives=course.creatives)
    phase = await course.load(
        f"P1 one file of {course.rows:,} rows ({number(len(file.body) / 1e6)} MB)", account, [file], days
    )
    course.against_copy("new days, one file", phase.wall, Target(">=", 0.3, 0.4))
    course.processor_against_copy("new days, one file", phase)
    for service, peak in phase.peaks.items():
        what = f"peak memory, {course.rows:,} rows in a file: {service}"
        course.figures.add("P5", what, peak, "MB", target=Target("<=", MEMORY_MEGABYTES))


async def restated(course: Course) -> None:
    """P1, days that stand delivered again with every row changed."""
    account = await course.client("first")
    files = course.files(course.days(FIRST), changed=1)
    phase = await course.load(f"P1 restated days: all {course.rows:,} rows changed", account, files)
    course.against_copy("restated days, all rows", phase.wall, Target(">=", 0.15, 0.25))
    course.processor_against_copy("restated days, all rows", phase)


async def repeated(course: Course) -> None:
    """P3: the same again, the same bytes elsewhere, few rows changed."""
    account = await course.client("first")
    days = course.days(NEW)
    files = course.files(days)
    async with course.rig.phase("P3 the same delivery again") as phase:
        pulls = await course.pull(account, files)
        await course.rig.watch.until_handled(phase.handled, {"surfside.pulls": pulls}, every=0.005)
    _against_new_days(course, "the same delivery again", phase, 0.02)
    account = await course.rig.move_prefix(account, "files/first-again")
    course.clients["first"] = account
    phase = await course.load("P3 the same bytes under new keys", account, files)
    _against_new_days(course, "the same bytes under a new key", phase, 0.3)
    files = course.files(days, changed=0.01)
    phase = await course.load("P3 1 % of the rows changed", account, files)
    _against_new_days(course, "1 % changed rows", phase, 0.8)


def _against_new_days(course: Course, what: str, phase: Phase, bound: float) -> None:
    seconds, baseline = phase.wall, course.new_days_seconds
    course.figures.add("P3", what, seconds, "s", baseline=baseline, target=Target("<=", bound))


async def bloat(course: Course) -> None:
    """P3: one day delivered 50 times, 1 % of its rows changed from one time to the next."""
    account = await course.client("repeated")
    day = course.days(20, 1)[0]
    creatives = int(course.creatives * REPEATED_SHARE)
    await course.load(f"P3 a day of {creatives:,} rows", account, course.files([day], creatives=creatives))
    tables = [f"daily_metrics_{day:%Y%m}", "rollup_blocks", "staging_media_raw", "displaced_rows"]
    before = [await course.rig.watch.size_megabytes(table) for table in tables]
    async with course.rig.phase(f"P3 the same day {REPEATS} times, 1 % changed each time"):
        for revision in range(1, REPEATS + 1):
            # Half of them are changed anew, the other half go back to what they were.
            again = course.files([day], creatives=creatives, changed=0.005, revision=revision)
            await course.put(account, again)
            standing = await course.rig.watch.standing(account)
            await course.pull(account, again)
            await course.rig.watch.until_summed_up(account, standing, 1, every=0.02)
    target: Target | None = Target("<=", 1.1)
    for table, size in zip(tables, before, strict=True):
        after = await course.rig.watch.size_megabytes(table)
        what = f"{table} after {REPEATS} repeats of a day of {creatives:,} rows"
        course.figures.add("P3", what, after, "MB", baseline=size, target=target)
        target = None  # of the facts; the others are waited for by autovacuum
