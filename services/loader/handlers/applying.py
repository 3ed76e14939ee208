"""The transaction of a merge: date by date, then the run's own end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import reduce

import polars as pl
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.load.v1 import RunLoaded
from contracts.load.v1 import Totals as EventTotals
from libs.bus import outbox
from libs.metrics.rows import packed
from services.loader.frames import empty_rows
from services.loader.frames.runs import NOTHING, Change, Totals
from services.loader.handlers import endings
from services.loader.handlers.planning import Merge, Plan, Work, compared, planned
from services.loader.rules import Head, priced, refuse_too_large, status_of
from services.loader.store import displaced, facts, ledger, removal, runs, slices, staging
from services.loader.store.runs import Outcome, Run


async def apply_run(connection: AsyncConnection, merge: Merge) -> bool:
    """Write the run's rows, heads, ledger, displaced rows, rates, end and announcement.

    False, and nothing more is written, where a beginning of the run is that should not be.
    """
    run, client = merge.run, merge.client
    plan = await planned(connection, merge)
    if merge.rest and merge.rest.begun & (plan.superseded | plan.unchanged):
        return False
    share = await runs.shrink_share(connection, client.id, run.source)
    work = {day: await compared(connection, plan, run, day) for day in plan.open_dates}
    existing = sum(done.change.changed.height for done in work.values())
    shrinking = [day for day in work if day in plan.covered and work[day].shrinks(share)]
    is_refused = run.end is not None and run.end.on_existing == "reject" and existing > 0
    is_held = bool(shrinking) and not run.allow_shrink
    if merge.rest and (is_refused or is_held):
        return False
    if is_refused:
        await endings.fail_here(connection, client, run, "DUPLICATES", f"{existing} rows exist already")
    elif is_held:
        await endings.hold(connection, client, run, shrinking)
    else:
        await _write(connection, merge, plan, work)
    return True


async def _write(connection: AsyncConnection, merge: Merge, plan: Plan, work: Mapping[date, Work]) -> None:
    run = merge.run
    changed = [day for day in work if not work[day].change.is_empty]
    cpms = await ledger.price_days(connection, run.client_id, run.source, changed, merge.default_cpm)
    await facts.add_rows(connection, run.client_id, _fresh_rows(merge, plan, work))
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


def _fresh_rows(merge: Merge, plan: Plan, work: Mapping[date, Work]) -> pl.DataFrame:
    """New rows of days on which the client had none, in one piece: they are COPYed at once."""
    if merge.rest:
        fresh = [day for day in work if day not in plan.standing]
        return merge.rest.rows.filter(pl.col("date").is_in(fresh))
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
