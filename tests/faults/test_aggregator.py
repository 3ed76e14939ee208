"""kill -9 of the aggregator before and after its commit, under load."""

from __future__ import annotations

import pytest

from tests.faults.conftest import Run, lives
from tests.faults.world import Launch

POINTS = {"aggregator.before_commit": 12, "aggregator.after_commit": 12, "aggregator.after_publish": 5}


@pytest.mark.parametrize("point", POINTS)
async def test_killed_aggregator(experiment: Run, point: str, seed: int) -> None:
    """Beside it, for every other seed, a second one goes on."""
    deaths = lives(point, POINTS[point], seed)
    beside = [Launch("aggregator")] if seed % 2 == 0 else []
    done = await experiment(seed, [Launch("loader"), Launch("aggregator", deaths), *beside])
    assert done.world.process("aggregator-1").kills, (
        f"{deaths} was never passed: the experiment proves nothing"
    )
