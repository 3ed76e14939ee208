"""The reading process: one file in, frames out, within hard limits. Started by libs.tabular.reader alone.

The job comes as JSON on standard input; frames (libs.tabular.wire) go to what was standard output, and
anything that a library prints goes to standard error.
"""

import ctypes
import os
import resource
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from libs.tabular.errors import FileRefused, LimitReached
from libs.tabular.extract import read_file
from libs.tabular.spec import ParseLimits, TableSpec
from libs.tabular.wire import write_frame

_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Job:
    """What to read, and who waits for it."""

    path: Path
    spec: TableSpec
    limits: ParseLimits
    parent: int

    @classmethod
    def from_json(cls, body: bytes) -> "Job":
        job = orjson.loads(body)
        limits = ParseLimits(**job["limits"])
        return cls(Path(job["path"]), TableSpec.from_json(job["spec"]), limits, job["parent"])


def main() -> None:
    """Read the job, confine this process, read the file."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    job = Job.from_json(sys.stdin.buffer.read())
    _confine(job)
    try:
        for kind, body, table in read_file(job.path, job.spec, job.limits):
            write_frame(out, kind, body, table)
    except FileRefused as refused:
        write_frame(out, "refused", _refusal(refused))
    except MemoryError:
        full = LimitReached("The file needs more memory than a report may take. Split it.", limit="memory")
        write_frame(out, "refused", _refusal(full))


def _confine(job: Job) -> None:
    """Die with the parent; no more memory, CPU, file size or descriptors than a file may cost."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != job.parent:
        sys.exit("the parent is gone")
    limits = job.limits
    for kind, soft, hard in (
        (resource.RLIMIT_DATA, limits.memory_bytes, limits.memory_bytes),
        (
            resource.RLIMIT_CPU,
            limits.cpu_seconds,
            limits.cpu_seconds + 5,
        ),  # SIGXCPU, which says why, comes first
        (resource.RLIMIT_FSIZE, limits.max_inflated_bytes, limits.max_inflated_bytes),
        (resource.RLIMIT_NOFILE, 64, 64),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        _, allowed = resource.getrlimit(kind)
        most = hard if allowed == resource.RLIM_INFINITY else min(hard, allowed)
        resource.setrlimit(kind, (min(soft, most), most))


def _refusal(refused: FileRefused) -> dict[str, Any]:
    return {"code": refused.code, "message": refused.message, "details": refused.details}


if __name__ == "__main__":
    main()
