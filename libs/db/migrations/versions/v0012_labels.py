"""A version of the names, for what was made from them."""

from libs.db.migrations import scripts

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    scripts.run("0012_labels.sql")


def downgrade() -> None:
    scripts.run("0012_down.sql")
