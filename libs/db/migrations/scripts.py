"""Runs the .sql files of a migration: many statements at once, on the driver's own connection."""

from pathlib import Path

from alembic import op
from sqlalchemy.util import await_only

FOLDER = Path(__file__).with_name("sql")


def run(*names: str) -> None:
    """Execute files of the sql folder, in this order, inside the migration's transaction."""
    connection = op.get_bind().connection.driver_connection
    if connection is None:
        raise RuntimeError("a migration runs on an open connection")
    for name in names:
        await_only(connection.execute((FOLDER / name).read_text()))
