"""Days of a client: which to look at, what is loaded for one, when it is late. Pulls are the kit's."""

from __future__ import annotations

from datetime import date, datetime

from contracts.settling import SETTLING_DAYS
from libs.connector import runs
from libs.connector.account import Client, RunRefused
from libs.connector.days import settling_window
from libs.connector.identity import delivery_of
from libs.connector.pulls import DailyPulls, Expected
from libs.db.engine import transaction
from services.connectors.surfside import rules
from services.connectors.surfside.handlers import deliveries
from services.connectors.surfside.handlers.deliveries import SOURCE, Desk


class Days:
    """Surfside as libs.connector.pulls.DailySource."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def days_to_look_at(self, client: Client, generation: int) -> list[date]:
        """Yesterday, and the days of the settling window whose delivery no run knows."""
        desk = self._desk
        yesterday, own = client.yesterday(desk.now()), client.settings.settling_days
        window = settling_window(yesterday, SETTLING_DAYS[SOURCE] if own is None else own)
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
            settled = await runs.settled(connection, client.id, expected.values())
        news = {day for day, run_id in expected.items() if run_id not in settled}
        return [day for day in window if day == yesterday or day in news]

    async def load(self, client: Client, day: date, generation: int) -> bool:
        """Fetch and ingest what there is for a day; False when there is nothing."""
        choice = await deliveries.find(self._desk, client, day)
        if choice.taken:
            await deliveries.load(self._desk, client, day, choice, generation)
        return bool(choice.taken)

    def due(self, client: Client, day: date) -> datetime:
        """The next morning, US Eastern time."""
        return rules.due_at(day, client.settings.due_by)

    def expected(self, client: Client, day: date) -> Expected:
        """The bucket and the key, which may be a pattern."""
        location = rules.location_of(client, self._desk.reports.defaults)
        return Expected(location.bucket, location.on(day, client).text, "in bucket")


def pulls_of(desk: Desk) -> DailyPulls:
    """What carries out this service's pulls."""
    return DailyPulls(SOURCE, desk.engine, desk.ingestion, Days(desk), desk.now)
