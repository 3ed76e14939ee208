"""A seed becomes Vibe's part of an experiment: clients, windows, what reports say, and what goes wrong."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from random import Random
from uuid import UUID

import orjson

from deploy.world.vibe_reports import DOWNLOAD
from tests.faults.bodies import Message
from tests.faults.files import NAMESPACE
from tests.faults.model import Path, Row, Run, Values
from tests.simulators.vibe import Fault, Kind, Operation

CLIENTS = 2
"""They share a key, and so its limits."""
PROFILES = ("std", "public", "legacy")
RUINOUS = ("half", "empty")
"""Downloads after which a run fails; all other faults pass."""
_KINDS: dict[Operation, tuple[Kind, ...]] = {
    "create": ("error", "html", "throttle", "lost"),
    "poll": ("error", "html", "throttle"),
    "download": ("cut", "error", "expired", "half", "empty"),
}
FAULTS = tuple((operation, kind) for operation, kinds in _KINDS.items() for kind in kinds)
PATHS = tuple(
    (f"Vibe {campaign}", f"Streaming {campaign}", channel, spot)
    for campaign in (1, 2)
    for channel in ("Tubi", "Hulu")
    for spot in ("Spot 1", "Spot 2")
)
LONG = 4_300
"""Creatives with names of 250 characters: more than one batch of the connector holds."""


@dataclass(frozen=True)
class Window:
    """Days of one report of a client, by its place in the plan."""

    client: int
    start: date
    end: date

    @property
    def days(self) -> list[date]:
        return [self.start + timedelta(days=n) for n in range((self.end - self.start).days + 1)]


@dataclass
class Reports:
    """What is pulled, and what Vibe says. ``revision``: figures move."""

    seed: int
    clients: list[UUID]
    profile: str
    common: list[Window]
    """One of each client: the same days."""
    own: list[Window]
    """Days of one client alone."""
    pulls: list[tuple[Message, int]]
    """Each with the number of windows that it asks for."""
    faults: list[Fault]
    ready_after: float
    """Seconds of Vibe's clock."""
    hourly: int
    max_polls: int
    long: Window | None
    """The window whose report is a long one."""
    revision: int = 0
    _bodies: dict[tuple[str, date, date, int], bytes] = field(default_factory=dict)

    @property
    def windows(self) -> list[Window]:
        """All of them; no day of a client is in two."""
        return [*self.common, *self.own]

    def pull_again(self, windows: Iterable[Window]) -> list[tuple[Message, int]]:
        """The next morning's pulls: what is common to all clients, and these."""
        own = [window for window in windows if window not in self.common]
        pulls = [(_pull(self.clients[window.client], window), 1) for window in own]
        return [(_pull(None, self.common[0]), len(self.common)), *pulls]

    def advertiser(self, client: int) -> str:
        return f"adv-{client}"

    def rows(self, client: int, day: date, revision: int) -> list[Row]:
        """Of one day: lines of a path are split by place and share the grain."""
        random = Random(f"{self.seed} {client} {day} {revision}")
        is_long = self.long is not None and (client, day) == (self.long.client, self.long.start)
        paths = _long_paths() if is_long else list(PATHS)
        random.shuffle(paths)  # one of them is not in this revision
        return [
            Row(day, path, _values(random))
            for path in paths[1:]
            for _ in range(1 if is_long else random.randint(1, 3))
        ]

    def content(self, advertiser: str, start: date, end: date) -> bytes:
        """The simulator's answer, of the revision that holds when the report is first ready."""
        key = (advertiser, start, end, self.revision)
        if key not in self._bodies:
            client = int(advertiser.removeprefix("adv-"))
            days = Window(client, start, end).days
            rows = [row for day in days for row in self.rows(client, day, self.revision)]
            bodies = (_body(advertiser, rows, pad) for pad in count())
            self._bodies[key] = next(body for body in bodies if _half_shows(body))
        return self._bodies[key]

    def as_run(self, window: Window, revision: int) -> Run:
        """What stands after the report of a window. Its id is the product's to give."""
        rows = tuple(row for day in window.days for row in self.rows(window.client, day, revision))
        return Run(
            run_id=NAMESPACE,
            client=self.clients[window.client],
            source="vibe",
            account="",
            delivered_at=datetime.max.replace(tzinfo=UTC),
            batches=(rows,),
            coverage=frozenset(window.days),
        )


