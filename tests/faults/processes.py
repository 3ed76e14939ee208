"""Services as processes, started again whenever they end: what a process manager does, and nothing more."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.spawned import Spawned

_ROUTINE = ("[info", "[debug", "dead letter ", "run failed ")


@dataclass(frozen=True)
class Death:
    """How a process ended, and how it was to end."""

    code: int
    expected: tuple[int, ...]


@dataclass
class Supervised:
    """One process of a service. ``failpoints``: where its first, second, … life is to end."""

    name: str
    module: str
    environment: Mapping[str, str]
    folder: Path
    port: int
    failpoints: Sequence[str] = ()
    arguments: Sequence[str] = ()
    deaths: list[Death] = field(default_factory=list)
    process: Spawned | None = None
    _asked: bool = False
    _watch: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start it, and keep it running from now on."""
        self._spawn()
        self._watch = asyncio.create_task(self._keep_running())

    async def stop(self) -> None:
        """kill -9, for good."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    def send(self, sign: signal.Signals) -> None:
        """A signal; if it ends of it, it is started again."""
        assert self.process is not None
        self._asked = sign == signal.SIGTERM
        self.process.send_signal(sign)

    @property
    def kills(self) -> int:
        """How often it died of kill -9."""
        return sum(death.code == -signal.SIGKILL for death in self.deaths)

    @property
    def own_ends(self) -> list[int]:
        """Exit codes of the times that it ended by itself, or in disorder when it was asked to."""
        return [death.code for death in self.deaths if death.code not in death.expected]

    @property
    def log(self) -> Path:
        return self.folder / f"{self.name}.log"

    async def ready(self, http: httpx.AsyncClient) -> bool:
        """Whether its /health/ready says so."""
        with contextlib.suppress(httpx.TransportError):
            return (await http.get(f"http://127.0.0.1:{self.port}/health/ready")).status_code == 200
        return False

    def _spawn(self) -> None:
        life = len(self.deaths)
        failpoint = self.failpoints[life] if life < len(self.failpoints) else ""
        self.process = Spawned(
            self.module,
            self.arguments,
            environment={**self.environment, "TIDEMARK_FAILPOINT": failpoint},
            folder=self.folder,
            log=self.log,
        )

    async def _keep_running(self) -> None:
        while True:
            assert self.process is not None
            code = await self.process.wait()
            in_order = (0, -signal.SIGTERM) if self._asked else ()
            self.deaths.append(Death(code, (-signal.SIGKILL, *in_order)))
            self._asked = False
            if len(self.own_ends) > 20:
                return  # it cannot start; the deadline of whoever waits for it tells
            self._spawn()


def troubles(log: Path, count: int = 12) -> str:
    """The last lines of a log that are not routine."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    told = [line[:300] for line in lines if not any(mark in line for mark in _ROUTINE)]
    return "\n".join(f"    {line}" for line in told[-count:])
