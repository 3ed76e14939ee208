"""Settings of the command line; read by main.py alone."""

from __future__ import annotations

from pydantic import AliasChoices, Field

from libs.settings import BusSettings, DatabaseSettings


class ConsoleSettings(DatabaseSettings, BusSettings):
    """Database and bus, and the editor of whoever sits here."""

    editor: str = Field(default="vi", validation_alias=AliasChoices("VISUAL", "EDITOR"))
