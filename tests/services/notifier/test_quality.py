"""Monitors of quality: pure rules, then on the real tables."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from contracts.load.v1 import RunLoaded
from contracts.summarise.v1 import SummariesUpdated
from deploy.demo.world import demo_days, demo_world
from libs.db.engine import transaction
from services.notifier.handlers.quality import look_at_days, look_at_run
from services.notifier.rules.quality import Volume, judge, worth_a_look
from tests.services.notifier.desk import DAY, Desk

WEEK, ONE = timedelta(days=7), timedelta(days=1)
TODAY = DAY + 2 * ONE


def history(weeks: int = 8, *, rows: int = 500, impressions: int = 100_000) -> dict[date, Volume]:
    """Every day of so many weeks before DAY, within some percent of these figures."""
    chance = random.Random(weeks)
    return {
        DAY - back * ONE: Volume(
            round(rows * chance.uniform(0.95, 1.05)), round(impressions * chance.uniform(0.9, 1.1))
        )
        for back in range(1, weeks * 7 + 8)
    }


@pytest.mark.parametrize(
    ("volume", "verdict", "names"),
    [
        (Volume(500, 100_000), "usual", []),
        (Volume(400, 70_000), "usual", []),
        (Volume(900, 180_000), "usual", []),
        (Volume(500, 30_000), "unusual", ["impressions"]),
        (Volume(100, 100_000), "unusual", ["rows"]),
        (Volume(2000, 900_000), "unusual", ["rows", "impressions"]),
        (Volume(0, 0), "unusual", ["rows", "impressions"]),
    ],
)
def test_a_day_far_from_its_weekday_is_unusual(volume: Volume, verdict: str, names: list[str]) -> None:
    found = judge(DAY, {**history(), DAY: volume})
    assert (found[0], [figure.name for figure in found[1]]) == (verdict, names)


def test_the_numbers_are_told() -> None:
    ((figure,),) = [judge(DAY, {**history(), DAY: Volume(500, 30_000)})[1]]
    assert str(figure).startswith("30,000 impressions, usually ")
    assert "on the last 8 of that weekday" in str(figure)
    assert 90_000 <= figure.lowest <= figure.usual <= figure.highest <= 110_000


@pytest.mark.parametrize("weeks", [0, 1, 3])
def test_a_new_client_is_left_alone(weeks: int) -> None:
    days = {day: volume for day, volume in history().items() if day >= DAY - weeks * WEEK}
    assert judge(DAY, {**days, DAY: Volume(1, 1)}) == ("unknown", [])


def test_four_weeks_are_enough_and_gaps_do_not_matter() -> None:
    days = {day: volume for day, volume in history().items() if (DAY - day).days not in (7, 14, 28, 35)}
    assert judge(DAY, {**days, DAY: Volume(500, 100)})[0] == "unusual"


def test_a_day_that_is_not_there_is_not_judged() -> None:
    assert judge(DAY, history()) == ("unknown", [])


def test_small_figures_may_jump() -> None:
    days = history(rows=5, impressions=200)
    assert judge(DAY, {**days, DAY: Volume(1, 3)})[0] == "usual"


def test_a_weekly_rhythm_is_usual() -> None:
    days = {day: Volume(500, 10_000 if day.isoweekday() > 5 else 100_000) for day in [*history(), DAY]}
    assert all(judge(day, days)[0] != "unusual" for day in days)


def test_one_odd_day_in_the_past_changes_nothing() -> None:
    days = history() | {DAY - WEEK: Volume(9000, 9_000_000)}
    assert judge(DAY, {**days, DAY: Volume(500, 100_000)})[0] == "usual"
    assert judge(DAY, {**days, DAY: Volume(500, 30_000)})[0] == "unusual"


def test_a_noisy_source_needs_more() -> None:
    days = history()
    for week in range(1, 9):
        days[DAY - week * WEEK] = Volume(500, 100_000 if week % 2 else 20_000)
    assert judge(DAY, {**days, DAY: Volume(500, 10_000)})[0] == "usual"


def test_a_new_level_is_told_on_its_first_day() -> None:
    days = history() | {DAY: Volume(500, 10_000), DAY + ONE: Volume(500, 11_000)}
    assert judge(DAY, days)[0] == "unusual"
    assert judge(DAY + ONE, days)[0] == "continues"
    up_again = days | {DAY + ONE: Volume(500, 900_000)}
    assert judge(DAY + ONE, up_again)[0] == "unusual"


def test_only_days_that_are_over_and_recent_are_looked_at() -> None:
    days = [TODAY, TODAY - ONE, TODAY - 35 * ONE, TODAY - 36 * ONE, TODAY + ONE]
    assert worth_a_look(days, TODAY) == [TODAY - 35 * ONE, TODAY - ONE]


def test_the_demo_raises_no_alarm() -> None:
    world = demo_world(demo_days())
    judged = 0
    for client in world.clients:
        volumes = {day: Volume(100, int(world.totals(client, day).impressions or 0)) for day in world.days}
        for day in world.days:
            verdict, found = judge(day, volumes)
            judged += verdict != "unknown"
            assert verdict in ("usual", "unknown"), (client.name, day, [str(figure) for figure in found])
    assert judged > 60


# --- on the tables


class Data:
    """Rollups, heads and runs of the desk's client."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def fill(self, volumes: Mapping[date, Volume], source: str = "surfside") -> None:
        """Put these days' sums into the rollups."""
        await self.desk.owner.executemany(
            "INSERT INTO rollups (client_id, date, campaign_id, source, rows, impressions) "
            "SELECT id, $2, $5, $6, $3, $4 FROM clients WHERE public_id = $1 "
            "ON CONFLICT (client_id, date, campaign_id) "
            "DO UPDATE SET rows = excluded.rows, impressions = excluded.impressions",
            [
                (
                    self.desk.client,
                    day,
                    volume.rows,
                    volume.impressions,
                    1 if source == "surfside" else 2,
                    source,
                )
                for day, volume in volumes.items()
            ],
        )

    async def head(self, day: date, digest: str | None, account: str = "") -> None:
        """What stands for a day."""
        await self.desk.owner.execute(
            "INSERT INTO slice_head (client_id, source, account, date, delivered_at, run_no, digest) "
            "SELECT id, 'surfside', $3, $2, now(), 1, $4 FROM clients WHERE public_id = $1 "
            "ON CONFLICT (client_id, source, account, date) DO UPDATE SET digest = excluded.digest",
            self.desk.client,
            day,
            account,
            digest,
        )

    async def summed(self, *days: date, version: int = 1) -> None:
        """The aggregator says so."""
        event = SummariesUpdated(client_id=self.desk.client, data_version=version, dates=list(days))
        async with transaction(self.desk.engine) as connection:
            await look_at_days(connection, event, TODAY, self.desk.limits)

    async def loaded(self, run: UUID, rejected: int = 0) -> None:
        """The loader says so."""
        event = RunLoaded(
            client_id=self.desk.client,
            run_id=run,
            source="surfside",
            status="partial" if rejected else "loaded",
            run_date=DAY,
            rows_rejected=rejected,
        )
        async with transaction(self.desk.engine) as connection:
            await look_at_run(connection, event, self.desk.limits)

    async def run(self, hours: int = 0, *, rejected: int = 0, duplicates: int = 0) -> UUID:
        """A run of 1000 rows."""
        run = await self.desk.run("partial" if rejected else "loaded", hours)
        warnings = [{"code": "duplicate_lines", "message": "m", "count": duplicates}] if duplicates else []
        await self.desk.owner.execute(
            "UPDATE ingestion_logs SET rows_read = 1000, rows_rejected = $2, warnings = $3 WHERE run_id = $1",
            run,
            rejected,
            json.dumps([{"code": "reading", "message": "m"}, *warnings]),
        )
        await self.desk.owner.executemany(
            "INSERT INTO rejected_rows (client_id, run_id, row_number, raw, reasons) "
            "SELECT id, $2, $3, '[]', $4 FROM clients WHERE public_id = $1",
            [
                (self.desk.client, run, row, ["date is in the future"] + ["no name"] * (row % 2))
                for row in range(rejected)
            ],
        )
        return run

    async def alarms(self, kind: str) -> list[dict[str, object]]:
        return [row for row in await self.desk.rows() if row["kind"] == kind]


