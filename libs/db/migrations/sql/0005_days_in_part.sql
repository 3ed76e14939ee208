-- A delivery that covers no day (an upload that adds or merges rows) is not the whole truth of a day, and yet
-- the day was delivered: its head says so, and no later delivery is measured by it.
ALTER TABLE slice_head ADD COLUMN whole boolean NOT NULL DEFAULT true;

INSERT INTO slice_head (client_id, source, account, date, delivered_at, run_no, digest, whole)
SELECT DISTINCT ON (l.client_id, l.source, l.account, l.date)
    l.client_id, l.source, l.account, l.date, r.delivered_at, r.run_no, NULL, false
FROM slice_ledger l JOIN ingestion_logs r ON r.client_id = l.client_id AND r.run_no = l.run_no
WHERE l.kind = 'load' AND r.status IN ('loaded', 'partial') AND r.delivered_at IS NOT NULL
    AND coalesce(r.run_end -> 'coverage', '[]') = '[]'
ORDER BY l.client_id, l.source, l.account, l.date, r.delivered_at DESC, r.run_no DESC
ON CONFLICT DO NOTHING;
