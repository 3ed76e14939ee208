"""A seeded writer of Surfside's daily files, shaped after real ones, that knows their exact totals."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from deploy.world.surfside_layouts import TITLES, FileFormat, Layout, as_csv, as_xlsx
from deploy.world.totals import Row, Totals, totals_of

Quirk = Literal["bom", "parts", "bad_rows", "split_sizes", "tab_in_name", "seven_days", "view_through"]
SIZES = ("300x250", "728x90", "160x600", "320x50", "nullxnull")
_AUDIENCES = ("Prospecting", "Retargeting", "Lookalike", "Contextual", "Geo-fence", "CRM")
_CHANNELS = ("CTV", "Display", "Native", "Audio", "DOOH", "Video")
_MOTIFS = ("Autumn", "Offer", "Brand", "Loyalty", "New Store", "Weekend", "Holiday", "Tutorial")


@dataclass(frozen=True)
class ClientSpec:
    """A client of the generated world. ``rates``: CPM from a day on, as agreed with the client."""

    name: str
    slug: str
    layout: Layout = "documented"
    file_format: FileFormat = "csv"
    prefix: str = "surfside/{slug}"
    campaigns: int = 3
    creatives: int = 4
    """Of each placement; a campaign has two strategies with two placements each."""
    quirks: frozenset[Quirk] = frozenset()
    rates: tuple[tuple[date, Decimal], ...] = ((date(2020, 1, 1), Decimal("12.5000")),)
    default_campaign: str | None = None
    """Of a client whose layout has no campaign column."""

    def cpm(self, day: date) -> Decimal | None:
        """The rate of a day; None before the first."""
        return next((cpm for start, cpm in sorted(self.rates, reverse=True) if start <= day), None)

    @property
    def pattern(self) -> str:
        """The file pattern that finds its files."""
        star = "*" if "parts" in self.quirks else ""
        return f"media-report-{{date}}{star}.{self.file_format}"


@dataclass(frozen=True)
class GeneratedFile:
    """A file and what is in it. ``by_day``: totals of its good lines for each date."""

    key: str
    body: bytes
    by_day: dict[date, Totals]
    bad_lines: int = 0


@dataclass(frozen=True)
class World:
    """Clients, days, and every file that they were sent. The same seed writes the same bytes."""

    seed: int
    clients: Sequence[ClientSpec]
    days: Sequence[date]
    revisions: dict[tuple[str, date], int] = field(default_factory=dict)
    """How often a client's day was restated: other figures, and a creative less, each time."""

    def files_for(self, client: ClientSpec, day: date) -> list[GeneratedFile]:
        """The files of a day: one, or the parts of one delivery."""
        rows = self._lines(client, day)
        if "parts" not in client.quirks:
            return [self._file(client, day, rows, "")]
        half = len(rows) // 2
        return [
            self._file(client, day, part, f"-part{number}")
            for number, part in enumerate((rows[:half], rows[half:]), 1)
        ]

    def file_for(self, client: ClientSpec, day: date) -> GeneratedFile:
        """The only file of a day."""
        (only,) = self.files_for(client, day)
        return only

    def totals(self, client: ClientSpec, day: date) -> Totals:
        """What stands for a client and day once its own file is loaded."""
        return totals_of(self.rows(client, day))

    def spend(self, client: ClientSpec, day: date) -> Decimal | None:
        """Exact, in the client's currency; None where no rate was agreed yet."""
        return self.totals(client, day).spend(client.cpm(day))

    def rows(self, client: ClientSpec, day: date) -> list[Row]:
        """The lines of one day, without those of other days that a file may carry along."""
        revision = self.revisions.get((client.slug, day), 0)
        chance = random.Random(f"{self.seed}|{client.slug}|{day}|{revision}")  # noqa: S311 - figures, not secrets
        rows: list[Row] = []
        for number, names in enumerate(_names(client)):
            if number >= revision:
                rows += _lines_of(client, day, names, chance)
        return rows

    def _lines(self, client: ClientSpec, day: date) -> list[Row]:
        back = 6 if "seven_days" in client.quirks else 0
        return [row for n in range(back, -1, -1) for row in self.rows(client, day - timedelta(days=n))]

    def _file(self, client: ClientSpec, day: date, rows: Sequence[Row], suffix: str) -> GeneratedFile:
        extra = _bad_lines(client, day) if "bad_rows" in client.quirks else []
        write = as_csv if client.file_format == "csv" else as_xlsx
        body = write(rows, client.layout, extra=extra)
        if "bom" in client.quirks and client.file_format == "csv":
            body = b"\xef\xbb\xbf" + body
        folder = client.prefix.format(slug=client.slug)
        days = sorted({row.day for row in rows})
        return GeneratedFile(
            key=f"{folder}/media-report-{day}{suffix}.{client.file_format}",
            body=body,
            by_day={one: totals_of(row for row in rows if row.day == one) for one in days},
            bad_lines=len(extra),
        )


