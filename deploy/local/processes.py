"""Starting, recognising and ending the processes of private servers.

A process is only ever ended by its id, and only after its command line was seen to name the folder that the
server was given: ids are reused, and a server that somebody else started is never touched.
"""

import os
import pwd
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from deploy.local.errors import InfrastructureError

# Two arguments that stand side by side in the command line of one server and of nothing else.
Marker = tuple[str, str]

Arguments = Sequence[str | Path]

# Not there on macOS; ps tells the same, more slowly.
_PROC = Path("/proc/self")


@dataclass(frozen=True)
class Account:
    """The user that a server runs as; `switch` is false when that is who we are."""

    uid: int
    gid: int
    switch: bool

    def options(self) -> dict[str, Any]:
        """What subprocess needs to run something as this user."""
        if not self.switch:
            return {"umask": 0o077}
        return {"user": self.uid, "group": self.gid, "extra_groups": [], "umask": 0o077}

    def own(self, path: Path) -> None:
        """Hand a file or folder to this user."""
        if self.switch:
            os.chown(path, self.uid, self.gid)

    def can_enter(self, folder: Path) -> bool:
        """Whether this user reaches the folder: every folder above it must let them through."""
        command = ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)]
        return (
            subprocess.run(
                command, cwd="/", stderr=subprocess.DEVNULL, check=False, **self.options()
            ).returncode
            == 0
        )


def unprivileged_account(preferred: str) -> Account:
    """Ourselves, or for root an unprivileged user that exists: servers refuse to run as root."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switch=False)
    for name in (preferred, "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, switch=True)
    raise InfrastructureError(
        f"Servers cannot run as root and there is no user {preferred} or nobody: run as another user."
    )


def run(
    argv: Arguments,
    account: Account,
    folder: Path,
    environment: Mapping[str, str],
    stdin: str = "",
) -> str:
    """Run to the end and return what was printed; a failure carries the last lines of it."""
    result: subprocess.CompletedProcess[str] = subprocess.run(
        [str(part) for part in argv],
        cwd=folder,
        env=dict(environment),
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        **account.options(),
    )
    if result.returncode != 0:
        said = " | ".join((result.stdout + result.stderr).strip().splitlines()[-4:])
        raise InfrastructureError(f"{Path(argv[0]).name} failed (exit {result.returncode}): {said}")
    return result.stdout


def spawn(
    argv: Arguments,
    account: Account,
    folder: Path,
    environment: Mapping[str, str],
    name: str,
) -> None:
    """Start a server that outlives us; its id is in `<name>.pid` and its output in `<name>.log`."""
    # Started by a shell that ends at once: the server belongs to init, so that nobody has to wait for it.
    script = 'name=$1; shift; "$@" </dev/null >>"$name.log" 2>&1 & echo $! >"$name.pid"'
    subprocess.run(
        ["/bin/sh", "-c", script, "sh", name, *[str(part) for part in argv]],
        cwd=folder,
        env=dict(environment),
        check=True,
        start_new_session=True,
        **account.options(),
    )


def running_pid(pid_file: Path, marker: Marker) -> int | None:
    """The process in the pid file, if it runs and is the one that the marker tells."""
    try:
        pid = int(pid_file.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None
    return pid if _is(pid, marker) else None


def find(marker: Marker) -> list[int]:
    """Processes that the marker tells, for servers whose pid file was deleted under them."""
    if not _PROC.exists():
        listed = subprocess.run(["ps", "-axo", "pid="], capture_output=True, text=True, check=False).stdout
        return [int(pid) for pid in listed.split() if _is(int(pid), marker)]
    return [int(entry.name) for entry in _PROC.parent.glob("[0-9]*") if _is(int(entry.name), marker)]


def _is(pid: int, marker: Marker) -> bool:
    arguments = _arguments_of(pid)
    return marker in pairwise(arguments)


def _arguments_of(pid: int) -> list[str]:
    """How a process was started; nothing when there is none or it has ended."""
    if not _PROC.exists():
        command = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.split()
    try:
        return (_PROC.parent / str(pid) / "cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return []


def end(pid_file: Path, marker: Marker, how: signal.Signals, patience: float = 30.0) -> bool:
    """Send the signal, wait for the end, and kill what has not ended by then; whether anything ran."""
    pid = running_pid(pid_file, marker)
    if pid is None:
        return False
    _signal(pid, how)
    if not wait_until(lambda: not _is(pid, marker), patience):
        kill_each([pid])
    return True


def kill_each(pids: Sequence[int]) -> None:
    """kill -9 these processes and wait until they are gone."""
    for pid in pids:
        _signal(pid, signal.SIGKILL)
    wait_until(lambda: not any(_arguments_of(pid) for pid in pids), 10.0)


def _signal(pid: int, how: signal.Signals) -> None:
    try:
        os.kill(pid, how)
    except ProcessLookupError:
        return


def children_of(parent: int) -> list[int]:
    """Direct children of a process."""
    if not _PROC.exists():
        command = ["pgrep", "-P", str(parent)]
        return [int(pid) for pid in subprocess.run(command, capture_output=True, check=False).stdout.split()]
    return [int(entry.name) for entry in _PROC.parent.glob("[0-9]*") if _parent_of(entry) == parent]


def _parent_of(entry: Path) -> int | None:
    try:
        # The name of the program stands in parentheses and may contain blanks.
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, ValueError, IndexError):
        return None


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Poll until the condition holds or the time is over; whether it held."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def last_lines(log: Path, count: int = 3) -> str:
    """The end of a log for an error message."""
    try:
        return " | ".join(log.read_text(errors="replace").strip().splitlines()[-count:])
    except OSError:
        return "no log"
