"""What is said of an entity to be made or changed, level by level; all become the same two things."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from contracts.envelope import Source
from libs.reading.store.hierarchy import Level
from services.gateway.rules import examples
from services.gateway.rules.bodies import Body, Name, Text
from services.gateway.rules.names import tidy

EntityName = Annotated[Name, AfterValidator(tidy)]
Preview = Annotated[Text, Field(pattern="^https?://[^ ]+$", description="Where a picture of it is.")]


class NewCampaign(Body):
    """A campaign to be: a delivery that names it finds it."""

    client_id: UUID
    source: Source
    name: EntityName
    account: Annotated[Text, Field(max_length=255, description="Of the platform, where files name one.")] = ""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"client_id": examples.CLIENT, "source": "surfside", "name": "Spring sale"}
        }
    )


class NewStrategy(Body):
    """A strategy to be."""

    campaign_id: UUID
    name: EntityName

    model_config = ConfigDict(
        json_schema_extra={"example": {"campaign_id": examples.CAMPAIGN, "name": "Prospecting"}}
    )


class NewPlacement(Body):
    """A placement to be."""

    strategy_id: UUID
    name: EntityName

    model_config = ConfigDict(
        json_schema_extra={"example": {"strategy_id": examples.STRATEGY, "name": "Homepage 300x250"}}
    )


class NewCreative(Body):
    """A creative to be."""

    placement_id: UUID
    name: EntityName
    preview_url: Preview | None = None

    model_config = ConfigDict(
        json_schema_extra={"example": {"placement_id": examples.PLACEMENT, "name": "Blue banner"}}
    )


class Renamed(Body):
    """The name that people see; what the source sends stays, so that its next delivery finds it."""

    name: EntityName

    model_config = ConfigDict(json_schema_extra={"example": {"name": "Spring sale 2026"}})


class CreativeChange(Body):
    """What to change; what is left out stays as it is."""

    name: EntityName | None = None
    preview_url: Preview | None = None

    model_config = ConfigDict(
        json_schema_extra={"example": {"preview_url": "https://cdn.example/blue-banner.png"}}
    )

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.model_fields_set or ("name" in self.model_fields_set and self.name is None):
            raise ValueError("give a name or a preview_url (null: none)")
        return self


@dataclass(frozen=True)
class Making:
    """What is to be made: below which entity (a campaign: for which client), with which columns."""

    parent: tuple[Level, UUID] | None
    client: UUID | None
    values: dict[str, Any] = field(default_factory=dict)


def new_campaign(new: NewCampaign) -> Making:
    """From the body."""
    return Making(None, new.client_id, new.model_dump(exclude={"client_id"}))


def new_strategy(new: NewStrategy) -> Making:
    """From the body."""
    return Making(("campaign", new.campaign_id), None, {"name": new.name})


def new_placement(new: NewPlacement) -> Making:
    """From the body."""
    return Making(("strategy", new.strategy_id), None, {"name": new.name})


def new_creative(new: NewCreative) -> Making:
    """From the body."""
    return Making(("placement", new.placement_id), None, new.model_dump(exclude={"placement_id"}))


def renamed(new: Renamed) -> dict[str, Any]:
    """From the body: columns to change."""
    return {"label": new.name}


def creative_changed(new: CreativeChange) -> dict[str, Any]:
    """From the body: columns to change."""
    given = new.model_dump(exclude_unset=True)
    return {"label" if name == "name" else name: value for name, value in given.items()}


MAKING: Mapping[Level, Callable[..., Making]] = {
    "campaign": new_campaign,
    "strategy": new_strategy,
    "placement": new_placement,
    "creative": new_creative,
}
CHANGING: Mapping[Level, Callable[..., dict[str, Any]]] = {
    **dict.fromkeys(MAKING, renamed),
    "creative": creative_changed,
}
