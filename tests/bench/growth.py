"""How figures grow: those of several sizes side by side, as Markdown for docs/performance.md.

`python -m tests.bench.growth FILE.json` prints the table of what was measured before.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.bench.figures import Figures, number

_SIZE = re.compile(r",? ([\d.]+) M\b")


def write(figures: Figures, folder: Path) -> Path:
    """Add figures to those of sizes that were measured before; returns the file."""
    path = folder / f"{figures.name}.json"
    before = json.loads(path.read_text()) if path.exists() else []
    now = [asdict(figure) for figure in figures.all]
    measured = {(_key(figure), _size(figure)) for figure in now}
    kept = [figure for figure in before if (_key(figure), _size(figure)) not in measured]
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([*kept, *now], indent=2) + "\n")
    return path


def table(path: Path) -> str:
    """A line for each figure, a column for each size."""
    found = json.loads(path.read_text())
    sizes = sorted({_size(figure) for figure in found})
    lines: dict[tuple[str, str], dict[float, str]] = {_key(figure): {} for figure in found}
    for figure in found:
        lines[_key(figure)][_size(figure)] = _shown(figure)
    head = ["#", "what", *(f"{size:g} M" for size in sizes), "target"]
    targets = {_key(figure): figure["target"].replace(">=", "≥").replace("<=", "≤") for figure in found}
    body = [[*key, *(cells.get(size, "–") for size in sizes), targets[key]] for key, cells in lines.items()]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *body))


def _key(figure: dict[str, Any]) -> tuple[str, str]:
    """A figure without its size and without how often it was taken."""
    what = re.sub(r" of \d+$", "", _SIZE.sub("", figure["what"]))
    return figure["id"], what


def _size(figure: dict[str, Any]) -> float:
    found = _SIZE.search(figure["what"])
    return float(found[1]) if found else 0.0


def _shown(figure: dict[str, Any]) -> str:
    value = f"{number(figure['value'])} {figure['unit']}".strip()
    ratio = f", {figure['ratio']:.2f}" if figure["ratio"] is not None else ""
    missed = ", missed" if figure["met"] is False else ""
    return f"{value}{ratio}{missed}"


if __name__ == "__main__":
    print(table(Path(sys.argv[1])))
