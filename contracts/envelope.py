"""The two kinds of message and the types that they share.

An *event* tells what happened; readers ignore fields that they do not know, so that it can grow.
A *command* asks for something; unknown fields are refused, because a misspelt ``client_id`` must
not become "all clients". Bodies are JSON that a person can read, edit and type by hand: whatever a
consumer needs is in the body, headers are for tracing only.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self, get_args
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

Source = Literal["surfside", "vibe", "facebook"]
SOURCES: tuple[Source, ...] = get_args(Source)
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

__all__ = ["SOURCES", "UUID", "AwareDatetime", "Command", "DayRange", "Event", "Message", "Sha256", "Source"]


class Message(BaseModel):
    """Anything that travels on the bus."""

    model_config = ConfigDict(frozen=True)


class Event(Message):
    """Past tense; unknown fields are ignored."""

    model_config = ConfigDict(extra="ignore")


class Command(Message):
    """Imperative; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class DayRange(Command):
    """A range of account days that somebody may have typed: both days belong to it."""

    start_date: date | None = None
    end_date: date | None = None

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        if (self.start_date is None) != (self.end_date is None):
            raise ValueError("give both start_date and end_date, or neither")
        if self.start_date and self.end_date and self.end_date < self.start_date:
            raise ValueError(f"end_date {self.end_date} is before start_date {self.start_date}")
        return self
