"""How each source of a client is read."""

from __future__ import annotations

from datetime import time
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import AfterValidator, ConfigDict, Field, SecretStr
from sqlalchemy import RowMapping
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from contracts.envelope import Source
from libs.http.answers import ExactJSON, exact_json
from libs.http.errors import Conflict, Invalid, Problem
from services.gateway.routes.access import Admin, Caller, Database, Parts, Snapshot, Wired
from services.gateway.routes.clients import Zone, found
from services.gateway.routes.documents import answers
from services.gateway.rules import records
from services.gateway.rules.bodies import Body, Text, storable
from services.gateway.rules.patterns import checked_pattern
from services.gateway.store import sources

router = APIRouter(prefix="/clients/{client_id}/sources", tags=["clients"])
Share = Annotated[Decimal, Field(ge=0, le=1, decimal_places=3)]
Pattern = Annotated[Text, AfterValidator(checked_pattern)]
Secret = Annotated[SecretStr, Field(min_length=1, max_length=500)]


class Credentials(Body):
    """Vibe's credentials: an API key, or a client id with its secret. Written, never shown."""

    advertiser_id: Annotated[str, Field(min_length=1, max_length=100), AfterValidator(storable)]
    api_key: Secret | None = None
    oauth_id: Annotated[str | None, Field(max_length=500)] = None
    oauth_secret: Secret | None = None
    is_active: bool = True


ColumnField = Literal[
    "date",
    "date_end",
    "advertiser",
    "account",
    "currency",
    "campaign",
    "strategy",
    "placement",
    "creative",
    "impressions",
    "clicks",
    "conversions",
    "conversion_revenue",
    "media_cost",
    "video_completions",
]


class SourceSettings(Body):
    """How a source is read; what is left out gets its usual value."""

    enabled: bool = False
    bucket: Annotated[str | None, Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")] = None
    prefix: Pattern | None = None
    file_pattern: Pattern | None = Field(default=None, description="With {date}, {yyyymmdd}, {client} and *.")
    parts: Literal["latest", "all"] = "latest"
    due_by: time = Field(default=time(12), description="When a missing file is missing, US Eastern.")
    default_campaign: Annotated[Text | None, Field(max_length=255)] = None
    column_map: dict[ColumnField, Text | Annotated[list[Text], Field(max_length=20)] | None] = Field(
        default={},
        description="The title (or titles) of a column in this client's files; null: they have none.",
    )
    date_format: Annotated[Text | None, Field(max_length=50)] = None
    timezone: Zone | None = None
    settling_days: Annotated[int | None, Field(ge=0, le=400)] = None
    advertiser_id: Annotated[Text | None, Field(max_length=100)] = None
    strict: bool = False
    max_bad_share: Share = Decimal("0.5")
    max_shrink_share: Share = Decimal("0.5")
    vibe_credentials: Credentials | None = Field(default=None, description="Write-only; left out: as it was.")

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"enabled": True, "bucket": "reports", "file_pattern": "media-report-{date}.csv"}
        }
    )


@router.get("/{source}", summary="How a source is read", responses=answers(records.ONE_SOURCE))
async def one(client_id: UUID, source: Source, caller: Admin, connection: Snapshot) -> ExactJSON:
    """Settings that were never made are shown with their usual values. Secrets are never shown."""
    client = await found(connection, client_id)
    return ExactJSON(await _shown(connection, client, source))


@router.put("/{source}", summary="Say how a source is read", responses=answers(records.ONE_SOURCE))
async def put(
    client_id: UUID, source: Source, new: SourceSettings, caller: Admin, connection: Database, parts: Wired
) -> ExactJSON:
    """Replaces all settings of the source. Two clients cannot read the same object or advertiser."""
    client = await found(connection, client_id, lock=True)
    before = await _shown(connection, client, source)
    try:
        await _store(connection, parts, client, source, new)
    except IntegrityError:
        raise Conflict("Another client reads the same files or the same advertiser already.") from None
    after = await _shown(connection, client, source)
    await _audit(connection, caller, before, after, credentials=new.vibe_credentials is not None)
    return ExactJSON(after)


async def _store(
    connection: AsyncConnection, parts: Parts, client: RowMapping, source: Source, new: SourceSettings
) -> None:
    values = new.model_dump(exclude={"vibe_credentials"})
    column_map = exact_json(new.column_map).decode()
    await sources.put(connection, client["id"], source, {**values, "column_map": column_map})
    if new.vibe_credentials is not None:
        if source != "vibe":
            raise Invalid("vibe_credentials", "belong to the source vibe")
        await sources.put_credentials(connection, client["id"], _sealed(parts, new.vibe_credentials))


def _sealed(parts: Parts, given: Credentials) -> dict[str, Any]:
    if parts.sealer is None:
        raise Problem(
            503, "Credentials cannot be stored: ENCRYPTION_KEY is not set.", code="NO_ENCRYPTION_KEY"
        )
    if (given.api_key is None) == (given.oauth_id is None or given.oauth_secret is None):
        raise Invalid("vibe_credentials", "give api_key, or oauth_id and oauth_secret")
    seal = parts.sealer.seal
    return {
        "api_key": seal(given.api_key.get_secret_value()) if given.api_key else None,
        "oauth_id": given.oauth_id,
        "oauth_secret": seal(given.oauth_secret.get_secret_value()) if given.oauth_secret else None,
        "advertiser_id": given.advertiser_id,
        "is_active": given.is_active,
    }


async def _shown(connection: AsyncConnection, client: RowMapping, source: Source) -> dict[str, Any]:
    settings = await sources.one(connection, client["id"], source)
    answer = dict(settings) if settings else SourceSettings().model_dump(exclude={"vibe_credentials"})
    if source == "vibe":
        credentials = await sources.credentials(connection, client["id"])
        answer["vibe_credentials"] = dict(credentials) if credentials else None
    return {"client_id": client["public_id"], "source": source, **answer}


async def _audit(
    connection: AsyncConnection,
    caller: Caller,
    before: dict[str, Any],
    after: dict[str, Any],
    *,
    credentials: bool,
) -> None:
    """A line of its own for credentials: another key looks like the one before, but for the time."""
    entity = f"{after['client_id']}/{after['source']}"
    await caller.audit(connection, "source.changed", "source", entity, old=before, new=after)
    if credentials:
        old, new = before["vibe_credentials"], after["vibe_credentials"]
        await caller.audit(connection, "credentials.changed", "source", entity, old=old, new=new)
