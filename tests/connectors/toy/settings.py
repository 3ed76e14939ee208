"""What this service needs from the environment."""

from __future__ import annotations

from pydantic import Field

from libs.connector.worker import ConnectorSettings


class ToySettings(ConnectorSettings):
    """Where the web server is, and how large a file of it may be."""

    toy_base_url: str
    toy_max_file_bytes: int = Field(default=1_073_741_824, gt=0)
