"""Alembic's scripts: one history for the one database."""
