"""Every service writes structured logs: its main module configures them before anything runs."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.discovery import ROOT, built_services


def configures_logging(code: str) -> bool:
    """Whether a function of the module calls configure_logging."""
    calls = [
        node.func.id
        for function in ast.walk(ast.parse(code))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    return "configure_logging" in calls


@pytest.mark.parametrize(("service", "package"), sorted(built_services().items()))
def test_main_configures_logging(service: str, package: str) -> None:
    path = ROOT.joinpath(*package.split("."), "main.py")
    assert configures_logging(path.read_text()), f"{service}: main() must call configure_logging"


def test_a_main_that_does_not_is_seen() -> None:
    only_imported = "from libs.observability import configure_logging\n\ndef main() -> None:\n    serve()\n"
    assert not configures_logging(only_imported)
