"""Which worker runs what: tests that kill their servers share a worker, so that there is one set of them."""

from __future__ import annotations

from typing import Any

from xdist.scheduler import LoadScopeScheduling

OWN_SERVERS = ("tests/faults/", "tests/libs/bus/")
"""Folders whose session starts servers of its own; each would otherwise be started once per worker."""
WHOLE = (
    "tests/services/gateway/test_access_matrix.py",
    "tests/services/gateway/test_generated_client.py",
)
"""Files whose tests share something that takes seconds to make."""
HALF = "killed loaders and aggregators"
UNITS = {
    "tests/faults/test_loader.py": HALF,
    "tests/faults/test_aggregator.py": HALF,
    **{folder: folder for folder in OWN_SERVERS},
    **{path: path for path in WHOLE},
}
"""What one worker runs from start to end, by how a test's id begins; the first that fits. The experiments are
two: one worker with all of them would still be at work when the others have done everything else."""


class OneSetOfServers(LoadScopeScheduling):  # type: ignore[misc] # xdist has no types
    """Each of UNITS is handed out whole, and first; every other test is a unit by itself."""

    def _split_scope(self, nodeid: str) -> str:
        return next((unit for begin, unit in UNITS.items() if nodeid.startswith(begin)), nodeid)


def scheduler(config: Any, log: Any) -> OneSetOfServers | None:
    """None, xdist's own, where only such a folder is run: there each worker has a set."""
    asked = [str(argument) for argument in config.args]
    if all(argument.startswith(tuple(folder.rstrip("/") for folder in OWN_SERVERS)) for argument in asked):
        return None
    return OneSetOfServers(config, log)
