"""Rows that are read before they are written: used where they are proved to be all, and nowhere else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import date
from typing import TypeAlias
from uuid import UUID, uuid4

import polars as pl
import pytest
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from contracts.load.v1 import RunLoaded, RunStaged
from libs.db.errors import DatabaseBusy
from libs.metrics.measures import FACTS
from libs.metrics.rows import packed
from libs.settings import BusSettings
from libs.testing.waiting import eventually
from services.aggregator.handlers import preparing
from services.aggregator.handlers.preparing import Preparing
from services.aggregator.handlers.refresh import refresh
from services.aggregator.store import facts, staged
from tests.services.aggregator.recomputed import differences
from tests.services.aggregator.test_handlers import aggregator, put_raw, right
from tests.services.aggregator.world import World, day

Row: TypeAlias = tuple[date, int, int | None]
"""Day, creative, impressions; the clicks are a tenth of them."""

ROWS: tuple[Row, ...] = ((day(1), 4, 40), (day(0), 2, 500), (day(1), 1, None), (day(0), 1, 3000))


class Run:
    """A run of a client, as the loader leaves it in the database."""

    def __init__(self, world: World, source: str = "surfside") -> None:
        self.world, self.source, self.id = world, source, uuid4()
        self.no = 0

    @property
    def word(self) -> RunStaged:
        return RunStaged(client_id=self.world.public_id, run_id=self.id)

    async def stage(
        self,
        *batches: Sequence[Row],
        names: bytes | None = None,
        missing: int = 0,
        covers: Sequence[date] = (),
    ) -> Run:
        """Its batches wait, all but some."""
        self.no = await self.world.connection.fetchval(
            "INSERT INTO ingestion_logs (client_id, run_id, source, batches_expected, run_end) "
            "VALUES ($1, $2, $3, $4, $5) RETURNING run_no",
            self.world.client,
            self.id,
            self.source,
            len(batches) + missing,
            json.dumps({"coverage": list(map(str, covers))}),
        )
        for number, rows in enumerate(batches):
            await self.world.connection.execute(
                "INSERT INTO staging_media_raw "
                "(client_id, run_id, sequence, digest, row_count, payload, names) "
                "VALUES ($1, $2, $3, '', $4, $5, $6)",
                self.world.client,
                self.id,
                number,
                len(rows),
                packed(frame(rows)),
                names,
            )
        return self

    async def merge(self, rows: Sequence[Row], *, kind: str = "load") -> None:
        """Rows are written, the ledger says so, the batches are gone."""
        for on, creative, impressions in rows:
            await self.world.put(on, creative, impressions=impressions, clicks=clicks(impressions))
        for on in {on for on, _, _ in rows}:
            await self.note(on, kind, [row for row in rows if row[0] == on])
        await self.world.connection.execute("DELETE FROM staging_media_raw WHERE run_id = $1", self.id)

    async def note(self, on: date, kind: str, rows: Sequence[Row] = ()) -> None:
        """A line of the ledger."""
        measured = [impressions for _, _, impressions in rows if impressions is not None]
        sums = {"impressions": sum(measured), "clicks": sum(n // 10 for n in measured)} if measured else {}
        totals = {"rows": len(rows), **dict.fromkeys(FACTS), **sums, "cpm": "2.5", "spend": None}
        await self.world.connection.execute(
            "INSERT INTO slice_ledger (client_id, source, date, kind, run_no, totals_before, totals_after) "
            "VALUES ($1, $2, $3, $4, $5, '{}', $6)",
            self.world.client,
            self.source,
            on,
            kind,
            self.no,
            json.dumps(totals),
        )


def clicks(impressions: int | None) -> int | None:
    return None if impressions is None else impressions // 10


def frame(rows: Sequence[Row]) -> pl.DataFrame:
    """As the loader packs a batch."""
    measured = {"impressions": [r[2] for r in rows], "clicks": [clicks(r[2]) for r in rows]}
    return pl.DataFrame(
        {"date": [r[0] for r in rows], "creative_id": [r[1] for r in rows]}
        | {name: measured.get(name, [None] * len(rows)) for name in FACTS},
        schema={"date": pl.Date, "creative_id": pl.Int32, **dict.fromkeys(FACTS, pl.Int64)},
    )


@pytest.fixture
def read_days(monkeypatch: pytest.MonkeyPatch) -> list[date]:
    """The days that were read from the facts."""
    days: list[date] = []
    read = facts.facts_of

    async def noted(connection: AsyncConnection, client_id: int, on: date) -> pl.DataFrame:
        days.append(on)
        return await read(connection, client_id, on)

    monkeypatch.setattr(facts, "facts_of", noted)
    return days


async def summed_up(world: World, engine: AsyncEngine, preparing: Preparing, run: Run) -> None:
    """After the run's load was announced: every number is as PostgreSQL computes it."""
    prepared = await preparing.take(world.public_id, run.id)
    assert prepared is not None
    await refresh(engine, world.public_id, [day(0), day(1)], prepared=prepared)
    assert await differences(world.connection) == []


