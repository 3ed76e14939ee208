"""The map of the system: who sends what to whom, read from top to bottom as the data flows.

Exchange, queues, dead letters and the retry ladder are declared from here, and so are the policies,
AsyncAPI documents and README's table. Only names and types stand in queue declarations; limits,
TTLs and dead-lettering are *policies*, because an argument changed later refuses to start.
"""

from __future__ import annotations

from dataclasses import dataclass

from contracts.envelope import SOURCES, Message
from contracts.ingest.v1 import MetricsBatch, PullRequested, ReloadRequested, UploadAccepted
from contracts.load.v1 import (
    HierarchyDeleted,
    RateChanged,
    RowsRepriced,
    RunConfirmed,
    RunFailed,
    RunLoaded,
    RunStaged,
    RunUndo,
)
from contracts.notify.v1 import AlertRaised, DigestRequested, FileMissing, ReportPoll, ReportRequested
from contracts.summarise.v1 import SummariesRequested, SummariesUpdated

EXCHANGE = "tidemark"
MEGABYTE = 1_000_000

RETRY_SECONDS = (10, 30, 60, 600, 3600)
"""One shared queue for each delay; growing delays, then the dead-letter queue."""

DELIVERY_LIMIT = 20
"""Of the broker, for messages that kill their consumer. Interrupted restarts count too, so not small."""


@dataclass(frozen=True)
class Queue:
    """One consumer, one purpose, one type of body: what a person types needs no header to be understood.

    ``keys`` are its bindings to the exchange.
    """

    name: str
    service: str
    keys: tuple[str, ...]
    prefetch: int = 5
    attempts: int = 8
    """Deliveries of a message that fails with Transient, until it is dead."""
    max_megabytes: int = 64
    """A full queue refuses; its publisher waits."""

    @property
    def dead(self) -> str:
        """Its dead-letter queue."""
        return f"{self.name}.dead"

    @property
    def model(self) -> type[Message]:
        """Of every body in it."""
        return next(MESSAGES[key] for key in MESSAGES if any(key_matches(k, key) for k in self.keys))


MESSAGES: dict[str, type[Message]] = {
    # step 1: outside world → batches
    "pull.requested.surfside": PullRequested,
    "pull.requested.vibe": PullRequested,
    **{f"reload.requested.{source}": ReloadRequested for source in SOURCES},
    "report.poll": ReportPoll,
    "upload.accepted": UploadAccepted,
    **{f"metrics.batch.{source}": MetricsBatch for source in SOURCES},
    # step 2: batches → rows
    "run.staged": RunStaged,
    "run.confirmed": RunConfirmed,
    "run.undo": RunUndo,
    "rate.changed": RateChanged,
    "hierarchy.deleted": HierarchyDeleted,
    "run.loaded": RunLoaded,
    "run.failed": RunFailed,
    "rows.repriced": RowsRepriced,
    # step 3: rows → rollups and summaries
    "summaries.requested": SummariesRequested,
    "summaries.updated": SummariesUpdated,
    # step 4: people
    "file.missing": FileMissing,
    "alert.raised": AlertRaised,
    "digest.requested": DigestRequested,
    "report.requested": ReportRequested,
}
"""Every routing key and the model of its body."""

PULLED = tuple(source for source in SOURCES if f"pull.requested.{source}" in MESSAGES)
"""The sources that are asked for their data; the others bring it."""

