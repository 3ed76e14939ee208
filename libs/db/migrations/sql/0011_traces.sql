-- The W3C header of the span in which a row was written; null while traces are off.
ALTER TABLE outbox ADD COLUMN traceparent text;
