"""kill -9 of the surfside connector between two batches and after the last one, under load."""

from __future__ import annotations

import pytest

from tests.faults.conftest import Run, lives
from tests.faults.world import Launch

POINTS = {"connector.between_batches": 8, "connector.after_publish": 5}


@pytest.mark.parametrize("point", POINTS)
async def test_killed_surfside(experiment: Run, point: str, seed: int) -> None:
    """The same delivery is the same run, however often it is read."""
    deaths = lives(point, POINTS[point], seed)
    launches = [Launch("surfside", deaths), Launch("loader"), Launch("aggregator")]
    done = await experiment(seed, launches, files=True)
    assert done.world.process("surfside-1").kills, f"{deaths} was never passed: the experiment proves nothing"
