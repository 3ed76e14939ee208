"""What every command works with, and how its ending is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

import orjson
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from libs.bus import Bus, Queues
from libs.db.engine import transaction
from libs.errors import TidemarkError, Transient
from libs.observability import tracing
from libs.observability.starting import finish
from services.console.rules import Wrong

Answer = TypeVar("Answer")
console = Console()
errors = Console(stderr=True)


@dataclass(frozen=True)
class Desk:
    """Database, bus, queues and editor, and whether this is production."""

    engine: AsyncEngine
    bus: Bus
    queues: Queues
    editor: str
    production: bool = False

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


AWAY = 3
"""Exit code where database or RabbitMQ do not answer: the same command may succeed later. 1: it cannot be
done as asked, or something is wrong with what was looked at; 2: not understood; 0: done.
"""


def carry_out(make: MakeDesk, work: Callable[[Desk], Coroutine[Any, Any, Answer]]) -> Answer:
    """Run a command's work; trouble that was foreseen is one line on stderr and exit code 1 or AWAY."""

    async def with_desk() -> Answer:
        desk = make()
        try:
            with tracing.span("tidemark command"):
                return await work(desk)
        finally:
            await desk.close()
            finish()

    try:
        return asyncio.run(with_desk())
    except (TidemarkError, Wrong) as error:
        _tell(str(error))
        code = AWAY if isinstance(error, Transient) else 1
    except (DBAPIError, OSError) as error:
        _tell(f"the database does not answer ({type(error).__name__})")
        code = AWAY
    raise typer.Exit(code)


def _tell(error: str) -> None:
    errors.print(f"[red]error:[/red] {escape(error)}", markup=True, highlight=False)


def print_json(content: object) -> None:
    """On stdout, numbers exact."""
    typer.echo(orjson.dumps(content, default=_exact, option=orjson.OPT_INDENT_2).decode())


def _exact(value: object) -> object:
    if isinstance(value, Decimal):
        return orjson.Fragment(format(value, "f"))
    if isinstance(value, UUID):  # the driver's own kind of them
        return str(value)
    raise TypeError(type(value).__name__)


def table(title: str, columns: Sequence[str], rows: Iterable[Mapping[Any, Any]]) -> Table:
    """Rows as a table; null is an empty cell."""
    made = Table(*columns, title=title, title_justify="left")
    for row in rows:
        made.add_row(*(escape(_cell(value)) for value in row.values()))
    return made


def _cell(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return "" if value is None else str(value)
