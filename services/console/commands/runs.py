"""What can be done about a run: confirm it, take it back, read it again, note that it was seen to."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID, uuid4

import typer

from libs.operations import corrections
from libs.operations.corrections import Action
from services.console import store
from services.console.commands.desk import Desk, MakeDesk, carry_out, console
from services.console.rules import Wrong, run_id_of

BY = "the command line"
RunId = Annotated[str, typer.Argument(help="The run's id, as the page and the notifications show it.")]


def register(app: typer.Typer, make: MakeDesk) -> None:
    """Add the commands."""

    def correct(action: Action, run: str, *, allow_shrink: bool = False) -> None:
        key, correlation = carry_out(make, lambda desk: _ask(desk, action, run, allow_shrink=allow_shrink))
        console.print(f"queued {key}, correlation id {correlation}", markup=False)

    @app.command()
    def confirm(run_id: RunId) -> None:
        """Load a held run after all."""
        correct("confirm", run_id)

    @app.command()
    def undo(run_id: RunId) -> None:
        """Put back what a run displaced, for the days that no later run touched."""
        correct("undo", run_id)

    @app.command()
    def reload(
        run_id: RunId,
        allow_shrink: Annotated[
            bool, typer.Option("--allow-shrink", help="Load it even if it removes much of a day.")
        ] = False,
    ) -> None:
        """Read the raw file of a run again, with today's settings, as a new run."""
        correct("reload", run_id, allow_shrink=allow_shrink)

    @app.command()
    def resolve(run_id: RunId, notes: Annotated[str, typer.Option(help="What was done about it.")]) -> None:
        """Note that somebody took care of a run."""
        carry_out(make, lambda desk: _resolve(desk, run_id, notes))
        console.print(f"{run_id} is resolved", markup=False)


async def _ask(desk: Desk, action: Action, given: str, *, allow_shrink: bool) -> tuple[str, str]:
    """Published before the commit: a line of the audit log without its message there is never."""
    run_id, correlation = run_id_of(given), uuid4().hex
    async with desk.transaction() as connection:
        run = await store.run(connection, run_id)
        if run is None:
            raise _unknown(run_id)
        if refused := corrections.refusal(action, run["status"], has_file=run["has_file"]):
            raise Wrong(refused)
        key, message = corrections.asked(
            action, run["source"], run["client_id"], run_id, BY, allow_shrink=allow_shrink
        )
        content = message.model_dump(mode="json", exclude_none=True)
        await store.audit(connection, key, "run", str(run_id), content)
        await desk.bus.publish(key, message, correlation_id=correlation)
    return key, correlation


async def _resolve(desk: Desk, given: str, notes: str) -> None:
    run_id, told = run_id_of(given), notes.strip()
    if not told or len(told) > 2000:
        raise Wrong("--notes: say what was done, in at most 2000 characters")
    async with desk.transaction() as connection:
        if not await store.resolve(connection, run_id, told):
            raise _unknown(run_id)
        await store.audit(connection, "run.resolved", "run", str(run_id), {"notes": told})


def _unknown(run_id: UUID) -> Wrong:
    return Wrong(f"there is no run {run_id}: see GET /admin/ingestion-logs, or `tidemark coverage --json`")
