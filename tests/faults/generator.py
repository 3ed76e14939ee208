"""A seed becomes a plan: clients, rates, deliveries in every awkward order, and poison.

The same seed on the same day gives the same plan. Days are recent ones, because the product keeps
37 months and no future.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from random import Random
from uuid import UUID

from tests.faults import bodies, poison
from tests.faults.bodies import Message
from tests.faults.files import File
from tests.faults.model import METRICS, Path, Rate, Row, Run, Values

MEASURED = {
    "surfside": ("impressions", "clicks", "conversions", "conversion_revenue_micros", "media_cost_micros"),
    "vibe": ("impressions", "conversions", "media_cost_micros", "video_completions"),
    "facebook": ("impressions", "clicks", "conversions", "conversion_revenue_micros"),
}
"""What each platform reports; the other metrics are absent as columns."""

SLICES = (
    ((0, "surfside", ""), (0, "vibe", ""), (0, "facebook", "act-1"), (0, "facebook", "act-2")),
    ((1, "surfside", ""), (1, "facebook", "act-1")),
    ((2, "vibe", ""),),
)
"""Client, source, account. Accounts and names repeat, so that a mix-up shows."""

LONG = 4_500
"""Rows of a long file, with names of 250 characters: a connector's batch closes at a megabyte."""
MOSTLY_GOOD = 3
"""Rows of a file that has three bad lines: with fewer it would be refused as a whole."""

Slice = tuple[int, str, str]


@dataclass(frozen=True)
class Deletion:
    """A campaign that somebody deletes at the end."""

    client: UUID
    source: str
    account: str
    campaign: str


@dataclass
class Plan:
    """What an experiment does."""

    seed: int
    clients: list[UUID]
    rates: list[Rate] = field(default_factory=list)
    """In force before the load."""
    rate_changes: list[Rate] = field(default_factory=list)
    """During the load, in this order."""
    runs: list[Run] = field(default_factory=list)
    load: list[Message] = field(default_factory=list)
    contradicted: list[tuple[Message, Message]] = field(default_factory=list)
    """A batch, and another with its number that must be refused once the first one is staged."""
    late: list[Message] = field(default_factory=list)
    """After the load was worked off: last batches held back, old deliveries, whole runs once more."""
    again: list[Run] = field(default_factory=list)
    """At the end: asked to be merged once more."""
    undone: list[Run] = field(default_factory=list)
    """At the end: sent, loaded, and undone again."""
    deleted: list[Deletion] = field(default_factory=list)
    files: list[list[File]] = field(default_factory=list)
    """Versions of a day's report, from the first to the last; each is put into a bucket and asked for."""

    @property
    def range(self) -> tuple[date, date]:
        """The first and the last day of which anything speaks."""
        days = {row.day for run in [*self.runs, *self.undone] for row in run.rows}
        days |= {version.day for versions in self.files for version in versions}
        return min(days), max(days)

    @property
    def poison(self) -> list[Message]:
        """Messages that have to become dead letters."""
        return [m for m in self.load if m.is_poison] + [wrong for _, wrong in self.contradicted]

    @property
    def batches(self) -> int:
        """How many different batches the load has, poison apart."""
        return len({(m.run, m.sequence) for m in self.load if m.run and not m.is_poison})


def make_plan(seed: int, *, files: bool = False) -> Plan:
    """The plan of a seed. ``files``: surfside's rows come as files, which its connector has to read."""
    return _Maker(seed, files).plan()


