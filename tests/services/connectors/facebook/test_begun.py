"""What was looked into is gone on with: the same rows as from the file's start, by the same process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from libs.tabular import Chunk, Readers, Table
from services.connectors.facebook.handlers.begun import MOST, Ahead, Aside
from tests.libs.tabular.tables import SPEC, save
from tests.libs.tabular.test_reader import children

ROWS = 60_000


@pytest.fixture
async def readers() -> AsyncIterator[Readers]:
    made = Readers()
    yield made
    await made.close()
    assert not children()


@pytest.fixture
async def aside(readers: Readers) -> AsyncIterator[Aside]:
    made = Aside(readers)
    yield made
    await made.close()


@pytest.fixture
def long(tmp_path: Path) -> Path:
    """Several chunks, and a bad row in the second half."""
    lines = [f"2025-11-04,campaign,strategy,placement,creative {n},{n},1,1,1" for n in range(ROWS)]
    lines[ROWS - 10] = "2025-11-04,campaign,strategy,placement,creative,-1,1,1,1"
    head = "Date,Campaign,Strategy,Placement,Creative,Impressions,Clicks,Conversions,Conversion Value"
    return save(tmp_path / "report.csv", "\n".join([head, *lines]))


async def whole(table: Table) -> tuple[list[Chunk], int]:
    """All chunks, and the impressions in the summary."""
    chunks = [chunk async for chunk in table.chunks()]
    assert table.summary.rows_bad == 1
    return chunks, table.summary.totals["impressions"]


async def look(readers: Readers, aside: Aside, name: str, path: Path, chunks: int) -> None:
    """Read so many chunks, and put the rest aside."""
    async with Ahead(readers) as ahead:
        async with ahead.read_table(path, SPEC) as table:
            async for _ in table.chunks():
                if (chunks := chunks - 1) == 0:
                    break
        await aside.put(name, ahead.taken())


async def rows(readers: Readers, path: Path) -> tuple[list[Chunk], int]:
    """As it is read from its start."""
    async with readers.read_table(path, SPEC) as table:
        return await whole(table)


def same(found: tuple[list[Chunk], int], wanted: tuple[list[Chunk], int]) -> bool:
    frames = zip(found[0], wanted[0], strict=True)
    return found[1] == wanted[1] and all(a.frame.equals(b.frame) and a.bad == b.bad for a, b in frames)


@pytest.mark.parametrize("chunks", [1, 2, 1000], ids=["one", "some", "all of it"])
async def test_it_goes_on_in_the_same_process(
    readers: Readers, aside: Aside, long: Path, chunks: int
) -> None:
    wanted = await rows(readers, long)
    await look(readers, aside, "a", long, chunks)
    before = children()
    kept = await asyncio.to_thread(long.rename, long.with_name("elsewhere"))
    async with aside.read_table("a", long, SPEC) as table:  # the file is gone from its place
        assert same(await whole(table), wanted)
    assert children() == before
    assert same(await rows(readers, kept), wanted)


async def test_by_another_spec_or_name_it_is_read_anew(readers: Readers, aside: Aside, long: Path) -> None:
    wanted = await rows(readers, long)
    await look(readers, aside, "a", long, 1)
    other = replace(SPEC, strict=not SPEC.strict)
    async with aside.read_table("a", long, other) as table:
        assert table.header.mapping
    async with aside.read_table("a", long, SPEC) as table:  # it was given away
        assert same(await whole(table), wanted)


async def test_what_is_not_put_aside_ends(readers: Readers, long: Path) -> None:
    async with Ahead(readers) as ahead, ahead.read_table(long, SPEC):
        assert len(children()) == 1
    assert not children()


async def test_only_some_wait(readers: Readers, aside: Aside, long: Path) -> None:
    for number in range(MOST + 2):
        await look(readers, aside, str(number), long, 1)
    assert len(children()) == MOST
    await aside.close()
    assert not children()
