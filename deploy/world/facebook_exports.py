"""Ads Manager exports as people make them: languages, layouts, encodings; with what they add up to."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from openpyxl import Workbook

from deploy.world.totals import Row, Totals, totals_of

FIELDS = ("day", "campaign", "ad_set", "ad", "impressions", "clicks", "conversions", "revenue", "spent")
TITLES: dict[str, tuple[str, ...]] = {
    "documented": (
        *("Date", "Campaign Name", "Ad Set Name", "Ad Name", "Impressions", "Clicks", "Conversions"),
        *("Revenue", "Amount spent (USD)"),
    ),
    "en": (
        *("Day", "Campaign name", "Ad set name", "Ad name", "Impressions", "Link clicks", "Purchases"),
        *("Purchases conversion value", "Amount spent (USD)"),
    ),
    "es": (
        *("Día", "Nombre de la campaña", "Nombre del conjunto de anuncios", "Nombre del anuncio"),
        *("Impresiones", "Clics en el enlace", "Compras", "Valor de conversión de compras"),
        "Importe gastado (USD)",
    ),
    "fr": (
        *("Jour", "Nom de la campagne", "Nom de l’ensemble de publicités", "Nom de la publicité"),
        *("Impressions", "Clics sur un lien", "Achats", "Valeur de conversion des achats"),
        "Montant dépensé (USD)",
    ),
    "pt": (
        *("Dia", "Nome da campanha", "Nome do conjunto de anúncios", "Nome do anúncio", "Impressões"),
        *("Cliques no link", "Compras", "Valor de conversão da compra", "Valor usado (USD)"),
    ),
    "de": (
        *("Tag", "Kampagnenname", "Anzeigengruppenname", "Anzeigenname", "Impressionen", "Link-Klicks"),
        *("Käufe", "Conversion-Wert von Käufen", "Ausgegebener Betrag (USD)"),
    ),
    "it": (
        *("Giorno", "Nome della campagna", "Nome del gruppo di inserzioni", "Nome dell'inserzione"),
        *("Impression", "Clic sul link", "Acquisti", "Valore di conversione degli acquisti"),
        "Importo speso (USD)",
    ),
}
"""Titles in the order of FIELDS."""

Table = list[list[Any]]


@dataclass(frozen=True)
class Export:
    """Lines of an export; money in cents."""

    rows: tuple[Row, ...]

    @property
    def totals(self) -> Totals:
        """What a run of it adds up to."""
        return totals_of(self.rows)

    def table(self, language: str = "en", *, decimal: str = ".", dates: str = "%Y-%m-%d") -> Table:
        """Header and lines, as text and integers."""
        return [list(TITLES[language]), *(_cells(row, decimal, dates) for row in self.rows)]

    @property
    def total_row(self) -> list[Any]:
        """As Ads Manager writes it first: no date, no names."""
        sums = self.totals
        money = [_money(sums.conversion_revenue_micros, "."), _money(sums.media_cost_micros, ".")]
        return ["", "", "", "", sums.impressions + 37_559, sums.clicks, sums.conversions, *money]


def export(days: Sequence[date], *, ads: int = 6, seed: int = 7, campaigns: int = 2) -> Export:
    """An export of some days; one ad has results and no impression, as it happens."""
    rng = random.Random(seed)  # noqa: S311 - figures, not secrets
    rows = [_row(rng, day, ad, campaigns) for day in days for ad in range(ads)]
    return Export(tuple(rows))


def _row(rng: random.Random, day: date, ad: int, campaigns: int) -> Row:
    impressions = 0 if ad == 1 else rng.randrange(100, 9_000)
    return Row(
        day=day,
        campaign=f"Autumn {ad % campaigns}",
        strategy=f"Prospecting {ad % 3}",
        placement=f"Video «{ad}» 15s",
        creative=f"Video «{ad}» 15s",
        size="",
        impressions=impressions,
        clicks=rng.randrange(0, 60) if impressions else 0,
        conversions=2 if ad == 1 else rng.randrange(0, 7),
        revenue_micros=rng.randrange(0, 90_000) * 10_000,
        media_cost_micros=rng.randrange(0, 40_000) * 10_000 if impressions else 0,
    )


def _cells(row: Row, decimal: str, dates: str) -> list[Any]:
    money = [_money(row.revenue_micros, decimal), _money(row.media_cost_micros or 0, decimal)]
    names = [row.campaign, row.strategy, row.creative]
    return [f"{row.day:{dates}}", *names, row.impressions, row.clicks, row.conversions, *money]


def _money(micros: int, decimal: str) -> str:
    return f"{micros // 1_000_000}{decimal}{micros // 10_000 % 100:02}"


def with_column(table: Table, title: str, values: Sequence[Any] | str) -> Table:
    """The table with another column at its end."""
    cells = [values] * (len(table) - 1) if isinstance(values, str) else list(values)
    return [[*table[0], title], *([*row, cell] for row, cell in zip(table[1:], cells, strict=True))]


def without_column(table: Table, title: str) -> Table:
    """The table without a column."""
    at = table[0].index(title)
    return [row[:at] + row[at + 1 :] for row in table]


def renamed(table: Table, title: str, other: str) -> Table:
    """The table with another title."""
    return [[other if cell == title else cell for cell in table[0]], *table[1:]]


def csv_bytes(table: Table, *, encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """As .csv."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(table)
    return text.getvalue().encode(encoding)


def xlsx_bytes(table: Table, *, scheduled: bool = False) -> bytes:
    """As .xlsx; ``scheduled``: two sheets, the header in row 3 from column B."""
    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise RuntimeError("a new workbook has a sheet")
    if scheduled:
        sheet.title = "Info"
        sheet.append(["Report", "Ads daily"])
        sheet = book.create_sheet("Raw Data Report")
        sheet.append([])
        sheet.append([None, "Ads daily"])
    for row in table:
        sheet.append([None, *row] if scheduled else row)
    if not scheduled:
        for (cell,) in sheet.iter_rows(min_row=2, max_col=1):
            cell.number_format = "yyyy-mm-dd"  # text in a cell that is formatted as a date
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
