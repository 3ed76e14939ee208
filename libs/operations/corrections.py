"""What may be done about a run, and the message that asks for it. No I/O."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from contracts.envelope import Message
from contracts.ingest.v1 import ReloadRequested
from contracts.load.v1 import RunConfirmed, RunUndo

Action = Literal["confirm", "undo", "reload"]
FITTING: dict[Action, tuple[str, ...]] = {"confirm": ("held",), "undo": ("loaded", "partial")}
"""Action → the statuses of runs that it is for; a reload is for all that left a raw file."""
_DONE: dict[Action, str] = {"confirm": "confirmed", "undo": "undone", "reload": "reloaded"}


def refusal(action: Action, status: str, *, has_file: bool) -> str | None:
    """Why it cannot be done about a run with this status."""
    if action == "reload":
        return None if has_file else "This run has no raw file in the archive."
    fitting = FITTING[action]
    if status in fitting:
        return None
    return f"This run is {status}; only one that is {' or '.join(fitting)} can be {_DONE[action]}."


def asked(
    action: Action, source: str, client_id: UUID, run_id: UUID, by: str, *, allow_shrink: bool = False
) -> tuple[str, Message]:
    """Routing key and message."""
    if action == "confirm":
        return "run.confirmed", RunConfirmed(client_id=client_id, run_id=run_id, confirmed_by=by)
    if action == "undo":
        return "run.undo", RunUndo(client_id=client_id, run_id=run_id, requested_by=by)
    message = ReloadRequested(client_id=client_id, run_id=run_id, allow_shrink=allow_shrink)
    return f"reload.requested.{source}", message
