"""`python -m deploy.demo [--smoke]`."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from deploy.demo.run import console, run
from deploy.local import InfrastructureError
from libs.errors import TidemarkError

ROOT = Path(__file__).parents[2]


def main() -> int:
    """The exit code: 0 if every figure is exact, 1 if not, 2 if it could not be brought up."""
    parser = argparse.ArgumentParser(prog="python -m deploy.demo", description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="end after the check instead of staying up")
    smoke = parser.parse_args().smoke
    # As with Ctrl-C: the services that it started end with it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return asyncio.run(run(ROOT, name="smoke" if smoke else "demo", stay=not smoke))
    except KeyboardInterrupt:
        return 0
    except (InfrastructureError, TidemarkError, AssertionError, RuntimeError) as error:
        console.print(f"[red]error:[/red] {error}")
        return 2


if __name__ == "__main__":
    sys.exit(main())
