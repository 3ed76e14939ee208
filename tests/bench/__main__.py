"""`make bench`: every benchmark that there is, one after another (`python -m tests.bench [--quick]`)."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

BENCHMARKS = ("ingest", "dashboard", "api", "page")


def main() -> int:
    """The exit code: that of the first benchmark that went wrong; the others run all the same."""
    modules = [f"tests.bench.{name}" for name in BENCHMARKS]
    there = [module for module in modules if importlib.util.find_spec(module) is not None]
    codes = [subprocess.run([sys.executable, "-m", m, *sys.argv[1:]], check=False).returncode for m in there]
    return next((code for code in codes if code), 0)


if __name__ == "__main__":
    sys.exit(main())