@pytest.fixture
def data(desk: Desk) -> Data:
    return Data(desk)


async def test_an_unusual_day_is_told_once_with_its_numbers_and_settled(data: Data) -> None:
    await data.fill(history() | {DAY: Volume(500, 30_000)})
    for version in (1, 2, 3):
        await data.summed(DAY, version=version)
    (alarm,) = await data.alarms("volume.unusual")
    assert (alarm["severity"], alarm["times"], alarm["resolved_at"]) == ("warning", 1, None)
    assert str(alarm["message"]).startswith(
        "Acme: surfside of Thursday 2026-10-01 is unusual: 30,000 impressions"
    )
    assert alarm["dedupe_key"] == f"volume.unusual:{data.desk.client}:surfside:2026-10-01"
    assert [mail["kind"] for mail in await data.desk.mails()] == ["volume.unusual"]
    await data.fill({DAY: Volume(500, 99_000)})
    await data.summed(DAY, version=4)
    (alarm,) = await data.alarms("volume.unusual")
    assert alarm["resolved_at"] is not None


async def test_an_acknowledged_day_stays_so_when_only_prices_change(data: Data) -> None:
    await data.fill(history() | {DAY: Volume(500, 30_000)})
    await data.summed(DAY)
    await data.desk.owner.execute("UPDATE notifications SET acknowledged_at = now()")
    await data.summed(DAY, version=2)
    (alarm,) = await data.alarms("volume.unusual")
    assert alarm["acknowledged_at"] is not None


