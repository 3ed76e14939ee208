"""One experiment: load, a fault in the middle of it, healing, and then every invariant."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from tests.faults import invariants
from tests.faults.answers import Api, gateway
from tests.faults.bodies import by_hand
from tests.faults.case import Case, Violation
from tests.faults.evidence import gather
from tests.faults.generator import Plan
from tests.faults.journal import Journal
from tests.faults.outside import Outside
from tests.faults.world import Launch, World

Fault = Callable[["Experiment"], Awaitable[None]]
"""Does its harm while the load is under way, and returns when it is done."""


class Experiment:
    """A plan in a world."""

    def __init__(self, world: World, plan: Plan, *, gives_up: float = 0.0) -> None:
        self.world = world
        self.plan = plan
        self.journal = Journal()
        self.outside = Outside(world, plan, self.journal, gives_up)

    async def run(self, launches: Sequence[Launch], fault: Fault | None = None) -> list[Violation]:
        """Everything, from nothing to the verdict."""
        await self.outside.prepare()
        await self.world.start(launches)
        load, watch = asyncio.create_task(self.outside.load()), asyncio.create_task(self.outside.watch())
        try:
            if fault is not None:
                await fault(self)
            await load
        finally:
            for task in (load, watch):
                task.cancel()
            await asyncio.gather(load, watch, return_exceptions=True)
        await self.world.ready()
        for more in (self.outside.be_late, self.outside.finish):
            await self.world.still()
            await more()
        await self.world.still()
        return await self._judge()

    async def _judge(self) -> list[Violation]:
        """Look, move all dead letters back and recompute everything, look again."""
        async with gateway(self.world) as api:
            case = await self._case(api)
            found = invariants.check(case)
            await self.world.queues.replay()
            await self.outside.send(by_hand("aggregator.requests", b"{}"))
            await self.world.still()
            return found + invariants.nothing_changed(case, await self._case(api))

    async def _case(self, api: Api) -> Case:
        async with self.world.connected() as connection:
            now = await gather(connection)
        queues = self.world.queues
        return Case(
            plan=self.plan,
            journal=self.journal,
            now=now,
            dead=await queues.dead_letters(),
            depths=await queues.depths(),
            working=queues.working,
            files=self.world.left_files(),
            archived=await self.world.buckets.archived() if self.plan.files else set(),
            ends={process.name: process.own_ends for process in self.world.processes},
            answers=await api.ask(self.plan.clients, *self.plan.range),
        )

    def told(self, violations: Sequence[Violation], command: str) -> str:
        """What a person needs to see, and to repeat it."""
        lines = [f"seed {self.plan.seed}: {len(violations)} violations", f"  {self.journal.said}"]
        lines += [f"  {violation.invariant}: {violation.what}" for violation in violations[:25]]
        return "\n".join([*lines, self.world.troubles(), f"repeat: {command}"])
