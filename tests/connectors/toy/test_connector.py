"""The toy passes what every connector has to."""

from __future__ import annotations

from tests.connectors.base import ConnectorSuite


class TestToy(ConnectorSuite):
    """Nothing of its own here: what is its own, test_trouble.py has."""
