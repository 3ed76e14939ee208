"""kill -9 of the loader at each of its points, under load."""

from __future__ import annotations

import pytest

from tests.faults.conftest import Run, lives
from tests.faults.world import Launch

POINTS = {
    "loader.after_staging": 20,
    "loader.head_start": 1,
    "loader.in_merge": 8,
    "loader.after_commit": 8,
    "loader.after_publish": 6,
}
"""Where it dies, and within how many passes of that point."""


@pytest.mark.parametrize("point", POINTS)
async def test_killed_loader(experiment: Run, point: str, seed: int) -> None:
    """Beside it, for every other seed, a second one goes on; only one alone writes a run ahead."""
    deaths = lives(point, POINTS[point], seed)
    beside = [Launch("loader")] if seed % 2 == 0 and point != "loader.head_start" else []
    done = await experiment(seed, [Launch("loader", deaths), *beside, Launch("aggregator")])
    assert done.world.process("loader-1").kills, f"{deaths} was never passed: the experiment proves nothing"
