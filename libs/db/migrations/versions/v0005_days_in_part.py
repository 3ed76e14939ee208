"""Days that deliveries which cover none have brought: they count as delivered, in part."""

from libs.db.migrations import scripts

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    scripts.run("0005_days_in_part.sql")


def downgrade() -> None:
    scripts.run("0005_down.sql")
