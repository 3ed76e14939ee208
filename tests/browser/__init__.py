"""The page in a real browser on the real system: journeys, looks, numbers, budgets, pictures."""

import pytest

BROWSER = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]
"""Of every module here: one event loop, one system and one browser for all tests."""
