"""Who reads and writes which table. Grants are generated from here, and README's table too.

A letter for each right, as in PostgreSQL's own listing: ``r`` select, ``a`` insert, ``w`` update,
``d`` delete. What is not named is not granted.
"""

from __future__ import annotations

from dataclasses import dataclass

RIGHTS = {"r": "SELECT", "a": "INSERT", "w": "UPDATE", "d": "DELETE"}

HIERARCHY = ("campaigns", "strategies", "placements", "creatives")


@dataclass(frozen=True)
class Role:
    """A service's role in PostgreSQL."""

    service: str
    tables: dict[str, str]
    """Table → letters of RIGHTS."""
    functions: tuple[str, ...] = ()
    all_clients: bool = True
    """Works for all clients and so bypasses row-level security; never where a user's request is served."""

    @property
    def name(self) -> str:
        return f"tidemark_{self.service}"


_OUTBOX = {"outbox": "rawd"}  # w: a relay locks the rows that it publishes
_SETTINGS = {"clients": "r", "source_settings": "r"}

ROLES = (
    Role(
        "scheduler",
        {**_OUTBOX, "schedules": "raw", "schedule_ticks": "ra", "report_schedules": "r", "clients": "r"},
    ),
    Role(
        "surfside",
        {**_SETTINGS, **_OUTBOX, "ingestion_logs": "raw", "rejected_rows": "rad", "slice_head": "r"},
    ),
    Role(
        "vibe",
        {
            **_SETTINGS,
            **_OUTBOX,
            "vibe_credentials": "r",
            "vibe_report_requests": "raw",
            "vibe_keys": "raw",
            "vibe_calls": "rad",
            "ingestion_logs": "raw",
            "rejected_rows": "rad",
        },
    ),
    Role(
        # Serves users, so row-level security holds for it; its worker says in each session that it is one
        # (docs/adr/0013-one-role-two-engines.md).
        "facebook",
        {
            **_SETTINGS,
            **_OUTBOX,
            "users": "r",
            "refresh_tokens": "r",
            "idempotency_keys": "raw",
            "uploaded_files": "rawd",
            "audit_logs": "a",
            "ingestion_logs": "raw",
            "rejected_rows": "rad",
            "slice_head": "r",
            **dict.fromkeys(HIERARCHY, "r"),
            "daily_metrics": "r",
        },
        functions=("clients_of_user(uuid)", "use_api_key(bytea)"),
        all_clients=False,
    ),
    Role(
        "loader",
        {
            **_SETTINGS,
            **_OUTBOX,
            "client_settings": "r",
            "ingestion_logs": "raw",
            "staging_media_raw": "rawd",
            "hierarchy_counters": "raw",
            **dict.fromkeys(HIERARCHY, "rad"),
            "daily_metrics": "rawd",
            "day_rates": "rawd",
            "slice_head": "rawd",
            "slice_ledger": "ra",
            "displaced_rows": "rad",
            "rejected_rows": "r",
            "rollups": "rd",
        },
        functions=(
            "ensure_month(date)",
            "stage_batch(integer,uuid,integer,text,integer,bytea,text,text,timestamp with time zone,bigint,"
            "integer,boolean,text[])",
        ),
    ),
    Role(
        "aggregator",
        {
            "clients": "r",
            **_OUTBOX,
            **dict.fromkeys(HIERARCHY, "r"),
            "hierarchy_counters": "r",
            # What a run is about to write, and that it did.
            "ingestion_logs": "r",
            "staging_media_raw": "r",
            "slice_ledger": "r",
            "daily_metrics": "r",
            "day_rates": "r",
            "rollups": "rawd",
            "rollup_blocks": "rawd",
            "weekly_summaries": "rawd",
            "monthly_summaries": "rawd",
            "data_versions": "raw",
        },
    ),
    Role(
        "notifier",
        {
            **_SETTINGS,
            "notifications": "raw",
            "mails": "raw",
            "mail_items": "ra",
            "ingestion_logs": "r",
            "rejected_rows": "r",
            "rollups": "r",
            "slice_head": "r",
            "slice_ledger": "r",
        },
    ),
    Role(
        # Each report is read as its client alone may see it.
        "reporter",
        {
            **_SETTINGS,
            **_OUTBOX,
            "report_schedules": "r",
            "report_deliveries": "raw",
            **dict.fromkeys(HIERARCHY, "r"),
            "rollups": "r",
            "hierarchy_counters": "r",
            "rollup_blocks": "r",
            "data_versions": "r",
            "slice_head": "r",
            "ingestion_logs": "r",
        },
        all_clients=False,
    ),
    Role(
        "gateway",
        {
            **_OUTBOX,
            "users": "raw",
            "refresh_tokens": "rawd",
            "api_keys": "rawd",
            "recovery_codes": "rawd",
            "idempotency_keys": "rawd",
            "saved_views": "rawd",
            "clients": "raw",
            "client_settings": "rawd",
            "source_settings": "raw",
            "vibe_credentials": "rawd",
            "report_schedules": "rawd",
            "report_deliveries": "r",
            "backfills": "ra",
            "audit_logs": "ra",
            "audit_chain": "r",
            **dict.fromkeys(HIERARCHY, "raw"),
            "hierarchy_counters": "raw",
            "daily_metrics": "r",
            "daily_metrics_flat": "r",
            "day_rates": "r",
            "rollups": "r",
            "rollup_blocks": "r",
            "weekly_summaries": "r",
            "monthly_summaries": "r",
            "data_versions": "r",
            "ingestion_logs": "rw",
            "rejected_rows": "r",
            "slice_ledger": "r",
            "slice_head": "r",
            "uploaded_files": "r",
            "notifications": "rw",
            "schedules": "r",
            "schedule_ticks": "r",
        },
        functions=("clients_of_user(uuid)", "use_api_key(bytea)"),
        all_clients=False,
    ),
    Role(
        "console",
        {
            "users": "raw",
            "audit_logs": "ra",
            "audit_chain": "r",  # a trigger writes it, and the head: no role may
            "audit_head": "r",
            "clients": "r",
            "source_settings": "r",
            "backfills": "ra",
            "ingestion_logs": "rw",
            "slice_head": "r",
            "slice_ledger": "r",
            **_OUTBOX,
        },
    ),
)


def role_of(service: str) -> Role:
    """The role of a service; KeyError where it has none."""
    return {role.service: role for role in ROLES}[service]
