"""What is asked of an export, in the query or in the body."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import BeforeValidator, ConfigDict, Field

from contracts.envelope import Source
from libs.exports.columns import Level, Order
from libs.reading.store import hierarchy
from services.gateway.rules.bodies import Body, Name
from services.gateway.rules.kinds import Day


def _one_or_many(given: Any) -> Any:
    return given if isinstance(given, list) else [given]


def _names(given: Any) -> Any:
    """``["spend", "clicks"]``, ``spend,clicks``, or both in turns."""
    parts = given if isinstance(given, list) else [given]
    return [
        name
        for part in parts
        for name in (map(str.strip, part.split(",")) if isinstance(part, str) else [part])
    ]


class Export(Body):
    """What is to be in a file."""

    client_id: Annotated[list[UUID], BeforeValidator(_one_or_many)] = Field(
        default=[], max_length=50, description="Left out: your only client. Several: of one currency."
    )
    start_date: Day | None = Field(
        default=None, description="First account day; left out: the last 30 complete days."
    )
    end_date: Day | None = Field(default=None, description="Last account day, included.")
    source: Source | None = None
    campaign_id: UUID | None = None
    strategy_id: UUID | None = None
    placement_id: UUID | None = None
    creative_id: UUID | None = None
    name: Name | None = Field(
        default=None, description="Of a level of the hierarchy: the name contains this, whatever its case."
    )
    level: Level = Field(default="daily", description="`daily`: the rows, one for each day and creative.")
    columns: Annotated[list[str], BeforeValidator(_names)] = Field(
        default=[], max_length=60, description="In this order; left out: names and all figures you may see."
    )
    sort_by: str | None = Field(default=None, max_length=40, description="`date`, `name` or a figure.")
    order: Order | None = None

    @property
    def within(self) -> dict[hierarchy.Level, UUID]:
        """The strategy, placement and creative that were named, by level."""
        named: dict[hierarchy.Level, UUID | None] = {
            "strategy": self.strategy_id,
            "placement": self.placement_id,
            "creative": self.creative_id,
        }
        return {level: public_id for level, public_id in named.items() if public_id}

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "level": "campaign",
                "start_date": "2026-03-01",
                "end_date": "2026-03-31",
                "columns": ["campaign_name", "impressions", "clicks", "spend", "roas"],
                "sort_by": "spend",
            }
        }
    )


Asked = Annotated[Export, Query()]
