"""What a benchmark found: figures beside their targets, as a table and as JSON."""

from __future__ import annotations

import json
import operator
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

console = Console(width=140)

_COMPARISONS: dict[str, Callable[[float, float], bool]] = {">=": operator.ge, "<=": operator.le}


@dataclass(frozen=True)
class Target:
    """What a figure must reach; ``stretch`` is what would be better still, in the same sense."""

    sense: str
    """``>=`` or ``<=``."""
    bound: float
    stretch: float | None = None

    def is_met(self, figure: float) -> bool:
        """Whether a ratio, or a value where there is no baseline, is good enough."""
        return _COMPARISONS[self.sense](figure, self.bound)

    def __str__(self) -> str:
        stretch = f" (stretch {self.stretch:g})" if self.stretch is not None else ""
        return f"{self.sense} {self.bound:g}{stretch}"


@dataclass(frozen=True)
class Figure:
    """One line of the table. ``ratio`` is value / baseline; without a baseline the value is compared."""

    id: str
    what: str
    value: float
    unit: str
    baseline: float | None = None
    ratio: float | None = None
    target: str = ""
    met: bool | None = None
    """None: measured for comparison, without a target."""


@dataclass
class Figures:
    """The figures of one benchmark, in the order in which they were taken."""

    name: str
    all: list[Figure] = field(default_factory=list)

    def add(
        self,
        id_: str,
        what: str,
        value: float,
        unit: str,
        *,
        baseline: float | None = None,
        target: Target | None = None,
    ) -> Figure:
        """Note a figure and say it at once."""
        ratio = None if baseline is None else value / baseline
        compared = value if ratio is None else ratio
        met = None if target is None else target.is_met(compared)
        figure = Figure(id_, what, value, unit, baseline, ratio, str(target or ""), met)
        self.all.append(figure)
        console.print(f"  [bold]{id_}[/bold] {what}: {_shown(figure)}")
        return figure

    def print(self) -> None:
        """The table."""
        table = Table(title=f"bench-{self.name}")
        for column, justify in (("", "left"), ("figure", "left"), ("value", "right"), ("baseline", "right")):
            table.add_column(column, justify=justify)  # type: ignore[arg-type]
        for column in ("ratio", "target"):
            table.add_column(column, justify="right")
        table.add_column("met")
        for found in self.all:
            table.add_row(
                found.id,
                found.what,
                f"{number(found.value)} {found.unit}",
                "" if found.baseline is None else number(found.baseline),
                "" if found.ratio is None else f"{found.ratio:.3f}",
                found.target,
                _MET[found.met],
            )
        console.print(table)

    def write(self, folder: Path) -> Path:
        """As JSON, for whoever follows the figures; returns the file."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self.name}.json"
        path.write_text(json.dumps([asdict(figure) for figure in self.all], indent=2) + "\n")
        return path

    @property
    def missed(self) -> list[Figure]:
        """Those whose target was not reached."""
        return [figure for figure in self.all if figure.met is False]


_MET = {True: "[green]met[/green]", False: "[red]not met[/red]", None: ""}


def _shown(figure: Figure) -> str:
    ratio = "" if figure.ratio is None else f", ratio {figure.ratio:.3f}"
    target = f" {figure.target}: {_MET[figure.met]}" if figure.target else ""
    return f"{number(figure.value)} {figure.unit}{ratio}{target}"


def number(value: float) -> str:
    """Readable: whole thousands for large ones, three digits for small ones."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.3g}"
