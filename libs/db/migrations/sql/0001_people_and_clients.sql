-- People, clients and what is agreed with them.
--
-- A client has two keys: `id`, a small integer that stands in every row below it, and `public_id`,
-- the UUID that messages and the API speak of. The same holds for the levels of the hierarchy.

CREATE FUNCTION touch_updated_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END $$;

CREATE TABLE users (
    id            uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email         text NOT NULL,
    password_hash text NOT NULL,
    role          text NOT NULL CHECK (role IN ('admin', 'client')),
    is_active     boolean NOT NULL DEFAULT true,
    mfa_secret    bytea,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX users_email_key ON users (lower(email));

CREATE TABLE refresh_tokens (
    id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    family     uuid NOT NULL,
    token_hash bytea NOT NULL UNIQUE,
    user_agent text,
    ip         inet,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,
    ended_at   timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX refresh_tokens_family ON refresh_tokens (user_id, family);

CREATE TABLE api_keys (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id      uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    name         text NOT NULL,
    key_hash     bytea NOT NULL UNIQUE,
    scopes       text[] NOT NULL DEFAULT '{read}',
    expires_at   timestamptz,
    last_used_at timestamptz,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE recovery_codes (
    user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    code_hash  text NOT NULL,
    used_at    timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, code_hash)
);

CREATE TABLE idempotency_keys (
    user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    key        text NOT NULL,
    operation  text NOT NULL,
    request    bytea NOT NULL,
    status     integer,
    answer     jsonb,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, key)
);

CREATE TABLE clients (
    id         integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    public_id  uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    status     text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled')),
    user_id    uuid REFERENCES users,
    currency   char(3) NOT NULL DEFAULT 'USD' CHECK (currency ~ '^[A-Z]{3}$'),
    timezone   text NOT NULL DEFAULT 'UTC',
    settings   jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX clients_name_key ON clients (lower(name));
CREATE INDEX clients_user ON clients (user_id);

-- A CPM from a day on; for one source, or for all that have no rate of their own.
CREATE TABLE client_settings (
    client_id      integer NOT NULL REFERENCES clients,
    id             integer GENERATED ALWAYS AS IDENTITY,
    public_id      uuid NOT NULL DEFAULT gen_random_uuid(),
    source         text CHECK (source IN ('surfside', 'vibe', 'facebook')),
    cpm            numeric(10, 4) NOT NULL CHECK (cpm > 0),
    currency       char(3) NOT NULL,
    effective_date date NOT NULL DEFAULT current_date,
    created_by     uuid,
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (client_id, id),
    UNIQUE NULLS NOT DISTINCT (client_id, source, effective_date),
    UNIQUE (client_id, public_id)
);

CREATE FUNCTION rate_has_the_clients_currency() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.currency <> (SELECT currency FROM clients WHERE id = NEW.client_id) THEN
        RAISE EXCEPTION 'a rate must be in the currency of its client' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER client_settings_currency BEFORE INSERT OR UPDATE ON client_settings
    FOR EACH ROW EXECUTE FUNCTION rate_has_the_clients_currency();

CREATE TABLE source_settings (
    client_id        integer NOT NULL REFERENCES clients,
    source           text NOT NULL CHECK (source IN ('surfside', 'vibe', 'facebook')),
    enabled          boolean NOT NULL DEFAULT false,
    bucket           text,
    prefix           text,
    file_pattern     text,
    parts            text NOT NULL DEFAULT 'latest' CHECK (parts IN ('latest', 'all')),
    due_by           time NOT NULL DEFAULT '12:00',
    default_campaign text,
    column_map       jsonb NOT NULL DEFAULT '{}',
    date_format      text,
    timezone         text,
    settling_days    integer CHECK (settling_days BETWEEN 0 AND 400),
    advertiser_id    text,
    strict           boolean NOT NULL DEFAULT false,
    max_bad_share    numeric(4, 3) NOT NULL DEFAULT 0.5 CHECK (max_bad_share BETWEEN 0 AND 1),
    max_shrink_share numeric(4, 3) NOT NULL DEFAULT 0.5 CHECK (max_shrink_share BETWEEN 0 AND 1),
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (client_id, source)
);
-- Two clients must not read the same object; patterns that differ only in {client} are told apart
-- by the connector, which knows what they expand to.
CREATE UNIQUE INDEX source_settings_one_reader ON source_settings
    (source, bucket, coalesce(prefix, ''), file_pattern)
    WHERE enabled AND bucket IS NOT NULL AND file_pattern IS NOT NULL AND file_pattern NOT LIKE '%{client}%'
        AND coalesce(prefix, '') NOT LIKE '%{client}%';
CREATE UNIQUE INDEX source_settings_one_advertiser ON source_settings (source, advertiser_id)
    WHERE enabled AND advertiser_id IS NOT NULL;

CREATE TABLE vibe_credentials (
    client_id     integer NOT NULL PRIMARY KEY REFERENCES clients,
    api_key       bytea,
    oauth_id      text,
    oauth_secret  bytea,
    advertiser_id text NOT NULL UNIQUE,
    is_active     boolean NOT NULL DEFAULT true,
    created_at    timestamptz NOT NULL DEFAULT now(),
    updated_at    timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE vibe_report_requests (
    client_id      integer NOT NULL REFERENCES clients,
    report_id      text NOT NULL,
    run_id         uuid,
    status         text NOT NULL,
    request_params jsonb NOT NULL,
    download_url   text,
    url_expiration timestamptz,
    polls          integer NOT NULL DEFAULT 0,
    requested_at   timestamptz NOT NULL DEFAULT now(),
    completed_at   timestamptz,
    created_at     timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (client_id, report_id)
);

CREATE TABLE audit_logs (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id    uuid,
    action     text NOT NULL,
    entity     text NOT NULL,
    entity_id  text,
    old_values jsonb,
    new_values jsonb,
    ip         inet,
    user_agent text,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX audit_logs_entity ON audit_logs (entity, entity_id, created_at);
CREATE INDEX audit_logs_user ON audit_logs (user_id, action, created_at);
CREATE INDEX audit_logs_time ON audit_logs (created_at);
-- Failed logins are counted per address.
CREATE INDEX audit_logs_ip ON audit_logs (ip, created_at) WHERE action = 'login_failed';

CREATE TABLE saved_views (
    user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    id         uuid NOT NULL DEFAULT gen_random_uuid(),
    name       text NOT NULL,
    state      jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, id),
    UNIQUE (user_id, name)
);
