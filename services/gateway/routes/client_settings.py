"""What is agreed with a client, in one place: what its user may see, thresholds, logo, and the CPMs."""

from __future__ import annotations

from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import ConfigDict, Field, model_validator
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from contracts.envelope import Source
from libs.http.answers import ExactJSON
from services.gateway.routes.access import Admin, Caller, Database, Signed, Snapshot
from services.gateway.routes.client_changes import put_settings
from services.gateway.routes.clients import ClientSettings, Currency, found
from services.gateway.routes.documents import answers
from services.gateway.routes.once import OnlyOnce
from services.gateway.routes.rates import Cpm, NewRate, change_of, effect_of, rates_in_force, set_rate
from services.gateway.rules import agreed, records
from services.gateway.rules.kinds import Day

router = APIRouter(prefix="/clients/{client_id}/settings", tags=["clients"])
Preview = Annotated[bool, Query(description="Only say what would change.")]
PREVIEW: dict[str, Any] = {
    **{name: records.SETTINGS[name] for name in ("show_media_cost", "thresholds", "logo")},
    "preview": True,
    "queued": ["summaries.requested", "rate.changed"],
    "effect": records.EFFECT,
}
_OF_RATES = {"cpm", "effective_date", "source", "currency"}


class NewSettings(ClientSettings):
    """What to change; what is left out stays as it is. With ``cpm`` a rate is set, as POST …/cpm does."""

    cpm: Cpm | None = None
    effective_date: Day | None = Field(default=None, description="Of the CPM; left out: today.")
    source: Source | None = Field(default=None, description="The CPM is only for this source.")
    currency: Currency | None = None

    model_config = ConfigDict(json_schema_extra={"example": {"thresholds": {"ctr_below": 0.4}, "cpm": 5.25}})

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if self.cpm is None and self.model_fields_set & _OF_RATES:
            raise ValueError("cpm: effective_date, source and currency belong to one; give it, too")
        return self

    @property
    def rate(self) -> NewRate | None:
        """The rate that is set with them."""
        values = self.model_dump(include=_OF_RATES)
        return None if self.cpm is None else NewRate(**values)


@router.get("", summary="What is agreed with a client", responses=answers(records.SETTINGS))
async def get(client_id: UUID, caller: Signed, connection: Snapshot) -> ExactJSON:
    """Every setting with the value that holds, and the CPMs in force today."""
    return ExactJSON(await _shown(connection, await found(connection, client_id)))


@router.post(
    "", summary="Change what is agreed with a client", responses=answers(records.SETTINGS_PUT, other=PREVIEW)
)
async def post(
    client_id: UUID,
    new: NewSettings,
    caller: Admin,
    connection: Database,
    once: OnlyOnce,
    preview: Preview = False,
) -> Response:
    """Other thresholds make other underperformers, a CPM prices its days anew: both follow shortly."""
    client = await found(connection, client_id, lock=True)
    if preview:
        return ExactJSON(await _previewed(connection, client, new))
    return await once(lambda: _put(connection, caller, client, new), status=200)


async def _put(
    connection: AsyncConnection, caller: Caller, client: RowMapping, new: NewSettings
) -> dict[str, Any]:
    given = _given(new)
    after = await put_settings(connection, client, given)
    if given:
        public = client["public_id"]
        await caller.audit(
            connection, "settings.changed", "client", public, old=client["settings"], new=after
        )
    rate = await set_rate(connection, caller, change_of(client, new.rate)) if new.rate else None
    return {
        **await _shown(connection, await found(connection, client["public_id"])),
        "queued": _follows(client, after, new),
        "effect": rate["effect"] if rate else None,
    }


async def _previewed(connection: AsyncConnection, client: RowMapping, new: NewSettings) -> dict[str, Any]:
    after = agreed.merged(client["settings"], _given(new))
    effect = await effect_of(connection, change_of(client, new.rate)) if new.rate else None
    queued = _follows(client, after, new)
    return {**agreed.shown(after), "preview": True, "queued": queued, "effect": effect}


def _given(new: NewSettings) -> dict[str, Any]:
    return new.model_dump(exclude_unset=True, exclude=_OF_RATES)


def _follows(client: RowMapping, after: dict[str, Any], new: NewSettings) -> list[str]:
    """The messages that a change puts on its way."""
    other = agreed.other_underperformers(client["settings"], after)
    return [*(["summaries.requested"] if other else []), *(["rate.changed"] if new.rate else [])]


async def _shown(connection: AsyncConnection, client: RowMapping) -> dict[str, Any]:
    return {
        "client_id": client["public_id"],
        "currency": client["currency"],
        **agreed.shown(client["settings"]),
        **await rates_in_force(connection, client),
        "updated_at": client["updated_at"],
    }
