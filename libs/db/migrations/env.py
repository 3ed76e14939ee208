"""Alembic's entry. ``libs.db.migrate`` hands over an open connection; there is no offline mode."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
