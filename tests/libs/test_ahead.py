"""Pieces that are made while the one before is used."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing

import pytest

from libs.ahead import ahead, eagerly


async def test_pieces_come_in_order_and_one_is_made_ahead() -> None:
    made: list[int] = []

    def pieces() -> Iterator[int]:
        for number in range(3):
            made.append(number)
            yield number

    taken = []
    async with aclosing(ahead(pieces())) as coming:
        async for piece in coming:
            taken.append(piece)
            await asyncio.to_thread(lambda: None)
    assert taken == made == [0, 1, 2]


async def test_what_making_a_piece_raises_comes_in_its_place() -> None:
    def pieces() -> Iterator[int]:
        yield 1
        raise ValueError("the second one")

    taken = []

    async def take() -> None:
        async with aclosing(ahead(pieces())) as coming:
            async for piece in coming:
                taken.append(piece)

    with pytest.raises(ValueError, match="the second one"):
        await take()
    assert taken == [1]


async def test_a_thread_at_work_is_waited_for_whoever_goes() -> None:
    go_on, ended = threading.Event(), threading.Event()

    def pieces() -> Iterator[int]:
        yield 1
        go_on.wait(10)
        ended.set()
        yield 2

    async def take() -> None:
        async with aclosing(ahead(pieces())) as coming:
            async for _ in coming:
                waiting.set()

    waiting = asyncio.Event()
    taking = asyncio.create_task(take())
    await waiting.wait()
    taking.cancel()
    done, _ = await asyncio.wait({taking}, timeout=0.05)
    assert not done
    assert not ended.is_set()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await taking
    assert ended.is_set()


async def test_the_next_one_of_another_generator_is_made_meanwhile() -> None:
    made: list[int] = []
    ended = asyncio.Event()

    async def pieces() -> AsyncGenerator[int]:
        try:
            for number in range(1, 4):
                made.append(number)
                yield number
        finally:
            ended.set()

    seen = []
    async with aclosing(eagerly(pieces())) as coming:
        async for piece in coming:
            await asyncio.sleep(0)
            seen.append((piece, made[-1]))
    assert seen == [(1, 2), (2, 3), (3, 3)]
    assert ended.is_set()


async def test_a_generator_that_nobody_follows_any_more_is_ended() -> None:
    """Whatever it is about: what it would have raised is nobody's."""
    waiting, ended = asyncio.Event(), asyncio.Event()

    async def pieces() -> AsyncGenerator[int]:
        try:
            yield 1
            waiting.set()
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with aclosing(eagerly(pieces())) as coming:
        assert await anext(coming) == 1
        await waiting.wait()
    assert ended.is_set()


async def test_what_the_other_generator_raises_comes_in_its_place() -> None:
    async def pieces() -> AsyncGenerator[int]:
        yield 1
        raise ValueError("the second one")

    async with aclosing(eagerly(pieces())) as coming:
        assert await anext(coming) == 1
        with pytest.raises(ValueError, match="the second one"):
            await anext(coming)
