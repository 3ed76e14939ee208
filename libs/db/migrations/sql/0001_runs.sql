-- Runs, what they staged, what they changed, what they displaced.

CREATE TABLE ingestion_logs (
    client_id         integer NOT NULL REFERENCES clients,
    run_id            uuid NOT NULL,
    run_no            integer NOT NULL GENERATED ALWAYS AS IDENTITY, -- stands in the facts: a quarter of a UUID
    source            text NOT NULL,
    account           text NOT NULL DEFAULT '',
    run_date          date,
    delivered_at      timestamptz,
    generation        integer NOT NULL DEFAULT 0,
    artifact          jsonb,
    digest            text,
    status            text NOT NULL DEFAULT 'running' CHECK (status IN (
                          'running', 'stalled', 'held', 'loaded', 'partial', 'unchanged', 'superseded',
                          'missing_file', 'failed', 'undone')),
    batches_staged    integer NOT NULL DEFAULT 0,
    batches_expected  integer,
    run_end           jsonb, -- what the last batch said
    rows_read         integer NOT NULL DEFAULT 0,
    rows_loaded       integer NOT NULL DEFAULT 0,
    rows_rejected     integer NOT NULL DEFAULT 0,
    rows_merged       integer NOT NULL DEFAULT 0,
    rows_unpriced     integer NOT NULL DEFAULT 0,
    control_totals    jsonb,
    warnings          jsonb NOT NULL DEFAULT '[]',
    definitions       jsonb NOT NULL DEFAULT '{}',
    error_code        text,
    error             text,
    traceback         text,
    timings           jsonb NOT NULL DEFAULT '{}',
    reload_of         uuid,
    allow_shrink      boolean NOT NULL DEFAULT false,
    started_at        timestamptz NOT NULL DEFAULT now(),
    last_batch_at     timestamptz,
    finished_at       timestamptz,
    resolution_status text CHECK (resolution_status IN ('open', 'resolved')),
    resolution_notes  text,
    resolved_by       uuid,
    resolved_at       timestamptz,
    created_at        timestamptz NOT NULL DEFAULT now(),
    updated_at        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (client_id, run_id),
    UNIQUE (client_id, run_no)
);
CREATE INDEX ingestion_logs_days ON ingestion_logs (client_id, run_date, status);
CREATE INDEX ingestion_logs_status ON ingestion_logs (run_date, status);
CREATE INDEX ingestion_logs_open ON ingestion_logs (client_id, source, status)
    WHERE status IN ('running', 'stalled', 'held');

-- One row per batch of a run that is not merged yet; logged, because batches are acked once they are here.
CREATE TABLE staging_media_raw (
    client_id       integer NOT NULL,
    run_id          uuid NOT NULL,
    sequence        integer NOT NULL,
    digest          text NOT NULL,
    row_count       integer NOT NULL,
    hierarchy_epoch integer NOT NULL,
    payload         bytea NOT NULL, -- Arrow IPC, lz4: rows with resolved creative_id
    names           bytea NOT NULL, -- Arrow IPC, lz4: the names behind each creative_id
    staged_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (client_id, run_id, sequence),
    FOREIGN KEY (client_id, run_id) REFERENCES ingestion_logs (client_id, run_id) ON DELETE CASCADE
);
-- The payload is compressed already.
ALTER TABLE staging_media_raw ALTER COLUMN payload SET STORAGE EXTERNAL;
ALTER TABLE staging_media_raw ALTER COLUMN names SET STORAGE EXTERNAL;

CREATE TABLE rejected_rows (
    client_id  integer NOT NULL,
    run_id     uuid NOT NULL,
    row_number bigint NOT NULL,
    raw        jsonb NOT NULL,
    reasons    text[] NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (client_id, run_id, row_number),
    FOREIGN KEY (client_id, run_id) REFERENCES ingestion_logs (client_id, run_id) ON DELETE CASCADE
);

-- The delivery that stands for a day. digest: of its rows, null once another run upserted into the day.
CREATE TABLE slice_head (
    client_id    integer NOT NULL REFERENCES clients,
    source       text NOT NULL,
    account      text NOT NULL,
    date         date NOT NULL,
    delivered_at timestamptz NOT NULL,
    run_no       integer NOT NULL,
    digest       text,
    PRIMARY KEY (client_id, source, account, date)
);

CREATE TABLE slice_ledger (
    client_id   integer NOT NULL REFERENCES clients,
    source      text NOT NULL,
    date        date NOT NULL,
    id          bigint GENERATED ALWAYS AS IDENTITY,
    account     text NOT NULL DEFAULT '',
    kind        text NOT NULL CHECK (kind IN ('load', 'superseded', 'undo', 'repricing', 'deletion')),
    run_no      integer,
    totals_before jsonb NOT NULL, -- rows, each metric, spend as an exact decimal string
    totals_after  jsonb NOT NULL,
    at          timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (client_id, source, date, id)
);
CREATE INDEX slice_ledger_run ON slice_ledger (client_id, run_no);

-- What a run displaced on a day, so that undo can put it back; rows: Arrow IPC, lz4.
CREATE TABLE displaced_rows (
    client_id   integer NOT NULL REFERENCES clients,
    run_no      integer NOT NULL,
    source      text NOT NULL,
    account     text NOT NULL,
    date        date NOT NULL,
    rows        bytea,
    head_before jsonb,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (client_id, run_no, source, account, date)
);
ALTER TABLE displaced_rows ALTER COLUMN rows SET STORAGE EXTERNAL;

CREATE TABLE uploaded_files (
    client_id     integer NOT NULL REFERENCES clients,
    id            uuid NOT NULL DEFAULT gen_random_uuid(),
    source        text NOT NULL,
    original_name text NOT NULL,
    size          bigint NOT NULL,
    digest        text NOT NULL,
    archive_key   text NOT NULL,
    uploaded_by   uuid,
    status        text NOT NULL DEFAULT 'pending'
                  CHECK (status IN ('pending', 'processing', 'completed', 'failed')),
    processed_at  timestamptz,
    error         text,
    run_id        uuid,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (client_id, id)
);
CREATE INDEX uploaded_files_digest ON uploaded_files (client_id, digest);

CREATE TABLE backfills (
    client_id    integer NOT NULL REFERENCES clients,
    id           uuid NOT NULL DEFAULT gen_random_uuid(),
    source       text NOT NULL,
    start_date   date NOT NULL,
    end_date     date NOT NULL,
    requested_by uuid,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (client_id, id)
);
