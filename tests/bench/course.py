"""What the phases of bench-ingest share: scale, baselines, deliveries, and the check that they loaded."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta

from deploy.demo.api import Api
from deploy.demo.run import create_admin, signed_in
from deploy.world.surfside_large import LargeFile, large_file
from tests.bench.figures import Figures, Target
from tests.bench.processes import Profile
from tests.bench.rig import Phase, Rig
from tests.bench.watching import Account

FULL = 50_000
QUICK = 5_000
DAYS = 20


@dataclass
class Course:
    """One run of the benchmark. ``today`` is the day after the newest delivery."""

    rig: Rig
    figures: Figures
    today: date
    creatives: int = FULL
    copy: Profile = field(default_factory=lambda: Profile(0, {}, 0))
    """Of as many rows as a delivery of DAYS has."""
    dlt_seconds: float = 0
    new_days_seconds: float = 0
    """P1, with which others are compared."""
    clients: dict[str, Account] = field(default_factory=dict)
    _password: str = ""

    @property
    def rows(self) -> int:
        """Of a delivery of DAYS days."""
        return DAYS * self.creatives

    def against_copy(self, what: str, seconds: float, target: Target | None = None) -> None:
        """Note how fast a delivery of DAYS was."""
        rate, copy = self.rows / seconds, self.rows / self.copy.wall
        self.figures.add("P1", what, rate, "rows/s", baseline=copy, target=target)

    def processor_against_copy(self, what: str, phase: Phase) -> None:
        """Note what a delivery cost; on a busy machine this says more than the time that it took."""
        spent = phase.profile.total if phase.profile else 0
        self.figures.add("P1", f"{what}: processor time", spent, "s", baseline=self.copy.total)

    def days(self, block: int, count: int = DAYS) -> list[date]:
        """The first days of a block of DAYS; block 0 is the newest."""
        first = self.today - timedelta(days=DAYS * (block + 1))
        return [first + timedelta(days=number) for number in range(count)]

    def files(
        self,
        days: Sequence[date],
        *,
        creatives: int | None = None,
        prefix: str = "",
        changed: float = 0,
        revision: int = 1,
    ) -> list[LargeFile]:
        """One file per day."""
        count = creatives or self.creatives
        return [
            large_file(day, creatives=count, prefix=prefix, changed=changed, revision=revision)
            for day in days
        ]

    @asynccontextmanager
    async def administrator(self) -> AsyncIterator[Api]:
        """The API as the administrator sees it, who is made when first needed."""
        if not self._password:
            self._password = secrets.token_urlsafe(16)
            await asyncio.to_thread(create_admin, self.rig.stack, self._password)
        async with signed_in(self.rig.stack, self._password) as api:
            yield api

    async def client(self, name: str) -> Account:
        """A client of that name, made when it is first asked for."""
        if name not in self.clients:
            self.clients[name] = await self.rig.add_client(name)
        return self.clients[name]

    async def put(self, account: Account, files: Sequence[LargeFile]) -> None:
        """Deliver files, each for its first day."""
        for file in files:
            await self.rig.put(account, file.first_day, file.body)

    async def load(
        self,
        title: str,
        account: Account,
        files: Sequence[LargeFile],
        days: Sequence[date] = (),
        *,
        aloud: bool = True,
    ) -> Phase:
        """Deliver files, then measure from the request to pull them until all is summed up.

        ``days``: those that stand in the files, where they are more than one per file. Raises
        AssertionError when what stands in the end is not what was delivered.
        """
        await self.put(account, files)
        before = await self.rig.watch.standing(account)
        async with self.rig.phase(title, aloud=aloud) as phase:
            pulls = await self.pull(account, files)
            await self.rig.watch.until_summed_up(account, before, len(files))
            wanted = {"surfside.pulls": pulls, "aggregator.loads": len(files)}
            await self.rig.watch.until_handled(phase.handled, wanted)
        await self.check(account, files, days or [file.first_day for file in files])
        return phase

    async def pull(self, account: Account, files: Sequence[LargeFile]) -> int:
        """Ask for the days of these files; returns how many messages that becomes."""
        days = sorted(file.first_day for file in files)
        await self.rig.pull(account, days[0], days[-1])
        return 1 if len(days) == 1 else 1 + (days[-1] - days[0]).days + 1

    async def wait(self, account: Account, files: Sequence[LargeFile]) -> None:
        """Deliver files whose batches then wait for the loader, which must be paused."""
        await self.put(account, files)
        before = await self.rig.watch.handled("surfside")
        pulls = await self.pull(account, files)
        await self.rig.watch.until_handled(before, {"surfside.pulls": pulls})

    async def check(self, account: Account, files: Sequence[LargeFile], days: Sequence[date]) -> None:
        """Facts, blocks and rollups of these days are what the files say; their weeks are summed up."""
        found = await self.rig.owner.fetchrow(_STANDS, account.id, list(days))
        assert found is not None
        rows = sum(file.totals.rows for file in files)
        impressions = sum(file.totals.impressions for file in files)
        weeks = len({day - timedelta(days=day.weekday()) for day in days})
        wanted = (rows, impressions, rows, impressions, weeks)
        assert tuple(found) == wanted, f"{account.prefix}: {tuple(found)} stands, {wanted} was delivered"


_STANDS = """
    SELECT f.rows, f.impressions, b.rows, r.impressions, w.weeks FROM
    (SELECT count(*) AS rows, sum(impressions) AS impressions FROM daily_metrics
     WHERE client_id = $1 AND date = ANY($2)) f,
    (SELECT sum(rows) AS rows FROM rollup_blocks
     WHERE client_id = $1 AND period = 'day' AND start_date = ANY($2)) b,
    (SELECT sum(impressions) AS impressions FROM rollups WHERE client_id = $1 AND date = ANY($2)) r,
    (SELECT count(*) AS weeks FROM weekly_summaries WHERE client_id = $1 AND week_start IN
     (SELECT date_trunc('week', day)::date FROM unnest($2::date[]) AS day)) w
"""
