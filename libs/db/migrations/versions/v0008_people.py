"""Passwords to be changed, second factors, API keys."""

from libs.db.migrations import scripts

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    scripts.run("0008_people.sql")


def downgrade() -> None:
    scripts.run("0008_down.sql")
