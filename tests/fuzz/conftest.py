"""How long the API is fuzzed: shortly in `make test`, for thousands of cases with `make fuzz-api`."""

from __future__ import annotations

import pytest

SHORT = 1
"""Made up for each operation in `make test`, beside the examples of the document."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--examples", type=int, default=SHORT, help="cases to be made up for an operation")


@pytest.fixture
def examples(request: pytest.FixtureRequest) -> int:
    """Cases to be made up for each operation."""
    found: int = request.config.getoption("--examples", SHORT)
    return found
