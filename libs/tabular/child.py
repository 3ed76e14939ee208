"""The reading process: files in, frames out, within hard limits. Started by libs.tabular.process alone.

Limits, then jobs come as lines of JSON on standard input; frames (libs.tabular.wire) go to what was standard
output, and anything that a library prints goes to standard error.
"""

import ctypes
import fcntl
import math
import os
import resource
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import orjson

from libs.tabular.errors import FileRefused, LimitReached
from libs.tabular.extract import read_file
from libs.tabular.spec import ParseLimits, TableSpec
from libs.tabular.wire import write_frame

_PR_SET_PDEATHSIG: Final = 1
_MOST_FILES: Final = 100
_PIPE_BYTES: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Job:
    """What to read."""

    path: Path
    spec: TableSpec

    @classmethod
    def from_json(cls, line: bytes) -> "Job":
        job = orjson.loads(line)
        return cls(Path(job["path"]), TableSpec.from_json(job["spec"]))


def main() -> None:
    """Confine this process, then read file after file until standard input ends."""
    with suppress(OSError):  # a courtesy to both sides: fewer, larger pieces
        fcntl.fcntl(1, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    lines = sys.stdin.buffer
    first = orjson.loads(lines.readline())
    limits = ParseLimits(**first["limits"])
    _confine(limits, first["parent"])
    for number, line in enumerate(lines, 1):
        _set_limit(resource.RLIMIT_CPU, math.ceil(time.process_time()) + limits.cpu_seconds)
        _read(Job.from_json(line), limits, out, number)


def _read(job: Job, limits: ParseLimits, out: BinaryIO, number: int) -> None:
    try:
        for kind, body, table in read_file(job.path, job.spec, limits):
            more = {"is_fit": _is_fit(limits, number)} if kind == "summary" else {}
            write_frame(out, kind, body | more, table)
    except FileRefused as refused:
        write_frame(out, "refused", _refusal(refused))
    except MemoryError:
        full = LimitReached("The file needs more memory than a report may take. Split it.", limit="memory")
        write_frame(out, "refused", _refusal(full))


def _is_fit(limits: ParseLimits, number: int) -> bool:
    """Whether the next file finds nearly as much room as in a fresh process."""
    return number < _MOST_FILES and _peak_bytes() < limits.memory_bytes // 4


def _peak_bytes() -> int:
    """The most memory held so far. Not getrusage, in which the parent's peak lives on."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


def _confine(limits: ParseLimits, parent: int) -> None:
    """Die with the parent; no more memory, CPU, file size or descriptors than a file may cost."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit("the parent is gone")
    for kind, limit in (
        (resource.RLIMIT_DATA, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, limits.max_inflated_bytes),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        _set_limit(kind, limit, for_ever=True)


def _set_limit(kind: int, limit: int, *, for_ever: bool = False) -> None:
    """``for_ever``: it cannot be raised again. Of processor time each file gets as much anew; at the soft
    limit the process dies of SIGXCPU, which says why."""
    _, allowed = resource.getrlimit(kind)
    most = limit if allowed == resource.RLIM_INFINITY else min(limit, allowed)
    resource.setrlimit(kind, (most, most if for_ever else allowed))


def _refusal(refused: FileRefused) -> dict[str, Any]:
    return {"code": refused.code, "message": refused.message, "details": refused.details}


if __name__ == "__main__":
    main()
