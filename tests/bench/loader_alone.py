"""Phases in which batches wait for the loader: what it does by itself, and what a second one adds."""

from __future__ import annotations

from tests.bench import baselines
from tests.bench.course import DAYS, Course
from tests.bench.figures import Target
from tests.bench.rig import SECOND_LOADER
from tests.bench.watching import Account

ALONE, ONE, TWO, WARM = 2, 1, 0, 6
"""Blocks of days."""
HALF = DAYS // 2


async def alone(course: Course) -> None:
    """P1: messages waiting → rows, rollups and summaries committed, one loader."""
    account = await course.client("first")
    files = course.files(course.days(ALONE))
    before = await course.rig.watch.standing(account)
    await course.rig.pause("loader")
    await course.wait(account, files)
    async with course.rig.phase("P1 the loader alone: batches were waiting") as phase:
        course.rig.go_on("loader")
        await course.rig.watch.until_loaded(account, before, len(files))
        loaded = phase.seconds_so_far
        await course.rig.watch.until_summed_up(account, before, len(files))
        await course.rig.watch.until_handled(phase.handled, {"aggregator.loads": len(files)})
    await course.check(account, files, course.days(ALONE))
    course.against_copy("the loader alone, rollups included", phase.wall, Target(">=", 0.5))
    course.against_copy("the loader alone, until its last commit", loaded)


async def two_loaders(course: Course) -> None:
    """P4: two clients' batches wait for one loader, then for two; the aggregator stands still."""
    accounts = [await course.client("first"), await course.client("second")]
    await course.load("P4 the second client", accounts[1], course.files(course.days(WARM, 1)))
    await course.rig.pause("aggregator")
    one = await _both(course, accounts, ONE, ("loader",))
    await course.rig.start_second_loader()
    both = ("loader", SECOND_LOADER)
    await _both(course, accounts, WARM - 1, both, days=2, title="P4 two loaders, getting warm")
    two = await _both(course, accounts, TWO, both)
    course.rig.go_on("aggregator")
    course.rig.stop_second_loader()
    course.figures.add(
        "P4",
        "two loaders on two clients",
        course.rows / two,
        "rows/s",
        baseline=course.rows / one,
        target=Target(">=", 1.2),
    )
    await _bare_copy(course)


async def _both(
    course: Course,
    accounts: list[Account],
    block: int,
    loaders: tuple[str, ...],
    *,
    days: int = HALF,
    title: str = "",
) -> float:
    """Seconds until the loaders have loaded half of a block for each client."""
    files = course.files(course.days(block, days))
    befores = [await course.rig.watch.standing(account) for account in accounts]
    await course.rig.pause(*loaders)
    for file in files:
        for account in accounts:
            await course.wait(account, [file])
    title = title or f"P4 {len(loaders)} loaders, two clients with {days} days each"
    async with course.rig.phase(title) as phase:
        course.rig.go_on(*loaders)
        for account, before in zip(accounts, befores, strict=True):
            await course.rig.watch.until_loaded(account, before, days)
    return phase.wall


async def _bare_copy(course: Course) -> None:
    rows = baselines.rows_of(course.files(course.days(ONE, HALF)))
    halves = [baselines.facts_of(rows, client) for client in (1, 2)]
    both = await baselines.two_way_copy(course.rig.stack.owner_url, halves, course.rig.snapshot)
    course.figures.add(
        "P4",
        "bare COPY on two connections, for comparison",
        course.rows / both.wall,
        "rows/s",
        baseline=course.rows / course.copy.wall,
    )
