"""What may stand where: names of modules, the anatomy of a service, SQL, transactions, settings.

import-linter keeps who may import whom (.importlinter); this keeps what an import graph does not show.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from deploy.checks.source import SourceFile

BANNED_MODULES = {"utils", "util", "common", "helpers", "helper", "misc"}

SERVICE_MODULES = {
    "__init__",
    "main",
    "settings",
    "handlers",
    "routes",
    "rules",
    "parse",
    "frames",
    "client",
    "store",
    "sql",
}
"""What a service may consist of, each a module or a package. Another kind is a design decision."""

SHAPES = {"console": SERVICE_MODULES | {"commands"}, "gateway": SERVICE_MODULES | {"web"}}
"""Services of another shape: the console has commands, the gateway a page of its own toolchain."""

_NOT_CODE = {"README.md", "__pycache__"}
_CONTRACTS_MAY_IMPORT = {"pydantic", "contracts", *sys.stdlib_module_names}
_SQL = re.compile(r"\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH|COPY|MERGE INTO|TRUNCATE|LOCK TABLE)\s")
_ENDS_TRANSACTIONS = {"commit", "rollback", "begin", "transaction", "tenant"}


def problems(root: Path, files: Sequence[SourceFile]) -> list[str]:
    """One sentence for each thing that stands where it must not."""
    found = [problem for service in services(root) for problem in _service_problems(root, service)]
    for file in files:
        found += [*_name_problems(file), *_import_problems(file), *_statement_problems(file)]
    return found


def services(root: Path) -> list[PurePosixPath]:
    """The folder of each service that has code, relative to the root."""
    folder = root / "services"
    candidates = [*folder.glob("*"), *(folder / "connectors").glob("*")]
    return sorted(
        PurePosixPath(path.relative_to(root).as_posix())
        for path in candidates
        if path.is_dir()
        and path.name not in {"connectors", "__pycache__"}
        and any(child.name not in {"__init__.py", "__pycache__"} for child in path.iterdir())
    )


def _service_problems(root: Path, service: PurePosixPath) -> Iterator[str]:
    allowed = SHAPES.get(service.name, SERVICE_MODULES)
    if not (root / service / "README.md").is_file():
        yield f"{service} has no README.md: ten lines on what it consumes, publishes, owns; limits and quirks"
    for child in sorted((root / service).iterdir()):
        name = child.stem if child.suffix == ".py" else child.name
        if child.name not in _NOT_CODE and name not in allowed:
            yield f"{service}/{child.name} is not part of a service: there are {', '.join(sorted(allowed))}"


def _name_problems(file: SourceFile) -> Iterator[str]:
    for name in (*file.path.parts[:-1], file.path.stem):
        if name in BANNED_MODULES:
            yield f"{file.path}: name a module for what it does, not {name!r}"


def _import_problems(file: SourceFile) -> Iterator[str]:
    top = file.path.parts[0]
    for module, name, line in file.imports():
        if top == "contracts" and module.partition(".")[0] not in _CONTRACTS_MAY_IMPORT:
            yield f"{file.path}:{line} imports {module}: contracts import pydantic alone"
        if top == "services" and (module, name) == ("libs.settings", "load") and not _is(file, "main"):
            yield f"{file.path}:{line} loads settings: only main.py does, and hands on what is needed"


def _statement_problems(file: SourceFile) -> Iterator[str]:
    if file.path.parts[0] != "services":
        return
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and not _is(file, "store", "sql"):
            if _SQL.match(node.value):
                yield f"{file.path}:{node.lineno} holds SQL: statements belong in store.py or sql/"
        elif isinstance(node, ast.Call) and _is(file, "store") and (name := _ends_transaction(node)):
            yield f"{file.path}:{node.lineno} calls {name}(): a transaction is the caller's, not store.py's"


def _ends_transaction(call: ast.Call) -> str | None:
    name = getattr(call.func, "attr", None) or getattr(call.func, "id", None)
    return name if name in _ENDS_TRANSACTIONS else None


def _is(file: SourceFile, *names: str) -> bool:
    """Whether a service's file is one of these modules, or lies in a package of that name."""
    return bool({*file.path.parts[1:-1], file.path.stem} & set(names))
