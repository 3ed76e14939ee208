"""What there is in this checkout: services, their settings classes, the names of their settings."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import AliasChoices
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

import libs.settings
from deploy.checks import anatomy
from deploy.migrate import MigrationSettings

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Setting:
    """One field of one settings class, under its main name in the environment."""

    name: str
    field: FieldInfo

    @property
    def default(self) -> Any:
        """PydanticUndefined where it is needed."""
        return self.field.default


def built_services() -> dict[str, str]:
    """Service → its package, for those that have a main module."""
    return {
        path.name: ".".join(path.parts)
        for path in anatomy.services(ROOT)
        if (ROOT / path / "main.py").exists() or (ROOT / path / "main").is_dir()
    }


def settings_of_module(module: str) -> Iterator[type[BaseSettings]]:
    """The settings classes that a module defines."""
    for _, found in inspect.getmembers(importlib.import_module(module), inspect.isclass):
        if issubclass(found, BaseSettings) and found.__module__ == module:
            yield found


def all_settings() -> Iterator[type[BaseSettings]]:
    """Every settings class of the project."""
    yield from settings_of_module(libs.settings.__name__)
    yield MigrationSettings
    for path in anatomy.services(ROOT):
        if (ROOT / path / "settings.py").exists():
            yield from settings_of_module(".".join([*path.parts, "settings"]))


def settings(of: type[BaseSettings]) -> Iterator[Setting]:
    """Its settings, by the name that the environment has for each."""
    for name, field in of.model_fields.items():
        alias = field.validation_alias
        if isinstance(alias, AliasChoices):
            alias = next(choice for choice in alias.choices if isinstance(choice, str))
        yield Setting((alias if isinstance(alias, str) else name).upper(), field)
