"""Surfside passes what every connector has to."""

from __future__ import annotations

from tests.connectors.base import ConnectorSuite


class TestSurfside(ConnectorSuite):
    """Nothing of its own here."""