async def test_sources_are_judged_apart_and_other_clients_do_not_count(data: Data) -> None:
    await data.fill(history() | {DAY: Volume(500, 100_000)})
    await data.fill(history() | {DAY: Volume(500, 10)}, source="vibe")
    mine, data.desk.client = data.desk.client, await data.desk.add_client("Zenith")
    await data.fill({day: Volume(1, 7_000_000) for day in history()})
    data.desk.client = mine
    await data.summed(DAY)
    (alarm,) = await data.alarms("volume.unusual")
    assert "Acme: vibe of" in str(alarm["message"])


async def test_a_backfill_of_old_days_is_no_news(data: Data) -> None:
    old = DAY - 100 * ONE
    shifted = {day - 100 * ONE: volume for day, volume in history().items()}
    await data.fill(shifted | {old: Volume(500, 10)})
    await data.summed(old)
    assert await data.alarms("volume.unusual") == []


async def test_a_copied_day_is_told_with_the_other_day(data: Data) -> None:
    await data.fill({DAY: Volume(40, 5000), DAY - ONE: Volume(40, 5000)})
    await data.head(DAY - ONE, "same")
    await data.head(DAY, "same")
    await data.summed(DAY)
    await data.summed(DAY - ONE, version=2)
    (alarm,) = await data.alarms("day.copied")
    assert alarm["message"] == (
        "Acme: surfside of 2026-10-01 has exactly the figures of 2026-09-30, row by row "
        "(40 rows, 5,000 impressions)"
    )
    assert alarm["times"] == 1
    await data.head(DAY, "other")
    await data.summed(DAY, version=3)
    (alarm,) = await data.alarms("day.copied")
    assert alarm["resolved_at"] is not None


async def test_what_is_no_copy(data: Data) -> None:
    await data.fill({DAY - back * ONE: Volume(40, 5000) for back in range(4)})
    await data.fill({DAY - 4 * ONE: Volume(0, 0), DAY - 5 * ONE: Volume(0, 0)})
    await data.head(DAY, None)
    await data.head(DAY - ONE, None)
    await data.head(DAY - 2 * ONE, "x", account="a")
    await data.head(DAY - 3 * ONE, "x", account="b")
    await data.head(DAY - 4 * ONE, "empty")
    await data.head(DAY - 5 * ONE, "empty")
    await data.summed(*(DAY - back * ONE for back in range(6)))
    assert await data.alarms("day.copied") == []


async def test_many_rejected_rows_are_told_with_the_reasons(data: Data) -> None:
    first = await data.run(rejected=100)
    await data.loaded(first, rejected=100)
    (alarm,) = await data.alarms("rows.rejected")
    assert alarm["message"] == "Acme: 100 of 1,000 rows of surfside of 2026-10-01 were rejected (10.0%)"
    details = alarm["details"]
    assert isinstance(details, dict)
    assert details["reasons"] == {"date is in the future": 100, "no name": 50}
    better = await data.run(1)
    await data.loaded(better)
    assert all(alarm["resolved_at"] for alarm in await data.alarms("rows.rejected"))
    await data.loaded(await data.run(2, rejected=60), rejected=60)
    await data.loaded(better)
    (alarm,) = await data.alarms("rows.rejected")
    assert alarm["resolved_at"] is None, "an old success that is delivered again settles nothing"


async def test_a_few_rejected_or_repeated_lines_are_no_alarm(data: Data) -> None:
    await data.loaded(await data.run(rejected=9, duplicates=200), rejected=9)
    await data.loaded(await data.run(1, rejected=50), rejected=50)
    await data.loaded(uuid4())
    assert await data.desk.rows() == []


async def test_many_repeated_lines_are_told(data: Data) -> None:
    await data.loaded(await data.run(duplicates=201))
    (alarm,) = await data.alarms("lines.duplicate")
    assert alarm["message"] == (
        "Acme: 201 of 1,000 lines of surfside of 2026-10-01 repeat another one (20.1%)"
    )
