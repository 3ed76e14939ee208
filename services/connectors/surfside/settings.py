"""What this service needs from the environment."""

from __future__ import annotations

from pydantic import Field

from libs.connector.worker import ConnectorSettings


class SurfsideSettings(ConnectorSettings):
    """What every connector needs, and how large a file may be."""

    surfside_max_file_bytes: int = Field(default=1_073_741_824, gt=0)
