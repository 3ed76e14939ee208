"""Python files as data: their lines, functions and imports. Nothing is executed."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

FOLDERS = ("contracts", "libs", "services", "deploy")

_ENTRY_DECORATORS = {"subscriber", "get", "post", "put", "patch", "delete", "websocket", "command"}
_ENTRY_MODULES = {"handlers", "routes", "commands"}


@dataclass(frozen=True)
class Function:
    """A function with its length: every line from ``def`` to the last, docstring and signature included."""

    name: str
    line: int
    lines: int
    is_entry: bool
    """A message handler, a route or a command: decorated as one, in a module that holds them."""


@dataclass(frozen=True)
class SourceFile:
    """One Python file. ``path`` is relative to the root of the project."""

    path: PurePosixPath
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree. Raises SyntaxError."""
        return ast.parse(self.text, filename=str(self.path))

    @property
    def lines(self) -> int:
        """All of them, blank lines and comments too."""
        return len(self.text.splitlines())

    @cached_property
    def functions(self) -> Sequence[Function]:
        """All functions and methods; a nested one counts by itself and in the one around it."""
        holds_entries = bool(_ENTRY_MODULES & {*self.path.parts[:-1], self.path.stem})
        return [
            Function(
                node.name,
                node.lineno,
                (node.end_lineno or node.lineno) - node.lineno + 1,
                holds_entries and any(_is_entry(decorator) for decorator in node.decorator_list),
            )
            for node in ast.walk(self.tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        ]

    def imports(self) -> Iterator[tuple[str, str, int]]:
        """(module, name, line) of each import; the name is empty for ``import module``."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, "", node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((node.module or ".", alias.name, node.lineno) for alias in node.names)


def _is_entry(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(called, ast.Attribute) and called.attr in _ENTRY_DECORATORS


def read(root: Path, folders: Sequence[str] = FOLDERS) -> list[SourceFile]:
    """Every Python file below these folders, by path; what npm installed is nobody's source."""
    found = sorted(
        path
        for folder in folders
        for path in (root / folder).rglob("*.py")
        if "node_modules" not in path.parts
    )
    return [
        SourceFile(PurePosixPath(path.relative_to(root).as_posix()), path.read_text(encoding="utf-8"))
        for path in found
    ]
