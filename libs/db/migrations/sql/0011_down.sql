-- Takes away what 0011 made.
ALTER TABLE outbox DROP COLUMN traceparent;
