"""What is announced is part of the trace that it was announced in."""

from libs.db.migrations import scripts

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    scripts.run("0011_traces.sql")


def downgrade() -> None:
    scripts.run("0011_down.sql")
