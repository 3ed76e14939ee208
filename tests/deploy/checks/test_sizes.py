"""deploy.checks.sizes counts honestly and fails over each budget."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from deploy.checks import sizes
from deploy.checks.source import SourceFile


def source(text: str, path: str = "libs/metrics/registry.py") -> SourceFile:
    return SourceFile(PurePosixPath(path), text)


def function(lines: int, name: str = "f", head: str = "") -> str:
    """A function of that many lines, from ``def`` to the last."""
    return f"{head}def {name}() -> int:\n" + "    x = 1\n" * (lines - 2) + "    return x\n"


def project(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def test_every_line_of_a_function_counts() -> None:
    text = (
        "@decorated\n"
        "def f(\n    a: int,\n) -> int:\n"
        '    """Two lines\n    of text."""\n\n    # reason\n'
        "    def g() -> int:\n        return a\n\n    return g()\n"
    )
    assert {f.name: f.lines for f in source(text).functions} == {"f": 11, "g": 2}


def test_blank_lines_and_comments_of_a_file_count() -> None:
    assert source("# one\n\n\nx = 1\n").lines == 4


def test_the_percentile_is_a_length_that_occurs() -> None:
    assert sizes.percentile_90(list(range(1, 11))) == 10
    assert sizes.percentile_90([5]) == 5


@pytest.mark.parametrize(("lines", "fails", "warns"), [(250, 0, 0), (251, 0, 1), (400, 0, 1), (401, 1, 0)])
def test_a_long_file(lines: int, fails: int, warns: int) -> None:
    files = [source("x = 1\n" * lines)]
    assert len(sizes.over_budget(files)) == fails
    assert len(sizes.warnings(files)) == warns


@pytest.mark.parametrize(("lines", "fails"), [(60, 0), (61, 1)])
def test_a_long_function(lines: int, fails: int) -> None:
    short = "".join(function(2, f"short_{i}") for i in range(20))
    problems = sizes.over_budget([source(short + function(lines, "long"))])
    assert len(problems) == fails
    assert all("libs/metrics/registry.py:41 long" in problem for problem in problems)


def test_functions_that_are_long_in_general() -> None:
    problems = sizes.over_budget([source("".join(function(36, f"f{i}") for i in range(3)))])
    assert [problem.split(",")[0] for problem in problems] == [
        "the median function has 36 lines",
        "one function in ten has 36 lines or more; the budget is 35",
    ]


@pytest.mark.parametrize(
    ("path", "head"),
    [
        ("services/loader/handlers.py", '@bus.subscriber("loader.batches")\nasync '),
        ("services/loader/handlers/batches.py", "@bus.subscriber(QUEUE)\nasync "),
        ("services/gateway/routes/clients.py", '@router.get("/clients")\nasync '),
        ("services/console/commands/runs.py", "@app.command()\n"),
    ],
)
@pytest.mark.parametrize(("lines", "fails"), [(15, 0), (16, 1)])
def test_a_long_handler_route_or_command(path: str, head: str, lines: int, fails: int) -> None:
    problems = sizes.over_budget([source(function(2) * 20 + function(lines, "entry", head), path)])
    assert len(problems) == fails


def test_a_nested_handler_is_one_too() -> None:
    nested = "@bus.subscriber(QUEUE)\nasync " + function(16, "on_batch")
    text = "def subscribe() -> None:\n" + "".join(f"    {line}\n" for line in nested.splitlines())
    problems = sizes.over_budget([source(function(2) * 20 + text, "services/loader/handlers.py")])
    assert len(problems) == 1
    assert "on_batch has 16 lines" in problems[0]


def test_the_command_prints_figures_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project(tmp_path, {"libs/a.py": function(61), "services/__init__.py": ""})
    assert sizes.main(tmp_path) == 1
    shown = capsys.readouterr()
    assert shown.out.splitlines()[-1].split() == ["all", "2", "30.5", "61", "1", "61", "61", "61"]
    assert "libs/a.py:1 f has 61 lines" in shown.err


def test_a_long_file_of_tests_is_too_long(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = project(tmp_path, {"libs/a.py": "x = 1\n", "tests/test_a.py": "x = 1\n" * 401})
    assert sizes.main(root) == 1
    assert "tests/test_a.py has 401 lines" in capsys.readouterr().err


def test_the_command_succeeds_within_the_budgets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project(tmp_path, {"libs/a.py": function(10), "services/__init__.py": ""})
    assert sizes.main(tmp_path) == 0
    assert capsys.readouterr().err == ""
