"""Step 1 → 2: pulls, reloads and batches of rows (version 1)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, PlainSerializer, WithJsonSchema, model_validator

from contracts.envelope import UUID, AwareDatetime, Command, DayRange, Event, Message, Sha256, Source

MAX_BATCH_ROWS = 10_000
MAX_BATCH_BYTES = 1_000_000
NAME_LIMIT = 255

LEVELS = ("campaign", "strategy", "placement", "creative")
METRIC_COLUMNS = (
    "impressions",
    "clicks",
    "conversions",
    "conversion_revenue_micros",
    "media_cost_micros",
    "video_completions",
)
"""Integers. Money is in millionths of the currency; a missing column was not measured."""
ATTRIBUTE_COLUMNS = ("campaign_id", "ad_set_id", "ad_id")
"""Ids of the platform, as text or null: kept in the batch, no part of the identity."""


class PullRequested(DayRange):
    """Fetch the deliveries of one client (or of every enabled one) for these account days.

    No days: the source's normal window (surfside: yesterday and what is new in the settling window).
    The fields below the line are the connector's own: it splits a wide pull into one message per
    client and day, and looks again for a file that is late.
    """

    client_id: UUID | None = None
    generation: Annotated[int, Field(ge=0)] = 0
    """A fresh start raises it, so that the same delivery becomes a new run."""
    looks: Annotated[int, Field(ge=0)] = 0
    """How often this day was looked for already."""


class ReloadRequested(Command):
    """Read the raw file of a run again, with today's settings, as a new run."""

    client_id: UUID
    run_id: UUID
    allow_shrink: bool = False


class UploadAccepted(Command):
    """Load an upload that was archived and answered 202. The facebook connector's own.

    How it is to be read stands with its run; the same message again finds the run ended, and does nothing.
    """

    client_id: UUID
    upload_id: UUID


class Artifact(Message):
    """Where the bytes of a delivery are kept."""

    bucket: str
    key: str
    sha256: Sha256
    size: int


class RunEnd(Message):
    """What is known only when the whole delivery was read; carried by the last batch."""

    batch_count: Annotated[int, Field(ge=1)]
    coverage: list[date] = []
    """Dates for which this run is the whole truth: they are replaced, other dates are upserted."""
    on_existing: Literal["update", "reject"] = "update"
    allow_shrink: bool = False
    currency: str | None = None
    account_timezone: str | None = None
    artifact: Artifact | None = None
    definitions: dict[str, str] = {}
    """Which column was used for a metric that has several, e.g. {"clicks": "Link clicks"}."""
    control_totals: dict[str, int] = {}
    rows_read: Annotated[int, Field(ge=0)] = 0
    rows_rejected: Annotated[int, Field(ge=0)] = 0
    reload_of: UUID | None = None


def _is_column(values: Any) -> Any:
    if not isinstance(values, list) and not hasattr(values, "__array__"):
        raise ValueError("Input should be a valid list")
    return values


def _as_list(values: Any) -> list[Any]:
    found: list[Any] = values if isinstance(values, list) else values.tolist()
    return found


Column = Annotated[
    Any,
    AfterValidator(_is_column),
    PlainSerializer(_as_list),
    WithJsonSchema({"items": {}, "type": "array"}),
]
"""A list; where numbers were read without an object for each, a numpy array."""


class MetricsBatch(Event):
    """Up to 10,000 rows of one run, as one array per field. Routing key ``metrics.batch.<source>``.

    ``columns`` has ``date`` (ISO strings), the four levels as indices into ``names``, any of
    METRIC_COLUMNS (integers or null: not reported in that row) and, as attributes that are not part
    of the identity, ids of the platform. The last batch has ``last: true`` and ``end``.
    """

    schema_version: Annotated[Literal[1], Field(alias="schema")] = 1
    run_id: UUID
    client_id: UUID
    source: Source
    account: str = ""
    """The platform's ad account, where the delivery names one; the same in all batches of a run."""
    sequence: Annotated[int, Field(ge=0)]
    row_count: Annotated[int, Field(ge=0, le=MAX_BATCH_ROWS)]
    digest: Sha256 | None = None
    """SHA-256 of ``names`` and ``columns`` as compact JSON, a line feed between them; the loader computes it
    where a typed message leaves it out."""
    delivered_at: AwareDatetime
    run_date: date | None = None
    names: list[Annotated[str, Field(min_length=1, max_length=NAME_LIMIT)]] = []
    columns: dict[str, Column] = {}
    last: bool = False
    end: RunEnd | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        wrong = [
            f"{name} has {len(values)}"
            for name, values in self.columns.items()
            if len(values) != self.row_count
        ]
        if wrong:
            raise ValueError(f"row_count is {self.row_count}, but column {', '.join(wrong)} values")
        if self.row_count and not {"date", *LEVELS} <= self.columns.keys():
            raise ValueError(f"columns must have date, {', '.join(LEVELS)}")
        if self.last != (self.end is not None):
            raise ValueError("the last batch, and only that one, carries `last: true` and `end`")
        if self.end and self.end.batch_count <= self.sequence:
            raise ValueError(f"sequence {self.sequence} does not fit batch_count {self.end.batch_count}")
        return self
