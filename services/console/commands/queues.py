"""The state of things, and dead letters."""

from __future__ import annotations

import asyncio
import shlex
import subprocess
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import typer
from aio_pika.abc import AbstractIncomingMessage
from rich.table import Table

from contracts.topology import Queue, queue_named
from libs.bus import BusUnavailable, Undecodable
from libs.bus.compression import plain
from libs.bus.queues import Replayed
from libs.failpoints import failpoint
from services.console import store
from services.console.commands.desk import AWAY, Desk, MakeDesk, carry_out, console, errors, print_json, table
from services.console.rules import Wrong, edited, readable

COLUMNS = ("queue", "waiting", "consumers", "dead", "oldest dead letter", "its reason")


def register(app: typer.Typer, make: MakeDesk) -> None:
    """Add the commands."""

    @app.command()
    def status() -> None:
        """Queues, runs and the outbox at a glance."""
        for part in carry_out(make, _status):
            console.print(part)

    @app.command("queues")
    def queues(
        json: Annotated[bool, typer.Option("--json", help="Print JSON, for scripts.")] = False,
        check: Annotated[
            bool, typer.Option("--check", help="Exit code 1 if there are dead letters.")
        ] = False,
    ) -> None:
        """Each queue: what waits, who takes it, dead letters, and why the oldest of them died."""
        rows = carry_out(make, _queues)
        print_json(rows) if json else console.print(table("Queues (empty: not declared)", COLUMNS, rows))
        if check and any(row["dead"] for row in rows):
            raise typer.Exit(1)

    @app.command()
    def replay(
        queue: str,
        edit: Annotated[bool, typer.Option("--edit", help="Open each body in $EDITOR first.")] = False,
        limit: Annotated[int | None, typer.Option(min=1, help="At most so many.")] = None,
    ) -> None:
        """Move dead letters of QUEUE back into it; their attempts count anew."""
        done = carry_out(make, lambda desk: _replay(desk, queue, edit=edit, limit=limit))
        left = f", {done.left} left where they were" if done.left else ""
        console.print(f"{done.moved} moved to {queue.removesuffix('.dead')}{left}", markup=False)
        if done.interrupted:
            errors.print(f"error: stopped in the middle: {done.interrupted}", markup=False)
            raise typer.Exit(AWAY)


async def _replay(desk: Desk, name: str, *, edit: bool, limit: int | None) -> Replayed:
    try:
        queue = queue_named(name.removesuffix(".dead"))
    except KeyError as error:
        raise Wrong(str(error.args[0])) from None

    async def by_hand(letter: AbstractIncomingMessage) -> bytes | None:
        return await asyncio.to_thread(_edited, desk.editor, queue, letter)

    replay_id = uuid4().hex
    await _note(desk, "queue.replay_requested", queue, {"replay": replay_id, "limit": limit, "edit": edit})
    try:
        done = await desk.queues.replay(queue, limit=limit, edit=by_hand if edit else None)
    except (BusUnavailable, Wrong) as error:
        nothing = {"replay": replay_id, "moved": 0, "interrupted": str(error)}
        await _note(desk, "queue.replayed", queue, nothing)
        raise
    failpoint("console.after_replay")
    await _note(desk, "queue.replayed", queue, {"replay": replay_id, **asdict(done)})
    return done


async def _note(desk: Desk, action: str, queue: Queue, told: dict[str, Any]) -> None:
    """Committed at once. That letters are to be moved before they are, and what became of it after: the first
    line without the second one is a command that was cut off.
    """
    async with desk.transaction() as connection:
        await store.audit(connection, action, "queue", queue.name, told)


def _edited(editor: str, queue: Queue, letter: AbstractIncomingMessage) -> bytes | None:
    """The body after somebody edited it; asked again while it is wrong, None if they give up."""
    before = _json_in(letter.body)
    text = readable(before)
    errors.print("reason:", letter.headers.get("x-reason", "not known"), markup=False)
    while True:
        text = _in_editor(editor, text)
        try:
            return edited(before, text, queue.model)
        except Wrong as wrong:
            errors.print(f"wrong: {wrong}", markup=False)
            if not typer.confirm("Edit it again? (no leaves it in the dead-letter queue)"):
                return None


def _json_in(body: bytes) -> bytes:
    """What can be edited; a damaged body is shown as it is."""
    try:
        return plain(body)
    except Undecodable:
        return body


def _in_editor(editor: str, text: str) -> str:
    with tempfile.TemporaryDirectory(prefix="tidemark-") as folder:
        path = Path(folder, "message.json")
        path.write_text(text)
        command = [*shlex.split(editor), str(path)]
        if subprocess.run(command, check=False).returncode != 0:  # noqa: S603 - their own editor
            raise Wrong(f"the editor ({editor}) failed; nothing was moved")
        return path.read_text()


async def _status(desk: Desk) -> list[Table]:
    counts = await desk.queues.counts()
    async with desk.transaction() as connection:
        runs, waiting = await store.recent_runs(connection), await store.waiting(connection)
    queues = [
        {"queue": name, "waiting": found.waiting, "consumers": found.consumers, "dead": found.dead}
        for name, found in counts.items()
    ]
    return [
        table("Queues (empty: not declared)", ("queue", "waiting", "consumers", "dead"), queues),
        table("Runs of the last day, and open ones", ("source", "status", "runs", "rows", "newest"), runs),
        table("Outbox", ("service", "messages", "oldest"), waiting),
    ]


async def _queues(desk: Desk) -> list[dict[str, Any]]:
    counts = await desk.queues.counts()
    return [
        {
            "queue": name,
            "waiting": found.waiting,
            "consumers": found.consumers,
            "dead": found.dead,
            "oldest_died_at": found.oldest.died_at if found.oldest else None,
            "oldest_reason": found.oldest.reason if found.oldest else None,
        }
        for name, found in counts.items()
    ]
