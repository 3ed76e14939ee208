"""Every service writes structured logs, and traces where they are wanted: its main module begins with it."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.discovery import ROOT, built_services


def is_observed(code: str) -> bool:
    """Whether a function of the module calls observe."""
    calls = [
        node.func.id
        for function in ast.walk(ast.parse(code))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    return "observe" in calls


@pytest.mark.parametrize(("service", "package"), sorted(built_services().items()))
def test_main_observes(service: str, package: str) -> None:
    path = ROOT.joinpath(*package.split("."), "main.py")
    assert is_observed(path.read_text()), f"{service}: main() must call observe"


def test_a_main_that_does_not_is_seen() -> None:
    only_imported = "from libs.observability.starting import observe\n\ndef main() -> None:\n    serve()\n"
    assert not is_observed(only_imported)
