"""`python -m deploy.declare`: exchange, queues, bindings and policies on RabbitMQ, from contracts.topology.

Run at each deploy, before the services start; running it again changes nothing, a changed limit is a changed
policy and needs no restart.
"""

from __future__ import annotations

import asyncio
import sys

from contracts.topology import QUEUES
from libs.bus.declare import declare
from libs.errors import TidemarkError
from libs.settings import BusSettings, load


def main() -> int:
    """Run it with settings from the environment; the exit code."""
    try:
        asyncio.run(declare(load(BusSettings)))
    except TidemarkError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"declared {len(QUEUES)} queues with their dead-letter queues, and the retry ladder")
    return 0


if __name__ == "__main__":
    sys.exit(main())
