-- Reports of Vibe: asked for, waited for, fetched; and what an API key may still ask.

-- A row stands before Vibe is asked, so that a crash between asking and being answered is seen: report_id
-- is what the answer says. States: wanted → asked → created → ready → fetched; failed, given_up, abandoned.
ALTER TABLE vibe_report_requests DROP CONSTRAINT vibe_report_requests_pkey;
ALTER TABLE vibe_report_requests ALTER COLUMN report_id DROP NOT NULL;
ALTER TABLE vibe_report_requests
    ADD COLUMN id         uuid NOT NULL DEFAULT gen_random_uuid(),
    ADD COLUMN start_date date,
    ADD COLUMN end_date   date,
    ADD COLUMN generation integer NOT NULL DEFAULT 0,
    ADD COLUMN key_digest text,        -- whose limits count
    ADD COLUMN asks       integer NOT NULL DEFAULT 0, -- more than one: a report may exist that nobody knows
    ADD COLUMN asked_at   timestamptz,
    ADD COLUMN polled_at  timestamptz,
    ADD COLUMN troubles   integer NOT NULL DEFAULT 0, -- refusals of the moment in a row
    ADD COLUMN revived    boolean NOT NULL DEFAULT false, -- looked at again after it was given up
    ADD COLUMN not_before timestamptz, -- what is done next waits until then
    ADD COLUMN note       text;        -- why it waits, or why it ended
-- What an older schema knew of, nobody waits for any more.
UPDATE vibe_report_requests SET start_date = requested_at::date, end_date = requested_at::date, status = 'abandoned';
ALTER TABLE vibe_report_requests
    ALTER COLUMN start_date SET NOT NULL,
    ALTER COLUMN end_date SET NOT NULL,
    ADD PRIMARY KEY (client_id, id),
    ADD UNIQUE (client_id, report_id),
    ADD CHECK (status IN ('wanted', 'asked', 'created', 'ready', 'fetched', 'failed', 'given_up', 'abandoned')),
    ADD CHECK (start_date <= end_date);
CREATE UNIQUE INDEX vibe_report_requests_open ON vibe_report_requests (client_id, start_date, end_date, generation)
    WHERE status IN ('wanted', 'asked', 'created', 'ready', 'given_up');
CREATE INDEX vibe_report_requests_waiting ON vibe_report_requests (key_digest, created_at) WHERE status = 'wanted';

-- One row per API key, known by a digest; locked while it is decided whether a request may go out now.
CREATE TABLE vibe_keys (
    key_digest text PRIMARY KEY,
    failures   integer NOT NULL DEFAULT 0, -- in a row
    open_until timestamptz,                -- the circuit breaker
    not_before timestamptz,                -- Vibe said so, of every request
    creates_not_before timestamptz,        -- and of new reports alone
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER vibe_keys_touched BEFORE UPDATE ON vibe_keys
    FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- The requests that were let out, written before they are made; kept for as long as a limit looks back.
CREATE TABLE vibe_calls (
    key_digest text NOT NULL REFERENCES vibe_keys ON DELETE CASCADE,
    at         timestamptz NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('token', 'create', 'poll'))
);
CREATE INDEX vibe_calls_recent ON vibe_calls (key_digest, at);
