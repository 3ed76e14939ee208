"""Runs of several days: the first one of them, too, so that each shows what became of it."""

from libs.db.migrations import scripts

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    scripts.run("0006_windows.sql")


def downgrade() -> None:
    scripts.run("0006_down.sql")
