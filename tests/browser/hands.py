"""Ways to use the page: with a mouse, with nothing but the keyboard, with a thumb on a phone in the dark.

A journey is written once and gone each way. The keyboard presses no selector: it goes to a control by Tab,
inside a composite by arrow keys, as the patterns of https://www.w3.org/WAI/ARIA/apg/patterns/ have it.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeAlias

from playwright.async_api import Locator, Page

Look: TypeAlias = dict[str, Any]
MOST_TABS = 250
_FOCUSED = "(element) => element === document.activeElement"
_PLACE = "(element, name) => (element.getAttribute(name) ?? '').split(/[,-]/u).map(Number)"


class Hand(Protocol):
    """What somebody can do."""

    look: ClassVar[Look]
    """Of the window that they use: arguments of a Door."""

    def __init__(self, page: Page) -> None: ...

    async def press(self, target: Locator) -> None:
        """A button or a link."""

    async def write(self, target: Locator, text: str) -> None:
        """Into a field, instead of what is in it."""

    async def write_day(self, target: Locator, day: date) -> None:
        """Into a field for dates."""

    async def select(self, target: Locator, option: str) -> None:
        """One of a few."""

    async def check(self, target: Locator) -> None:
        """A radio button."""

    async def pick(self, button: Locator, option: str) -> None:
        """One of many: a list that can be searched opens below a button."""

    async def choose(self, button: Locator, item: str) -> None:
        """Something to do: a menu opens below a button."""

    async def tab(self, tabs: Locator, name: str) -> None:
        """A part of the page."""

    async def open_cell(self, grid: Locator, cell: Locator, inside: str = "") -> None:
        """Press what a cell of a grid is for: with the mouse, what is inside it."""

    async def give_file(self, target: Locator, file: Path) -> None:
        """Choose a file."""


class Mouse:
    """Clicks; texts are typed, for which there is no other way."""

    look: ClassVar[Look] = {}

    def __init__(self, page: Page) -> None:
        self._page = page

    async def hit(self, target: Locator) -> None:
        """Where it is."""
        await target.click()

    async def press(self, target: Locator) -> None:
        await self.hit(target)

    async def write(self, target: Locator, text: str) -> None:
        await self.hit(target)
        await target.fill(text)

    async def write_day(self, target: Locator, day: date) -> None:
        await target.fill(day.isoformat())

    async def select(self, target: Locator, option: str) -> None:
        await target.select_option(label=option)

    async def check(self, target: Locator) -> None:
        await self.hit(target)

    async def pick(self, button: Locator, option: str) -> None:
        await self.hit(button)
        await self.hit(self._page.get_by_role("option", name=re.compile(rf"^{re.escape(option)}")))

    async def choose(self, button: Locator, item: str) -> None:
        await self.hit(button)
        await self.hit(self._page.get_by_role("menuitem", name=item))

    async def tab(self, tabs: Locator, name: str) -> None:
        await self.hit(tabs.get_by_role("tab", name=name, exact=True))

    async def open_cell(self, grid: Locator, cell: Locator, inside: str = "") -> None:
        await self.hit(cell.locator(inside) if inside else cell)

    async def give_file(self, target: Locator, file: Path) -> None:
        async with self._page.expect_file_chooser() as waiting:
            await self.hit(self._page.locator("label", has=target))
        await (await waiting.value).set_files(file)


class Thumb(Mouse):
    """Taps, on a phone, in the dark."""

    look: ClassVar[Look] = {"theme": "dark", "width": "phone", "is_mobile": True, "has_touch": True}

    async def hit(self, target: Locator) -> None:
        await target.tap()


class Keyboard:
    """Keys alone."""

    look: ClassVar[Look] = {}

    def __init__(self, page: Page) -> None:
        self._page = page

    async def press(self, target: Locator) -> None:
        await self._reach(target)
        await self._key("Enter")

    async def write(self, target: Locator, text: str) -> None:
        await self._reach(target)
        await self._key("Control+A")
        await self._page.keyboard.type(text)

    async def write_day(self, target: Locator, day: date) -> None:
        await self._reach(target)
        # Month, day, year: the order of the locale.
        await self._page.keyboard.type(f"{day:%m%d%Y}")

    async def select(self, target: Locator, option: str) -> None:
        await self._reach(target)
        options = [text.strip() for text in await target.locator("option").all_text_contents()]
        at = await target.evaluate("(element) => element.selectedIndex")
        await self._repeat("ArrowDown", "ArrowUp", options.index(option) - at)

    async def check(self, target: Locator) -> None:
        group = self._page.locator(f"input[name='{await target.get_attribute('name')}']")
        await self._reach(self._page.locator(f"input[name='{await target.get_attribute('name')}']:checked"))
        for _ in range(await group.count()):
            if await target.is_checked():
                return
            await self._key("ArrowDown")
        raise AssertionError(f"arrow keys do not come to {target}")

    async def pick(self, button: Locator, option: str) -> None:
        await self.press(button)
        await self._page.locator(".picker input:focus").wait_for()
        await self._page.keyboard.type(option)
        found = self._page.get_by_role("option", name=re.compile(rf"^{re.escape(option)}"))
        await found.wait_for()
        while await found.get_attribute("data-active") != "true":
            await self._key("ArrowDown")
        await self._key("Enter")

    async def choose(self, button: Locator, item: str) -> None:
        await self.press(button)
        target = self._page.get_by_role("menuitem", name=item)
        await target.wait_for()
        for _ in range(await self._page.get_by_role("menuitem").count()):
            if await target.evaluate(_FOCUSED):
                await self._key("Enter")
                return
            await self._key("ArrowDown")
        raise AssertionError(f"arrow keys do not come to {item}")

    async def tab(self, tabs: Locator, name: str) -> None:
        await self._reach(tabs.locator("[aria-selected=true]"))
        target = tabs.get_by_role("tab", name=name, exact=True)
        for _ in range(await tabs.get_by_role("tab").count()):
            if await target.get_attribute("aria-selected") == "true":
                return
            await self._key("ArrowRight")
        raise AssertionError(f"arrow keys do not come to {name}")

    async def open_cell(self, grid: Locator, cell: Locator, inside: str = "") -> None:
        name = "data-cell" if await cell.get_attribute("data-cell") else "data-at"
        stop = grid.locator(f"[{name}][tabindex='0']")
        await self._reach(stop)
        line, column = await cell.evaluate(_PLACE, name)
        from_line, from_column = await stop.evaluate(_PLACE, name)
        await self._repeat("ArrowDown", "ArrowUp", line - from_line)
        await self._repeat("ArrowRight", "ArrowLeft", column - from_column)
        assert await cell.evaluate(_FOCUSED), f"arrow keys do not come to {cell}"
        await self._key("Enter")

    async def give_file(self, target: Locator, file: Path) -> None:
        await self._reach(target)
        async with self._page.expect_file_chooser() as waiting:
            await self._key("Enter")
        await (await waiting.value).set_files(file)

    async def _reach(self, target: Locator) -> None:
        """By Tab, from wherever the focus is."""
        await target.wait_for(state="attached")
        for _ in range(MOST_TABS):
            if await target.evaluate(_FOCUSED):
                return
            await self._key("Tab")
        raise AssertionError(f"Tab does not come to {target}")

    async def _repeat(self, forth: str, back: str, count: int) -> None:
        for _ in range(abs(count)):
            await self._key(forth if count > 0 else back)

    async def _key(self, key: str) -> None:
        await self._page.keyboard.press(key)


HANDS: tuple[type[Hand], ...] = (Mouse, Keyboard, Thumb)
