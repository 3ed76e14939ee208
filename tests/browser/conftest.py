"""One system and one browser for all tests of the page; a window that is watched for each of them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from deploy.local import Infra, ensure
from tests.browser.hands import HANDS, Hand
from tests.browser.system import System, root, running
from tests.browser.visit import Door, door, launch


@pytest.fixture(scope="session")
def infra() -> Infra:
    """Servers of these tests alone."""
    return ensure(root(), name="browser")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def system(infra: Infra) -> AsyncIterator[System]:
    """Every service, with three sources' numbers of sixty days."""
    async with running(infra) as found:
        yield found


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """One for all tests."""
    async with async_playwright() as playwright, launch(playwright) as started:
        yield started


@pytest_asyncio.fixture(loop_scope="session")
async def visit(request: pytest.FixtureRequest, chromium: Browser, system: System) -> AsyncIterator[Door]:
    """``await visit(system.admin)``: a window of somebody who is signed in, as their hand needs it."""
    hand: type[Hand] | None = request.getfixturevalue("hand") if "hand" in request.fixturenames else None
    async with door(chromium, system, hand.look if hand else None) as opened:
        yield opened


@pytest.fixture(params=HANDS, ids=[hand.__name__.lower() for hand in HANDS])
def hand(request: pytest.FixtureRequest) -> type[Hand]:
    """How somebody uses the page."""
    found: type[Hand] = request.param
    return found
