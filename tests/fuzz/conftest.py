"""How long the API is fuzzed: shortly in `make test`, for thousands of cases with `make fuzz-api`."""

from __future__ import annotations

import pytest

SHORT = 1
"""Examples of each operation in `make test`, beside those of the document; and nobody without a token: what
they get is in the access matrix."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--examples", type=int, default=SHORT, help="cases to be made up for an operation")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """``who``: an administrator, a client's user, and in the long run nobody."""
    if "who" in metafunc.fixturenames:
        nobody = [None] if metafunc.config.getoption("--examples", SHORT) > SHORT else []
        metafunc.parametrize("who", ["admin", "nina", *nobody])


@pytest.fixture
def examples(request: pytest.FixtureRequest) -> int:
    """Cases to be made up for each operation."""
    found: int = request.config.getoption("--examples", SHORT)
    return found
