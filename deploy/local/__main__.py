"""`python -m deploy.local up|down|status|env`: the servers of this checkout."""

import argparse
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from deploy.local import kinds
from deploy.local.errors import InfrastructureError
from deploy.local.infra import Infra, ensure, recorded, stop
from deploy.local.state import instances

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local", description=__doc__)
    parser.add_argument("command", choices=["up", "down", "status", "env"])
    parser.add_argument(
        "--name", help="which instance of this checkout (up and env: dev; down and status: all)"
    )
    parser.add_argument("--keep-data", action="store_true", help="down: stop the servers but keep their data")
    chosen = parser.parse_args(arguments)
    try:
        return _run(chosen.command, chosen.name, keep_data=chosen.keep_data)
    except InfrastructureError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _run(command: str, given: str | None, *, keep_data: bool) -> int:
    if command == "down":
        for name in [given] if given else instances(ROOT):
            stop(ROOT, name, keep_data=keep_data)
        return 0
    if command == "status":
        return _print_statuses([given] if given else instances(ROOT))
    name = given or "dev"
    infra = ensure(ROOT, name) if command == "up" else recorded(ROOT, name)
    if not infra.database_url:
        raise InfrastructureError(f"Nothing was started under the name {name}: python -m deploy.local up")
    for variable, value in infra.environment().items():
        print(f"export {variable}={shlex.quote(value)}" if command == "env" else f"{variable}={value}")
    return 0


def _print_statuses(names: Sequence[str]) -> int:
    if not names:
        print("this checkout has started no servers")
    return max([_print_status(recorded(ROOT, name)) for name in names], default=1)


def _print_status(infra: Infra) -> int:
    """One line per server; 0 when all of them run."""
    if not infra.servers:
        print(f"{infra.name}: this checkout has started no servers")
        return 1
    down = 0
    for kind, server in infra.servers.items():
        running = kinds.is_running(kind, server, infra.root)
        down += not running
        pid = kinds.PRIVATE[kind].pid(server) if server.origin == "private" else None
        state = f"running (pid {pid})" if pid else "running" if running else "down"
        print(f"{infra.name:13} {kind:13} {server.origin:8} {state:20} {kinds.PRIVATE[kind].url(server)}")
    return 1 if down else 0


if __name__ == "__main__":
    sys.exit(main())
