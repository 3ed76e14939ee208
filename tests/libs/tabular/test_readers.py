"""Reading processes that are kept: the same one reads on, unless anything was the matter with it."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from libs.tabular import HeaderOnly, LimitReached, ParseLimits, Readers
from libs.testing.waiting import eventually
from tests.libs.tabular.tables import HEADER, ROW, SPEC, csv_text, save
from tests.libs.tabular.test_reader import children

SLOW = ParseLimits(cpu_seconds=1)


@pytest.fixture
async def readers() -> AsyncIterator[Readers]:
    made = Readers(SLOW)
    yield made
    await made.close()
    assert not children()


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return save(tmp_path / "report.csv", csv_text([ROW]))


async def read(readers: Readers, path: Path) -> int:
    """Good rows of a file."""
    async with readers.read_table(path, SPEC) as table:
        async for _ in table.chunks():
            pass
        return table.summary.rows_good


def long_report(rows: int) -> str:
    """Lines in which every name is another one."""
    return "\n".join(f"2025-11-04,é{n},ü{n},ö{n},1,1,1,1" for n in range(rows))


def spent(number: int) -> float:
    """The processor time of a process, in seconds."""
    fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def test_files_one_after_the_other_are_read_by_one_process(readers: Readers, small: Path) -> None:
    assert await read(readers, small) == 1
    (number,) = children()
    assert await read(readers, small) == 1
    assert children() == {number}


async def test_files_at_once_have_a_process_each(readers: Readers, small: Path) -> None:
    async with readers.read_table(small, SPEC), readers.read_table(small, SPEC):
        assert len(children()) == 2


async def test_waiting_that_is_given_up_loses_nothing(readers: Readers, tmp_path: Path) -> None:
    """Who looks into a file stops when there is time no more; whoever goes on misses no chunk."""
    path = save(tmp_path / "report.csv", ",".join(HEADER) + "\n" + long_report(400_000))
    begun = await readers.begin(path, SPEC)
    rows = given_up = 0
    while True:
        coming = asyncio.ensure_future(anext(begun.table.chunks(), None))
        done, _ = await asyncio.wait({coming}, timeout=0.001)
        if not done:
            coming.cancel()
            await asyncio.wait({coming})
            given_up += 1
        if coming.cancelled():
            continue
        if (chunk := coming.result()) is None:
            break
        rows += chunk.frame.height
    assert (rows, begun.table.summary.rows_good) == (400_000, 400_000)
    assert given_up > 10
    await begun.end()


async def test_a_process_that_refused_or_was_left_early_reads_no_other_file(
    readers: Readers, small: Path, tmp_path: Path
) -> None:
    await read(readers, small)
    first = children()
    with pytest.raises(HeaderOnly):
        await read(readers, save(tmp_path / "empty.csv", csv_text([])))
    assert not children()
    async with readers.read_table(small, SPEC):
        assert not children() & first
    assert not children()


async def test_each_file_has_the_whole_of_its_processor_time(readers: Readers, tmp_path: Path) -> None:
    """Together these take more than the limit; one that is too long by itself is still ended."""
    path = save(tmp_path / "report.csv", csv_text([]) + long_report(40_000))
    assert await read(readers, path) == 40_000
    (number,) = children()
    while spent(number) < SLOW.cpu_seconds * 1.5:
        await read(readers, path)
    assert children() == {number}
    with pytest.raises(LimitReached, match="more than 1 s of processor time"):
        await read(readers, save(tmp_path / "long.csv", csv_text([]) + long_report(3_000_000)))
    assert not children()


async def test_a_process_that_died_meanwhile_is_replaced(readers: Readers, small: Path) -> None:
    await read(readers, small)
    (number,) = children()
    os.kill(number, signal.SIGKILL)

    async def is_known() -> bool:
        return not readers._idle[0].is_alive

    await eventually(is_known)
    assert await read(readers, small) == 1