async def test_what_was_prepared_is_not_read_again(
    world: World, engine: AsyncEngine, read_days: list[date]
) -> None:
    made = Preparing(engine)
    twice = [(day(0), 2, 200), (day(0), 2, None), (day(0), 2, 300)]  # as breakdowns come: it is one row
    run = await Run(world).stage([*ROWS[2:], *twice[:1]], [*ROWS[:1], *twice[1:]])
    await world.set_rate("surfside", day(0), "2.5")
    await made.prepare(run.word)
    await run.merge(ROWS)
    await summed_up(world, engine, made, run)
    assert read_days == []
    assert await world.value("SELECT sum(impressions) FROM rollups WHERE client_id = $1") == 3540
    assert await made.take(world.public_id, run.id) is None  # each is taken once


Disturb: TypeAlias = Callable[[World, Run], Awaitable[None]]


async def another_load(world: World, run: Run) -> None:
    """Of another source, on one of the days, since or before."""
    other = await Run(world, "vibe").stage()
    await other.merge([(day(0), 3, 70)])


async def an_undo(world: World, run: Run) -> None:
    await world.remove(day(0))
    await run.note(day(0), "undo")


async def a_deletion(world: World, run: Run) -> None:
    """Of a creative: its rows are gone, and keys may mean something else from here on."""
    await world.remove(day(0), [1])
    await world.connection.execute(
        "INSERT INTO hierarchy_counters (client_id, epoch) VALUES ($1, 1)", world.client
    )


DISTURBED: dict[str, tuple[Disturb, list[date]]] = {
    "another load": (another_load, [day(0)]),
    "an undo": (an_undo, [day(0)]),
    "a deletion": (a_deletion, [day(0), day(1)]),
}


@pytest.mark.parametrize("name", DISTURBED)
async def test_a_day_to_which_anything_else_happened_is_read(
    world: World, engine: AsyncEngine, read_days: list[date], name: str
) -> None:
    disturb, read = DISTURBED[name]
    made = Preparing(engine)
    run = await Run(world).stage(ROWS)
    await made.prepare(run.word)
    await run.merge(ROWS)
    await disturb(world, run)
    await summed_up(world, engine, made, run)
    assert read_days == read


@pytest.mark.parametrize("stands", [[(day(1), 5, 9)], []], ids=["rows", "no rows"])
async def test_a_day_that_the_run_did_not_write_is_read(
    world: World, engine: AsyncEngine, read_days: list[date], stands: list[Row]
) -> None:
    """A later delivery stands there; where it has no rows, the ledger has no line of it."""
    made = Preparing(engine)
    run, later = await Run(world).stage(ROWS), await Run(world).stage()
    await later.merge(stands)
    await made.prepare(run.word)
    await run.merge([row for row in ROWS if row[0] == day(0)])
    await run.note(day(1), "superseded")
    await summed_up(world, engine, made, run)
    assert read_days == [day(1)]


async def test_a_day_of_which_less_was_written_is_read(
    world: World, engine: AsyncEngine, read_days: list[date]
) -> None:
    """Batches of a run that was held were cleared away before it was confirmed."""
    made = Preparing(engine)
    run = await Run(world).stage(ROWS[:1], ROWS[1:])
    await made.prepare(run.word)
    await run.merge(ROWS[1:])
    await summed_up(world, engine, made, run)
    assert read_days == [day(1)]


@pytest.mark.parametrize(("covers", "is_prepared"), [([0], False), ([0, 1], True), ([], True)])
async def test_days_that_were_delivered_before_are_not_worth_it(
    world: World, engine: AsyncEngine, covers: list[int], is_prepared: bool
) -> None:
    """A restatement; one with a new day among them; and an upload, which does not say beforehand."""
    made = Preparing(engine)
    await (await Run(world).stage()).merge([(day(0), 1, 7)])
    run = await Run(world).stage(ROWS, covers=[day(n) for n in covers])
    await made.prepare(run.word)
    assert bool(await made.take(world.public_id, run.id)) is is_prepared


async def test_a_word_before_the_last_batch_prepares_nothing(world: World, engine: AsyncEngine) -> None:
    """As somebody may type it; what comes later is prepared at the word that is true."""
    made = Preparing(engine)
    run = await Run(world).stage(ROWS[:1], missing=1)
    await made.prepare(run.word)
    assert await made.take(world.public_id, run.id) is None


