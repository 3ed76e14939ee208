-- Restatements alone, newest first: what GET /admin/restatements counts and shows. Most lines of the ledger are
-- first deliveries, which restate nothing. The condition is that of libs/operations/restatements.py, to the letter.
CREATE INDEX slice_ledger_restated ON slice_ledger (at, id) INCLUDE (client_id, source, kind, date)
    WHERE kind <> 'superseded' AND totals_before <> totals_after
        AND coalesce((totals_before ->> 'rows')::numeric, 0) > 0;
