"""The state of things, and dead letters."""

from __future__ import annotations

import asyncio
import shlex
import subprocess
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer
from aio_pika.abc import AbstractIncomingMessage
from rich.table import Table

from contracts.topology import QUEUES, Queue, queue_named
from services.console import client, store
from services.console.commands.desk import Desk, MakeDesk, carry_out, console, errors
from services.console.rules import Wrong, edited, readable


def register(app: typer.Typer, make: MakeDesk) -> None:
    """Add the commands."""

    @app.command()
    def status() -> None:
        """Queues, runs and the outbox at a glance."""
        for table in carry_out(make, _status):
            console.print(table)

    @app.command()
    def replay(
        queue: str,
        edit: Annotated[bool, typer.Option("--edit", help="Open each body in $EDITOR first.")] = False,
        limit: Annotated[int | None, typer.Option(min=1, help="At most so many.")] = None,
    ) -> None:
        """Move dead letters of QUEUE back into it; their attempts count anew."""
        moved, left = carry_out(make, lambda desk: _replay(desk, queue, edit=edit, limit=limit))
        console.print(
            f"{moved} moved to {queue}" + (f", {left} left where they were" if left else ""), markup=False
        )


async def _replay(desk: Desk, name: str, *, edit: bool, limit: int | None) -> tuple[int, int]:
    try:
        queue = queue_named(name.removesuffix(".dead"))
    except KeyError as error:
        raise Wrong(str(error.args[0])) from None

    async def by_hand(letter: AbstractIncomingMessage) -> bytes | None:
        return await asyncio.to_thread(_edited, desk.editor, queue, letter)

    return await client.replay(desk.bus_settings, queue, limit=limit, edit=by_hand if edit else None)


def _edited(editor: str, queue: Queue, letter: AbstractIncomingMessage) -> bytes | None:
    """The body after somebody edited it; asked again while it is wrong, None if they give up."""
    text = readable(letter.body)
    errors.print("reason:", letter.headers.get("x-reason", "not known"), markup=False)
    while True:
        text = _in_editor(editor, text)
        try:
            return edited(letter.body, text, queue.model)
        except Wrong as wrong:
            errors.print(f"wrong: {wrong}", markup=False)
            if not typer.confirm("Edit it again? (no leaves it in the dead-letter queue)"):
                return None


def _in_editor(editor: str, text: str) -> str:
    with tempfile.TemporaryDirectory(prefix="tidemark-") as folder:
        path = Path(folder, "message.json")
        path.write_text(text)
        command = [*shlex.split(editor), str(path)]
        if subprocess.run(command, check=False).returncode != 0:  # noqa: S603 - their own editor
            raise Wrong(f"the editor ({editor}) failed; nothing was moved")
        return path.read_text()


async def _status(desk: Desk) -> list[Table]:
    counts = await client.queue_counts(desk.bus_settings, QUEUES)
    async with desk.transaction() as connection:
        runs, waiting = await store.recent_runs(connection), await store.waiting(connection)
    queues = [
        {"queue": name, "waiting": found.waiting, "consumers": found.consumers, "dead": found.dead}
        for name, found in counts.items()
    ]
    return [
        _table("Queues (empty: not declared)", ("queue", "waiting", "consumers", "dead"), queues),
        _table("Runs of the last day, and open ones", ("source", "status", "runs", "rows", "newest"), runs),
        _table("Outbox", ("service", "messages", "oldest"), waiting),
    ]


def _table(title: str, columns: tuple[str, ...], rows: Any) -> Table:
    table = Table(*columns, title=title, title_justify="left")
    for row in rows:
        table.add_row(*(_cell(value) for value in row.values()))
    return table


def _cell(value: object) -> str:
    return "" if value is None else f"{value:%Y-%m-%d %H:%M:%S}" if hasattr(value, "strftime") else str(value)
