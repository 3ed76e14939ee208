"""The audit log: whether anything in it was changed, deleted, put in or moved."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from libs.db.engine import snapshot
from services.console import store
from services.console.commands.desk import Desk, MakeDesk, carry_out, console, errors
from services.console.rules import Wrong
from services.console.rules.chain import Chain, Head, Link, head_of

Kept = Annotated[
    str | None, typer.Option("--head", help="One that was printed earlier: prove that it is still there.")
]

After = Annotated[int, typer.Option("--after", min=0, help="Begin behind this line, as if it were archived.")]


def register(app: typer.Typer, make: MakeDesk) -> None:
    """Add the commands."""
    group = typer.Typer(help="The audit log: is it as it was written?", no_args_is_help=True)
    app.add_typer(group, name="audit")

    @group.command()
    def verify(head: Kept = None, after: After = 0) -> None:
        """Follow the log from its oldest line to its newest; exit code 1 where a line does not fit.

        Prints the head: keep it where nobody who can change the database can change it.
        """
        _tell(carry_out(make, lambda desk: _verified(desk, head, after)), after)


async def _verified(desk: Desk, given: str | None, after: int) -> Chain:
    """The chain, followed to its end. Raises Wrong where it does not fit."""
    chain = Chain(None if given is None else head_of(given))
    async with snapshot(desk.engine) as connection:
        found = await store.audit_head(connection)
        head = Head(found["lines"], bytes(found["hash"])) if found else None
        lines = head.lines if head else 0
        if after and after >= lines:
            raise Wrong(f"there is no line behind {after}: the log has {lines}")
        await _follow(connection, chain, after, lines)
        stray = await store.audit_stray(connection)
        chain.end(head, _described(stray) if stray else None)
    return chain


async def _follow(connection: AsyncConnection, chain: Chain, after: int, lines: int) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True) as progress:
        task = progress.add_task("Lines", total=lines, completed=after)
        async for page in store.audit_links(connection, after):
            for row in page:
                chain.follow(_link(row))
            progress.update(task, completed=chain.lines)


def _link(row: RowMapping) -> Link:
    return Link(row["position"], row["audit_id"], bytes(row["previous"]), bytes(row["hash"]), row["fields"])


def _described(row: RowMapping) -> str:
    return f"row {row['id']} ({row['created_at']:%Y-%m-%d %H:%M:%S} UTC, {row['action']})"


def _tell(chain: Chain, after: int) -> None:
    if chain.first is None or chain.last is None:
        console.print("the audit log is empty", markup=False)
        return
    count = chain.lines - chain.first.position + 1
    days = f"{chain.first.created_at:%Y-%m-%d} to {chain.last.created_at:%Y-%m-%d}"
    console.print(f"{count} lines fit, {days}", markup=False)
    if (earlier := chain.first.position - 1) > 0:
        why = "were not looked at" if after else "are not here: compare with the archive"
        console.print(f"{earlier} older lines {why}", markup=False)
    typer.echo(f"head {Head(chain.lines, chain.last.hash)}")
