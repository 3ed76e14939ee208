"""Nothing is left behind: not by a message, not by a stop, not by a kill -9."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from libs.connector.workspace import KEPT_FILES, Workspace

HOLD = """
import asyncio, pathlib, sys, time
from libs.connector.workspace import Workspace
async def main():
    space = Workspace(pathlib.Path(sys.argv[1]))
    await space.open()
    async with space.folder() as folder:
        (folder / "half.csv").write_text("half")
        print("ready", flush=True)
        await asyncio.sleep(60)
asyncio.run(main())
"""


def files(root: Path) -> list[str]:
    return sorted(path.name for path in root.rglob("*") if path.is_file() and path.name != ".in-use")


def held(root: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(root)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


async def test_a_folder_is_gone_after_its_message_even_if_that_failed(tmp_path: Path) -> None:
    space = Workspace(tmp_path / "root")
    await space.open()
    with suppress(ZeroDivisionError):
        async with space.folder() as folder:
            (folder / "a.csv").write_text("x")
            raise ZeroDivisionError
    assert files(tmp_path) == []
    await space.close()
    assert list((tmp_path / "root").iterdir()) == []


async def test_what_a_killed_process_left_goes_at_the_next_start(tmp_path: Path) -> None:
    process = await asyncio.to_thread(held, tmp_path)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert files(tmp_path) == ["half.csv"]
    space = Workspace(tmp_path)
    await space.open()
    assert files(tmp_path) == []
    await space.close()


async def test_a_living_neighbour_keeps_its_files(tmp_path: Path) -> None:
    process = await asyncio.to_thread(held, tmp_path)
    try:
        space = Workspace(tmp_path)
        await space.open()
        assert files(tmp_path) == ["half.csv"]
        await space.close()
        assert files(tmp_path) == ["half.csv"]
    finally:
        process.kill()
        process.wait()


async def test_a_file_is_put_aside_for_who_takes_it_once(tmp_path: Path) -> None:
    space = Workspace(tmp_path / "root")
    await space.open()
    async with space.folder() as folder:
        for number in range(KEPT_FILES + 1):
            (folder / "a.csv").write_text(str(number))
            await space.keep(f"run {number}", folder / "a.csv")
            (folder / "a.csv").unlink()
    assert len(files(tmp_path)) == KEPT_FILES
    async with space.folder() as folder:
        assert not space.take("run 0", folder / "b.csv"), "it made room for a later one"
        assert space.take("run 1", folder / "b.csv")
        assert (folder / "b.csv").read_text() == "1"
        assert not space.take("run 1", folder / "c.csv")
    assert len(files(tmp_path)) == KEPT_FILES - 1
    await space.close()
    assert files(tmp_path) == []
