"""Services as processes of their own, started quickly: copies of one that has imported their libraries.

Importing takes a service about a second of processor time, nearly all of it in other people's libraries, and
tests start hundreds. multiprocessing's fork server imports them once. A copy has an environment, a folder and
a log of its own, runs its module as ``python -m`` does, and dies of a signal as any process.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import runpy
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

_server = multiprocessing.get_context("forkserver")
_server.set_forkserver_preload(["tests.preloaded"])


class Spawned:
    """A process that runs a module with arguments."""

    def __init__(
        self,
        module: str,
        arguments: Sequence[str] = (),
        *,
        environment: Mapping[str, str],
        folder: Path,
        log: Path,
    ) -> None:
        """Start it. ``environment`` is all that it has; what it writes is added to ``log``."""
        self._process = _server.Process(
            target=_run, args=(module, list(arguments), dict(environment), str(folder), str(log)), daemon=True
        )
        self._process.start()

    @property
    def returncode(self) -> int | None:
        """How it ended (below zero: of which signal), or None while it runs."""
        return self._process.exitcode

    async def wait(self) -> int:
        """Wait for its end; returns how it ended."""
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        # A copy of the descriptor: a loop knows one reader of each, and several may wait.
        sentinel = os.dup(self._process.sentinel)
        loop.add_reader(sentinel, ended.set)
        try:
            await ended.wait()
        finally:
            loop.remove_reader(sentinel)
            os.close(sentinel)
        code = self._process.exitcode
        assert code is not None
        return code

    def send_signal(self, sign: signal.Signals) -> None:
        """A signal, if it still runs."""
        if self.returncode is None:
            assert self._process.pid is not None
            os.kill(self._process.pid, sign)

    def kill(self) -> None:
        """kill -9."""
        self.send_signal(signal.SIGKILL)


def _run(module: str, arguments: list[str], environment: dict[str, str], folder: str, log: str) -> None:
    """In the copy: become what was asked for."""
    # Imported here: in the process that runs tests it would tie that one to its parent.
    from tests.preloaded import die_with_parent

    die_with_parent()
    with Path(log).open("ab") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
