"""The transaction of a merge: date by date, then the run's own end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import reduce

import polars as pl
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.load.v1 import RunLoaded
from contracts.load.v1 import Totals as EventTotals
from libs.bus import outbox
from libs.metrics.rows import by_date, packed
from services.loader.frames import empty_rows
from services.loader.frames.runs import NOTHING, Change, Totals, digest, replacing, totals, upserting
from services.loader.handlers import endings
from services.loader.rules import (
    Head,
    Order,
    newer_runs,
    priced,
    refuse_too_large,
    shrinks,
    status_of,
    superseded_dates,
)
from services.loader.store import displaced, facts, hierarchy, ledger, removal, runs, slices, staging
from services.loader.store.runs import Client, Outcome, Run
from services.loader.store.slices import Slice


@dataclass(frozen=True)
class Merge:
    """A run, decoded and ready."""

    client: Client
    run: Run
    rows: pl.DataFrame
    merged: int
    default_cpm: Decimal | None = None
    """For days without a rate."""


@dataclass
class Plan:
    """What the run will do to each date; made under the lock, written after the decision to."""

    slice: Slice
    covered: list[date]
    days: dict[date, pl.DataFrame]
    heads: dict[date, Head]
    superseded: set[date]
    standing: set[date]
    """Dates on which the client has rows."""
    digests: dict[date, str] = field(default_factory=dict)
    unchanged: set[date] = field(default_factory=set)

    @property
    def open_dates(self) -> list[date]:
        """Dates whose rows have to be looked at."""
        return [day for day in sorted(self.days) if day not in self.superseded | self.unchanged]


@dataclass(frozen=True)
class Work:
    """What the run does to a date, and the sums before and after."""

    change: Change
    before: Totals
    after: Totals

    def shrinks(self, share: Decimal) -> bool:
        """Whether it takes away more than the allowed share of what stands."""
        return shrinks(self.before, totals(self.change.removed), self.after, share)


async def apply_run(connection: AsyncConnection, merge: Merge) -> None:
    """Write the run's rows, heads, ledger, displaced rows, rates, end and announcement."""
    run, client = merge.run, merge.client
    plan = await _plan(connection, merge)
    share = await runs.shrink_share(connection, client.id, run.source)
    work = {day: await _compare(connection, plan, run, day) for day in plan.open_dates}
    existing = sum(done.change.changed.height for done in work.values())
    shrinking = [day for day in work if day in plan.covered and work[day].shrinks(share)]
    if run.end and run.end.on_existing == "reject" and existing:
        await endings.fail_here(connection, client, run, "DUPLICATES", f"{existing} rows exist already")
        return
    if shrinking and not run.allow_shrink:
        await endings.hold(connection, client, run, shrinking)
        return
    await _write(connection, merge, plan, work)


async def _plan(connection: AsyncConnection, merge: Merge) -> Plan:
    run = merge.run
    covered = sorted(set(run.end.coverage)) if run.end else []
    days = dict.fromkeys(covered, empty_rows()) | by_date(merge.rows)
    slice_ = Slice(run.client_id, run.source, run.account)
    heads = await slices.heads(connection, slice_, days)
    plan = Plan(
        slice=slice_,
        covered=covered,
        days=days,
        heads=heads,
        superseded=superseded_dates(days, heads, run.order),
        standing=await facts.dates_with_rows(connection, run.client_id, days),
    )
    if plan.standing:
        creatives = await hierarchy.creatives_of(connection, run.client_id, run.source, run.account)
        plan.slice = Slice(run.client_id, run.source, run.account, creatives)
    for day in set(covered) - plan.superseded:
        plan.digests[day] = digest(days[day])
        if day in heads and heads[day].digest == plan.digests[day]:
            plan.unchanged.add(day)
    return plan


async def _compare(connection: AsyncConnection, plan: Plan, run: Run, day: date) -> Work:
    """Read what stands for a date, and compare."""
    standing, orders = empty_rows(), dict[int, Order]()
    if day in plan.standing:
        standing = await facts.standing_rows(connection, plan.slice, day)
        orders = await slices.orders(connection, run.client_id, standing["run_no"].unique().to_list())
    kind = replacing if day in plan.covered else upserting
    change = kind(standing, plan.days[day], newer_runs(orders, run.order))
    return Work(change, totals(standing), totals(change.after))


