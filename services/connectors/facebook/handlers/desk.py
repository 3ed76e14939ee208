"""What handling a message of this service takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from contracts.envelope import Source
from libs.connector.archive import Archive
from libs.connector.ingest import Ingestion
from libs.connector.workspace import Workspace
from libs.tabular import Readers
from services.connectors.facebook.handlers.begun import Aside

SOURCE: Source = "facebook"


def utc_now() -> datetime:
    """The clock of the service."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Desk:
    """``engine`` sees all clients: nothing that a user asks for goes through it."""

    engine: AsyncEngine
    archive: Archive
    ingestion: Ingestion
    workspace: Workspace
    readers: Readers
    aside: Aside
    now: Callable[[], datetime] = utc_now