def _names(client: ClientSpec) -> list[tuple[str, str, str, str]]:
    """Every creative with the levels above it."""
    found = []
    for number in range(client.campaigns):
        campaign = f"{client.name} {_MOTIFS[number % len(_MOTIFS)]} {number + 1}"
        if client.layout == "export":
            campaign = client.default_campaign or "Unassigned"
        for strategy in (_AUDIENCES[number % 6], _AUDIENCES[(number + 1) % 6]):
            for channel in (_CHANNELS[number % 6], _CHANNELS[(number + 3) % 6]):
                tab = "\t" if "tab_in_name" in client.quirks else " "
                placement = f"{channel}{tab}{strategy} {number + 1}"
                found += [
                    (campaign, f"{strategy} {number + 1}", placement, f"{_MOTIFS[n % 8]} v{n + 1}")
                    for n in range(client.creatives)
                ]
    return found


def _lines_of(
    client: ClientSpec, day: date, names: tuple[str, str, str, str], chance: random.Random
) -> list[Row]:
    split = "split_sizes" in client.quirks and chance.random() < 0.5
    sizes = chance.sample(SIZES, 2 if split else 1)
    rows = [_row(day, names, size, chance, view_through="view_through" in client.quirks) for size in sizes]
    if client.layout != "export":  # the others have no cost column
        rows = [replace(row, media_cost_micros=None) for row in rows]
    return rows


def _row(
    day: date, names: tuple[str, str, str, str], size: str, chance: random.Random, *, view_through: bool
) -> Row:
    impressions = 0 if chance.random() < 0.03 else int(chance.lognormvariate(7.5, 1.1))
    clicks = sum(chance.random() < 0.3 for _ in range(min(impressions // 150, 40)))
    conversions = sum(chance.random() < 0.2 for _ in range(clicks))
    if view_through and chance.random() < 0.1:
        conversions = clicks + chance.randint(1, 3)
    cost = None if impressions == 0 else impressions * chance.choice((5_500, 6_000)) // 10_000 * 10_000
    return Row(
        day,
        *names,
        size,
        impressions,
        clicks,
        conversions,
        revenue_micros=sum(chance.randint(500, 25_000) * 10_000 for _ in range(conversions)),
        media_cost_micros=cost,
    )


def _bad_lines(client: ClientSpec, day: date) -> list[list[str]]:
    """Three lines that must be rejected: no name, a negative count, a date that is none."""
    if client.layout == "export":
        good = ["S", "P", "C", "1x1", day.isoformat(), "10", "1", "$ 1.00", "0", "0", "0"]
        places = (1, 5, 4)
    else:
        good = [day.isoformat(), "K", "S", "P", "C", "10", "1", "0", "0.00", "10"]
        places = (3, 5, 0)
    wrong = ("", "-5", "someday")
    width = len(TITLES[client.layout])
    return [[*good[:at], cell, *good[at + 1 :]][:width] for at, cell in zip(places, wrong, strict=True)]
