"""kill -9 of the Vibe connector before a Vibe that is slow, limited, broken and half-finished, by seed.

Two mornings: on the first everything goes wrong; on the second Vibe is well again, and what is missing and
the last days are pulled, which have other figures now. Then Vibe's figures stand, exactly, and no report more
was made than the crashes may have cost.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from tests.faults import leftovers, model, numbers
from tests.faults.bodies import Message
from tests.faults.case import APPLIED, Case
from tests.faults.conftest import lives, told
from tests.faults.differences import differences
from tests.faults.evidence import gather
from tests.faults.generator import Plan
from tests.faults.hastened import VARIABLE, FastClock
from tests.faults.journal import Journal
from tests.faults.load import send_all
from tests.faults.reports import RUINOUS, Reports, Window, make_reports
from tests.faults.world import Launch, World
from tests.simulators.vibe import VibeSimulator

POINTS = {
    "vibe.after_create": 2,
    "vibe.while_polling": 2,
    "connector.between_batches": 2,
    "vibe.before_create": 2,
    "connector.after_publish": 2,
    "vibe.after_publish": 2,
}
"""Where it dies, and within how many passes of that point; the short run takes the first two."""
LADDER = (0.1, 0.2, 0.3)
"""Seconds; every delay of Vibe's is the last rung."""
SPEED = 600
"""An hour of Vibe's is six seconds."""
KEY, SECRET = "the oracle's key", "the oracle's secret"
POLL_SECONDS = 120
"""Between two looks, by Vibe's clock; Vibe insists on half of it."""
LIMITED = 3
"""A seed that reaches the limit of an hour."""
COSTLY = ("lost", *(point for point in POINTS if point != "vibe.before_create"))
"""What may leave a report that nobody reads: one each."""
ENDED = ("fetched", "failed", "given_up", "abandoned")


async def test_killed_vibe(world: World, killed_at: str, seed: int, request: pytest.FixtureRequest) -> None:
    deaths = lives(killed_at, POINTS[killed_at], seed)
    wrong = await _violations(world, deaths, seed)
    assert not wrong, told(request, seed, wrong, world)


@pytest.mark.faults
@pytest.mark.parametrize(
    ("mutation", "deaths", "number", "says"),
    [
        ("acks_first", ("vibe.while_polling:2",), 1, "is created"),
        ("forgets_calls", (), LIMITED, "limit passed"),
    ],
    ids=["acks_first", "forgets_calls"],
)
async def test_a_bug_is_seen(
    world: World, mutation: str, deaths: tuple[str, ...], number: int, says: str
) -> None:
    """The check can fail: a look that is lost with its process; requests that no account remembers."""
    wrong = await _violations(world, deaths, number, mutation)
    assert any(says in violation for violation in wrong), wrong


async def _violations(world: World, deaths: Sequence[str], seed: int, mutation: str = "") -> list[str]:
    clock = FastClock(time.time(), SPEED)
    is_long = any(death.startswith("connector.between_batches") for death in deaths)
    plan = make_reports(seed, clock().date(), long=is_long)
    simulator = VibeSimulator(
        now=clock,
        content=plan.content,
        api_keys={KEY},
        oauth={KEY: SECRET},
        ready_after=plan.ready_after,
        hourly=plan.hourly,
        poll_seconds=POLL_SECONDS / 2,
        faults=plan.faults,
    )
    async with simulator.serving() as vibe:
        await _prepare(world, plan)
        settings = _settings(plan, vibe) | {VARIABLE: clock.said}
        await world.start([Launch("vibe", tuple(deaths), mutation, settings), Launch("loader")])
        first = await _morning(world, plan, plan.pulls)
        faults = Counter(str(fault.kind) for fault in vibe.faults if not fault.times)
        vibe.faults.clear()
        vibe.ready_after = 0
        there = _there(first, plan)
        wrong = [f"first morning: {what}" for what in _first_morning(first, plan, there, faults)]
        if mutation and wrong:
            return wrong
        plan.revision = 1
        again = plan.pull_again(window for window in plan.windows if window not in there)
        last = await _morning(world, plan, again)
    standing = {window: 0 if window in there and window not in plan.common else 1 for window in plan.windows}
    wrong += differences("fact", _standing(plan, standing), last.case.now.facts)
    asked = sum(windows for _, windows in [*plan.pulls, *again])
    wrong += _violations_of(last, plan, vibe, asked, Counter(deaths) + faults)
    if world.process("vibe-1").kills != len(deaths):
        wrong.append(f"it did not die at each of {deaths}: the experiment proves nothing")
    return wrong


@dataclass
class _Seen:
    """When everything is still."""

    case: Case
    requests: list[Any]
    codes: dict[tuple[Any, ...], list[str]]
    """Why runs failed, by client and the last day of their window."""


