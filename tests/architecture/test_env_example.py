""".env.example explains every setting that the code reads, and no other."""

from __future__ import annotations

import json
import re

from pydantic_core import PydanticUndefined

from contracts.ownership import ROLES
from tests.architecture.discovery import ROOT, all_settings, settings
from tests.architecture.test_compose import variables_of_compose

_LINE = re.compile(r"^(?P<optional># )?(?P<name>[A-Z][A-Z0-9_]*)=(?P<default>.*)$")
_PER_ROLE = "DATABASE_PASSWORD"


def documented() -> dict[str, tuple[bool, str]]:
    """Name → whether it is optional, and the default that is shown."""
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    found = [match for line in lines if (match := _LINE.match(line))]
    names = [match["name"] for match in found]
    assert len(names) == len(set(names)), "a setting stands twice in .env.example"
    return {match["name"]: (bool(match["optional"]), match["default"]) for match in found}


def read_by_code() -> dict[str, list[object]]:
    """Name → the defaults of the classes that have it."""
    found: dict[str, list[object]] = {}
    for cls in all_settings():
        for setting in settings(cls):
            found.setdefault(setting.name, []).append(setting.default)
    del found[_PER_ROLE]
    return found | {f"{_PER_ROLE}__{role.service.upper()}": [PydanticUndefined] for role in ROLES}


def test_every_setting_is_explained() -> None:
    missing = read_by_code().keys() - documented().keys()
    assert not missing, f"explain {', '.join(sorted(missing))} in .env.example"


def test_nothing_is_explained_that_nobody_reads() -> None:
    unread = documented().keys() - read_by_code().keys() - variables_of_compose()
    assert not unread, f"{', '.join(sorted(unread))} in .env.example: no settings class has such a field"


def test_what_is_needed_is_marked_as_needed() -> None:
    shown = documented()
    for name, defaults in read_by_code().items():
        needed = PydanticUndefined in defaults
        assert shown[name][0] is not needed, f"{name}: {'needed' if needed else 'optional'} in the code"


def test_defaults_are_those_of_the_code() -> None:
    for name, (optional, default) in documented().items():
        if optional:
            known = {_shown(value) for value in read_by_code()[name]}
            assert default in known, f"{name}={default} in .env.example; the code has {', '.join(known)}"


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool | tuple | list | dict):
        return json.dumps(value, separators=(",", ":"))
    return f"{value:g}" if isinstance(value, float) else str(value)
