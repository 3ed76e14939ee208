"""Names beside staged batches only where creatives were deleted."""

from libs.db.migrations import scripts

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    scripts.run("0002_names_of_deleted.sql")


def downgrade() -> None:
    scripts.run("0002_down.sql")