def make_reports(seed: int, today: date, *, long: bool) -> Reports:
    """``today``: of Vibe's clock. ``long``: one report has more than one batch, and is asked for first."""
    random = Random(f"vibe {seed}")
    clients = [UUID(int=random.getrandbits(128), version=4) for _ in range(CLIENTS)]
    last = today - timedelta(days=random.randint(2, 20))
    common = [Window(client, last - timedelta(days=1), last) for client in range(CLIENTS)]
    own = []
    for client in range(CLIENTS):
        end = last - timedelta(days=random.randint(3, 9))
        own.append(Window(client, end - timedelta(days=random.randint(0, 2)), end))
    pulls = [(_pull(clients[window.client], window), 1) for window in own]
    pulls.insert(random.randint(1, CLIENTS), (_pull(None, common[0]), len(common)))
    if random.random() < 0.5:  # somebody asks once more, at once
        pulls.append(random.choice(pulls[1:]))
    return Reports(
        seed=seed,
        clients=clients,
        profile=PROFILES[seed % len(PROFILES)],
        common=common,
        own=own,
        pulls=pulls,
        faults=[Fault(*fault) for fault in random.sample(FAULTS, random.randint(2, 4))],
        ready_after=random.choice((0, 300, 1200)),
        hourly=random.choice((8, 15)),
        max_polls=random.choice((2, 20, 20)),
        long=own[0] if long else None,
    )


def _pull(client: UUID | None, window: Window) -> Message:
    body = {"start_date": window.start.isoformat(), "end_date": window.end.isoformat()}
    if client is not None:
        body["client_id"] = str(client)
    return Message(orjson.dumps(body), key="pull.requested.vibe")


def _long_paths() -> list[Path]:
    return [("Long", "Streaming", f"Channel {n % 50}", f"Spot {n} ".ljust(250, "x")) for n in range(LONG)]


def _values(random: Random) -> Values:
    """In the order of METRICS; a narrow range, so that no restatement looks like a loss. No clicks."""
    conversions = random.randint(0, 4)
    return (
        random.randint(1_000, 1_200),
        None,
        conversions,
        conversions * random.randint(1_000_000, 90_000_000),
        random.randint(1, 30_000_000),
        random.randint(0, 900),
    )


def _body(advertiser: str, rows: list[Row], pad: int) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, DOWNLOAD, restval="", lineterminator="\n")
    writer.writeheader()
    for row in rows:
        impressions, _, conversions, revenue, cost, completions = (value or 0 for value in row.values)
        campaign, strategy, channel, creative = row.path
        writer.writerow(
            {
                "impression_date": row.day.isoformat(),
                "advertiser_id": advertiser,
                "advertiser_name": "A" * (pad + 1),
                "campaign_name": campaign,
                "strategy_name": strategy,
                "channel_name": channel,
                "creative_name": creative,
                "impressions": f"{impressions}.0",
                "completed_views": f"{completions}.0",
                "number_of_purchases": f"{conversions}.0",
                "amount_of_purchases": _money(revenue),
                "spend": _money(cost),
            }
        )
    return out.getvalue().encode()


def _half_shows(body: bytes) -> bool:
    """Whether half of it stops in the middle of a row: where it does not, nobody could tell."""
    last = body[: len(body) // 2 + 1].rstrip(b"\n").rpartition(b"\n")[2]
    return last.count(b",") < len(DOWNLOAD) - 1


def _money(micros: int) -> str:
    return f"{micros // 10**6}.{micros % 10**6:06}"