async def _morning(world: World, plan: Reports, pulls: Iterable[tuple[Message, int]]) -> _Seen:
    """Send these pulls, and wait until nothing moves."""
    messages = [message for message, _ in pulls]
    await send_all(world.bus.rabbitmq_url, Journal(), messages, plan.seed)
    await world.ready()
    await world.still()
    async with world.connected() as connection:
        now = await gather(connection)
        requests = await connection.fetch("SELECT * FROM vibe_report_requests ORDER BY requested_at, id")
        failed = await connection.fetch(
            "SELECT c.public_id, l.run_date, l.error_code FROM ingestion_logs l "
            "JOIN clients c ON c.id = l.client_id WHERE l.status = 'failed'"
        )
    codes: dict[tuple[Any, ...], list[str]] = {}
    for client, day, code in failed:
        codes.setdefault((client, day), []).append(code)
    case = Case(Plan(plan.seed, plan.clients), Journal(), now)
    case.dead, case.depths = await world.queues.dead_letters(), await world.queues.depths()
    case.working, case.files = world.queues.working, world.left_files()
    case.archived = await world.buckets.archived()
    case.ends = {process.name: process.own_ends for process in world.processes}
    return _Seen(case, list(requests), codes)


def _there(seen: _Seen, plan: Reports) -> list[Window]:
    """Windows with a run that was applied."""
    runs = seen.case.now.runs.values()
    came = {(run.client, run.day) for run in runs if run.status in APPLIED}
    return [window for window in plan.windows if _name(plan, window) in came]


def _first_morning(
    seen: _Seen, plan: Reports, there: Sequence[Window], faults: Counter[str]
) -> Iterator[str]:
    """Each window stands whole, or not at all and a run says why: only what Vibe did can be the reason."""
    yield from differences("fact", _standing(plan, dict.fromkeys(there, 0)), seen.case.now.facts)
    for window in plan.windows:
        if window not in there and not seen.codes.get(_name(plan, window)):
            yield f"{window} has neither rows nor a reason"
    told = Counter(code for codes in seen.codes.values() for code in codes)
    if plan.max_polls > 2 and told["report_not_ready"]:
        yield "a report was given up too early"
    ruined = told.total() - told["report_not_ready"]
    if ruined > sum(faults[kind] for kind in RUINOUS):
        yield f"{ruined} runs failed: {told}; Vibe did {dict(faults)}"
    yield from _unsettled(seen.requests)


def _violations_of(
    seen: _Seen, plan: Reports, vibe: VibeSimulator, asked: int, harm: Counter[str]
) -> Iterator[str]:
    """Beside the figures: reports, limits, and what is left behind. ``harm``: deaths and Vibe's faults."""
    yield from _unsettled(seen.requests)
    known = {row["report_id"] for row in seen.requests}
    unread = sorted(set(vibe.reports) - known)
    # Any death may hit the one request that is under way beside it; before a request there is none.
    may_cost = sum(times for what, times in harm.items() if what.startswith(COSTLY))
    if len(unread) > may_cost:
        yield f"reports that nobody reads: {unread}; {may_cost} crashes and lost answers may cost one each"
    if len(known) > asked:
        yield f"{len(known)} reports for {asked} windows that were asked for"
    if vibe.throttled:
        yield f"a limit passed {vibe.throttled} times ({plan.profile})"
    newest = {(row["client_id"], row["end_date"]): row["status"] for row in seen.requests}
    yield from (f"{key} ended as {status}" for key, status in newest.items() if status != "fetched")
    fetched = sum(row["status"] == "fetched" for row in seen.requests)
    read = sum(run.key is not None for run in seen.case.now.runs.values())
    if fetched != read:
        yield f"{fetched} reports were fetched, {read} runs have a file"
    for run_id, run in seen.case.now.runs.items():
        if run.status not in APPLIED | {"failed"}:
            yield f"run {run_id} is {run.status}"
    for ask in (
        numbers.runs_applied_once,
        leftovers.dead_letters_are_the_poison,
        leftovers.nothing_is_left_behind,
    ):
        yield from ask(seen.case)


def _unsettled(requests: Iterable[Any]) -> Iterator[str]:
    for row in requests:
        if row["status"] not in ENDED:
            yield f"report {row['report_id']} of {row['end_date']} is {row['status']}: {row['note']}"


def _standing(plan: Reports, windows: Mapping[Window, int]) -> dict[model.Fact, model.Values]:
    """``windows``: each with the revision of its figures."""
    return model.standing(plan.as_run(window, revision) for window, revision in windows.items())


def _name(plan: Reports, window: Window) -> tuple[Any, ...]:
    return plan.clients[window.client], window.end


async def _prepare(world: World, plan: Reports) -> None:
    await world.buckets.create(versioned=False)
    async with world.connected() as connection:
        for number, client in enumerate(plan.clients):
            await connection.execute(
                "WITH c AS (INSERT INTO clients (public_id, name) VALUES ($1, $2) RETURNING id) "
                "INSERT INTO source_settings (client_id, source, enabled, advertiser_id) "
                "SELECT id, 'vibe', true, $3 FROM c",
                client,
                f"Client {number}",
                plan.advertiser(number),
            )


def _settings(plan: Reports, vibe: VibeSimulator) -> dict[str, str]:
    credentials = {
        "public": {"VIBE_CLIENT_ID": KEY, "VIBE_CLIENT_SECRET": SECRET},
        "legacy": {"VIBE_PROFILE": "legacy", "VIBE_API_KEY": KEY},
        "std": {"VIBE_PROFILE": "std", "VIBE_API_KEY": KEY},
    }
    return {
        **credentials[plan.profile],
        "VIBE_API_BASE_URL": vibe.url,
        "VIBE_DOWNLOAD_HOSTS": vibe.host,
        "VIBE_RATE_LIMIT": str(plan.hourly),
        "VIBE_POLL_SECONDS": str(POLL_SECONDS),
        "VIBE_MAX_POLLS": str(plan.max_polls),
    }