async def _write(connection: AsyncConnection, merge: Merge, plan: Plan, work: Mapping[date, Work]) -> None:
    run = merge.run
    changed = [day for day in work if not work[day].change.is_empty]
    cpms = await ledger.price_days(connection, run.client_id, run.source, changed, merge.default_cpm)
    await facts.add_rows(connection, run.client_id, _fresh_rows(plan, work))
    for day, done in work.items():
        if day in plan.standing:
            await facts.write_change(connection, plan.slice, day, done.change)
        if day in changed:
            refuse_too_large(day, done.after.sums, cpms[day])
            before, after = priced(done.before, cpms[day]), priced(done.after, cpms[day])
            await ledger.write(
                connection, plan.slice, day, kind="load", run_no=run.run_no, before=before, after=after
            )
        await _move_head(connection, plan, run, day, done.change)
    for day in plan.unchanged:
        await _move_head(connection, plan, run, day, None)
    await _note_superseded(connection, plan, run)
    if any(done.change.removed.height for done in work.values()):
        await removal.clean_later(connection, run.client_id)
    await _end(connection, merge, plan, {day: work[day] for day in changed}, cpms)


def _fresh_rows(plan: Plan, work: Mapping[date, Work]) -> pl.DataFrame:
    """New rows of days on which the client had none, in one piece: they are COPYed at once."""
    return pl.concat([empty_rows(), *(work[day].change.added for day in work if day not in plan.standing)])


async def _move_head(
    connection: AsyncConnection, plan: Plan, run: Run, day: date, change: Change | None
) -> None:
    """The run stands for a covered date from now on; what it displaced is kept for undo."""
    head = plan.heads.get(day)
    kept = packed(change.displaced) if change is not None and change.displaced.height else None
    if change is None or day in plan.covered or not change.is_empty:
        await displaced.keep(
            connection,
            plan.slice,
            run.run_no,
            day,
            rows=kept,
            head_before=None if head is None else head.as_json(),
        )
    if day in plan.covered:
        mixed = change is not None and change.mixed
        new_head = Head(run.order, None if mixed else plan.digests[day])
        await slices.put_head(connection, plan.slice, day, new_head)
    elif head is not None:
        await slices.put_head(connection, plan.slice, day, Head(head.order, None))
    elif not plan.covered and change is not None and not change.is_empty:
        await slices.put_part(connection, plan.slice, day, run.order)


async def _note_superseded(connection: AsyncConnection, plan: Plan, run: Run) -> None:
    latest = await ledger.latest_totals(connection, run.client_id, run.source, plan.superseded)
    stands = {day: kept for day, account, kept in latest if account == run.account}
    for day in sorted(plan.superseded):
        kept = stands.get(day, {})
        await ledger.write(
            connection, plan.slice, day, kind="superseded", run_no=run.run_no, before=kept, after=kept
        )


async def _end(
    connection: AsyncConnection,
    merge: Merge,
    plan: Plan,
    changed: Mapping[date, Work],
    cpms: Mapping[date, Decimal | None],
) -> None:
    run, client = merge.run, merge.client
    rejected = run.end.rows_rejected if run.end else 0
    status = status_of(dates=plan.days, superseded=plan.superseded, changed=changed, rejected=rejected)
    loaded = sum(plan.days[day].height for day in plan.days if day not in plan.superseded)
    unpriced = sum(plan.days[day].height for day in changed if cpms[day] is None)
    outcome = Outcome(status, loaded, merge.merged, unpriced, warnings=_warnings(plan, unpriced))
    await runs.end_run(connection, run, outcome)
    await staging.clear_staging(connection, client.id, run.run_id)
    event = RunLoaded(
        client_id=client.public_id,
        run_id=run.run_id,
        source=run.source,
        status=status,
        run_date=run.run_date,
        dates=sorted(changed),
        rows_loaded=loaded,
        rows_rejected=rejected,
        before=_event_totals(done.before for done in changed.values()),
        after=_event_totals(done.after for done in changed.values()),
    )
    await outbox.put(connection, "loader", "run.loaded", event)


def _event_totals(parts: Iterable[Totals]) -> EventTotals:
    return EventTotals.model_validate(reduce(Totals.plus, parts, NOTHING).as_json())


def _warnings(plan: Plan, unpriced: int) -> tuple[dict[str, object], ...]:
    others = sorted(set(plan.days) - set(plan.covered)) if plan.covered else []
    found = (
        ("OTHER_DATES", "rows of other dates were upserted", "dates", [str(day) for day in others]),
        ("SUPERSEDED", "a later delivery stands", "dates", [str(day) for day in sorted(plan.superseded)]),
        ("UNPRICED", "no CPM is in force: these rows have no spend yet", "rows", unpriced),
    )
    return tuple({"code": code, "message": said, name: value} for code, said, name, value in found if value)
