"""Vibe: requests that stand before they are answered, and the accounts of API keys."""

from libs.db.migrations import scripts

revision = "0002_vibe"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    scripts.run("0002_vibe.sql")


def downgrade() -> None:
    scripts.run("0002_vibe_down.sql")
