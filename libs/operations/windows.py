"""What several statements have in common: runs by day, and sources with what was delivered of them."""

from __future__ import annotations

DAYS_OF_RUNS = """
(SELECT l.*, CAST(d AS date) AS day FROM ingestion_logs l
 CROSS JOIN LATERAL generate_series(
     greatest(coalesce(l.window_start, l.run_date), CAST(:start AS date)),
     least(l.run_date, CAST(:end AS date)), interval '1 day') AS d
 WHERE l.run_date >= :start AND coalesce(l.window_start, l.run_date) <= :end) AS run_days"""
"""ingestion_logs with one row for each day of a run, in ``day``; days from :start to :end, both included. A
run of several days (Vibe's reports are) counts for each of them.
"""
SUPPLY = (
    "c.id, w.source, coalesce(s.timezone, c.timezone), coalesce(s.enabled, false), s.created_at, "
    "h.first_day, h.last_day, h.last_at"
)
"""The columns of libs.operations.days.Supply, from SUPPLIES."""
SUPPLIES = """
FROM clients c CROSS JOIN unnest(CAST(:sources AS text[])) AS w(source)
LEFT JOIN source_settings s ON s.client_id = c.id AND s.source = w.source
LEFT JOIN LATERAL (
    SELECT min(date) AS first_day, max(date) AS last_day, max(delivered_at) AS last_at FROM slice_head h
    WHERE h.client_id = c.id AND h.source = w.source
) h ON true"""
"""Each client (c) with each of :sources (w), its settings (s) and deliveries (h), if any."""
