"""Processor time and memory of processes, from /proc.

Everything is counted where it is spent: services, their reading processes, PostgreSQL's backends by the
role that they work for, the broker, the S3 endpoint, this process; and what the rest of the machine did
meanwhile, which tells how far a figure can be trusted.
"""

from __future__ import annotations

import os
import re
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_TICK = os.sysconf("SC_CLK_TCK")
_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Cpu:
    """Seconds of processor time."""

    user: float = 0
    system: float = 0

    @property
    def total(self) -> float:
        """User and system."""
        return self.user + self.system

    def __add__(self, other: Cpu) -> Cpu:
        return Cpu(self.user + other.user, self.system + other.system)

    def __sub__(self, other: Cpu) -> Cpu:
        return Cpu(self.user - other.user, self.system - other.system)


@dataclass(frozen=True)
class Stat:
    """What a process used itself, and what those of its children used that have ended."""

    own: Cpu
    ended_children: Cpu


def stat_of(pid: int) -> Stat | None:
    """Counters of a process; None when it is gone."""
    try:
        # The name of the program stands in parentheses and may contain blanks.
        fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    user, system, children_user, children_system = (int(value) / _TICK for value in fields[11:15])
    return Stat(Cpu(user, system), Cpu(children_user, children_system))


def children_of(pid: int) -> list[int]:
    """Direct children that run."""
    try:
        listed = [path.read_text() for path in (_PROC / str(pid) / "task").glob("*/children")]
    except OSError:
        return []
    return [int(child) for text in listed for child in text.split()]


def peak_megabytes(pid: int) -> float | None:
    """Peak resident set since the last ``forget_peak``; None when the process is gone."""
    return _status_megabytes(pid, "VmHWM")


def resident_megabytes(pid: int) -> float | None:
    """Resident set now; None when the process is gone."""
    return _status_megabytes(pid, "VmRSS")


def _status_megabytes(pid: int, name: str) -> float | None:
    try:
        text = (_PROC / str(pid) / "status").read_text()
    except OSError:
        return None
    found = re.search(rf"^{name}:\s+(\d+) kB$", text, re.MULTILINE)
    return int(found[1]) * 1024 / _MEGABYTE if found else None


def forget_peak(pid: int) -> None:
    """From now on a new peak is noted (clear_refs 5, see proc(5))."""
    (_PROC / str(pid) / "clear_refs").write_text("5")


def machine_busy() -> float:
    """Seconds of processor time that all processes together used since the machine started."""
    user, nice, system, _idle, _wait, irq, softirq, *_ = (
        int(value) / _TICK for value in (_PROC / "stat").read_text().splitlines()[0].split()[1:]
    )
    return user + nice + system + irq + softirq


@dataclass(frozen=True)
class Snapshot:
    """Counters at one moment; ``processes``: (label, pid) → stat."""

    at: float
    busy: float
    processes: Mapping[tuple[str, int], Stat]


def snapshot(named: Mapping[str, Iterable[int]], postmaster: int | None) -> Snapshot:
    """Read the counters of named processes, and of every process of a PostgreSQL server."""
    pids = [(label, pid) for label, ids in named.items() for pid in ids]
    if postmaster is not None:
        pids += [("pg postmaster", postmaster)]
        pids += [(f"pg {_role_of(child)}", child) for child in children_of(postmaster)]
    found = {key: stat for key in pids if (stat := stat_of(key[1])) is not None}
    return Snapshot(time.monotonic(), machine_busy(), found)


def _role_of(backend: int) -> str:
    """``loader`` for a backend of the loader's role, else the kind of the server's own process."""
    try:
        title = (_PROC / str(backend) / "cmdline").read_bytes().split(b"\0")[0].decode(errors="replace")
    except OSError:
        return "ended"
    words = title.split()
    kind = words[2] if len(words) > 2 else "starting"
    return kind.removeprefix("tidemark_")


@dataclass(frozen=True)
class Profile:
    """Where the time of a phase went."""

    wall: float
    cpu: dict[str, Cpu]
    others: float
    """Processor seconds of everything else on the machine."""

    @property
    def total(self) -> float:
        """Processor seconds of all that belongs to the phase."""
        return sum(cpu.total for cpu in self.cpu.values())

    @property
    def disturbed(self) -> float:
        """The share of the machine that everything else used."""
        return self.others / self.wall / (os.cpu_count() or 1)

    def print(self) -> None:
        """On standard output."""
        for line in self.lines():
            print(f"  {line}")

    def lines(self) -> list[str]:
        """Readable, largest first; what took less than 0.5 % is summed up."""
        cores = os.cpu_count() or 1
        head = (
            f"wall {self.wall:.2f} s, processor {self.total:.2f} s "
            f"({self.total / self.wall / cores:.0%} of {cores} cores), "
            f"rest of the machine {self.others:.2f} s ({self.others / self.wall / cores:.0%})"
        )
        ranked = sorted(self.cpu.items(), key=lambda item: -item[1].total)
        shown = [
            f"{label} {cpu.total:.2f} ({cpu.user:.2f}u {cpu.system:.2f}s)"
            for label, cpu in ranked
            if cpu.total >= 0.005 * self.total and cpu.total >= 0.02
        ]
        return [head, " · ".join(shown)]


def between(before: Snapshot, after: Snapshot) -> Profile:
    """What was used from one snapshot to the other.

    A process that ended in between left all its time with its parent; what it had before is taken off.
    """
    cpu: dict[str, Cpu] = defaultdict(Cpu)
    for key, stat in after.processes.items():
        label = key[0]
        known = before.processes.get(key, Stat(Cpu(), Cpu()))
        cpu[label] += stat.own - known.own
        ended = stat.ended_children - known.ended_children
        if ended.total:
            cpu[_CHILDREN.get(label, f"{label} children")] += ended
    for key, stat in before.processes.items():
        if key not in after.processes and key[0].startswith("pg "):
            cpu[_CHILDREN["pg postmaster"]] -= stat.own
        elif key not in after.processes and key[0] == READING:
            cpu[READING] -= stat.own
    wall = after.at - before.at
    others = after.busy - before.busy - sum(used.total for used in cpu.values())
    return Profile(wall, dict(cpu), max(0.0, others))


READING = "surfside reading child"
"""It stays for the next file, or ends with one."""
_CHILDREN = {"pg postmaster": "pg ended", "surfside": READING}