async def test_a_run_that_is_put_off_is_prepared_once(
    world: World, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is announced again and again, until those before it have ended."""
    made = Preparing(engine)
    run = await Run(world).stage(ROWS)
    await made.prepare(run.word)
    monkeypatch.delattr(preparing, "batches_of")
    await made.prepare(run.word)
    assert await made.take(world.public_id, run.id) is not None


async def test_another_client_with_the_same_run_is_another_one(world: World, engine: AsyncEngine) -> None:
    made = Preparing(engine)
    run = await Run(world).stage(ROWS)
    await made.prepare(run.word)
    assert await made.take(uuid4(), run.id) is None
    assert await made.take(world.public_id, run.id) is not None


async def test_what_the_loader_will_change_is_not_prepared(world: World, engine: AsyncEngine) -> None:
    made = Preparing(engine)
    large = await Run(world).stage([(day(0), 1, 2**62), (day(0), 2, 2**62)])
    lost = await Run(world).stage(ROWS, names=packed(pl.DataFrame({"creative_id": [1]})))
    merged = await Run(world).stage(ROWS)
    await merged.merge(ROWS)
    for run in (large, lost, merged, Run(world)):
        await made.prepare(run.word)
        assert await made.take(world.public_id, run.id) is None


async def test_an_empty_run_is_nothing_to_prepare(world: World, engine: AsyncEngine) -> None:
    made = Preparing(engine)
    run = await Run(world).stage([])
    await made.prepare(run.word)
    found = await made.take(world.public_id, run.id)
    assert found is not None
    assert found.days == {}


async def test_there_is_room_for_so_many_rows(
    world: World, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run with more is not prepared; the oldest makes room for the others."""
    monkeypatch.setattr(preparing, "MOST_ROWS", 2 * len(ROWS))
    made = Preparing(engine)
    large = await Run(world).stage(ROWS, ROWS, ROWS)
    runs = [await Run(world).stage(ROWS) for _ in range(3)]
    for run in (large, *runs):
        await made.prepare(run.word)
    assert [bool(await made.take(world.public_id, run.id)) for run in (large, *runs)] == [
        False,
        False,
        True,
        True,
    ]


async def test_a_day_with_very_many_rows_is_read(
    world: World, engine: AsyncEngine, read_days: list[date], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparing, "LARGEST_DAY", 2)
    made = Preparing(engine)
    rows = [*ROWS, (day(1), 6, 5)]
    run = await Run(world).stage(rows)
    await made.prepare(run.word)
    await run.merge(rows)
    await summed_up(world, engine, made, run)
    assert read_days == [day(1)]


@pytest.fixture
async def held(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[asyncio.Event]:
    """Reading batches waits for it."""
    go_on, read = asyncio.Event(), staged.batches_of

    async def waits(connection: AsyncConnection, client: UUID, run: UUID, most: int) -> object:
        await go_on.wait()
        return await read(connection, client, run, most)

    monkeypatch.setattr(preparing, "batches_of", waits)
    yield go_on
    go_on.set()


async def test_what_is_under_way_is_waited_for(
    world: World, engine: AsyncEngine, held: asyncio.Event
) -> None:
    made = Preparing(engine)
    run = await Run(world).stage(ROWS)
    word = asyncio.create_task(made.prepare(run.word))
    taking = asyncio.create_task(made.take(world.public_id, run.id))
    done, _ = await asyncio.wait({word, taking}, timeout=0.05)
    assert not done
    held.set()
    assert await taking is not None
    await word


async def test_when_the_database_is_away_there_is_nothing(
    world: World, engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise DatabaseBusy("gone")

    monkeypatch.setattr(preparing, "batches_of", away)
    made = Preparing(engine)
    run = await Run(world).stage(ROWS)
    with pytest.raises(DatabaseBusy):
        await made.prepare(run.word)
    assert await made.take(world.public_id, run.id) is None


async def test_both_words_of_a_run_come_to_right_numbers(
    world: World,
    engine: AsyncEngine,
    bus_settings: BusSettings,
    read_days: list[date],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    prepared, prepare = asyncio.Event(), Preparing.prepare

    async def noted(self: Preparing, staged: RunStaged) -> None:
        await prepare(self, staged)
        prepared.set()

    monkeypatch.setattr(Preparing, "prepare", noted)
    run = await Run(world).stage(ROWS)
    loaded = RunLoaded(
        client_id=world.public_id,
        run_id=run.id,
        source="surfside",
        status="loaded",
        dates=[day(0), day(1)],
    )
    async with aggregator(bus_settings, engine):
        await put_raw(bus_settings, "aggregator.merges", run.word.model_dump_json().encode())
        await asyncio.wait_for(prepared.wait(), 20)
        await run.merge(ROWS)
        await put_raw(bus_settings, "aggregator.loads", loaded.model_dump_json().encode())
        await eventually(lambda: right(world), what="right numbers")
    assert read_days == []
