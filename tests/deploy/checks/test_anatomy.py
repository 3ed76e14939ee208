"""deploy.checks.anatomy: what may stand where."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.checks import anatomy
from deploy.checks.source import read

LOADER = {
    "services/__init__.py": "",
    "services/loader/__init__.py": "",
    "services/loader/README.md": "# loader\n",
    "services/loader/main.py": "from libs.settings import load\n",
    "services/loader/handlers/__init__.py": "",
    "services/loader/store.py": "TEXT = 'SELECT 1'\n",
    "services/loader/sql/head.sql": "SELECT 1\n",
}


def problems(root: Path, more: dict[str, str]) -> list[str]:
    """What is wrong with a loader that has these files besides its usual ones."""
    for name, text in {**LOADER, **more}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return anatomy.problems(root, read(root))


def test_the_usual_parts_are_fine(tmp_path: Path) -> None:
    assert problems(tmp_path, {}) == []


@pytest.mark.parametrize(
    "name",
    [
        "services/loader/toolbox.py",
        "services/loader/toolbox/__init__.py",
        "services/loader/notes.md",
        "services/loader/commands.py",
    ],
)
def test_another_kind_of_file(tmp_path: Path, name: str) -> None:
    [problem] = problems(tmp_path, {name: ""})
    assert "is not part of a service" in problem


def test_the_console_has_commands(tmp_path: Path) -> None:
    console = {"services/console/README.md": "# console\n", "services/console/commands/runs.py": ""}
    assert problems(tmp_path, console) == []


def test_a_connector_is_a_service_too(tmp_path: Path) -> None:
    [problem] = problems(tmp_path, {"services/connectors/vibe/main.py": ""})
    assert problem.startswith("services/connectors/vibe has no README.md")


@pytest.mark.parametrize("name", ["utils", "common", "helpers"])
@pytest.mark.parametrize("place", ["libs/{}.py", "libs/{}/__init__.py", "services/loader/handlers/{}.py"])
def test_names_that_say_nothing(tmp_path: Path, place: str, name: str) -> None:
    [problem] = problems(tmp_path, {place.format(name): ""})
    assert f"not {name!r}" in problem


@pytest.mark.parametrize("line", ["import httpx", "from sqlalchemy import text", "import libs.db"])
def test_contracts_import_pydantic_alone(tmp_path: Path, line: str) -> None:
    [problem] = problems(tmp_path, {"contracts/envelope.py": f"import uuid\nimport pydantic\n{line}\n"})
    assert "contracts/envelope.py:3" in problem


def test_settings_are_loaded_in_main_alone(tmp_path: Path) -> None:
    [problem] = problems(tmp_path, {"services/loader/rules.py": "from libs.settings import load\n"})
    assert "only main.py" in problem


@pytest.mark.parametrize(
    "literal",
    [
        "'SELECT 1'",
        "'''\n  INSERT INTO t VALUES (1)'''",
        "f'UPDATE {t} SET x = 1'",
        "'WITH a AS (SELECT 1) SELECT * FROM a'",
    ],
)
def test_sql_stands_in_the_store(tmp_path: Path, literal: str) -> None:
    [problem] = problems(tmp_path, {"services/loader/handlers/merges.py": f"t = 1\nTEXT = {literal}\n"})
    assert "statements belong in store.py" in problem


def test_words_that_begin_sentences_are_not_sql(tmp_path: Path) -> None:
    text = '"""With a rate: update what follows."""\nTEXT = "Select a client"\n'
    assert problems(tmp_path, {"services/loader/rules.py": text}) == []


@pytest.mark.parametrize("call", ["connection.commit()", "engine.begin()", "transaction(engine)"])
def test_the_store_ends_no_transaction(tmp_path: Path, call: str) -> None:
    [problem] = problems(tmp_path, {"services/loader/store.py": f"def f() -> None:\n    {call}\n"})
    assert "a transaction is the caller's" in problem
