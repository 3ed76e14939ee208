"""How long an upload is looked through before it is answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import aclosing
from typing import Any, cast

import polars as pl
import pytest

from libs.tabular import Chunk, Table
from services.connectors.facebook.routes import checking
from services.connectors.facebook.routes.checking import ONE_CHUNK, Time

CHUNK = Chunk(pl.DataFrame(), ())


class Waiting:
    """A table whose chunks come when they are let come; who stops waiting for one has not taken it."""

    def __init__(self, ready: int, *, whole: bool = False) -> None:
        self.coming: asyncio.Queue[Chunk | None] = asyncio.Queue()
        for _ in range(ready):
            self.come()
        if whole:
            self.coming.put_nowait(None)

    def come(self) -> None:
        self.coming.put_nowait(CHUNK)

    async def chunks(self) -> AsyncIterator[Chunk]:
        while (chunk := await self.coming.get()) is not None:
            yield chunk


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine: nothing is given up on the way."""
    monkeypatch.setattr(checking, "TIMES", 1_000_000)


async def looked_at(time: Time, table: Waiting, then: Iterable[Any] = ()) -> int:
    """How many chunks; after each one the next of these is done."""
    seen, steps = 0, iter(then)
    async with time.limit, aclosing(time.chunks_of(cast("Table", table))) as chunks:
        async for _ in chunks:
            seen += 1
            next(steps, lambda: None)()
    return seen


@pytest.mark.usefixtures("patient")
async def test_a_large_file_is_looked_through_for_as_long_as_it_is_archived() -> None:
    """Then the answer does not wait for the chunk that is on its way, and whoever goes on gets it."""
    archived, table = asyncio.Event(), Waiting(3)
    archiving = asyncio.create_task(archived.wait())
    time = Time(0.0001, ONE_CHUNK + 1, archiving)  # type: ignore[arg-type]
    seen = await looked_at(time, table, (lambda: None, lambda: None, archived.set))
    assert (seen, time.is_over) == (3, True)
    table.come()
    assert await anext(table.chunks()) is CHUNK


@pytest.mark.usefixtures("patient")
async def test_the_first_chunk_is_waited_for() -> None:
    table = Waiting(0)
    time = Time(0.0001, ONE_CHUNK + 1, None)
    looking = asyncio.create_task(looked_at(time, table))
    done, _ = await asyncio.wait({looking}, timeout=0.05)
    assert not done
    table.come()
    assert (await looking, time.is_over) == (1, True)


@pytest.mark.usefixtures("patient")
async def test_a_file_of_one_chunk_is_given_the_time_for_its_end() -> None:
    table = Waiting(1)
    time = Time(0.0001, ONE_CHUNK, None)
    looking = asyncio.create_task(looked_at(time, table))
    done, _ = await asyncio.wait({looking}, timeout=0.05)
    assert not done
    table.coming.put_nowait(None)
    assert (await looking, time.is_over) == (1, False)


async def test_who_asks_what_loading_would_do_is_told_of_the_whole_file() -> None:
    time = Time(None, ONE_CHUNK + 1, None)
    assert (await looked_at(time, Waiting(5, whole=True)), time.is_over) == (5, False)


@pytest.mark.parametrize("ready", [0, 1])
async def test_a_chunk_that_does_not_come_is_not_waited_for(ready: int) -> None:
    """The first one, and the next one while the file is still on its way into the archive."""
    archiving = asyncio.create_task(asyncio.Event().wait())
    time = Time(0.001, ONE_CHUNK + 1, archiving)  # type: ignore[arg-type]
    with pytest.raises(TimeoutError):
        await looked_at(time, Waiting(ready))
    archiving.cancel()
