"""The toy is what docs/new-connector.md promises: the allowed parts, made of the kit, and short."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

from deploy.checks.anatomy import SERVICE_MODULES
from tests.architecture.discovery import ROOT

FOLDER = Path(__file__).parent
PARTS = {"client", "main", "parse", "settings"}


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return names


def test_its_parts_are_parts_of_a_service_and_stand_in_the_guide() -> None:
    assert PARTS < SERVICE_MODULES
    guide = (ROOT / "docs/new-connector.md").read_text()
    assert all(f"`{part}.py`" in guide for part in PARTS)
    assert all((FOLDER / f"{part}.py").is_file() for part in PARTS)


def test_it_is_made_of_libs_and_libraries_alone() -> None:
    kit = {"libs", "starlette", "pydantic", "httpx", *sys.stdlib_module_names}
    for part in PARTS:
        others = {name for name in imported(FOLDER / f"{part}.py") if name.partition(".")[0] not in kit}
        assert all(name.startswith("tests.connectors.toy.") for name in others), part


def test_it_is_short() -> None:
    lines = {part: len((FOLDER / f"{part}.py").read_text().splitlines()) for part in PARTS}
    assert sum(lines.values()) <= 220, lines
    suite = (FOLDER / "test_connector.py").read_text().splitlines()
    assert len(suite) <= 12
