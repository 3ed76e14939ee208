"""Phase P9: PDF, a CSV of a million rows, a workbook of 100,000 rows, each compared with the model."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter
from python_calamine import CalamineWorkbook

from tests.bench import processes
from tests.bench.asking import Asking, question
from tests.bench.expected import Model
from tests.bench.figures import Figures, Target, console
from tests.bench.filling import Client
from tests.bench.place import Place

CSV_ROWS, XLSX_ROWS = 1_000_000, 100_000
A_TENTH = 10
PDF_TIMES = 10
COLUMNS = (
    *("date", "source", "campaign_name", "strategy_name", "placement_name", "creative_name"),
    *("impressions", "clicks", "conversions", "conversion_revenue", "spend"),
    *("ctr", "cpc", "cpa", "cpm", "roas"),
)
"""16."""
_TEXTS = 6


@dataclass(frozen=True)
class Got:
    """A file that came, and what that took."""

    path: Path
    seconds: float
    peak: float
    """Megabytes that the gateway had at most while it was written."""
    grown: float
    """By how many megabytes that is more than it had before."""


class Downloads:
    """Files of a place, one after the other, in a folder that is deleted with it."""

    def __init__(self, place: Place, asking: Asking, figures: Figures, folder: Path) -> None:
        self.place, self.asking, self.figures, self.folder = place, asking, figures, folder

    async def pdf(self) -> None:
        """P9: the first after a load, then again."""
        client = self.place.largest
        for name, days in self.place.size.ranges.items():
            await self.place.raise_version(client)
            found = [(await self._pdf(client, days)) for _ in range(PDF_TIMES)]
            what = f"PDF over {name}, {self.place.size.label}"
            self.figures.add("P9", f"{what}: the first after a load", found[0], "s", target=Target("<=", 1))
            self.figures.add(
                "P9", f"{what}: worst of the others", max(found[1:]), "s", target=Target("<=", 1)
            )

    async def _pdf(self, client: Client, days: int) -> float:
        answer = await self.asking.about(client, days, "/exports/pdf")
        assert answer.ok, f"the PDF was answered {answer.status}: {answer.body[:300]!r}"
        assert answer.body.startswith(b"%PDF"), "what came is no PDF"
        return answer.seconds

    async def csv(self, rows: int) -> None:
        """P9: so many daily rows, and the memory against a tenth of them."""
        client, label = self.place.largest, self.place.size.label
        model = await asyncio.to_thread(Model.of, client.maker)
        await self._csv(client, 1)  # what is imported and read once is not this file's
        fewer = _days_for(model, rows // A_TENTH)
        tenth = await self._csv(client, fewer)
        await asyncio.to_thread(_check_csv, tenth.path, model, fewer)
        days = _days_for(model, rows)
        whole = await self._csv(client, days)
        count = await asyncio.to_thread(_check_csv, whole.path, model, days)
        console.print(f"  the CSV has {count:,} rows, its tenth {model.rows(_newest(model, fewer)):,}")
        what = f"CSV of daily rows, {label}"
        self.figures.add("P9", what, count / whole.seconds, "rows/s", target=Target(">=", 100_000))
        what = f"peak of the gateway meanwhile, {label}, against a tenth of the rows"
        self.figures.add("P9", what, whole.peak, "MB", baseline=tenth.peak, target=Target("<=", 1.1))

    async def _csv(self, client: Client, days: int) -> Got:
        return await self._get("csv", client, days, {"level": "daily"})

    async def xlsx(self, rows: int) -> None:
        """P9: rows of 16 columns, and XlsxWriter alone with the same cells."""
        client, model = await self._with_rows(rows)
        days, label = _days_for(model, rows), self.place.size.label
        asked = {"level": "daily", "columns": list(COLUMNS)}
        got = await self._get("xlsx", client, days, asked)
        cells = await self._get("csv", client, days, asked)
        table = await asyncio.to_thread(pl.read_csv, cells.path, infer_schema_length=None)
        assert table.shape == (model.rows(_newest(model, days)), len(COLUMNS)), (
            f"there are {table.shape} cells"
        )
        await asyncio.to_thread(_check_xlsx, got.path, table)
        alone = await asyncio.to_thread(_xlsxwriter_seconds, table, self.folder / "alone.xlsx")
        console.print(f"  the workbook has {table.height:,} rows of {len(COLUMNS)} columns")
        what = f"XLSX of daily rows × {len(COLUMNS)}, {label}"
        per_hundred_thousand = got.seconds * XLSX_ROWS / table.height
        self.figures.add(
            "P9", f"{what}, per 100,000 rows", per_hundred_thousand, "s", target=Target("<=", 15)
        )
        self.figures.add("P9", f"{what}, against XlsxWriter alone", got.seconds, "s", baseline=alone)
        self.figures.add("P9", f"{what}: peak of the gateway", got.peak, "MB")

    async def _with_rows(self, rows: int) -> tuple[Client, Model]:
        """A client of moderate size, where it has so many rows; else the largest."""
        for client in (self.place.clients[1], self.place.largest):
            model = await asyncio.to_thread(Model.of, client.maker)
            if model.rows(model.sums) >= rows:
                break
        return client, model

    async def _get(self, kind: str, client: Client, days: int, asked: dict[str, Any]) -> Got:
        gateway = self.place.stack.processes["gateway"].pid
        before = processes.resident_megabytes(gateway) or 0
        processes.forget_peak(gateway)
        path = self.folder / f"{days}.{kind}"
        began = time.perf_counter()
        with path.open("wb") as file:
            async with self.asking.stream(f"/exports/{kind}", {**question(client, days), **asked}) as answer:
                async for piece in answer.aiter_raw(1_048_576):
                    file.write(piece)
        seconds = time.perf_counter() - began
        peak = processes.peak_megabytes(gateway) or 0
        return Got(path, seconds, peak, peak - before)


async def downloads(place: Place, asking: Asking, figures: Figures, share: float) -> None:
    """All of P9; ``share`` of the rows that the targets speak of."""
    with ExitStack() as closing:
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        files = Downloads(place, asking, figures, folder)
        await files.pdf()
        await files.csv(int(CSV_ROWS * share))
        await files.xlsx(int(XLSX_ROWS * share))


def _newest(model: Model, days: int) -> list[Any]:
    return sorted(model.sums)[-days:]


def _days_for(model: Model, rows: int) -> int:
    """How many newest days have so many rows; all, where that is not enough."""
    found = 0
    for number, day in enumerate(sorted(model.sums, reverse=True), 1):
        found += model.rows([day])
        if found >= rows:
            return number
    return len(model.sums)


def _check_csv(path: Path, model: Model, days: int) -> int:
    """How many rows a file has. Raises AssertionError where they are not the model's."""
    shown = pl.scan_csv(path, infer_schema_length=None).select(
        pl.len().alias("rows"), pl.col("impressions", "clicks", "conversions").sum()
    )
    found = shown.collect().row(0, named=True)
    wanted: dict[str, int] = dict.fromkeys(found, 0)
    for day in _newest(model, days):
        for sums in model.sums[day].values():
            for name in wanted:
                wanted[name] += sums[name] or 0
    assert found == wanted, f"the CSV has {found}, not {wanted}"
    return int(found["rows"])


def _check_xlsx(path: Path, table: pl.DataFrame) -> None:
    """The cells are those of the CSV of the same question."""
    _, *rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert len(rows) == table.height, f"the workbook has {len(rows)} rows, the CSV {table.height}"
    place = COLUMNS.index("impressions")
    shown = [row[place] for row in rows]
    assert shown == table["impressions"].to_list(), "the workbook has other numbers than the CSV"


def _xlsxwriter_seconds(table: pl.DataFrame, path: Path) -> float:
    """Seconds of the library with the same cells and nothing else: no database, no reading of rows."""
    rows: Sequence[tuple[Any, ...]] = table.rows()
    began = time.perf_counter()
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet, form = book.add_worksheet(), book.add_format({"num_format": "#,##0.00"})
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            if value is None:
                continue
            if place < _TEXTS:
                sheet.write_string(number, place, value)
            else:
                sheet.write_number(number, place, value, form)
    book.close()
    return time.perf_counter() - began
