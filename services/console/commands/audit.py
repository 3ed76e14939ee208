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
from services.console.rules.chain import Chain, Head, Link, head_of

Kept = Annotated[
    str | None, typer.Option("--head", help="One that was printed earlier: prove that it is still there.")
]


def register(app: typer.Typer, make: MakeDesk) -> None:
    """Add the commands."""
    group = typer.Typer(help="The audit log: is it as it was written?", no_args_is_help=True)
    app.add_typer(group, name="audit")

    @group.command()
    def verify(head: Kept = None) -> None:
        """Follow the log from its oldest line to its newest; exit code 1 where a line does not fit.

        Prints the head: keep it where nobody who can change the database can change it.
        """
        _tell(carry_out(make, lambda desk: _verified(desk, head)))


async def _verified(desk: Desk, given: str | None) -> Chain:
    """The chain, followed to its end. Raises Wrong where it does not fit."""
    chain = Chain(head_of(given) if given else None)
    async with snapshot(desk.engine) as connection:
        found = await store.audit_head(connection)
        head = Head(found["lines"], bytes(found["hash"])) if found else None
        await _follow(connection, chain, head.lines if head else 0)
        stray = await store.audit_stray(connection)
        chain.end(head, _described(stray) if stray else None)
    return chain


async def _follow(connection: AsyncConnection, chain: Chain, lines: int) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True) as progress:
        task = progress.add_task("Lines", total=lines)
        async for page in store.audit_links(connection):
            for row in page:
                chain.follow(_link(row))
            progress.update(task, completed=chain.lines)


def _link(row: RowMapping) -> Link:
    return Link(row["position"], row["audit_id"], bytes(row["previous"]), bytes(row["hash"]), row["fields"])


def _described(row: RowMapping) -> str:
    return f"row {row['id']} ({row['created_at']:%Y-%m-%d %H:%M:%S} UTC, {row['action']})"


def _tell(chain: Chain) -> None:
    if chain.first is None or chain.last is None:
        console.print("the audit log is empty", markup=False)
        return
    count = chain.lines - chain.first.position + 1
    days = f"{chain.first.created_at:%Y-%m-%d} to {chain.last.created_at:%Y-%m-%d}"
    console.print(f"{count} lines fit, {days}", markup=False)
    if (earlier := chain.first.position - 1) > 0:
        console.print(f"{earlier} older lines are not here: compare with the archive", markup=False)
    typer.echo(f"head {Head(chain.lines, chain.last.hash)}")
