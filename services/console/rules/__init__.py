"""What the command line decides: which client is meant, which days are done, what an edited message is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from pydantic import ValidationError

from contracts.envelope import Message
from libs.auth.policy import checked_email, refusal_of_password
from libs.connector.days import MAX_DAYS
from libs.digest import content_digest

OPEN = ("waiting", "running", "stalled")
BAD = ("missing_file", "failed", "undone", "held")
"""Of days of a backfill: under way; and ended without their delivery, or waiting for somebody."""


_EARLIEST = timedelta(hours=14)
"""Before UTC a day begins in the first of all time zones."""


class Wrong(ValueError):
    """What somebody typed cannot be done; the text says why."""


def checked_address(email: str) -> str:
    """An e-mail address as it is stored. Raises Wrong."""
    try:
        return checked_email(email)
    except ValueError as error:
        raise Wrong(f"{email!r} {error}") from None


def checked_password(password: str, email: str) -> str:
    """8 to 128 characters, and none that everybody tries. Raises Wrong."""
    refusal = refusal_of_password(password, email)
    if refusal:
        raise Wrong(f"a password {refusal}")
    return password


def client_meant(
    given: str, clients: Iterable[Mapping[Any, Any]], source: str | None = None
) -> Mapping[Any, Any]:
    """The client with this UUID or name, enabled for a source if one is given. Raises Wrong."""
    known = list(clients)
    found = [c for c in known if given.lower() in (str(c["public_id"]), c["name"].lower())]
    if not found:
        raise Wrong(f"no active client {given!r}; there are: {', '.join(c['name'] for c in known) or 'none'}")
    if source and not found[0]["enabled"]:
        raise Wrong(f"{found[0]['name']} is not enabled for {source}")
    return found[0]


def days_of(start: date, end: date) -> list[date]:
    """All days of a range, both ends included. Raises Wrong."""
    if end < start:
        raise Wrong(f"--end {end} is before --start {start}")
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


def refuse_days(start: date, end: date, now: datetime) -> None:
    """Raises Wrong for a range that no connector pulls at once."""
    days = days_of(start, end)
    if len(days) > MAX_DAYS:
        raise Wrong(f"{start} to {end} are {len(days)} days; ask for at most {MAX_DAYS} at a time")
    if end > (now + _EARLIEST).date():
        raise Wrong(f"--end {end} is a day that has begun nowhere yet")


def run_id_of(given: str) -> UUID:
    """A run's id. Raises Wrong."""
    try:
        return UUID(given)
    except ValueError:
        raise Wrong(f"{given!r} is not the id of a run (a UUID)") from None


def edited(before: bytes, text: str, model: type[Message]) -> bytes:
    """The body that an edited text stands for. Raises Wrong with what is wrong in it.

    The digest of a batch is recomputed where its content was changed, as a connector computes it.
    """
    try:
        content = orjson.loads(text)
        if not isinstance(content, dict):
            raise Wrong("the body must be a JSON object")
        if "digest" in content and _content(orjson.loads(before)) != _content(content):
            content["digest"] = content_digest(*_content(content))
        model.model_validate(content)
    except orjson.JSONDecodeError as error:
        raise Wrong(f"not JSON: {error}") from None
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False)[:5]
        lines = [f"{'.'.join(map(str, e['loc'])) or 'body'}: {e['msg']}" for e in found]
        raise Wrong("; ".join(lines)) from None
    return orjson.dumps(content)


def _content(batch: Any) -> tuple[bytes, bytes]:
    found = batch if isinstance(batch, dict) else {}
    return orjson.dumps(found.get("names", [])), orjson.dumps(found.get("columns", {}))


def readable(body: bytes) -> str:
    """A body as it is opened in the editor: indented if it is JSON, else as it is."""
    try:
        return orjson.dumps(orjson.loads(body), option=orjson.OPT_INDENT_2).decode() + "\n"
    except orjson.JSONDecodeError:
        return body.decode("utf-8", "replace")
