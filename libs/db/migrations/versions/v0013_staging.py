"""Staging in one round trip."""

from libs.db.migrations import scripts

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    scripts.run("0013_staging.sql")


def downgrade() -> None:
    scripts.run("0013_down.sql")
