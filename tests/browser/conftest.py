"""One system and one browser for all tests of the page; a window that is watched for each of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from deploy.local import Infra, browser, ensure
from tests.browser.figures import Figures
from tests.browser.hands import HANDS, Hand
from tests.browser.system import System, root, running
from tests.browser.visit import Door, door

FIGURES = Figures()


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
    """That of the machine; nothing is downloaded."""
    async with async_playwright() as playwright:
        # Root has no sandbox to run in, and containers have little shared memory.
        options = ["--no-sandbox", "--disable-dev-shm-usage"]
        started = await playwright.chromium.launch(executable_path=browser.chromium(), args=options)
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="session")
async def visit(chromium: Browser, system: System) -> AsyncIterator[Door]:
    """``await visit(system.admin)``: a window of somebody who is signed in."""
    async with door(chromium, system) as opened:
        yield opened


@pytest.fixture(params=HANDS, ids=[hand.__name__.lower() for hand in HANDS])
def hand(request: pytest.FixtureRequest) -> type[Hand]:
    """How somebody uses the page: with the mouse, or with the keyboard alone."""
    found: type[Hand] = request.param
    return found


@pytest.fixture(scope="session")
def figures() -> Figures:
    """What was measured: printed at the end."""
    return FIGURES


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Figures are told, whatever they are."""
    for line in FIGURES.lines():
        terminalreporter.write_line(line)
