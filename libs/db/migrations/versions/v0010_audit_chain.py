"""The audit log, chained by hash; indexes for what is asked of it."""

from libs.db.migrations import scripts

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    scripts.run("0010_audit_chain.sql")


def downgrade() -> None:
    scripts.run("0010_down.sql")
