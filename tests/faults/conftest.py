"""Servers of their own for the experiments, seeds, and a world for each."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from uuid import uuid4

import pytest

from deploy.local import Infra, ensure, stop
from tests.faults.experiment import Experiment, Fault
from tests.faults.generator import make_plan
from tests.faults.world import ROOT, Launch, World, make_world

SHORT = 2
"""Seeds of each fault in `make test`; `make faults` takes twenty."""
GIVEN = ("DATABASE_URL", "RABBITMQ_URL", "RABBITMQ_MANAGEMENT_URL", "S3_ENDPOINT_URL")

Run = Callable[..., Awaitable[Experiment]]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seeds", type=int, default=SHORT, help="how many seeds of each fault experiment")
    parser.addoption("--keep-servers", action="store_true", help="leave the experiments' servers running")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """``seed``: 1 to --seeds; those that `make test` does not run are marked."""
    if "seed" in metafunc.fixturenames:
        seeds = range(1, metafunc.config.getoption("--seeds", SHORT) + 1)
        marks = [() if seed <= SHORT else (pytest.mark.faults,) for seed in seeds]
        cases = [pytest.param(s, marks=m, id=f"seed{s}") for s, m in zip(seeds, marks, strict=True)]
        metafunc.parametrize("seed", cases)


@pytest.fixture(scope="session")
def infra(pytestconfig: pytest.Config) -> Iterator[Infra]:
    """Private servers of this worker alone: they are killed. Addresses in the environment are left alone."""
    name = f"faults-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with pytest.MonkeyPatch.context() as patch:
        for variable in GIVEN:
            patch.delenv(variable, raising=False)
        yield ensure(ROOT, name=name)
        if not pytestconfig.getoption("--keep-servers", False):
            stop(ROOT, name=name)


@pytest.fixture
async def world(infra: Infra, tmp_path: Path) -> AsyncIterator[World]:
    async with make_world(infra, f"faults_{uuid4().hex[:8]}", tmp_path) as made:
        yield made


@pytest.fixture
def experiment(world: World, request: pytest.FixtureRequest) -> Run:
    """Run an experiment and insist that it comes out green."""

    async def run(
        seed: int,
        launches: Sequence[Launch],
        fault: Fault | None = None,
        *,
        gives_up: float = 0.0,
        files: bool = False,
    ) -> Experiment:
        made = Experiment(world, make_plan(seed, files=files), gives_up=gives_up)
        command = f".venv/bin/python -m pytest '{request.node.nodeid}' --seeds {seed}"
        try:
            violations = await made.run(launches, fault)
        except AssertionError as error:
            pytest.fail(f"{error}\n{made.told([], command)}", pytrace=False)
        if violations:
            pytest.fail(made.told(violations, command), pytrace=False)
        return made

    return run


def lives(point: str, passes: int, seed: int) -> tuple[str, ...]:
    """The failpoints of one or two lives: each ends somewhere in the first passes of a point."""
    random = Random(f"{point} {seed}")
    return tuple(f"{point}:{random.randint(1, passes)}" for _ in range(random.randint(1, 2)))
