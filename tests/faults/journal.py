"""The outside journal: what was attempted, what the broker confirmed, what nobody knows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from tests.faults.bodies import Message
from tests.faults.files import File
from tests.faults.model import Run


@dataclass
class Journal:
    """Kept by the experiment, beside everything that it looks at."""

    attempted: Counter[Message] = field(default_factory=Counter)
    confirmed: Counter[Message] = field(default_factory=Counter)
    unknown: Counter[Message] = field(default_factory=Counter)
    """Attempts that were neither confirmed nor refused: they may have arrived."""

    put: list[File] = field(default_factory=list)
    """Versions of files that are in the bucket, in this order; each was asked for afterwards."""

    def last_files(self) -> dict[str, File]:
        """The version of each file that stands in the bucket, by key."""
        return {file.key: file for file in self.put}

    def confirmed_runs(self, runs: Iterable[Run]) -> list[Run]:
        """Runs of which every batch was confirmed: they must be applied, or say why not."""
        sure = _sequences(self.confirmed)
        return [run for run in runs if sure.get(run.run_id, set()) >= set(range(len(run.batches)))]

    def attempted_runs(self, runs: Iterable[Run]) -> list[Run]:
        """Runs of which every batch may have arrived."""
        tried = _sequences(self.attempted)
        return [run for run in runs if tried.get(run.run_id, set()) >= set(range(len(run.batches)))]

    @property
    def said(self) -> str:
        """A line for people."""
        return (
            f"{len(self.attempted)} messages, {self.attempted.total()} attempts: "
            f"{self.confirmed.total()} confirmed, {self.unknown.total()} unknown"
        )


def _sequences(messages: Counter[Message]) -> dict[UUID, set[int]]:
    found: dict[UUID, set[int]] = {}
    for message in messages:
        if message.run is not None and not message.is_poison:
            found.setdefault(message.run, set()).add(message.sequence)
    return found
