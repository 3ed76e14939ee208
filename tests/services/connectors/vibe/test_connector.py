"""Vibe passes what every connector has to."""

from __future__ import annotations

from tests.connectors.base import DAY, ConnectorSuite
from tests.services.connectors.vibe.conftest import Vibe


class TestVibe(ConnectorSuite):
    """A report is a delivery: nothing is waited for that may not come, and each pull brings another one."""

    reports_missing = False
    drifted = ("creative", "Spot Title")

    async def test_the_same_trigger_twice_is_the_same_run(self, connector: Vibe) -> None:  # type: ignore[override]
        """While the report is on its way. A pull that comes later asks for the figures of then."""
        await connector.deliver(DAY, "happy")
        async with connector.started():
            await connector.trigger(DAY)
            await connector.trigger(DAY)
            batches = await connector.ears.whole_run()
            await connector.trigger(DAY)
            await connector.ears.whole_run(beside={batches[0].run_id})
            await connector.quiet()
        assert len(connector.api.reports) == 2
        assert len(await connector.records.runs()) == 2
