"""`python -m deploy.migrate`: newest schema, each service's role and password, and exactly its grants.

Run at each deploy, before the services start; running it again changes nothing.
"""

from __future__ import annotations

import asyncio
import re
import sys

from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from contracts.ownership import ROLES
from libs.db import migrate
from libs.settings import DatabaseSettings, load

_FIT_FOR_AN_ADDRESS = re.compile(r"[A-Za-z0-9._~-]{10,}")


class MigrationSettings(DatabaseSettings):
    """The owner's address, and a password for each role: ``DATABASE_PASSWORD__LOADER`` and so on."""

    model_config = SettingsConfigDict(env_nested_delimiter="__")

    database_password: dict[str, str] = Field(default={}, repr=False, validate_default=True)

    @field_validator("database_password")
    @classmethod
    def _is_there_for_each_role(cls, passwords: dict[str, str]) -> dict[str, str]:
        unfit = [
            f"DATABASE_PASSWORD__{role.service.upper()}"
            for role in ROLES
            if not _FIT_FOR_AN_ADDRESS.fullmatch(passwords.get(role.service, ""))
        ]
        if unfit:
            raise ValueError(
                f"set {', '.join(unfit)}: ten or more letters, digits or . _ ~ - (try `openssl rand -hex 24`)"
            )
        return passwords


async def deploy(settings: MigrationSettings) -> None:
    """Migrate, make roles, grant. Raises what the database says."""
    await migrate.upgrade(settings.plain_url)
    await migrate.make_roles(settings.plain_url, settings.database_password)
    await migrate.grant(settings.plain_url)


def main() -> int:
    """Run it with settings from the environment; the exit code."""
    asyncio.run(deploy(load(MigrationSettings)))
    print(f"migrated; {len(ROLES)} roles have their grants")
    return 0


if __name__ == "__main__":
    sys.exit(main())
