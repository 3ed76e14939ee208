"""The chain of the audit log: each line's hash is SHA-256 of the hash before it and its own content.

The database makes it (0010_audit_chain.sql); here it is computed again, apart from it: whoever could change
the database could change its functions, too.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.console.rules import Wrong

GENESIS = bytes(32)
"""Stands before the first line."""
_ACTION, _CREATED = 2, 9
_HEAD = re.compile(r"([1-9]\d{0,17}):([0-9a-f]{64})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Fields = Sequence[str | None]
"""A line's columns as text: id, user_id, action, entity, entity_id, old_values, new_values, ip, user_agent,
created_at in microseconds since 1970.
"""


@dataclass(frozen=True)
class Head:
    """How many lines there were, and the hash of the newest."""

    lines: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.lines}:{self.hash.hex()}"


@dataclass(frozen=True)
class Link:
    """One line in its place; ``fields`` is None where its row is gone."""

    position: int
    audit_id: int
    previous: bytes
    hash: bytes
    fields: Fields | None

    @property
    def created_at(self) -> datetime:
        """When the line says that it was written (UTC); of a line whose row is there."""
        assert self.fields is not None  # noqa: S101 - it was followed
        return _EPOCH + timedelta(microseconds=int(self.fields[_CREATED] or 0))

    def __str__(self) -> str:
        if self.fields is None:
            return f"line {self.position} (id {self.audit_id})"
        at = f"{self.created_at:%Y-%m-%d %H:%M:%S} UTC"
        return f"line {self.position} (id {self.audit_id}, {at}, {self.fields[_ACTION]})"


def head_of(given: str) -> Head:
    """A head as it was printed. Raises Wrong."""
    found = _HEAD.fullmatch(given.strip())
    if found is None:
        raise Wrong("--head: give it as an earlier verify printed it, such as 812:9f2c… with all 64 digits")
    return Head(int(found[1]), bytes.fromhex(found[2]))


def hash_of(previous: bytes, fields: Fields) -> bytes:
    """What the hash of a line must be: its columns with their lengths in bytes, after the hash before it."""
    parts = [b"-" if field is None else _counted(field.encode()) for field in fields]
    return hashlib.sha256(previous + b"".join(parts)).digest()


def _counted(text: bytes) -> bytes:
    return b"%d:%b" % (len(text), text)


@dataclass
class Chain:
    """What was followed of it so far, from its oldest line on; ``kept``: a head that was printed earlier."""

    kept: Head | None = None
    first: Link | None = None
    last: Link | None = None

    @property
    def lines(self) -> int:
        """The position of the newest line that was followed."""
        return self.last.position if self.last else 0

    def follow(self, link: Link) -> None:
        """The next line. Raises Wrong where it does not fit, and says what that means."""
        self._continues(link)
        if link.fields is None:
            raise Wrong(f"{link} is in the chain but its row is gone: it was deleted {self._after()}")
        if hash_of(link.previous, link.fields) != link.hash:
            raise Wrong(f"{link} is not what was written there: it was changed, or rows were exchanged")
        if self.kept and self.kept.lines == link.position and self.kept.hash != link.hash:
            raise Wrong(f"{link} has another hash than the head that was kept: the chain was made anew since")
        self.first, self.last = self.first or link, link

    def end(self, head: Head | None, stray: str | None) -> None:
        """Nothing follows. ``head``: the database's own; ``stray``: a row that is not in the chain.

        Raises Wrong.
        """
        if stray:
            raise Wrong(f"{stray} is not in the chain: it was put in while the trigger was away")
        expected = head.lines if head else 0
        if expected > self.lines:
            raise Wrong(
                f"the log ends with line {self.lines}, and its head counts {expected}: "
                f"the newest {expected - self.lines} were cut off {self._after()}"
            )
        if self.last and (head is None or head != Head(self.lines, self.last.hash)):
            raise Wrong(
                f"{self.last} is the newest, and the head is another one: "
                "lines were put in after it, or it was set"
            )
        self._kept_is_there()

    def _continues(self, link: Link) -> None:
        if self.last is None:
            if link.position == 1 and link.previous != GENESIS:
                raise Wrong(f"{link} is the first and names one before it: the chain was cut and renumbered")
            self._kept_before(link)
            return
        if link.position != self.last.position + 1:
            gone = f"lines {self.last.position + 1} to {link.position - 1}"
            raise Wrong(f"{gone} are gone: rows were deleted between {self.last} and {link}")
        if link.previous != self.last.hash:
            raise Wrong(f"{link} does not continue {self.last}: one of them was replaced, or put in")

    def _kept_before(self, first: Link) -> None:
        """A head that was kept may be the one that the oldest line continues."""
        if self.kept and self.kept.lines == first.position - 1 and self.kept.hash != first.previous:
            raise Wrong(f"{first} does not continue the head that was kept: the chain was made anew since")

    def _kept_is_there(self) -> None:
        if self.kept is None:
            return
        if self.kept.lines > self.lines:
            raise Wrong(
                f"the log has {self.lines} lines, the head that was kept {self.kept.lines}: the newest were "
                "cut off, and its head with them"
            )
        if self.first and self.kept.lines < self.first.position - 1:
            raise Wrong(
                f"the head that was kept is older than the first line that was followed, {self.first}: "
                "compare it with the archive, and give a later one here"
            )

    def _after(self) -> str:
        return f"after {self.last}" if self.last else "from the beginning on"
