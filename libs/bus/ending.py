"""How things end: not for ever, and only when somebody wished it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager

import structlog

log = structlog.get_logger()


async def finish(work: Awaitable[object], seconds: float, what: str) -> None:
    """Let something end, but not for ever: after that many seconds it is left behind.

    Not a timeout, which cancels and then waits: a connection that RabbitMQ has blocked or that hangs
    cannot even be cancelled before its buffers are empty.
    """
    task = asyncio.ensure_future(work)
    done, _ = await asyncio.wait({task}, timeout=seconds)
    if not done:
        log.warning(what, seconds=seconds)
        task.add_done_callback(_forget)
    elif not task.cancelled() and (error := task.exception()) is not None:
        log.warning(what, error=repr(error))


def was_asked_to_stop() -> bool:
    """Whether the CancelledError under way was meant for this task (and must go on)."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


@contextmanager
def stop_first() -> Iterator[None]:
    """The word to stop goes on, even where an error that it caused (a statement cut in two) hides it."""
    try:
        yield
    except Exception as error:
        if was_asked_to_stop():
            raise asyncio.CancelledError from error
        raise


def _forget(task: asyncio.Future[object]) -> None:
    if not task.cancelled():
        task.exception()
