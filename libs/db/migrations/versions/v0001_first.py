"""The first schema."""

from libs.db.migrations import scripts

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    scripts.run(
        "0001_people_and_clients.sql",
        "0001_hierarchy_and_facts.sql",
        "0001_runs.sql",
        "0001_answers_and_plumbing.sql",
        "0001_view_and_policies.sql",
    )


def downgrade() -> None:
    scripts.run("0001_down.sql")
