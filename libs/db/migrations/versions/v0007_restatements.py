"""An index of what was restated, so that nobody reads the whole ledger for it."""

from libs.db.migrations import scripts

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    scripts.run("0007_restatements.sql")


def downgrade() -> None:
    scripts.run("0007_down.sql")
