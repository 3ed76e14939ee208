"""What every command works with, and how its ending is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import typer
from rich.console import Console
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from libs.bus import Bus
from libs.db.engine import transaction
from libs.errors import TidemarkError
from libs.settings import BusSettings
from services.console.rules import Wrong

Answer = TypeVar("Answer")
console = Console()
errors = Console(stderr=True)


@dataclass(frozen=True)
class Desk:
    """Database, bus and editor."""

    engine: AsyncEngine
    bus: Bus
    bus_settings: BusSettings
    editor: str

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """One transaction, committed at the end of the block."""
        async with transaction(self.engine) as connection:
            yield connection

    async def close(self) -> None:
        """Give back the connections."""
        await self.bus.stop()
        await self.engine.dispose()


MakeDesk = Callable[[], Desk]


def carry_out(make: MakeDesk, work: Callable[[Desk], Coroutine[Any, Any, Answer]]) -> Answer:
    """Run a command's work; trouble that was foreseen is one line on stderr and exit code 1."""

    async def with_desk() -> Answer:
        desk = make()
        try:
            return await work(desk)
        finally:
            await desk.close()

    try:
        return asyncio.run(with_desk())
    except (TidemarkError, Wrong) as error:
        errors.print(f"[red]error:[/red] {error}", markup=True, highlight=False)
    except (DBAPIError, OSError) as error:
        errors.print(f"[red]error:[/red] the database does not answer ({type(error).__name__})")
    raise typer.Exit(1)
