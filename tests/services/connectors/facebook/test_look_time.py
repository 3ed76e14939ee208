"""How long an upload is looked through before it is answered."""

from __future__ import annotations

import asyncio

import pytest

from services.connectors.facebook.routes import checking
from services.connectors.facebook.routes.checking import ONE_CHUNK, Time


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine: nothing is given up on the way."""
    monkeypatch.setattr(checking, "TIMES", 1_000_000)


def busy_for(seconds: float) -> None:
    """As reading a chunk is."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while loop.time() < until:
        pass


@pytest.mark.usefixtures("patient")
async def test_a_large_file_is_looked_through_for_as_long_as_it_is_archived() -> None:
    archived = asyncio.Event()
    archiving = asyncio.create_task(archived.wait())
    time = Time(0.0001, ONE_CHUNK + 1, archiving)  # type: ignore[arg-type]
    async with time.limit:
        time.begin()
        busy_for(0.0002)
        assert not time.is_over()
        archived.set()
        await archiving
        assert time.is_over()


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize(("size", "over"), [(ONE_CHUNK, False), (ONE_CHUNK + 1, True)])
async def test_a_file_of_one_chunk_is_given_the_time_for_its_end(size: int, over: bool) -> None:
    time = Time(0.001, size, None)
    async with time.limit:
        time.begin()
        busy_for(0.002)
        assert time.is_over() is over


async def test_who_asks_what_loading_would_do_is_told_of_the_whole_file() -> None:
    time = Time(None, ONE_CHUNK + 1, None)
    async with time.limit:
        time.begin()
        assert not time.is_over()


async def test_a_chunk_that_does_not_come_is_not_waited_for() -> None:
    time = Time(0.001, ONE_CHUNK + 1, None)

    async def look() -> None:
        async with time.limit:
            time.begin()
            await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        await look()
