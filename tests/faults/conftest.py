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
from tests.faults.world import LADDER, ROOT, Launch, World, make_world

SHORT = 2
"""Seeds of each fault in `make test`; `make faults` takes twenty."""
GIVEN = ("DATABASE_URL", "RABBITMQ_URL", "RABBITMQ_MANAGEMENT_URL", "S3_ENDPOINT_URL")

Run = Callable[..., Awaitable[Experiment]]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seeds", type=int, default=SHORT, help="how many seeds of each fault experiment")
    parser.addoption("--keep-servers", action="store_true", help="leave the experiments' servers running")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """``seed``: 1 to --seeds; those that `make test` does not run are marked.

    ``killed_at``: each of the module's POINTS; of those, `make test` runs one for each of its seeds.
    """
    if "seed" not in metafunc.fixturenames:
        return
    seeds = range(1, metafunc.config.getoption("--seeds", SHORT) + 1)
    if "killed_at" not in metafunc.fixturenames:
        metafunc.parametrize("seed", [_case((s,), is_short=s <= SHORT) for s in seeds])
        return
    short = set(zip(metafunc.module.POINTS, range(1, SHORT + 1), strict=False))
    pairs = [(point, seed) for point in metafunc.module.POINTS for seed in seeds]
    metafunc.parametrize(("killed_at", "seed"), [_case(pair, is_short=pair in short) for pair in pairs])


def _case(values: tuple[object, ...], *, is_short: bool) -> object:
    *others, seed = values
    name = "-".join([*map(str, others), f"seed{seed}"])
    return pytest.param(*values, marks=() if is_short else (pytest.mark.faults,), id=name)


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
async def world(infra: Infra, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """With the ladder of the module, where it has one."""
    ladder = getattr(request.module, "LADDER", LADDER)
    async with make_world(infra, f"faults_{uuid4().hex[:8]}", tmp_path, ladder) as made:
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
        command = _command(request, seed)
        try:
            violations = await made.run(launches, fault)
        except AssertionError as error:
            pytest.fail(f"{error}\n{made.told([], command)}", pytrace=False)
        if violations:
            pytest.fail(made.told(violations, command), pytrace=False)
        return made

    return run


def _command(request: pytest.FixtureRequest, seed: int) -> str:
    return f".venv/bin/python -m pytest '{request.node.nodeid}' --seeds {seed}"


def told(request: pytest.FixtureRequest, seed: int, wrong: Sequence[str], world: World) -> str:
    """Of an experiment that has checks of its own: what a person needs to see, and to repeat it."""
    shown = [f"seed {seed}: {len(wrong)} violations", *(f"  {what}" for what in wrong[:25])]
    return "\n".join([*shown, world.troubles(), f"repeat: {_command(request, seed)}"])


def lives(point: str, passes: int, seed: int) -> tuple[str, ...]:
    """The failpoints of one or two lives: each ends somewhere in the first passes of a point."""
    random = Random(f"{point} {seed}")
    return tuple(f"{point}:{random.randint(1, passes)}" for _ in range(random.randint(1, 2)))
