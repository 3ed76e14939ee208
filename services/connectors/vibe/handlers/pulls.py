"""Pulls: a wide one is split into one message per client and window; a narrow one becomes one report."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import structlog

from contracts.ingest.v1 import PullRequested
from libs.connector.account import Client
from libs.connector.clients import client_named, pulled_clients
from libs.db.engine import transaction
from libs.errors import Terminal
from services.connectors.vibe.handlers import asking
from services.connectors.vibe.handlers.desk import PULL, SOURCE, Desk, announce
from services.connectors.vibe.rules.windows import Window, check_days, usual_window, windows_of

log = structlog.get_logger()


async def pull(desk: Desk, message: PullRequested) -> None:
    """Carry out a pull, or split it."""
    if message.client_id is None:
        await announce(desk, PULL, await _per_client(desk, message))
        return
    async with transaction(desk.engine) as connection:
        client = await client_named(connection, SOURCE, message.client_id)
    if not client.pulled:
        _not_pulled(client, message)
        return
    windows = _windows(desk, client, message)
    if len(windows) > 1 or message.start_date is None:
        await announce(desk, PULL, _per_window(message, windows))
    else:
        await asking.ask(desk, client, message, windows[0])


def _windows(desk: Desk, client: Client, message: PullRequested) -> list[Window]:
    if message.start_date is None or message.end_date is None:
        return [usual_window(client.yesterday(desk.now()), client.settings.settling_days)]
    if message.looks:  # it was checked; what waited beyond midnight is still asked for
        return [Window(message.start_date, message.end_date)]
    return windows_of(message.start_date, message.end_date, client.today(desk.now()))


def _not_pulled(client: Client, message: PullRequested) -> None:
    if message.looks:  # it was, when the report was put off
        log.info("no longer pulled", client=str(client.public_id))
        return
    raise Terminal(f"Client {client.name} ({client.public_id}) is disabled, or not enabled for {SOURCE}")


async def _per_client(desk: Desk, message: PullRequested) -> list[PullRequested]:
    if message.start_date and message.end_date:
        # Refused here once and not once per client, where it is right in no time zone.
        days = [(desk.now() + timedelta(hours=hours)).date() for hours in (-12, 14)]
        check_days(message.start_date, message.end_date, *days)
    async with transaction(desk.engine) as connection:
        clients = await pulled_clients(connection, SOURCE)
    return [message.model_copy(update={"client_id": client.public_id}) for client in clients]


def _per_window(message: PullRequested, windows: Iterable[Window]) -> list[PullRequested]:
    return [
        message.model_copy(update={"start_date": window.start, "end_date": window.end}) for window in windows
    ]