QUEUES = (
    Queue("surfside.pulls", "surfside", ("pull.requested.surfside",), prefetch=2),
    Queue("surfside.reloads", "surfside", ("reload.requested.surfside",), prefetch=1),
    Queue("vibe.pulls", "vibe", ("pull.requested.vibe",), prefetch=1),
    Queue("vibe.reloads", "vibe", ("reload.requested.vibe",), prefetch=1),
    Queue("vibe.polls", "vibe", ("report.poll",), prefetch=1),
    Queue("facebook.uploads", "facebook", ("upload.accepted",), prefetch=1),
    Queue("facebook.reloads", "facebook", ("reload.requested.facebook",), prefetch=1),
    Queue("loader.batches", "loader", ("metrics.batch.*",), prefetch=3, max_megabytes=512),
    Queue("loader.merges", "loader", ("run.staged",), prefetch=1),
    Queue("loader.confirmations", "loader", ("run.confirmed",), prefetch=1),
    Queue("loader.undos", "loader", ("run.undo",), prefetch=1),
    Queue("loader.rates", "loader", ("rate.changed",), prefetch=1),
    Queue("loader.deletions", "loader", ("hierarchy.deleted",), prefetch=1),
    Queue("aggregator.merges", "aggregator", ("run.staged",), prefetch=1),
    Queue("aggregator.loads", "aggregator", ("run.loaded",), prefetch=1),
    Queue("aggregator.repricings", "aggregator", ("rows.repriced",), prefetch=1),
    Queue("aggregator.requests", "aggregator", ("summaries.requested",), prefetch=1),
    Queue("notifier.loads", "notifier", ("run.loaded",)),
    Queue("notifier.failures", "notifier", ("run.failed",)),
    Queue("notifier.missing", "notifier", ("file.missing",)),
    Queue("notifier.alerts", "notifier", ("alert.raised",)),
    Queue("notifier.summaries", "notifier", ("summaries.updated",)),
    Queue("notifier.digests", "notifier", ("digest.requested",)),
    Queue("reporter.requests", "reporter", ("report.requested",), prefetch=1),
)

PUBLISHES: dict[str, tuple[str, ...]] = {
    "scheduler": (
        "pull.requested.surfside",
        "pull.requested.vibe",
        "summaries.requested",
        "digest.requested",
        "report.requested",
    ),
    "surfside": (
        "pull.requested.surfside",
        "metrics.batch.surfside",
        "file.missing",
        "run.failed",
        "alert.raised",
    ),
    "vibe": (
        "pull.requested.vibe",
        "report.poll",
        "metrics.batch.vibe",
        "file.missing",
        "run.failed",
        "alert.raised",
    ),
    "facebook": (
        "upload.accepted",
        "metrics.batch.facebook",
        "run.undo",
        "file.missing",
        "run.failed",
        "alert.raised",
    ),
    "loader": ("run.staged", "run.loaded", "run.failed", "rows.repriced", "alert.raised"),
    "aggregator": ("summaries.updated", "summaries.requested"),  # a wide request is split into months
    "notifier": (),
    "reporter": ("alert.raised",),
    "gateway": (
        *(f"pull.requested.{source}" for source in PULLED),
        *(f"reload.requested.{source}" for source in SOURCES),
        "rate.changed",
        "run.undo",
        "run.confirmed",
        "hierarchy.deleted",
        "alert.raised",  # a refresh token that was used twice
        "summaries.requested",  # changed thresholds: other underperformers
    ),
    "console": (
        *(f"pull.requested.{source}" for source in PULLED),
        *(f"reload.requested.{source}" for source in SOURCES),
        "run.undo",
        "run.confirmed",
        "summaries.requested",
    ),
}
"""Which service may publish which keys; the bus refuses the others."""


def retry_name(seconds: float) -> str:
    """The name of a rung: of its fanout exchange and of its queue."""
    return f"retry.{seconds:g}s"


def queue_named(name: str) -> Queue:
    """The queue of that name; KeyError says which ones there are."""
    found = next((queue for queue in QUEUES if queue.name == name), None)
    if found is None:
        raise KeyError(f"no queue {name}; there are {', '.join(queue.name for queue in QUEUES)}")
    return found


def key_matches(pattern: str, key: str) -> bool:
    """Whether a binding of a topic exchange takes a routing key (``*`` stands for one word)."""
    words, wanted = key.split("."), pattern.split(".")
    return len(words) == len(wanted) and all(
        want in ("*", word) for want, word in zip(wanted, words, strict=True)
    )


def queues_of_key(key: str) -> tuple[Queue, ...]:
    """The queues that a message with this routing key reaches."""
    return tuple(queue for queue in QUEUES if any(key_matches(pattern, key) for pattern in queue.keys))
