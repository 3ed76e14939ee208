"""Deliveries of reports: their period, their next try, what was missing."""

from libs.db.migrations import scripts

revision = "0013"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    scripts.run("0013_reports.sql")


def downgrade() -> None:
    scripts.run("0013_down.sql")
