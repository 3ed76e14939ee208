"""Pulls: a wide one is split into one message per client and day; a narrow one is carried out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import structlog

from contracts.ingest.v1 import PullRequested
from libs.bus import outbox
from libs.connector import runs
from libs.connector.account import Client, RunRefused
from libs.connector.clients import client_named, pulled_clients
from libs.connector.identity import delivery_of, run_id_without_delivery
from libs.connector.runs import Run
from libs.db.engine import transaction
from libs.errors import Terminal
from libs.storage import ObjectMissing
from services.connectors.surfside import rules, store
from services.connectors.surfside.handlers import deliveries
from services.connectors.surfside.handlers.deliveries import SOURCE, Desk

log = structlog.get_logger()
KEY = "pull.requested.surfside"


async def pull(desk: Desk, message: PullRequested) -> None:
    """Carry out a pull, or split it."""
    if message.client_id is None:
        await _ask(desk, await _per_client(desk, message))
        return
    async with transaction(desk.engine) as connection:
        client = await client_named(connection, SOURCE, message.client_id)
    if not client.pulled:
        _not_pulled(client, message)
    elif message.start_date is None or message.end_date is None:
        days = await _days_to_look_at(desk, client, message.generation)
        await _ask(desk, _per_day(message, days))
    elif message.start_date < message.end_date:
        await _ask(desk, _per_day(message, rules.days_between(message.start_date, message.end_date)))
    else:
        await _pull_day(desk, client, message, message.start_date)


def _not_pulled(client: Client, message: PullRequested) -> None:
    if message.looks:  # it was, when the look was put off
        log.info("no longer pulled", client=str(client.public_id))
        return
    raise Terminal(f"Client {client.name} ({client.public_id}) is disabled, or not enabled for {SOURCE}")


async def _ask(desk: Desk, messages: Iterable[PullRequested]) -> None:
    async with transaction(desk.engine) as connection:
        for message in messages:
            await outbox.put(connection, SOURCE, KEY, message)


async def _per_client(desk: Desk, message: PullRequested) -> list[PullRequested]:
    if message.start_date and message.end_date:
        rules.days_between(message.start_date, message.end_date)  # refused here once, not once per client
    async with transaction(desk.engine) as connection:
        clients = await pulled_clients(connection, SOURCE)
    return [message.model_copy(update={"client_id": client.public_id}) for client in clients]


def _per_day(message: PullRequested, days: Iterable[date]) -> list[PullRequested]:
    return [message.model_copy(update={"start_date": day, "end_date": day}) for day in days]


async def _days_to_look_at(desk: Desk, client: Client, generation: int) -> list[date]:
    """Yesterday, and the days of the settling window whose delivery no run knows."""
    yesterday = client.yesterday(desk.now())
    window = rules.settling_window(yesterday, client.settings.settling_days)
    try:
        with deliveries.refusals():
            found = await desk.reports.find(client, window)
    except RunRefused:
        return [yesterday]  # whose own pull meets the same and reports it
    expected = {
        day: deliveries.identity(
            client, delivery_of(rules.choose(objects, client.settings.parts).taken), str(generation)
        )
        for day, objects in found.items()
    }
    async with transaction(desk.engine) as connection:
        settled = await store.settled_runs(connection, client.id, expected.values())
    return [day for day in window if day == yesterday or (day in expected and expected[day] not in settled)]


async def _pull_day(desk: Desk, client: Client, message: PullRequested, day: date) -> None:
    if day > client.today(desk.now()):
        raise Terminal(f"{day} has not begun yet for client {client.name} ({client.timezone})")
    try:
        choice = await deliveries.find(desk, client, day)
        if choice.taken:
            await deliveries.load(desk, client, day, choice, message.generation)
            return
    except ObjectMissing:
        log.info("deleted between being found and being read", client=str(client.public_id), day=str(day))
    except RunRefused as error:
        # The day's run, not the delivery's: when the cause is gone, the delivery is read as if new.
        run = _run_without_delivery(client, message, day, error.code)
        await desk.ingestion.fail(run, error.code, str(error))
        await _look_again(desk, client, message, day)
        return
    if not await _look_again(desk, client, message, day):
        await _missing(desk, client, message, day)


async def _look_again(desk: Desk, client: Client, message: PullRequested, day: date) -> bool:
    """Put the pull off for an hour, unless the file is due."""
    if desk.now() >= rules.due_at(day, client.settings.due_by):
        return False
    again = message.model_copy(update={"looks": message.looks + 1})
    async with transaction(desk.engine) as connection:
        await outbox.put(connection, SOURCE, KEY, again, delay_seconds=rules.LOOK_AGAIN_SECONDS)
    return True


async def _missing(desk: Desk, client: Client, message: PullRequested, day: date) -> None:
    """The file should be there and is not: a run says so, which is told once."""
    location = rules.location_of(client, desk.reports.defaults)
    expected = location.on(day, client).text
    due = rules.due_at(day, client.settings.due_by)
    sentence = f"No file {expected} in bucket {location.bucket} by {due:%Y-%m-%d %H:%M} UTC"
    run = _run_without_delivery(client, message, day, "missing_file")
    async with transaction(desk.engine) as connection:
        await runs.missing(connection, run, location.bucket, expected, sentence)


def _run_without_delivery(client: Client, message: PullRequested, day: date, kind: str) -> Run:
    return Run(
        run_id=run_id_without_delivery(SOURCE, client.public_id, day, kind, message.generation),
        client=client,
        source=SOURCE,
        run_date=day,
        delivered_at=None,
        generation=message.generation,
    )
