"""Facebook passes what every connector has to."""

from __future__ import annotations

from typing import ClassVar

from tests.connectors.base import ConnectorSuite


class TestFacebook(ConnectorSuite):
    """Uploads are brought, and of no one day until they have been read."""

    reports_missing: ClassVar[bool] = False
    dated_runs: ClassVar[bool] = False
