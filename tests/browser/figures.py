"""Figures of the page: measured, printed, and kept beside those of the benchmarks."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from statistics import median

from tests.browser.system import root


@dataclass
class Figures:
    """What was measured, beside what is wanted of it on a machine that does nothing else."""

    found: list[tuple[str, float, str, str]] = field(default_factory=list)

    def add(self, what: str, values: list[float], unit: str, wanted: str) -> None:
        """The median of several."""
        self.found.append((f"{what}, median of {len(values)}", round(median(values), 1), unit, wanted))

    def lines(self) -> list[str]:
        """For people; and kept as a file."""
        if not self.found:
            return []
        path = root() / ".local" / "bench" / "browser.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        names = ("what", "value", "unit", "wanted")
        path.write_text(
            json.dumps([dict(zip(names, row, strict=True)) for row in self.found], indent=2) + "\n"
        )
        return [f"{what}: {value:g} {unit} (wanted: {wanted})" for what, value, unit, wanted in self.found]
