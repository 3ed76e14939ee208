"""Monitors: of a run's rows when it is loaded, of a day's volume when it is summed up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.load.v1 import RunLoaded
from contracts.summarise.v1 import SummariesUpdated
from services.notifier import store
from services.notifier.handlers.keeping import keep_update, tell
from services.notifier.rules import alarms, quality
from services.notifier.rules.alarms import LINES_DUPLICATE, ROWS_REJECTED, Limits
from services.notifier.rules.quality import Volume
from services.notifier.store import Delivered
from services.notifier.store import quality as figures


async def look_at_run(connection: AsyncConnection, event: RunLoaded, limits: Limits) -> None:
    """Settle what was open about the delivery; warn of many rejected or repeated rows."""
    of = Delivered(event.client_id, event.source, event.run_date, event.run_id, loaded=event.run_id)
    await store.settle(connection, of)
    counts = await figures.run_counts(connection, event.client_id, event.run_id)
    if counts is None or event.status not in ("loaded", "partial"):
        return
    client = await store.client_name(connection, event.client_id)
    for kind, note in (
        (ROWS_REJECTED, alarms.many_rejected(event, counts, client, limits)),
        (LINES_DUPLICATE, alarms.many_duplicates(event, counts, client, limits)),
    ):
        if note is not None:
            await tell(connection, note, limits)
        else:
            key = alarms.key_of_day(kind, event)
            await store.resolve_by_run(connection, key, event.client_id, event.run_id)


async def look_at_days(
    connection: AsyncConnection, event: SummariesUpdated, today: date, limits: Limits
) -> None:
    """Say how new the numbers are; warn of days whose volume is unusual or that copy another one."""
    await keep_update(connection, event)
    days = quality.worth_a_look(event.dates, today)
    if not days:
        return
    first, last = quality.days_needed(days)
    volumes = await figures.volumes(connection, event.client_id, first, last)
    client = await store.client_name(connection, event.client_id)
    for source, of_source in sorted(volumes.items()):  # two at a time lock in one order
        for day in days:
            await _judge_day(connection, event, client, source, day, of_source, limits)
    await _look_for_copies(connection, event, client, days, volumes, limits)


async def _judge_day(
    connection: AsyncConnection,
    event: SummariesUpdated,
    client: str,
    source: str,
    day: date,
    volumes: Mapping[date, Volume],
    limits: Limits,
) -> None:
    verdict, found = quality.judge(day, volumes)
    if verdict == "unusual":
        note = alarms.unusual_volume(event.client_id, client, source, day, found)
        await tell(connection, note, limits)
    elif verdict == "usual":
        await store.resolve(connection, alarms.volume_key(event.client_id, source, day))


async def _look_for_copies(
    connection: AsyncConnection,
    event: SummariesUpdated,
    client: str,
    days: Sequence[date],
    volumes: Mapping[str, Mapping[date, Volume]],
    limits: Limits,
) -> None:
    found = {
        (copy.source, copy.day): copy for copy in await figures.copies(connection, event.client_id, days)
    }
    for copy in found.values():
        volume = volumes.get(copy.source, {}).get(copy.day)
        if volume is not None and volume.impressions >= quality.SMALLEST["impressions"]:
            note = alarms.copied_day(event.client_id, client, volume=volume, copy=copy)
            await tell(connection, note, limits)
    for source in volumes:
        for day in days:
            if (source, day) not in found:
                await store.resolve(connection, alarms.copy_key(event.client_id, source, day))
