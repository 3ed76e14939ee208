"""`python -m deploy.checks.sizes`: how large files and functions are, and what the budgets say.

The figures count everything in contracts, libs, services and deploy: blank lines, comments, docstrings,
nested functions, migrations. Tests are in no figure; their files have the same limit.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

from deploy.checks import anatomy
from deploy.checks.source import FOLDERS, Function, SourceFile, read

ROOT = Path(__file__).resolve().parents[2]

FILE_WARNING = 250
FILE_LIMIT = 400
FUNCTION_MEDIAN = 10
FUNCTION_P90 = 35
FUNCTION_LIMIT = 60
ENTRY_LIMIT = 15
"""Of a message handler, a route or a command."""

_ROW = "{:<10} {:>6} {:>7} {:>8} {:>10} {:>7} {:>5} {:>8}"


def main(root: Path = ROOT) -> int:
    """Print the figures, then what is over the budget; the exit code."""
    files = read(root)
    print(table(files))
    for warning in warnings(files):
        print(f"warning: {warning}")
    problems = [*over_budget(files), *too_long(read(root, ["tests"])), *anatomy.problems(root, files)]
    for problem in problems:
        print(f"error: {problem}", file=sys.stderr)
    return 1 if problems else 0


def table(files: Sequence[SourceFile]) -> str:
    """The figures of each folder and of all."""
    rows = [_ROW.format("", "files", "median", "largest", "functions", "median", "p90", "longest")]
    for name in FOLDERS:
        rows.append(_row(name, [file for file in files if file.path.parts[0] == name]))
    return "\n".join([*rows, _row("all", files)])


def _row(name: str, files: Sequence[SourceFile]) -> str:
    sizes = [file.lines for file in files] or [0]
    lengths = _lengths(files) or [0]
    return _ROW.format(
        name,
        len(files),
        f"{statistics.median(sizes):g}",
        max(sizes),
        len(_lengths(files)),
        f"{statistics.median(lengths):g}",
        percentile_90(lengths),
        max(lengths),
    )


def warnings(files: Sequence[SourceFile]) -> list[str]:
    """Files that should be split soon."""
    return [
        f"{file.path} has {file.lines} lines, more than {FILE_WARNING}: split it soon"
        for file in files
        if FILE_WARNING < file.lines <= FILE_LIMIT
    ]


def too_long(files: Sequence[SourceFile]) -> list[str]:
    """Files over the limit."""
    return [
        f"{file.path} has {file.lines} lines, more than {FILE_LIMIT}: split it"
        for file in files
        if file.lines > FILE_LIMIT
    ]


def over_budget(files: Sequence[SourceFile]) -> list[str]:
    """One sentence for each budget that is exceeded."""
    problems = too_long(files)
    problems += [
        problem
        for file in files
        for function in file.functions
        if (problem := _too_long(file, function)) is not None
    ]
    lengths = _lengths(files) or [0]
    if (median := statistics.median(lengths)) > FUNCTION_MEDIAN:
        problems.append(f"the median function has {median:g} lines, more than {FUNCTION_MEDIAN}")
    if (tenth := percentile_90(lengths)) > FUNCTION_P90:
        problems.append(f"one function in ten has {tenth} lines or more; the budget is {FUNCTION_P90}")
    return problems


def _too_long(file: SourceFile, function: Function) -> str | None:
    place = f"{file.path}:{function.line} {function.name} has {function.lines} lines"
    if function.is_entry and function.lines > ENTRY_LIMIT:
        return f"{place}, more than {ENTRY_LIMIT} of a handler, route or command: move decisions to rules"
    if function.lines > FUNCTION_LIMIT:
        return f"{place}, more than {FUNCTION_LIMIT}: split it"
    return None


def percentile_90(lengths: Sequence[int]) -> int:
    """The length that nine functions in ten do not exceed (nearest rank)."""
    return sorted(lengths)[min(int(len(lengths) * 0.9), len(lengths) - 1)]


def _lengths(files: Sequence[SourceFile]) -> list[int]:
    return [function.lines for file in files for function in file.functions]


if __name__ == "__main__":
    sys.exit(main())
