"""mypy, with this project's configuration, says no to missing and to wrong types."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.architecture.discovery import ROOT

WRONG = """\
from pydantic import BaseModel


class Rate(BaseModel):
    cpm: int


def unannotated(x):
    return x


def wrong(rate: Rate) -> str:
    return rate.cpm


def loose(numbers: list) -> None:
    Rate()
"""


def test_types_are_checked_strictly(tmp_path: Path) -> None:
    file = tmp_path / "wrong.py"
    file.write_text(WRONG)
    configuration = ["--config-file", str(ROOT / "pyproject.toml"), "--cache-dir", str(tmp_path / "cache")]
    answer = subprocess.run(
        [sys.executable, "-m", "mypy", *configuration, str(file)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert answer.returncode == 1, answer.stderr
    found = {line.rpartition("[")[2].rstrip("]") for line in answer.stdout.splitlines() if ": error:" in line}
    assert found >= {"no-untyped-def", "return-value", "type-arg", "call-arg"}, answer.stdout
