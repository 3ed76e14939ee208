"""What a question is about: which clients, which days, perhaps one source or campaign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Query
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.envelope import Source
from libs.http.errors import Invalid, NotFound, Problem
from libs.metrics.registry import BY_NAME, Metric
from libs.reading import figures, ranges
from libs.reading.lists import Paging
from libs.reading.reading import Reading
from libs.reading.scope import Scope
from libs.reading.store import hierarchy
from libs.reading.store.rollups import data_version
from services.gateway.routes.access import Caller, Signed, Snapshot, Wired
from services.gateway.rules.bodies import Name
from services.gateway.rules.kinds import Day
from services.gateway.store import clients

ClientIds = Annotated[
    list[UUID],
    Query(
        alias="client_id", max_length=50, description="Left out: your only client. Several: of one currency."
    ),
]
StartDate = Annotated[
    Day | None, Query(description="First account day; left out: the last 30 complete days.")
]
EndDate = Annotated[Day | None, Query(description="Last account day, included.")]
OneSource = Annotated[Source | None, Query(description="Only this source.")]
CampaignId = Annotated[UUID | None, Query(description="Only this campaign.")]


By = Annotated[Literal["day", "week", "month"], Query(description="ISO weeks start on Monday.")]
SeveralMetrics = Annotated[
    list[str],
    Query(max_length=20, description="Only these: repeated, or with commas. Left out: all that you may see."),
]
TheSame = Annotated[list[str], Query(max_length=20, description="The same as `metric`.")]


def metric_names(
    metric: SeveralMetrics = [],  # noqa: B006 - FastAPI copies it
    metrics: TheSame = [],  # noqa: B006
) -> dict[str, str]:
    """From the query: the name of each metric → the parameter that it was given in."""
    given = {"metric": metric, "metrics": metrics}
    return {
        name.strip(): field for field, parts in given.items() for part in parts for name in part.split(",")
    }


Metrics = Annotated[dict[str, str], Depends(metric_names)]


def paging_of(
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    page_size: Annotated[int, Query(ge=1, le=500)] = 50,
    order: Annotated[
        Literal["asc", "desc"] | None, Query(description="Left out: names upwards, the rest downwards.")
    ] = None,
) -> Paging:
    """From the query."""
    return Paging(page, page_size, order)


Paged = Annotated[Paging, Depends(paging_of)]
Named = Annotated[Name | None, Query(description="The name contains this, whatever its case.")]


def chosen_metrics(scope: Scope, names: Mapping[str, str]) -> tuple[Metric, ...]:
    """The metrics of these names (none: all). Raises 422 for one that the caller may not see."""
    for name, field in names.items():
        if BY_NAME.get(name) not in scope.metrics:
            raise Invalid(field, "not one of " + ", ".join(metric.name for metric in scope.metrics))
    return tuple(metric for metric in scope.metrics if not names or metric.name in names)


async def scope_of(
    caller: Signed,
    connection: Snapshot,
    client_id: ClientIds = [],  # noqa: B006 - FastAPI copies it
    start_date: StartDate = None,
    end_date: EndDate = None,
    source: OneSource = None,
    campaign_id: CampaignId = None,
) -> Scope:
    """From the query. 404 for what the caller does not see, 422 for what does not fit."""
    asked = await chosen_clients(connection, client_id)
    one_currency(asked)
    today = ranges.today_in(asked[0]["timezone"], datetime.now(UTC))
    days = days_of(start_date, end_date, today)
    campaign = await campaign_in(connection, asked, campaign_id) if campaign_id else None
    if campaign:  # integer keys are a client's own
        asked = [client for client in asked if client["id"] == campaign["client_id"]]
    return await made_scope(caller, connection, asked, days, source, campaign)


async def made_scope(
    caller: Caller,
    connection: AsyncConnection,
    asked: Sequence[RowMapping],
    days: ranges.Range,
    source: Source | None = None,
    campaign: Mapping[Any, Any] | None = None,
) -> Scope:
    """A question about these clients: what its asker may see of them, and which version is seen."""
    today = ranges.today_in(asked[0]["timezone"], datetime.now(UTC))
    metrics = figures.audience(admin=caller.is_admin, settings=[client["settings"] for client in asked])
    versions = await data_version(connection, [int(client["id"]) for client in asked])
    return Scope(tuple(asked), days, today, source, campaign, metrics, versions)


async def chosen_clients(connection: AsyncConnection, public_ids: Sequence[UUID]) -> Sequence[RowMapping]:
    """The clients that were asked for, or the only visible one. Raises NotFound, or 422 with the choices."""
    if public_ids:
        found = await clients.chosen(connection, public_ids)
        if len(found) != len(set(public_ids)):
            raise NotFound("client")
        return found
    found = await clients.visible(connection, active=True)
    if len(found) == 1:
        return found
    choices = [{"client_id": client["public_id"], "name": client["name"]} for client in found[:500]]
    raise Invalid("client_id", "say which client" if found else "you have no client", choices=choices)


def one_currency(asked: Sequence[RowMapping]) -> None:
    """Raises 422 where sums would mix currencies."""
    currencies = sorted({str(client["currency"]) for client in asked})
    if len(currencies) > 1:
        raise Invalid("client_id", f"these clients have different currencies: {', '.join(currencies)}")


def days_of(start: date | None, end: date | None, today: date, *, row_level: bool = False) -> ranges.Range:
    """The range of two typed days. Raises 422."""
    longest = ranges.ROW_LEVEL_DAYS if row_level else ranges.LONGEST_DAYS
    try:
        return ranges.chosen(start, end, today, longest=longest)
    except ranges.BadRange as error:
        fields = {"end_date" if end else "start_date": [str(error)]}
        raise Problem(422, str(error), field_errors=fields) from None


async def campaign_in(
    connection: AsyncConnection, asked: Sequence[RowMapping], public_id: UUID
) -> RowMapping:
    """A campaign of these clients. Raises NotFound."""
    found = await hierarchy.campaign(connection, [int(client["id"]) for client in asked], public_id)
    if found is None:
        raise NotFound("campaign")
    return found


def reading_of(parts: Wired, connection: Snapshot, scope: Annotated[Scope, Depends(scope_of)]) -> Reading:
    """Of this request."""
    return Reading(parts.cache, connection, scope)


Read = Annotated[Reading, Depends(reading_of)]


def showing(read: Read, names: Metrics) -> Reading:
    """The same, of which only the chosen metrics are shown. Raises 422."""
    return Reading(read.cache, read.connection, replace(read.scope, only=chosen_metrics(read.scope, names)))


ReadChosen = Annotated[Reading, Depends(showing)]
