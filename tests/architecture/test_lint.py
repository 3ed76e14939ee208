"""ruff, with this project's configuration, says no to what conventions forbid."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.architecture.discovery import ROOT

FORBIDDEN = {
    "import inside a function": ("def f() -> object:\n    import json\n\n    return json\n", "PLC0415"),
    "os.environ": ("import os\n\nHOME = os.environ['HOME']\n", "TID251"),
    "os.getenv": ("import os\n\nHOME = os.getenv('HOME')\n", "TID251"),
    "requests": ("import requests\n\nget = requests.get\n", "TID251"),
    "a naive now": ("from datetime import datetime\n\nNOW = datetime.now()\n", "DTZ005"),
    "utcnow": ("from datetime import datetime\n\nNOW = datetime.utcnow()\n", "DTZ003"),
    "a swallowed exception": (
        "def f() -> None:\n    try:\n        print()\n    except Exception:\n        pass\n",
        "S110",
    ),
    "a blind except": (
        "def f() -> int:\n    try:\n        return 1\n    except Exception:\n        return 0\n",
        "BLE001",
    ),
    "a sleep that blocks the loop": (
        "import time\n\n\nasync def f() -> None:\n    time.sleep(1)\n",
        "ASYNC251",
    ),
    "a complex function": (
        "def f(n: int) -> int:\n" + "".join(f"    if n == {i}:\n        return {i}\n" for i in range(11)),
        "C901",
    ),
}


@pytest.mark.parametrize("case", FORBIDDEN)
@pytest.mark.parametrize("place", ["services/loader/rules.py", "libs/metrics/registry.py"])
def test_forbidden(case: str, place: str) -> None:
    code, rule = FORBIDDEN[case]
    answer = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--output-format=concise", "--stdin-filename", place, "-"],
        input=code,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert answer.returncode == 1
    assert rule in answer.stdout
