"""What goes wrong on ordinary mornings, done on purpose so that a newcomer sees how it looks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from deploy.demo.api import Api
from deploy.demo.outside import Outside
from deploy.demo.world import export_of
from deploy.world.facebook_exports import csv_bytes, renamed
from deploy.world.surfside_files import ClientSpec, World
from libs.testing.waiting import eventually

WITHIN = 90
WriteFiles = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Troubled:
    """Who is in trouble, and where it shows."""

    api: Api
    world: World
    ids: dict[str, str]
    outside: Outside

    async def restate(self, client: ClientSpec, write: WriteFiles) -> str:
        """A day is delivered again with other figures."""
        day = self.world.days[-3]
        self.world.revisions[client.slug, day] = 1
        await write()
        loaded = await self.api.runs("loaded")
        await self.api.trigger(self.ids[client.slug], day)
        await self._until("loaded", loaded + 1)
        change = (await self.api.restatement(self.ids[client.slug], day))["changes"]["impressions"]
        return f"restated: {client.name}, {day}: {change['before']:,} impressions are {change['after']:,} now"

    async def miss(self, client: ClientSpec) -> str:
        """A day whose file never came, until it is past its time: a run, a notification and a mail."""
        day = self.world.days[0] - timedelta(days=1)
        await self.api.trigger(self.ids[client.slug], day)
        await self._until("missing_file", 1)
        await eventually(self._is_told, within=WITHIN, every=0.5, what=f"a mail in {self.outside.mails}")
        return f"missing:  {client.name}, {day}: no file; a mail went to {self.outside.mails}"

    async def upload_a_period(self, client: ClientSpec) -> str:
        """An export by month instead of by day is refused."""
        table = renamed(export_of(client.slug, self.world.days).table(), "Day", "Month")
        answer = await self.api.upload(self.ids[client.slug], "by-month.csv", csv_bytes(table))
        if answer.status_code != 400:
            raise AssertionError(f"a period export was answered {answer.status_code}: {answer.text}")
        return f"refused:  {client.name}, by-month.csv: {answer.json()['detail']}"

    async def _is_told(self) -> bool:
        return "Subject:" in self.outside.mails.read_text(errors="replace")

    async def _until(self, status: str, count: int) -> None:
        async def reached() -> bool:
            return await self.api.runs(status) >= count

        await eventually(reached, within=WITHIN, every=0.3, what=f"{count} runs are {status}")
