"""What this service needs from the environment."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from libs.settings import BusSettings, DatabaseSettings, S3Settings


class SurfsideSettings(DatabaseSettings, BusSettings, S3Settings):
    """Database, bus, S3, and where files lie while they are read."""

    work_dir: Path | None = None
    """Default: a folder of the system's place for temporary files."""
    surfside_max_file_bytes: int = Field(default=1_073_741_824, gt=0)
