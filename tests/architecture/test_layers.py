"""Each contract of .importlinter is broken on purpose, in a scratch project with the real configuration."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.discovery import ROOT

KEPT = {
    "contracts/__init__.py": "",
    "contracts/envelope.py": "import pydantic\n",
    "libs/__init__.py": "",
    "libs/bus/__init__.py": "import contracts.envelope\n",
    "libs/db/__init__.py": "import sqlalchemy\n",
    "libs/http/__init__.py": "",
    "libs/storage/__init__.py": "",
    "libs/metrics/__init__.py": "",
    "libs/testing/__init__.py": "",
    "services/__init__.py": "",
    "services/connectors/__init__.py": "",
    "services/connectors/surfside/__init__.py": "",
    "services/connectors/surfside/main.py": "import services.connectors.surfside.settings\n",
    "services/connectors/surfside/settings.py": "",
    "services/connectors/surfside/parse.py": "",
    "services/connectors/vibe/__init__.py": "",
    "services/loader/__init__.py": "",
    "services/loader/main.py": "import services.loader.settings\nimport services.loader.handlers\n",
    "services/loader/settings.py": "",
    "services/loader/handlers.py": "import services.loader.store\nimport services.loader.rules\n",
    "services/loader/store.py": "import libs.db\nimport services.loader.rules\n",
    "services/loader/rules.py": "import contracts.envelope\n",
    "services/notifier/__init__.py": "",
    "deploy/__init__.py": "import libs.testing\nimport services.loader.main\n",
}

BROKEN = {
    "contracts import libs": ("contracts/envelope.py", "import libs.db", "deploy > services"),
    "libs import services": ("libs/bus/__init__.py", "import services.loader.rules", "deploy > services"),
    "a service imports deploy": ("services/loader/main.py", "import deploy", "deploy > services"),
    "a service imports another": (
        "services/notifier/__init__.py",
        "import services.loader.rules",
        "No service imports another",
    ),
    "a service imports a connector": (
        "services/notifier/__init__.py",
        "import services.connectors.surfside.parse",
        "No service imports another",
    ),
    "a connector imports another": (
        "services/connectors/vibe/__init__.py",
        "import services.connectors.surfside.parse",
        "No connector imports another",
    ),
    "a store imports handlers": ("services/loader/store.py", "import services.loader.handlers", "Inside a"),
    "rules import the store": ("services/loader/rules.py", "import services.loader.store", "Inside a"),
    "a connector's parser imports main": (
        "services/connectors/surfside/parse.py",
        "import services.connectors.surfside.main",
        "Inside a",
    ),
    "another kind of file": ("services/loader/toolbox.py", "", "Inside a"),
    "rules import a framework": ("services/loader/rules.py", "import sqlalchemy", "rules, parse and frames"),
    "rules do I/O by way of a library": ("services/loader/rules.py", "import libs.db", "rules, parse and"),
    "parse imports storage": (
        "services/connectors/surfside/parse.py",
        "import libs.storage",
        "rules, parse and",
    ),
    "handlers read settings": (
        "services/loader/handlers.py",
        "import services.loader.settings",
        "Only main.py",
    ),
    "contracts import a framework": ("contracts/envelope.py", "import sqlalchemy", "contracts import"),
    "libs in a circle": ("libs/db/__init__.py", "import libs.bus", "no cycles"),
    "a service imports libs.testing": ("services/loader/main.py", "import libs.testing", "Only tests"),
}


def lint(project: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter there, as `make check` does here."""
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=project,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(project), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A scratch project that keeps every contract."""
    shutil.copy(ROOT / ".importlinter", tmp_path)
    for name, text in KEPT.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_the_scratch_project_keeps_every_contract(project: Path) -> None:
    answer = lint(project)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "0 broken" in answer.stdout


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_contract_fails_the_build(project: Path, case: str) -> None:
    name, line, contract = BROKEN[case]
    if case == "libs in a circle":
        (project / "libs/bus/__init__.py").write_text("import libs.db\n")
    path = project / name
    path.write_text((path.read_text() if path.exists() else "") + line + "\n")
    answer = lint(project)
    broken = [shown for shown in answer.stdout.splitlines() if shown.endswith("BROKEN")]
    assert answer.returncode == 1, answer.stdout + answer.stderr
    assert any(contract in shown for shown in broken), answer.stdout
