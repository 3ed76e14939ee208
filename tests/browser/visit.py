"""A page that is open in a browser, and everything it complains of."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, expect

from deploy.local import browser as installed
from tests.browser.system import Login, System

Theme: TypeAlias = Literal["light", "dark"]
Width: TypeAlias = Literal["wide", "phone"]
SIZES: dict[Width, tuple[int, int]] = {"wide": (1440, 900), "phone": (360, 740)}
PATIENCE = 20_000.0
"""Milliseconds: the machine does other things, too."""
expect.set_options(timeout=PATIENCE)

_WATCH = """
(() => {
  window.shifts = [];
  document.addEventListener("securitypolicyviolation", (event) => {
    window.tell(`${event.violatedDirective} refused ${event.blockedURI}`);
  });
  const nameOf = ({ node }) => node?.className || node?.nodeName || "something that is gone";
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources } of list.getEntries()) {
      if (!hadRecentInput) window.shifts.push([value, sources.map(nameOf).join(", ")]);
    }
  }).observe({ type: "layout-shift", buffered: true });
})();
"""
_SIGN_IN = """
(() => {
  if (location.protocol !== "http:" || sessionStorage.getItem("test.signed") !== null) return;
  sessionStorage.setItem("test.signed", "1");
  sessionStorage.setItem("tidemark.session", JSON.stringify(%s));
})();
"""
_SETTLED = """
() => document.querySelector("h1") !== null
  && document.querySelector("[aria-busy=true], .skeleton, .stale") === null
  && document.getAnimations().every(({ playState }) => playState !== "running")
"""


@dataclass
class Visit:
    """One browser window of one person. What is wrong with it is in ``problems``."""

    page: Page
    url: str
    problems: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()
    """Parts of complaints that belong to what a test does."""

    async def go(self, path: str) -> None:
        """Open an address and wait until all of it is there."""
        await self.page.goto(f"{self.url}{path}")
        await self.settled()

    async def settled(self) -> None:
        """Wait until nothing is on its way any more."""
        await self.page.wait_for_load_state("networkidle")
        await self.page.wait_for_function(_SETTLED)

    async def shifts(self) -> list[tuple[float, str]]:
        """Layout shifts that nobody asked for: how much, and of what."""
        found: list[tuple[float, str]] = await self.page.evaluate("() => window.shifts")
        return found

    def complaints(self) -> list[str]:
        """What it said that was not expected."""
        return [each for each in self.problems if not any(part in each for part in self.expected)]

    def hear(self, message: ConsoleMessage) -> None:
        """Errors on the console."""
        if message.type == "error":
            self.problems.append(f"console: {message.text}")


@dataclass
class Door:
    """Lets people in, each into a window of their own."""

    browser: Browser
    system: System
    usual: dict[str, Any] = field(default_factory=dict)
    """Of every window, where nothing else is said."""
    contexts: list[BrowserContext] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)

    async def __call__(self, login: Login | None, **more: Any) -> Visit:
        """Somebody who is signed in already, or nobody; the page is not open yet."""
        return await self._open(login, **(self.usual | more))

    async def _open(
        self,
        login: Login | None,
        *,
        theme: Theme = "light",
        width: Width = "wide",
        **more: Any,
    ) -> Visit:
        across, down = SIZES[width]
        options = {"reduced_motion": "reduce", "locale": "en-US", "timezone_id": "UTC"} | more
        context = await self.browser.new_context(
            viewport={"width": across, "height": down}, color_scheme=theme, **options
        )
        self.contexts.append(context)
        context.set_default_timeout(PATIENCE)
        if login is not None:
            session = _session_of(login, await self.system.tokens(login))
            await context.add_init_script(_SIGN_IN % json.dumps(session))
        visit = Visit(await context.new_page(), self.system.url)
        await self._watch(context, visit)
        self.visits.append(visit)
        return visit

    async def _watch(self, context: BrowserContext, visit: Visit) -> None:
        await context.expose_function("tell", lambda text: visit.problems.append(f"policy: {text}"))
        await context.add_init_script(_WATCH)
        visit.page.on("console", visit.hear)
        # From the beginning: one that opens before the browser was told that it is awaited would be lost.
        visit.page.on("filechooser", lambda _: None)
        visit.page.on("pageerror", lambda error: visit.problems.append(f"error: {error}"))

    async def close(self) -> None:
        """Close all windows."""
        for context in self.contexts:
            await context.close()


@asynccontextmanager
async def launch(playwright: Playwright) -> AsyncIterator[Browser]:
    """The machine's Chromium; nothing is downloaded."""
    # Root has no sandbox to run in, and containers have little shared memory.
    options = ["--no-sandbox", "--disable-dev-shm-usage"]
    started = await playwright.chromium.launch(executable_path=installed.chromium(), args=options)
    try:
        yield started
    finally:
        await started.close()


@asynccontextmanager
async def door(browser: Browser, system: System, usual: dict[str, Any] | None = None) -> AsyncIterator[Door]:
    """Opens windows for a test; after it, none may have complained of anything."""
    opened = Door(browser, system, usual or {})
    try:
        yield opened
        for visit in opened.visits:
            assert visit.complaints() == []
    finally:
        await opened.close()


def _session_of(login: Login, tokens: dict[str, Any]) -> dict[str, Any]:
    """As the page keeps it."""
    return {
        "id": "of-a-test",
        "generation": 0,
        "email": login.email,
        "accessToken": tokens["access_token"],
        "refreshToken": tokens["refresh_token"],
        "expiresAt": 4_000_000_000_000,
        "mustChangePassword": False,
    }
