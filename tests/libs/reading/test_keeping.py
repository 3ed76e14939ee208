"""The cache of sums: made once for all who ask at the same time, whatever becomes of the one who makes it."""

from __future__ import annotations

import asyncio

import pytest

from libs.reading.keeping import Kept, Sums


class Making:
    """A value whose making takes as long as a test wants."""

    def __init__(self, size: int = 1) -> None:
        self.size = size
        self.begun = 0
        self.has_begun = asyncio.Event()
        self.may_end = asyncio.Event()
        self.fails = False

    async def __call__(self) -> Kept:
        self.begun += 1
        self.has_begun.set()
        await self.may_end.wait()
        if self.fails:
            raise ZeroDivisionError
        return Kept(f"value {self.begun}", self.size)


async def asked(sums: Sums, making: Making, times: int) -> list[asyncio.Task[Kept]]:
    """So many requests for one key, the first of which makes it by now."""
    tasks = [asyncio.create_task(sums.find("key", making)) for _ in range(times)]
    await making.has_begun.wait()
    return tasks


@pytest.mark.parametrize("size", [1, 900])
async def test_many_who_ask_at_once_wait_for_one(size: int) -> None:
    """Also for what is too large to be kept."""
    sums, making = Sums(1_000), Making(size)
    tasks = await asked(sums, making, 20)
    making.may_end.set()
    assert {kept.value for kept in await asyncio.gather(*tasks)} == {"value 1"}
    assert (making.begun, "key" in sums) == (1, size == 1)


async def test_the_next_one_makes_it_where_the_first_is_gone() -> None:
    sums, making = Sums(1_000), Making()
    first, *others = await asked(sums, making, 5)
    first.cancel()
    await asyncio.wait([first])
    making.may_end.set()
    assert {kept.value for kept in await asyncio.gather(*others)} == {"value 2"}
    assert making.begun == 2


async def test_what_fails_fails_for_each_and_is_not_kept() -> None:
    sums, making = Sums(1_000), Making()
    making.fails = True
    tasks = await asked(sums, making, 3)
    making.may_end.set()
    found = await asyncio.gather(*tasks, return_exceptions=True)
    assert list(map(type, found)) == [ZeroDivisionError] * 3
    making.fails = False
    assert (await sums.find("key", making)).value == "value 4"


async def test_who_waits_may_leave() -> None:
    sums, making = Sums(1_000), Making()
    first, second = await asked(sums, making, 2)
    second.cancel()
    await asyncio.wait([second])
    making.may_end.set()
    assert (await first).value == "value 1"
