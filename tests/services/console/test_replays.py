"""replay: its two lines in the audit log, whatever happens between them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import Any

from tests.architecture.discovery import ROOT
from tests.services.console.conftest import audited
from tests.services.console.test_commands import Terminal


def replays(shared: Terminal, queue: str) -> list[tuple[str, Any]]:
    return [(action, told) for action, told in audited(shared, queue) if action.startswith("queue.")]


def test_a_replay_is_written_down_before_and_after(shared: Terminal) -> None:
    shared.bury("loader.rates", b"{}", b"{}")
    assert shared.run("replay", "loader.rates", "--limit", "1").exit_code == 0
    (before, asked), (after, told) = replays(shared, "loader.rates")
    assert (before, after) == ("queue.replay_requested", "queue.replayed")
    assert (asked["replay"], asked["limit"]) == (told["replay"], 1)
    assert (told["moved"], told["remaining"]) == (1, 1)
    assert len(shared.take("loader.rates")) == len(shared.take("loader.rates.dead")) == 1


def test_a_replay_that_is_killed_after_the_move_leaves_its_line(shared: Terminal) -> None:
    """kill -9 between the move and its result: who asked for it is known, and that it was cut off."""
    shared.bury("loader.deletions", b"{}")
    environment = {
        "PATH": os.defpath,
        "DATABASE_URL": shared.database.url_of("console"),
        "RABBITMQ_URL": shared.bus_settings.rabbitmq_url,
        "TIDEMARK_FAILPOINT": "console.after_replay",
    }
    command = [sys.executable, "-m", "services.console.main", "replay", "loader.deletions"]
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False, timeout=60)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert len(shared.take("loader.deletions")) == 1
    ((action, asked),) = replays(shared, "loader.deletions")
    assert (action, asked["limit"]) == ("queue.replay_requested", None)
    assert shared.run("replay", "loader.deletions").exit_code == 0  # what is left of it: nothing
    assert [action for action, _ in replays(shared, "loader.deletions")][1:] == [
        "queue.replay_requested",
        "queue.replayed",
    ]
