"""Which worker runs what: tests that kill their servers share a worker, so that there is one set of them."""

from __future__ import annotations

from typing import Any

from xdist.scheduler import LoadScopeScheduling

OWN_SERVERS = ("tests/faults/", "tests/libs/bus/")
"""Folders whose session starts servers of its own; each would otherwise be started once per worker."""


class OneSetOfServers(LoadScopeScheduling):  # type: ignore[misc] # xdist has no types
    """Each of OWN_SERVERS is one unit of work, handed out first; every other test is one by itself."""

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in OWN_SERVERS if nodeid.startswith(folder)), nodeid)


def scheduler(config: Any, log: Any) -> OneSetOfServers | None:
    """None, xdist's own, where only such a folder is run: there each worker has a set."""
    asked = [str(argument) for argument in config.args]
    if all(argument.startswith(tuple(folder.rstrip("/") for folder in OWN_SERVERS)) for argument in asked):
        return None
    return OneSetOfServers(config, log)
