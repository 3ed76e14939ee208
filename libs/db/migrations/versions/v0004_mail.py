"""Schedules as they run, mail that is to be sent, and since when a trouble is open."""

from libs.db.migrations import scripts

revision = "0004"
down_revision = "0002_vibe"
branch_labels = None
depends_on = None


def upgrade() -> None:
    scripts.run("0004_mail.sql")


def downgrade() -> None:
    scripts.run("0004_down.sql")
