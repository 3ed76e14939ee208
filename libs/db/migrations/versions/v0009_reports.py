"""Deliveries of reports: their period, their next try, what was missing."""

from libs.db.migrations import scripts

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    scripts.run("0009_reports.sql")


def downgrade() -> None:
    scripts.run("0009_down.sql")
