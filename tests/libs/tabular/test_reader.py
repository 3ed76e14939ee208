"""The parent's side: whatever becomes of the reading process, one clear refusal and nothing left behind."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from libs.errors import Terminal
from libs.tabular import (
    FileRefused,
    LimitReached,
    MissingColumns,
    ParseLimits,
    ReaderCrashed,
    Table,
    read_table,
)
from tests.libs.tabular.tables import ROW, SPEC, csv_text, read_away, read_here, save

ROOT = Path(__file__).parents[3]
MANY = 400_000


def children() -> set[int]:
    """The reading processes of this one; other tests of the same worker may have others."""
    numbers = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return {int(n) for n in numbers if b"libs.tabular.child" in Path(f"/proc/{n}/cmdline").read_bytes()}


def state(number: int) -> str:
    """How a process is, in one letter; empty once it is gone."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return ""


def resident(number: int) -> int:
    """The bytes of memory a process holds."""
    return int(Path(f"/proc/{number}/statm").read_text().split()[1]) * resource.getpagesize()


async def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition, 20 seconds at most."""
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 – another process cannot set an event of this one
            await asyncio.sleep(0.01)


@asynccontextmanager
async def opened(path: Path, limits: ParseLimits | None = None) -> AsyncIterator[tuple[Table, int]]:
    """(an open table, the number of its reading process)."""
    before = children()
    async with read_table(path, SPEC, limits) as table:
        (number,) = children() - before
        yield table, number
    assert children() <= before


@pytest.fixture
def large(tmp_path: Path) -> Path:
    return save(tmp_path / "report.csv", csv_text([ROW]) + ",".join(ROW).join(["", "\n"]) * MANY)


async def test_a_process_that_is_killed(large: Path) -> None:
    async with opened(large) as (table, number):
        os.kill(number, signal.SIGSEGV)
        with pytest.raises(ReaderCrashed, match="made its reader fail") as refused:
            async for _ in table.chunks():
                pass
    assert refused.value.details["exit"] == -signal.SIGSEGV


async def test_a_process_that_the_system_kills_for_memory(large: Path) -> None:
    async with opened(large) as (table, number):
        os.kill(number, signal.SIGKILL)
        with pytest.raises(LimitReached, match="MB of memory"):
            async for _ in table.chunks():
                pass


async def test_a_process_that_hangs(large: Path) -> None:
    async def read_a_stopped_one() -> None:
        async with opened(large, ParseLimits(wall_seconds=1)) as (table, number):
            os.kill(number, signal.SIGSTOP)
            async for _ in table.chunks():
                pass

    with pytest.raises(LimitReached, match="longer than 1 s"):
        await read_a_stopped_one()
    assert not children()


async def test_a_process_that_calculates_for_ever(tmp_path: Path) -> None:
    rows = (f"2025-11-04,é{n},ü{n},ö{n},N{n},1,1,1" for n in range(300_000))
    path = save(tmp_path / "report.csv", csv_text([]) + "\n".join(rows))
    with pytest.raises(LimitReached, match="more than 1 s of processor time"):
        await read_away(path, limits=ParseLimits(cpu_seconds=1))


async def test_a_reader_that_raises_what_nobody_foresaw(tmp_path: Path) -> None:
    path = save(tmp_path / "report.csv", csv_text([ROW]))
    with pytest.raises(ReaderCrashed) as refused:
        await read_away(path, limits=ParseLimits(block_bytes="no number"))  # type: ignore[arg-type]
    assert "TypeError" in refused.value.details["stderr"]


async def test_time_spent_by_the_consumer_does_not_count(large: Path) -> None:
    limits = ParseLimits(wall_seconds=20, block_bytes=1_000_000)
    rows = 0
    async with opened(large, limits) as (table, number):
        async for chunk in table.chunks():
            os.kill(number, signal.SIGSTOP)  # nothing is read ahead while the consumer is busy
            rows += chunk.frame.height
            os.kill(number, signal.SIGCONT)
        assert table.summary.rows_good == rows == MANY + 1


async def test_leaving_early_ends_the_process(large: Path) -> None:
    async with opened(large) as (table, _):
        with pytest.raises(RuntimeError, match="when every chunk has been taken"):
            _ = table.summary
        async for chunk in table.chunks():
            assert chunk.frame.height
            break


async def test_cancelling_ends_the_process(large: Path) -> None:
    begun = asyncio.Event()

    async def read() -> None:
        async with opened(large) as (table, _):
            async for _ in table.chunks():
                begun.set()
                await asyncio.Event().wait()

    task = asyncio.create_task(read())
    await asyncio.wait_for(begun.wait(), 20)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not children()


async def test_the_process_dies_with_its_parent(large: Path) -> None:
    script = (
        "import asyncio, os, sys\n"
        "from pathlib import Path\n"
        "from libs.tabular import read_table\n"
        "from tests.libs.tabular.tables import SPEC\n"
        "async def main():\n"
        "    async with read_table(Path(sys.argv[1]), SPEC) as table:\n"
        "        print(Path(f'/proc/self/task/{os.getpid()}/children').read_text().split()[0], flush=True)\n"
        "        await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, str(large), stdout=PIPE, cwd=ROOT
    )
    assert parent.stdout is not None
    number = int(await parent.stdout.readline())
    assert state(number) in {"R", "S", "D"}
    parent.kill()
    await parent.wait()
    await until(lambda: state(number) in {"", "Z", "X"})


async def test_memory_of_both_stays_flat_while_the_consumer_waits(tmp_path: Path) -> None:
    """Back-pressure: the process waits with one block, whatever the file's size."""
    path = tmp_path / "report.csv"
    with path.open("w") as file:
        file.write(csv_text([]))
        file.writelines(f"{','.join(ROW)}\n" * 10_000 for _ in range(150))
    async with opened(path) as (table, number):
        await until(lambda: state(number) == "S")  # it sleeps: the pipe is full
        assert resident(number) < 400 * 2**20
        assert (await anext(aiter(table.chunks()))).frame.height < 200_000


async def test_a_refusal_travels_with_its_code_and_details(tmp_path: Path) -> None:
    path = save(tmp_path / "report.csv", "a,b\n1,2\n")
    with pytest.raises(MissingColumns) as away:
        await read_away(path)
    with pytest.raises(MissingColumns) as here:
        read_here(path)
    assert (away.value.code, away.value.message) == ("missing_columns", here.value.message)
    assert away.value.details == here.value.details
    assert isinstance(away.value, FileRefused)
    assert isinstance(away.value, Terminal)


async def test_what_is_not_the_files_fault_is_no_refusal(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await read_away(tmp_path / "nothing.csv")
    with pytest.raises(IsADirectoryError):
        await read_away(tmp_path)
    path = save(tmp_path / "report.csv", csv_text([ROW]))
    with pytest.raises(ValueError, match="date_format"):
        await read_away(path, replace(SPEC, date_format="european"))


async def test_reading_away_and_here_is_the_same(tmp_path: Path) -> None:
    path = save(tmp_path / "report.csv", csv_text([ROW, ("x",), ROW]))
    away, here = await read_away(path), read_here(path)
    assert away.frame.equals(here.frame)
    assert (away.header, away.bad, away.summary) == (here.header, here.bad, here.summary)


async def test_several_files_at_once(tmp_path: Path) -> None:
    paths = [save(tmp_path / f"{number}.csv", csv_text([ROW] * number)) for number in range(1, 6)]
    results = await asyncio.gather(*map(read_away, paths))
    assert [result.frame.height for result in results] == [1, 2, 3, 4, 5]
