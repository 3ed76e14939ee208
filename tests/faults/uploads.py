"""A seed becomes what people upload: exports of several clients, in every mode, some of them twice."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Literal
from uuid import UUID

from tests.faults import model
from tests.faults.files import NAMESPACE
from tests.faults.model import Path, Row, Run, Values

Mode = Literal["reject", "merge", "replace"]
MODES: tuple[Mode, ...] = ("merge", "replace", "reject")
TITLES = (
    *("Day", "Campaign name", "Ad set name", "Ad name", "Impressions", "Link clicks", "Purchases"),
    *("Purchases conversion value", "Amount spent (USD)"),
)
ADS = 8
"""In all; each day of an export has six of them or more, so that two exports of a day always meet."""
LONG = 4_300
"""Ads with names of 250 characters: more than one batch of the connector holds."""


@dataclass(frozen=True)
class Upload:
    """An export that somebody sends. ``client``: its place in the plan."""

    client: int
    name: str
    mode: Mode
    rows: tuple[Row, ...]
    wait: int = 0
    """Seconds that the sender lets the answer wait for the load."""

    @property
    def body(self) -> bytes:
        """As Ads Manager exports it."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(TITLES)
        for row in self.rows:
            impressions, clicks, conversions, revenue, cost, _ = (value or 0 for value in row.values)
            campaign, ad_set, ad, _ = row.path
            money = [_money(revenue), _money(cost)]
            writer.writerow(
                [row.day.isoformat(), campaign, ad_set, ad, impressions, clicks, conversions, *money]
            )
        return out.getvalue().encode()


@dataclass(frozen=True)
class Uploads:
    """Each client's uploads, in the order in which its user sends them, one after the other."""

    seed: int
    clients: list[UUID]
    of_client: list[list[Upload]]

    def as_run(self, upload: Upload, number: int) -> Run:
        """What an upload does; ``number``: its place in time. Its id is the product's to give."""
        days = {row.day for row in upload.rows} if upload.mode == "replace" else ()
        return Run(
            run_id=NAMESPACE,
            client=self.clients[upload.client],
            source="facebook",
            account="",
            delivered_at=datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=number),
            batches=(upload.rows,),
            coverage=frozenset(days),
        )

    def refused(self) -> set[tuple[int, str]]:
        """Client and name of those that bring rows which exist, and were not to: nothing of them stands."""
        return {
            (client, upload.name)
            for client, sent in enumerate(self.of_client)
            for upload in sent
            if upload not in [kept for kept, _ in self._kept(client)]
        }

    def standing(self) -> dict[model.Fact, Values]:
        """What stands when all were loaded."""
        kept = [pair for client in range(len(self.clients)) for pair in self._kept(client)]
        return model.standing(self.as_run(upload, number) for upload, number in kept)

    def _kept(self, client: int) -> list[tuple[Upload, int]]:
        kept: list[tuple[Upload, int]] = []
        for number, upload in enumerate(self.of_client[client]):
            stands = model.standing(self.as_run(*pair) for pair in kept)
            brings = self.as_run(upload, number).facts()
            if upload.mode != "reject" or not stands.keys() & brings.keys():
                kept.append((upload, number))
        return kept


def make_uploads(seed: int, today: date, *, long: bool) -> Uploads:
    """``long``: the first upload of all has more than one batch."""
    random = Random(f"facebook {seed}")
    clients = [UUID(int=random.getrandbits(128), version=4) for _ in range(3)]
    days = [today - timedelta(days=n) for n in random.sample(range(1, 30), 6)]
    sent = [list(_sent(client, random, days)) for client in range(3)]
    if long:
        sent[0].insert(0, Upload(0, "long.csv", "reject", _long(random, today - timedelta(days=31))))
    other = sent[0][-1]  # the very bytes that another client sends, too
    sent[1].insert(0, Upload(1, other.name, "merge", other.rows))
    return Uploads(seed, clients, sent)


def _sent(client: int, random: Random, days: Sequence[date]) -> Iterator[Upload]:
    """The first and the last may not meet anything that is there; the one in between may."""
    first, later, apart = days[:2], days[:3], days[4 + client % 2]
    modes: list[Mode] = ["reject", random.choice(MODES)]
    for number, mode in enumerate(modes):
        some = first if not number else random.sample(later, random.randint(1, 2))
        yield _upload(client, number, mode, random, some)
    yield _upload(client, len(modes), "reject", random, [apart])


def _upload(client: int, number: int, mode: Mode, random: Random, days: Sequence[date]) -> Upload:
    rows = tuple(
        Row(day, path, _values(random))
        for day in sorted(days)
        for path in random.sample([_path(ad) for ad in range(ADS)], random.randint(6, ADS))
    )
    return Upload(client, f"export {client}-{number}.csv", mode, rows, random.choice((0, 0, 0, 2)))


def _path(ad: int) -> Path:
    name = f"Ad {ad} – «Otoño»"
    return (f"Autumn {ad % 2}", f"Prospecting {ad % 3}", name, name)


def _long(random: Random, day: date) -> tuple[Row, ...]:
    names = [f"Ad {n} ".ljust(250, "x") for n in range(LONG)]
    return tuple(
        Row(day, ("Long", f"Set {n % 50}", name, name), _values(random)) for n, name in enumerate(names)
    )


def _values(random: Random) -> Values:
    """In the order of METRICS; a narrow range, so that no restatement looks like a loss. Whole cents."""
    return (
        random.randint(1_000, 1_200),
        random.randint(0, 90),
        random.randint(0, 9),
        random.randint(0, 90_000) * 10_000,
        random.randint(0, 40_000) * 10_000,
        None,
    )


def _money(micros: int) -> str:
    return f"{micros // 10**6}.{micros // 10_000 % 100:02}"
