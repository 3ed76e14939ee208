-- The schedules that the scheduler runs by now, for people: its settings are its own.
CREATE TABLE schedules (
    name       text PRIMARY KEY,
    cron       text NOT NULL,
    timezone   text NOT NULL,
    message    text NOT NULL, -- the routing key of what a tick publishes
    next_due   timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE TRIGGER schedules_touched BEFORE UPDATE ON schedules FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

-- Since when a trouble is open: one mail for that time, however often it is told.
ALTER TABLE notifications ADD COLUMN opened_at timestamptz NOT NULL DEFAULT now();

-- A mail that is to be sent. It collects notifications until it is sealed, then its text stands.
CREATE TABLE mails (
    id         uuid PRIMARY KEY DEFAULT gen_random_uuid(), -- its Message-ID, too
    about      text NOT NULL, -- client and kind: one open mail for each
    kind       text NOT NULL,
    subject    text,
    body       text,
    send_after timestamptz NOT NULL,
    sealed_at  timestamptz,
    attempts   integer NOT NULL DEFAULT 0,
    last_error text,
    ended_at   timestamptz,
    outcome    text CHECK (outcome IN ('sent', 'settled', 'given up')),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK (sealed_at IS NULL OR subject IS NOT NULL OR outcome = 'settled'),
    CHECK ((ended_at IS NULL) = (outcome IS NULL))
);
CREATE UNIQUE INDEX mails_open ON mails (about) WHERE sealed_at IS NULL;
CREATE INDEX mails_due ON mails (send_after) WHERE ended_at IS NULL;
CREATE TRIGGER mails_touched BEFORE UPDATE ON mails FOR EACH ROW EXECUTE FUNCTION touch_updated_at();

CREATE TABLE mail_items (
    mail_id         uuid NOT NULL REFERENCES mails ON DELETE CASCADE,
    notification_id uuid NOT NULL REFERENCES notifications ON DELETE CASCADE,
    PRIMARY KEY (mail_id, notification_id)
);