class _Maker:
    def __init__(self, seed: int, files: bool) -> None:
        self.random = Random(seed)
        self.files = files
        today = datetime.now(UTC).date()
        first = today - timedelta(days=36)  # a month and several weeks lie between
        self.days = sorted(self.random.sample([first + timedelta(days=n) for n in range(34)], 6))
        self.midnight = datetime.combine(today - timedelta(days=1), time(), UTC)
        self.made = Plan(seed, [self._uuid() for _ in SLICES])

    def plan(self) -> Plan:
        made, by_file = self.made, self.files
        made.rates, made.rate_changes = self._rates(), self._rate_changes()
        for slice_ in (slice_ for slices in SLICES for slice_ in slices):
            if by_file and slice_[1] == "surfside":
                made.files += list(self._files(slice_))
            else:
                made.runs += list(self._deliveries(slice_))
        self._send(made.runs)
        made.load += [
            bodies.by_hand(queue, body, is_poison=True)
            for queue, body in poison.messages(self.random, made.clients[0], by_file)
        ]
        self.random.shuffle(made.load)
        undone = (0, "facebook", "act-1") if by_file else (0, "surfside", "")
        made.undone = [self._to_be_undone(undone), self._to_be_undone((2, "vibe", ""))]
        made.deleted = list(self._deletions((1, "surfside", "")))
        return made

    def _uuid(self) -> UUID:
        return UUID(int=self.random.getrandbits(128), version=4)

    def _rates(self) -> list[Rate]:
        """A general rate, one for a source, one in the middle of the days; the last client has none."""
        one, two, _ = self.made.clients
        long_ago = date(2020, 1, 1)
        return [
            Rate(one, None, long_ago, Decimal("10.0000")),
            Rate(one, "vibe", self.days[2], self._cpm()),
            Rate(two, None, self.days[1], self._cpm()),
        ]

    def _rate_changes(self) -> list[Rate]:
        """New ones, one instead of another, and the first of a client that had none."""
        one, two, three = self.made.clients
        return [
            Rate(one, None, self.days[3], self._cpm()),
            Rate(three, "vibe", self.days[0], self._cpm()),
            Rate(two, None, self.days[1], self._cpm()),
            Rate(one, "vibe", self.days[2], self._cpm()),
        ]

    def _cpm(self) -> Decimal:
        return Decimal(self.random.randint(5_000, 400_000)).scaleb(-4)

    def _deliveries(self, slice_: Slice) -> Iterator[Run]:
        """From the oldest to the newest: each restates what the one before said."""
        count = self.random.randint(3, 4)
        minutes = sorted(self.random.sample(range(0, 1200), count))
        rows: list[Row] = []
        for number in range(count):
            if not number or self.random.random() < 0.85:  # else the same once more, as a new delivery
                days = sorted(self.random.sample(self.days, self.random.randint(1, 3)))
                rows = self._restated(slice_, rows, days)
                covers = self.random.random() < 0.75
            yield self._run(
                slice_, self.midnight + timedelta(minutes=minutes[number]), rows, days if covers else []
            )

    def _run(self, slice_: Slice, at: datetime, rows: Sequence[Row], coverage: Sequence[date]) -> Run:
        client, source, account = slice_
        shuffled = [*rows, *self.random.sample(rows, len(rows) // 12)]  # some share the grain
        self.random.shuffle(shuffled)
        cuts = sorted(self.random.randint(0, len(shuffled)) for _ in range(self.random.randint(0, 3)))
        edges = [0, *cuts, len(shuffled)]
        return Run(
            run_id=self._uuid(),
            client=self.made.clients[client],
            source=source,
            account=account,
            delivered_at=at,
            batches=tuple(tuple(shuffled[a:b]) for a, b in pairwise(edges)),
            coverage=frozenset(coverage),
            rejected=self.random.choice((0, 0, 0, 2)),
            currency="EUR" if self.random.random() < 0.06 else None,
        )

    def _files(self, slice_: Slice) -> Iterator[list[File]]:
        """For each of some days one to three versions of its file; the first of all is a long one.

        None is refused (empty, or mostly bad) or held (half is gone): what would stand then depends on which
        of the earlier versions were seen in time.
        """
        for number, day in enumerate(self.random.sample(self.days, 3)):
            versions: list[File] = []
            rows: Sequence[Row] = [] if number or slice_[0] else self._long(day)
            count = self.random.choice((1, 1, 2, 3))
            for _ in range(count):
                if not rows or versions:
                    rows = self._restated_at_most_by_half(slice_, rows, day, back=count == 3)
                whole = tuple(row._replace(values=tuple(v or 0 for v in row.values)) for row in rows)
                bad = self.random.choice((0, 0, 3)) if len(whole) >= MOSTLY_GOOD else 0
                versions.append(File(self.made.clients[slice_[0]], day, whole, bad))
            if len(versions) == 3:
                versions[2] = versions[0]  # back to what it was
            yield versions

    def _restated_at_most_by_half(
        self, slice_: Slice, before: Sequence[Row], day: date, *, back: bool
    ) -> Sequence[Row]:
        """``back``: neither this way nor the other does a version lose as much as would be held."""
        while True:
            after = self._restated(slice_, before, [day]) or before
            is_back_too_much = back and bool(before) and _halves(after, before)
            if not _halves(before, after) and not is_back_too_much:
                return after

    def _long(self, day: date) -> list[Row]:
        """More than one batch of the connector holds."""
        paths = [
            ("Long", f"Strategy {n % 7}", f"Placement {n % 50}", f"Creative {n} ".ljust(250, "x"))
            for n in range(LONG)
        ]
        return [Row(day, path, self._values("surfside")) for path in paths]

    def _restated(self, slice_: Slice, before: Sequence[Row], days: Sequence[date]) -> list[Row]:
        """Most rows as they were, some changed, some gone, some new; now and then nothing at all."""
        if before and self.random.random() < 0.06:
            return []
        kept = [row for row in before if row.day in days and self.random.random() < 0.85]
        restated = [
            row if self.random.random() < 0.7 else row._replace(values=self._values(slice_[1]))
            for row in kept
        ]
        known = {(row.day, row.path) for row in restated}
        fresh = [
            Row(day, path, self._values(slice_[1]))
            for day in days
            for path in self._paths(self.random.randint(15, 45))
        ]
        unique = {(row.day, row.path): row for row in fresh if (row.day, row.path) not in known}
        return [*restated, *unique.values()]

    def _paths(self, count: int) -> list[Path]:
        pick = self.random.choice
        return [
            (
                pick(("Spring", "Café Río", "Brand – always on")),
                pick(("Prospecting", "Retargeting")),
                pick(("CTV", "Online Video", "Display, 300x250")),
                f"Creative {self.random.randint(1, 12)}",
            )
            for _ in range(count)
        ]

    def _values(self, source: str) -> Values:
        limits = {"impressions": 90_000, "clicks": 900, "conversions": 40, "video_completions": 5_000}
        return tuple(
            self.random.randint(0, limits.get(name, 10**9))
            if name in MEASURED[source] and self.random.random() < 0.97
            else None
            for name in METRICS
        )

    def _send(self, runs: Sequence[Run]) -> None:
        """Messages of the load, of what comes late, and repetitions of both."""
        made = self.made
        for run in runs:
            messages = bodies.batches_of(run, self.random)
            kind = self.random.random()
            if kind < 0.12:  # an old delivery that comes when everything else was worked off
                made.late += messages
            elif kind < 0.24 and len(messages) > 1:
                first, *rest = messages
                made.contradicted.append((first, bodies.contradicting(run, first, self.random)))
                made.late += rest
            else:
                made.load += messages
                made.load += [m for m in messages if self.random.random() < 0.2]
                made.again.append(run)
        made.again = self.random.sample(made.again, 4)
        made.late += [m for run in made.again for m in bodies.batches_of(run, self.random)]
        self.random.shuffle(made.late)

    def _to_be_undone(self, slice_: Slice) -> Run:
        """What is to be undone has to load first: in no currency but the client's."""
        days, late = self.days[:3], self.midnight + timedelta(hours=22)
        return replace(self._run(slice_, late, self._restated(slice_, [], days), days), currency=None)

    def _deletions(self, slice_: Slice) -> Iterator[Deletion]:
        client, source, account = slice_
        yield Deletion(self.made.clients[client], source, account, "Café Río")


def _halves(before: Sequence[Row], after: Sequence[Row]) -> bool:
    """Whether half of the rows or of the impressions are gone."""
    stays = {row.path for row in after}
    gone = sum(row.path not in stays for row in before)
    seen, left = (sum(row.values[0] or 0 for row in rows) for rows in (before, after))
    return 2 * gone >= len(before) > 0 or 0 < seen >= 2 * left
