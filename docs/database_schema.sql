-- Generated from the migrations by `make generate`; `make check` compares. Do not edit.
-- Partitions of daily_metrics are made on demand by ensure_month(); grants follow contracts/ownership.py.

CREATE FUNCTION public.announce_outbox() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM pg_notify('outbox_' || NEW.service, '');
    RETURN NULL;
END $$;

CREATE TABLE public.audit_logs (
    id bigint NOT NULL,
    user_id uuid,
    action text NOT NULL,
    entity text NOT NULL,
    entity_id text,
    old_values jsonb,
    new_values jsonb,
    ip inet,
    user_agent text,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE FUNCTION public.audit_content(line public.audit_logs) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
    SELECT string_agg(coalesce(octet_length(field) || ':' || field, '-'), '' ORDER BY number)
    FROM unnest(ARRAY[
        line.id::text, line.user_id::text, line.action, line.entity, line.entity_id,
        line.old_values::text, line.new_values::text, line.ip::text, line.user_agent,
        (extract(epoch FROM line.created_at) * 1000000)::bigint::text
    ]) WITH ORDINALITY AS fields (field, number)
$$;

CREATE FUNCTION public.audit_is_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION public.chain_audit_line() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    place bigint;
    earlier bytea;
    link bytea;
BEGIN
    INSERT INTO audit_head (lines, hash) VALUES (0, decode(repeat('00', 32), 'hex')) ON CONFLICT DO NOTHING;
    SELECT lines, hash INTO STRICT place, earlier FROM audit_head FOR UPDATE;
    link := sha256(earlier || convert_to(audit_content(NEW), 'UTF8'));
    INSERT INTO audit_chain (position, audit_id, previous, hash) VALUES (place + 1, NEW.id, earlier, link);
    UPDATE audit_head SET lines = place + 1, hash = link;
    RETURN NULL;
END
$$;

CREATE FUNCTION public.clients_of_user(of_user uuid) RETURNS integer[]
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET "tidemark.role" TO 'admin'
    AS $$ SELECT coalesce(array_agg(id ORDER BY id), '{}') FROM clients WHERE user_id = of_user AND status = 'active' $$;

CREATE FUNCTION public.ensure_month(of_day date) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    first date := date_trunc('month', of_day);
    name text := 'daily_metrics_' || to_char(of_day, 'YYYYMM');
BEGIN
    IF to_regclass('public.' || name) IS NOT NULL THEN
        RETURN false;
    END IF;
    IF of_day < date_trunc('month', current_date) - interval '37 months'
       OR of_day >= date_trunc('month', current_date) + interval '2 months' THEN
        RAISE EXCEPTION 'no partition for %: rows are kept from 37 months back to one month ahead', of_day
            USING ERRCODE = 'check_violation';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('ensure_month'));
    -- Not to_regclass again: waiting for this lock does not tell its cache what others have made meanwhile.
    PERFORM FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname = name;
    IF FOUND THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE daily_metrics INCLUDING ALL)', name);
    EXECUTE format('ALTER TABLE %I SET (autovacuum_vacuum_scale_factor = 0.02, fillfactor = 95)', name);
    EXECUTE format('ALTER TABLE daily_metrics ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                   name, first, (first + interval '1 month')::date);
    RETURN true;
END $$;

CREATE FUNCTION public.note_renamed() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    UPDATE hierarchy_counters SET renamed = renamed + 1
    WHERE client_id IN (SELECT DISTINCT client_id FROM changed);
    RETURN NULL;
END
$$;

CREATE FUNCTION public.rate_has_the_clients_currency() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF NEW.currency <> (SELECT currency FROM clients WHERE id = NEW.client_id) THEN
        RAISE EXCEPTION 'a rate must be in the currency of its client' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION public.sees_all_clients() RETURNS boolean
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
DECLARE
    asking text := NULLIF(current_setting('tidemark.role', true), '');
BEGIN
    IF asking IS NULL THEN
        RAISE WARNING 'no tenant set' USING DETAIL = current_query(), ERRCODE = 'TM001';
    END IF;
    RETURN coalesce(asking = 'admin', false);
END $$;

CREATE FUNCTION public.stage_batch(client integer, run uuid, number integer, content_digest text, rows integer, content bytea, of_source text, of_account text, delivered timestamp with time zone, epoch bigint, expected integer, may_complete boolean, ended text[]) RETURNS text
    LANGUAGE plpgsql
    SET search_path TO 'public', 'pg_temp'
    SET lock_timeout TO '10s'
    AS $$
DECLARE
    stands ingestion_logs%ROWTYPE;
    kept text;
BEGIN
    SELECT * INTO stands FROM ingestion_logs WHERE client_id = client AND run_id = run FOR UPDATE;
    IF NOT FOUND THEN
        RETURN 'unknown';
    ELSIF stands.status = ANY(ended) THEN
        RETURN 'ended';
    ELSIF stands.source <> of_source OR (stands.batches_staged > 0 AND stands.account <> of_account) THEN
        RETURN 'other';
    END IF;
    SELECT digest INTO kept FROM staging_media_raw
    WHERE client_id = client AND run_id = run AND sequence = number;
    IF FOUND THEN
        RETURN CASE WHEN kept = content_digest THEN 'again' ELSE 'changed' END;
    END IF;
    expected := coalesce(expected, stands.batches_expected);
    IF stands.batches_staged + 1 = expected AND NOT may_complete THEN
        RETURN 'completes';
    END IF;
    -- Nothing of the client's hierarchy is deleted until this transaction ends.
    PERFORM pg_advisory_xact_lock_shared(hashtext('levels'), client);
    IF epoch <> coalesce((SELECT c.epoch FROM hierarchy_counters c WHERE c.client_id = client), 0) THEN
        RETURN 'stale';
    END IF;
    INSERT INTO staging_media_raw (client_id, run_id, sequence, digest, row_count, payload)
    VALUES (client, run, number, content_digest, rows, content);
    UPDATE ingestion_logs SET batches_staged = batches_staged + 1, batches_expected = expected,
        last_batch_at = now(), status = CASE status WHEN 'stalled' THEN 'running' ELSE status END,
        delivered_at = coalesce(delivered_at, delivered), account = of_account
    WHERE client_id = client AND run_id = run;
    RETURN CASE WHEN stands.batches_staged + 1 = expected THEN 'complete' ELSE 'staged' END;
END $$;

CREATE FUNCTION public.touch_updated_at() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END $$;

CREATE FUNCTION public.use_api_key(hash bytea) RETURNS TABLE(key_id uuid, user_id uuid, scopes text[])
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    UPDATE api_keys k SET last_used_at = now()
    WHERE k.key_hash = hash AND (k.expires_at IS NULL OR k.expires_at > now())
        AND (k.last_used_at IS NULL OR k.last_used_at < now() - interval '1 minute');
    RETURN QUERY SELECT k.id, k.user_id, k.scopes FROM api_keys k
    WHERE k.key_hash = hash AND (k.expires_at IS NULL OR k.expires_at > now());
END
$$;

CREATE FUNCTION public.visible_clients() RETURNS integer[]
    LANGUAGE sql STABLE
    AS $$ SELECT NULLIF(current_setting('tidemark.clients', true), '')::integer[] $$;

CREATE TABLE public.api_keys (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    name text NOT NULL,
    key_hash bytea NOT NULL,
    scopes text[] DEFAULT '{read}'::text[] NOT NULL,
    expires_at timestamp with time zone,
    last_used_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT api_keys_scopes CHECK (((scopes <@ '{read,upload}'::text[]) AND (cardinality(scopes) > 0)))
);

CREATE TABLE public.audit_chain (
    "position" bigint NOT NULL,
    audit_id bigint NOT NULL,
    previous bytea NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT audit_chain_hash_check CHECK ((length(hash) = 32)),
    CONSTRAINT audit_chain_position_check CHECK (("position" > 0)),
    CONSTRAINT audit_chain_previous_check CHECK ((length(previous) = 32))
);

CREATE TABLE public.audit_head (
    is_only boolean DEFAULT true NOT NULL,
    lines bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT audit_head_is_only_check CHECK (is_only)
);

ALTER TABLE public.audit_logs ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.audit_logs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.backfills (
    client_id integer NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    source text NOT NULL,
    start_date date NOT NULL,
    end_date date NOT NULL,
    requested_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.backfills FORCE ROW LEVEL SECURITY;

CREATE TABLE public.campaigns (
    client_id integer NOT NULL,
    id integer NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    source text NOT NULL,
    account text DEFAULT ''::text NOT NULL,
    name text NOT NULL,
    label text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT campaigns_source_check CHECK ((source = ANY (ARRAY['surfside'::text, 'vibe'::text, 'facebook'::text])))
);

ALTER TABLE ONLY public.campaigns FORCE ROW LEVEL SECURITY;

CREATE TABLE public.client_settings (
    client_id integer NOT NULL,
    id integer NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    source text,
    cpm numeric(10,4) NOT NULL,
    currency character(3) NOT NULL,
    effective_date date DEFAULT CURRENT_DATE NOT NULL,
    created_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT client_settings_cpm_check CHECK ((cpm > (0)::numeric)),
    CONSTRAINT client_settings_source_check CHECK ((source = ANY (ARRAY['surfside'::text, 'vibe'::text, 'facebook'::text])))
);

ALTER TABLE ONLY public.client_settings FORCE ROW LEVEL SECURITY;

ALTER TABLE public.client_settings ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.client_settings_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.clients (
    id integer NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text NOT NULL,
    status text DEFAULT 'active'::text NOT NULL,
    user_id uuid,
    currency character(3) DEFAULT 'USD'::bpchar NOT NULL,
    timezone text DEFAULT 'UTC'::text NOT NULL,
    settings jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT clients_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT clients_name_check CHECK (((length(name) >= 1) AND (length(name) <= 255))),
    CONSTRAINT clients_status_check CHECK ((status = ANY (ARRAY['active'::text, 'disabled'::text])))
);

ALTER TABLE ONLY public.clients FORCE ROW LEVEL SECURITY;

ALTER TABLE public.clients ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.clients_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.creatives (
    client_id integer NOT NULL,
    id integer NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    placement_id integer NOT NULL,
    name text NOT NULL,
    label text,
    preview_url text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.creatives FORCE ROW LEVEL SECURITY;

CREATE TABLE public.daily_metrics (
    client_id integer NOT NULL,
    date date NOT NULL,
    creative_id integer NOT NULL,
    run_no integer NOT NULL,
    impressions bigint,
    clicks bigint,
    conversions bigint,
    conversion_revenue_micros bigint,
    media_cost_micros bigint,
    video_completions bigint,
    CONSTRAINT daily_metrics_clicks_check CHECK ((clicks >= 0)),
    CONSTRAINT daily_metrics_conversion_revenue_micros_check CHECK ((conversion_revenue_micros >= 0)),
    CONSTRAINT daily_metrics_conversions_check CHECK ((conversions >= 0)),
    CONSTRAINT daily_metrics_impressions_check CHECK ((impressions >= 0)),
    CONSTRAINT daily_metrics_media_cost_micros_check CHECK ((media_cost_micros >= 0)),
    CONSTRAINT daily_metrics_video_completions_check CHECK ((video_completions >= 0))
)
PARTITION BY RANGE (date);

ALTER TABLE ONLY public.daily_metrics FORCE ROW LEVEL SECURITY;

CREATE TABLE public.day_rates (
    client_id integer NOT NULL,
    source text NOT NULL,
    date date NOT NULL,
    cpm numeric(10,4),
    client_setting_id integer,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.day_rates FORCE ROW LEVEL SECURITY;

CREATE TABLE public.placements (
    client_id integer NOT NULL,
    id integer NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    strategy_id integer NOT NULL,
    name text NOT NULL,
    label text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.placements FORCE ROW LEVEL SECURITY;

CREATE TABLE public.strategies (
    client_id integer NOT NULL,
    id integer NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    campaign_id integer NOT NULL,
    name text NOT NULL,
    label text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.strategies FORCE ROW LEVEL SECURITY;

CREATE VIEW public.daily_metrics_flat WITH (security_invoker='true') AS
 SELECT d.client_id,
    cl.name AS client_name,
    d.date,
    ca.source,
    ca.account,
    ca.public_id AS campaign_id,
    COALESCE(ca.label, ca.name) AS campaign_name,
    st.public_id AS strategy_id,
    COALESCE(st.label, st.name) AS strategy_name,
    pl.public_id AS placement_id,
    COALESCE(pl.label, pl.name) AS placement_name,
    cr.public_id AS creative_id,
    COALESCE(cr.label, cr.name) AS creative_name,
    d.impressions,
    d.clicks,
    d.conversions,
    ((d.conversion_revenue_micros)::numeric / 1000000.0) AS conversion_revenue,
    ((d.media_cost_micros)::numeric / 1000000.0) AS media_cost,
    d.video_completions,
    r.cpm AS rate,
    ((((d.impressions)::numeric * r.cpm) / (1000)::numeric))::numeric(24,7) AS spend,
    (((d.clicks)::numeric * 100.0) / (NULLIF(d.impressions, 0))::numeric) AS ctr,
    ((((d.impressions)::numeric * r.cpm) / (1000)::numeric) / (NULLIF(d.clicks, 0))::numeric) AS cpc,
    ((((d.impressions)::numeric * r.cpm) / (1000)::numeric) / (NULLIF(d.conversions, 0))::numeric) AS cpa,
    (((d.conversion_revenue_micros)::numeric / 10000.0) / NULLIF((((d.impressions)::numeric * r.cpm) / (1000)::numeric), (0)::numeric)) AS roas,
    d.run_no
   FROM ((((((public.daily_metrics d
     JOIN public.clients cl ON ((cl.id = d.client_id)))
     JOIN public.creatives cr ON (((cr.client_id = d.client_id) AND (cr.id = d.creative_id))))
     JOIN public.placements pl ON (((pl.client_id = d.client_id) AND (pl.id = cr.placement_id))))
     JOIN public.strategies st ON (((st.client_id = d.client_id) AND (st.id = pl.strategy_id))))
     JOIN public.campaigns ca ON (((ca.client_id = d.client_id) AND (ca.id = st.campaign_id))))
     LEFT JOIN public.day_rates r ON (((r.client_id = d.client_id) AND (r.source = ca.source) AND (r.date = d.date))));

CREATE TABLE public.data_versions (
    client_id integer NOT NULL,
    version bigint DEFAULT 0 NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.data_versions FORCE ROW LEVEL SECURITY;

CREATE TABLE public.displaced_rows (
    client_id integer NOT NULL,
    run_no integer NOT NULL,
    source text NOT NULL,
    account text NOT NULL,
    date date NOT NULL,
    rows bytea,
    head_before jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE ONLY public.displaced_rows ALTER COLUMN rows SET STORAGE EXTERNAL;

ALTER TABLE ONLY public.displaced_rows FORCE ROW LEVEL SECURITY;

CREATE TABLE public.hierarchy_counters (
    client_id integer NOT NULL,
    epoch integer DEFAULT 0 NOT NULL,
    campaigns integer DEFAULT 0 NOT NULL,
    strategies integer DEFAULT 0 NOT NULL,
    placements integer DEFAULT 0 NOT NULL,
    creatives integer DEFAULT 0 NOT NULL,
    to_clean boolean DEFAULT false NOT NULL,
    cleaned_at timestamp with time zone,
    renamed bigint DEFAULT 0 NOT NULL
);

ALTER TABLE ONLY public.hierarchy_counters FORCE ROW LEVEL SECURITY;

CREATE TABLE public.idempotency_keys (
    user_id uuid NOT NULL,
    key text NOT NULL,
    operation text NOT NULL,
    request bytea NOT NULL,
    status integer,
    answer jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.ingestion_logs (
    client_id integer NOT NULL,
    run_id uuid NOT NULL,
    run_no integer NOT NULL,
    source text NOT NULL,
    account text DEFAULT ''::text NOT NULL,
    run_date date,
    delivered_at timestamp with time zone,
    generation integer DEFAULT 0 NOT NULL,
    artifact jsonb,
    digest text,
    status text DEFAULT 'running'::text NOT NULL,
    batches_staged integer DEFAULT 0 NOT NULL,
    batches_expected integer,
    run_end jsonb,
    rows_read integer DEFAULT 0 NOT NULL,
    rows_loaded integer DEFAULT 0 NOT NULL,
    rows_rejected integer DEFAULT 0 NOT NULL,
    rows_merged integer DEFAULT 0 NOT NULL,
    rows_unpriced integer DEFAULT 0 NOT NULL,
    control_totals jsonb,
    warnings jsonb DEFAULT '[]'::jsonb NOT NULL,
    definitions jsonb DEFAULT '{}'::jsonb NOT NULL,
    error_code text,
    error text,
    traceback text,
    timings jsonb DEFAULT '{}'::jsonb NOT NULL,
    reload_of uuid,
    allow_shrink boolean DEFAULT false NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    last_batch_at timestamp with time zone,
    finished_at timestamp with time zone,
    resolution_status text,
    resolution_notes text,
    resolved_by uuid,
    resolved_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    window_start date,
    CONSTRAINT ingestion_logs_resolution_status_check CHECK ((resolution_status = ANY (ARRAY['open'::text, 'resolved'::text]))),
    CONSTRAINT ingestion_logs_status_check CHECK ((status = ANY (ARRAY['running'::text, 'stalled'::text, 'held'::text, 'loaded'::text, 'partial'::text, 'unchanged'::text, 'superseded'::text, 'missing_file'::text, 'failed'::text, 'undone'::text]))),
    CONSTRAINT ingestion_logs_window_check CHECK ((window_start <= run_date))
);

ALTER TABLE ONLY public.ingestion_logs FORCE ROW LEVEL SECURITY;

ALTER TABLE public.ingestion_logs ALTER COLUMN run_no ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.ingestion_logs_run_no_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.mail_items (
    mail_id uuid NOT NULL,
    notification_id uuid NOT NULL
);

CREATE TABLE public.mails (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    about text NOT NULL,
    kind text NOT NULL,
    subject text,
    body text,
    send_after timestamp with time zone NOT NULL,
    sealed_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    last_error text,
    ended_at timestamp with time zone,
    outcome text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT mails_check CHECK (((sealed_at IS NULL) OR (subject IS NOT NULL) OR (outcome = 'settled'::text))),
    CONSTRAINT mails_check1 CHECK (((ended_at IS NULL) = (outcome IS NULL))),
    CONSTRAINT mails_outcome_check CHECK ((outcome = ANY (ARRAY['sent'::text, 'settled'::text, 'given up'::text])))
);

CREATE TABLE public.monthly_summaries (
    client_id integer NOT NULL,
    month_start date NOT NULL,
    month_end date NOT NULL,
    sums jsonb NOT NULL,
    ratios jsonb NOT NULL,
    deltas jsonb NOT NULL,
    top_campaigns jsonb NOT NULL,
    top_creatives jsonb NOT NULL,
    underperformers jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT monthly_summaries_month_start_check CHECK ((EXTRACT(day FROM month_start) = (1)::numeric))
);

ALTER TABLE ONLY public.monthly_summaries FORCE ROW LEVEL SECURITY;

CREATE TABLE public.notifications (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    client_id integer,
    kind text NOT NULL,
    severity text NOT NULL,
    message text NOT NULL,
    dedupe_key text NOT NULL,
    run_id uuid,
    details jsonb DEFAULT '{}'::jsonb NOT NULL,
    times integer DEFAULT 1 NOT NULL,
    acknowledged_by uuid,
    acknowledged_at timestamp with time zone,
    resolved_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    opened_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT notifications_severity_check CHECK ((severity = ANY (ARRAY['info'::text, 'warning'::text, 'error'::text])))
);

ALTER TABLE ONLY public.notifications FORCE ROW LEVEL SECURITY;

CREATE TABLE public.outbox (
    id bigint NOT NULL,
    service text NOT NULL,
    routing_key text NOT NULL,
    body bytea NOT NULL,
    correlation_id text,
    delay_seconds integer,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    traceparent text
);

ALTER TABLE public.outbox ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.recovery_codes (
    user_id uuid NOT NULL,
    code_hash text NOT NULL,
    used_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.refresh_tokens (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    user_id uuid NOT NULL,
    family uuid NOT NULL,
    token_hash bytea NOT NULL,
    user_agent text,
    ip inet,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    ended_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.rejected_rows (
    client_id integer NOT NULL,
    run_id uuid NOT NULL,
    row_number bigint NOT NULL,
    raw jsonb NOT NULL,
    reasons text[] NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.rejected_rows FORCE ROW LEVEL SECURITY;

CREATE TABLE public.report_deliveries (
    client_id integer NOT NULL,
    schedule_id uuid NOT NULL,
    due date NOT NULL,
    status text NOT NULL,
    recipients text[] NOT NULL,
    error text,
    sent_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    period_start date NOT NULL,
    period_end date NOT NULL,
    notes text[] DEFAULT '{}'::text[] NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    send_after timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT report_deliveries_status_check CHECK ((status = ANY (ARRAY['waiting'::text, 'sent'::text, 'given up'::text, 'cancelled'::text])))
);

ALTER TABLE ONLY public.report_deliveries FORCE ROW LEVEL SECURITY;

CREATE TABLE public.report_schedules (
    client_id integer NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    frequency text NOT NULL,
    formats text[] NOT NULL,
    recipients text[] NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    created_by uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT report_schedules_frequency_check CHECK ((frequency = ANY (ARRAY['weekly'::text, 'monthly'::text])))
);

ALTER TABLE ONLY public.report_schedules FORCE ROW LEVEL SECURITY;

CREATE TABLE public.rollup_blocks (
    client_id integer NOT NULL,
    period text NOT NULL,
    start_date date NOT NULL,
    rows integer NOT NULL,
    payload bytea NOT NULL,
    CONSTRAINT rollup_blocks_period_check CHECK ((period = ANY (ARRAY['day'::text, 'week'::text, 'month'::text])))
);
ALTER TABLE ONLY public.rollup_blocks ALTER COLUMN payload SET STORAGE EXTERNAL;

ALTER TABLE ONLY public.rollup_blocks FORCE ROW LEVEL SECURITY;

CREATE TABLE public.rollups (
    client_id integer NOT NULL,
    date date NOT NULL,
    campaign_id integer NOT NULL,
    source text NOT NULL,
    rows integer NOT NULL,
    impressions bigint,
    clicks bigint,
    conversions bigint,
    conversion_revenue_micros bigint,
    media_cost_micros bigint,
    video_completions bigint,
    spend_e7 bigint,
    ctr_clicks bigint,
    ctr_impressions bigint,
    cpc_spend_e7 bigint,
    cpc_clicks bigint,
    cpc_impressions bigint,
    cpa_spend_e7 bigint,
    cpa_conversions bigint,
    cpa_impressions bigint,
    cpm_spend_e7 bigint,
    cpm_impressions bigint,
    roas_revenue_micros bigint,
    roas_spend_e7 bigint,
    roas_impressions bigint,
    margin_spend_e7 bigint,
    margin_cost_micros bigint,
    margin_impressions bigint
);

ALTER TABLE ONLY public.rollups FORCE ROW LEVEL SECURITY;

CREATE TABLE public.saved_views (
    user_id uuid NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text NOT NULL,
    state jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.schedule_ticks (
    schedule text NOT NULL,
    due timestamp with time zone NOT NULL,
    claimed_by text NOT NULL,
    result text,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.schedules (
    name text NOT NULL,
    cron text NOT NULL,
    timezone text NOT NULL,
    message text NOT NULL,
    next_due timestamp with time zone NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.slice_head (
    client_id integer NOT NULL,
    source text NOT NULL,
    account text NOT NULL,
    date date NOT NULL,
    delivered_at timestamp with time zone NOT NULL,
    run_no integer NOT NULL,
    digest text,
    whole boolean DEFAULT true NOT NULL
);

ALTER TABLE ONLY public.slice_head FORCE ROW LEVEL SECURITY;

CREATE TABLE public.slice_ledger (
    client_id integer NOT NULL,
    source text NOT NULL,
    date date NOT NULL,
    id bigint NOT NULL,
    account text DEFAULT ''::text NOT NULL,
    kind text NOT NULL,
    run_no integer,
    totals_before jsonb NOT NULL,
    totals_after jsonb NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT slice_ledger_kind_check CHECK ((kind = ANY (ARRAY['load'::text, 'superseded'::text, 'undo'::text, 'repricing'::text, 'deletion'::text])))
);

ALTER TABLE ONLY public.slice_ledger FORCE ROW LEVEL SECURITY;

ALTER TABLE public.slice_ledger ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.slice_ledger_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.source_settings (
    client_id integer NOT NULL,
    source text NOT NULL,
    enabled boolean DEFAULT false NOT NULL,
    bucket text,
    prefix text,
    file_pattern text,
    parts text DEFAULT 'latest'::text NOT NULL,
    due_by time without time zone DEFAULT '12:00:00'::time without time zone NOT NULL,
    default_campaign text,
    column_map jsonb DEFAULT '{}'::jsonb NOT NULL,
    date_format text,
    timezone text,
    settling_days integer,
    advertiser_id text,
    strict boolean DEFAULT false NOT NULL,
    max_bad_share numeric(4,3) DEFAULT 0.5 NOT NULL,
    max_shrink_share numeric(4,3) DEFAULT 0.5 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT source_settings_max_bad_share_check CHECK (((max_bad_share >= (0)::numeric) AND (max_bad_share <= (1)::numeric))),
    CONSTRAINT source_settings_max_shrink_share_check CHECK (((max_shrink_share >= (0)::numeric) AND (max_shrink_share <= (1)::numeric))),
    CONSTRAINT source_settings_parts_check CHECK ((parts = ANY (ARRAY['latest'::text, 'all'::text]))),
    CONSTRAINT source_settings_settling_days_check CHECK (((settling_days >= 0) AND (settling_days <= 400))),
    CONSTRAINT source_settings_source_check CHECK ((source = ANY (ARRAY['surfside'::text, 'vibe'::text, 'facebook'::text])))
);

ALTER TABLE ONLY public.source_settings FORCE ROW LEVEL SECURITY;

CREATE TABLE public.staging_media_raw (
    client_id integer NOT NULL,
    run_id uuid NOT NULL,
    sequence integer NOT NULL,
    digest text NOT NULL,
    row_count integer NOT NULL,
    payload bytea NOT NULL,
    names bytea,
    staged_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE ONLY public.staging_media_raw ALTER COLUMN payload SET STORAGE EXTERNAL;
ALTER TABLE ONLY public.staging_media_raw ALTER COLUMN names SET STORAGE EXTERNAL;

ALTER TABLE ONLY public.staging_media_raw FORCE ROW LEVEL SECURITY;

CREATE TABLE public.uploaded_files (
    client_id integer NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    source text NOT NULL,
    original_name text NOT NULL,
    size bigint NOT NULL,
    digest text NOT NULL,
    archive_key text NOT NULL,
    uploaded_by uuid,
    status text DEFAULT 'pending'::text NOT NULL,
    processed_at timestamp with time zone,
    error text,
    run_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT uploaded_files_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'processing'::text, 'completed'::text, 'failed'::text])))
);

ALTER TABLE ONLY public.uploaded_files FORCE ROW LEVEL SECURITY;

CREATE TABLE public.users (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    email text NOT NULL,
    password_hash text NOT NULL,
    role text NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    mfa_secret bytea,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    must_change_password boolean DEFAULT false NOT NULL,
    mfa_pending bytea,
    mfa_step bigint,
    CONSTRAINT users_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'client'::text])))
);

CREATE TABLE public.vibe_calls (
    key_digest text NOT NULL,
    at timestamp with time zone NOT NULL,
    kind text NOT NULL,
    CONSTRAINT vibe_calls_kind_check CHECK ((kind = ANY (ARRAY['token'::text, 'create'::text, 'poll'::text])))
);

CREATE TABLE public.vibe_credentials (
    client_id integer NOT NULL,
    api_key bytea,
    oauth_id text,
    oauth_secret bytea,
    advertiser_id text NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE ONLY public.vibe_credentials FORCE ROW LEVEL SECURITY;

CREATE TABLE public.vibe_keys (
    key_digest text NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    open_until timestamp with time zone,
    not_before timestamp with time zone,
    creates_not_before timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.vibe_report_requests (
    client_id integer NOT NULL,
    report_id text,
    run_id uuid,
    status text NOT NULL,
    request_params jsonb NOT NULL,
    download_url text,
    url_expiration timestamp with time zone,
    polls integer DEFAULT 0 NOT NULL,
    requested_at timestamp with time zone DEFAULT now() NOT NULL,
    completed_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    start_date date NOT NULL,
    end_date date NOT NULL,
    generation integer DEFAULT 0 NOT NULL,
    key_digest text,
    asks integer DEFAULT 0 NOT NULL,
    asked_at timestamp with time zone,
    polled_at timestamp with time zone,
    troubles integer DEFAULT 0 NOT NULL,
    revived boolean DEFAULT false NOT NULL,
    not_before timestamp with time zone,
    note text,
    CONSTRAINT vibe_report_requests_check CHECK ((start_date <= end_date)),
    CONSTRAINT vibe_report_requests_status_check CHECK ((status = ANY (ARRAY['wanted'::text, 'asked'::text, 'created'::text, 'ready'::text, 'fetched'::text, 'failed'::text, 'given_up'::text, 'abandoned'::text])))
);

ALTER TABLE ONLY public.vibe_report_requests FORCE ROW LEVEL SECURITY;

CREATE TABLE public.weekly_summaries (
    client_id integer NOT NULL,
    week_start date NOT NULL,
    week_end date NOT NULL,
    sums jsonb NOT NULL,
    ratios jsonb NOT NULL,
    deltas jsonb NOT NULL,
    top_campaigns jsonb NOT NULL,
    top_creatives jsonb NOT NULL,
    underperformers jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT weekly_summaries_week_start_check CHECK ((EXTRACT(isodow FROM week_start) = (1)::numeric))
);

ALTER TABLE ONLY public.weekly_summaries FORCE ROW LEVEL SECURITY;

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_key_hash_key UNIQUE (key_hash);

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.audit_chain
    ADD CONSTRAINT audit_chain_audit_id_key UNIQUE (audit_id);

ALTER TABLE ONLY public.audit_chain
    ADD CONSTRAINT audit_chain_pkey PRIMARY KEY ("position");

ALTER TABLE ONLY public.audit_head
    ADD CONSTRAINT audit_head_pkey PRIMARY KEY (is_only);

ALTER TABLE ONLY public.audit_logs
    ADD CONSTRAINT audit_logs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.backfills
    ADD CONSTRAINT backfills_pkey PRIMARY KEY (client_id, id);

ALTER TABLE ONLY public.campaigns
    ADD CONSTRAINT campaigns_client_id_public_id_key UNIQUE (client_id, public_id);

ALTER TABLE ONLY public.campaigns
    ADD CONSTRAINT campaigns_client_id_source_account_name_key UNIQUE (client_id, source, account, name);

ALTER TABLE ONLY public.campaigns
    ADD CONSTRAINT campaigns_pkey PRIMARY KEY (client_id, id);

ALTER TABLE ONLY public.client_settings
    ADD CONSTRAINT client_settings_client_id_public_id_key UNIQUE (client_id, public_id);

ALTER TABLE ONLY public.client_settings
    ADD CONSTRAINT client_settings_client_id_source_effective_date_key UNIQUE NULLS NOT DISTINCT (client_id, source, effective_date);

ALTER TABLE ONLY public.client_settings
    ADD CONSTRAINT client_settings_pkey PRIMARY KEY (client_id, id);

ALTER TABLE ONLY public.clients
    ADD CONSTRAINT clients_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.clients
    ADD CONSTRAINT clients_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY public.creatives
    ADD CONSTRAINT creatives_client_id_placement_id_name_key UNIQUE (client_id, placement_id, name);

ALTER TABLE ONLY public.creatives
    ADD CONSTRAINT creatives_client_id_public_id_key UNIQUE (client_id, public_id);

ALTER TABLE ONLY public.creatives
    ADD CONSTRAINT creatives_pkey PRIMARY KEY (client_id, id);

ALTER TABLE ONLY public.daily_metrics
    ADD CONSTRAINT daily_metrics_pkey PRIMARY KEY (client_id, date, creative_id);

ALTER TABLE ONLY public.data_versions
    ADD CONSTRAINT data_versions_pkey PRIMARY KEY (client_id);

ALTER TABLE ONLY public.day_rates
    ADD CONSTRAINT day_rates_pkey PRIMARY KEY (client_id, source, date);

ALTER TABLE ONLY public.displaced_rows
    ADD CONSTRAINT displaced_rows_pkey PRIMARY KEY (client_id, run_no, source, account, date);

ALTER TABLE ONLY public.hierarchy_counters
    ADD CONSTRAINT hierarchy_counters_pkey PRIMARY KEY (client_id);

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (user_id, key);

ALTER TABLE ONLY public.ingestion_logs
    ADD CONSTRAINT ingestion_logs_client_id_run_no_key UNIQUE (client_id, run_no);

ALTER TABLE ONLY public.ingestion_logs
    ADD CONSTRAINT ingestion_logs_pkey PRIMARY KEY (client_id, run_id);

ALTER TABLE ONLY public.mail_items
    ADD CONSTRAINT mail_items_pkey PRIMARY KEY (mail_id, notification_id);

ALTER TABLE ONLY public.mails
    ADD CONSTRAINT mails_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.monthly_summaries
    ADD CONSTRAINT monthly_summaries_pkey PRIMARY KEY (client_id, month_start);

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_dedupe_key_key UNIQUE (dedupe_key);

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.placements
    ADD CONSTRAINT placements_client_id_public_id_key UNIQUE (client_id, public_id);

ALTER TABLE ONLY public.placements
    ADD CONSTRAINT placements_client_id_strategy_id_name_key UNIQUE (client_id, strategy_id, name);

ALTER TABLE ONLY public.placements
    ADD CONSTRAINT placements_pkey PRIMARY KEY (client_id, id);

ALTER TABLE ONLY public.recovery_codes
    ADD CONSTRAINT recovery_codes_pkey PRIMARY KEY (user_id, code_hash);

ALTER TABLE ONLY public.refresh_tokens
    ADD CONSTRAINT refresh_tokens_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.refresh_tokens
    ADD CONSTRAINT refresh_tokens_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY public.rejected_rows
    ADD CONSTRAINT rejected_rows_pkey PRIMARY KEY (client_id, run_id, row_number);

ALTER TABLE ONLY public.report_deliveries
    ADD CONSTRAINT report_deliveries_pkey PRIMARY KEY (client_id, schedule_id, due);

ALTER TABLE ONLY public.report_schedules
    ADD CONSTRAINT report_schedules_pkey PRIMARY KEY (client_id, id);

ALTER TABLE ONLY public.rollup_blocks
    ADD CONSTRAINT rollup_blocks_pkey PRIMARY KEY (client_id, period, start_date);

ALTER TABLE ONLY public.rollups
    ADD CONSTRAINT rollups_pkey PRIMARY KEY (client_id, date, campaign_id);

ALTER TABLE ONLY public.saved_views
    ADD CONSTRAINT saved_views_pkey PRIMARY KEY (user_id, id);

ALTER TABLE ONLY public.saved_views
    ADD CONSTRAINT saved_views_user_id_name_key UNIQUE (user_id, name);

ALTER TABLE ONLY public.schedule_ticks
    ADD CONSTRAINT schedule_ticks_pkey PRIMARY KEY (schedule, due);

ALTER TABLE ONLY public.schedules
    ADD CONSTRAINT schedules_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.slice_head
    ADD CONSTRAINT slice_head_pkey PRIMARY KEY (client_id, source, account, date);

ALTER TABLE ONLY public.slice_ledger
    ADD CONSTRAINT slice_ledger_pkey PRIMARY KEY (client_id, source, date, id);

ALTER TABLE ONLY public.source_settings
    ADD CONSTRAINT source_settings_pkey PRIMARY KEY (client_id, source);

ALTER TABLE ONLY public.staging_media_raw
    ADD CONSTRAINT staging_media_raw_pkey PRIMARY KEY (client_id, run_id, sequence);

ALTER TABLE ONLY public.strategies
    ADD CONSTRAINT strategies_client_id_campaign_id_name_key UNIQUE (client_id, campaign_id, name);

ALTER TABLE ONLY public.strategies
    ADD CONSTRAINT strategies_client_id_public_id_key UNIQUE (client_id, public_id);

ALTER TABLE ONLY public.strategies
    ADD CONSTRAINT strategies_pkey PRIMARY KEY (client_id, id);

ALTER TABLE ONLY public.uploaded_files
    ADD CONSTRAINT uploaded_files_pkey PRIMARY KEY (client_id, id);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.vibe_credentials
    ADD CONSTRAINT vibe_credentials_advertiser_id_key UNIQUE (advertiser_id);

ALTER TABLE ONLY public.vibe_credentials
    ADD CONSTRAINT vibe_credentials_pkey PRIMARY KEY (client_id);

ALTER TABLE ONLY public.vibe_keys
    ADD CONSTRAINT vibe_keys_pkey PRIMARY KEY (key_digest);

ALTER TABLE ONLY public.vibe_report_requests
    ADD CONSTRAINT vibe_report_requests_client_id_report_id_key UNIQUE (client_id, report_id);

ALTER TABLE ONLY public.vibe_report_requests
    ADD CONSTRAINT vibe_report_requests_pkey PRIMARY KEY (client_id, id);

ALTER TABLE ONLY public.weekly_summaries
    ADD CONSTRAINT weekly_summaries_pkey PRIMARY KEY (client_id, week_start);

CREATE INDEX api_keys_user ON public.api_keys USING btree (user_id);

CREATE INDEX audit_logs_about ON public.audit_logs USING btree (entity_id, entity, created_at);

CREATE INDEX audit_logs_action ON public.audit_logs USING btree (action, created_at);

CREATE INDEX audit_logs_entity ON public.audit_logs USING btree (entity, created_at);

CREATE INDEX audit_logs_ip ON public.audit_logs USING btree (ip, created_at) WHERE (action = 'login_failed'::text);

CREATE INDEX audit_logs_time ON public.audit_logs USING btree (created_at);

CREATE INDEX audit_logs_user ON public.audit_logs USING btree (user_id, created_at);

CREATE UNIQUE INDEX clients_name_key ON public.clients USING btree (lower(name));

CREATE INDEX clients_user ON public.clients USING btree (user_id);

CREATE INDEX ingestion_logs_days ON public.ingestion_logs USING btree (client_id, run_date, status);

CREATE INDEX ingestion_logs_open ON public.ingestion_logs USING btree (client_id, source, status) WHERE (status = ANY (ARRAY['running'::text, 'stalled'::text, 'held'::text]));

CREATE INDEX ingestion_logs_status ON public.ingestion_logs USING btree (run_date, status);

CREATE INDEX mails_due ON public.mails USING btree (send_after) WHERE (ended_at IS NULL);

CREATE UNIQUE INDEX mails_open ON public.mails USING btree (about) WHERE (sealed_at IS NULL);

CREATE INDEX notifications_time ON public.notifications USING btree (created_at);

CREATE INDEX outbox_service ON public.outbox USING btree (service, id);

CREATE INDEX refresh_tokens_family ON public.refresh_tokens USING btree (user_id, family);

CREATE INDEX report_deliveries_due ON public.report_deliveries USING btree (send_after) WHERE (status = 'waiting'::text);

CREATE INDEX slice_ledger_restated ON public.slice_ledger USING btree (at, id) INCLUDE (client_id, source, kind, date) WHERE ((kind <> 'superseded'::text) AND (totals_before <> totals_after) AND (COALESCE(((totals_before ->> 'rows'::text))::numeric, (0)::numeric) > (0)::numeric));

CREATE INDEX slice_ledger_run ON public.slice_ledger USING btree (client_id, run_no);

CREATE UNIQUE INDEX source_settings_one_advertiser ON public.source_settings USING btree (source, advertiser_id) WHERE (enabled AND (advertiser_id IS NOT NULL));

CREATE UNIQUE INDEX source_settings_one_reader ON public.source_settings USING btree (source, bucket, COALESCE(prefix, ''::text), file_pattern) WHERE (enabled AND (bucket IS NOT NULL) AND (file_pattern IS NOT NULL) AND (file_pattern !~~ '%{client}%'::text) AND (COALESCE(prefix, ''::text) !~~ '%{client}%'::text));

CREATE INDEX uploaded_files_digest ON public.uploaded_files USING btree (client_id, digest);

CREATE UNIQUE INDEX users_email_key ON public.users USING btree (lower(email));

CREATE INDEX vibe_calls_recent ON public.vibe_calls USING btree (key_digest, at);

CREATE UNIQUE INDEX vibe_report_requests_open ON public.vibe_report_requests USING btree (client_id, start_date, end_date, generation) WHERE (status = ANY (ARRAY['wanted'::text, 'asked'::text, 'created'::text, 'ready'::text, 'given_up'::text]));

CREATE INDEX vibe_report_requests_waiting ON public.vibe_report_requests USING btree (key_digest, created_at) WHERE (status = 'wanted'::text);

CREATE TRIGGER api_keys_touched BEFORE UPDATE ON public.api_keys FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER audit_chain_append_only BEFORE DELETE OR UPDATE ON public.audit_chain FOR EACH ROW EXECUTE FUNCTION public.audit_is_append_only();

CREATE TRIGGER audit_chain_not_truncated BEFORE TRUNCATE ON public.audit_chain FOR EACH STATEMENT EXECUTE FUNCTION public.audit_is_append_only();

CREATE TRIGGER audit_head_not_truncated BEFORE TRUNCATE ON public.audit_head FOR EACH STATEMENT EXECUTE FUNCTION public.audit_is_append_only();

CREATE TRIGGER audit_head_stays BEFORE DELETE ON public.audit_head FOR EACH ROW EXECUTE FUNCTION public.audit_is_append_only();

CREATE TRIGGER audit_logs_append_only BEFORE DELETE OR UPDATE ON public.audit_logs FOR EACH ROW EXECUTE FUNCTION public.audit_is_append_only();

CREATE CONSTRAINT TRIGGER audit_logs_chained AFTER INSERT ON public.audit_logs DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.chain_audit_line();

CREATE TRIGGER audit_logs_not_truncated BEFORE TRUNCATE ON public.audit_logs FOR EACH STATEMENT EXECUTE FUNCTION public.audit_is_append_only();

CREATE TRIGGER backfills_touched BEFORE UPDATE ON public.backfills FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER campaigns_renamed AFTER UPDATE ON public.campaigns REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.note_renamed();

CREATE TRIGGER campaigns_touched BEFORE UPDATE ON public.campaigns FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER client_settings_currency BEFORE INSERT OR UPDATE ON public.client_settings FOR EACH ROW EXECUTE FUNCTION public.rate_has_the_clients_currency();

CREATE TRIGGER client_settings_touched BEFORE UPDATE ON public.client_settings FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER clients_touched BEFORE UPDATE ON public.clients FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER creatives_renamed AFTER UPDATE ON public.creatives REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.note_renamed();

CREATE TRIGGER creatives_touched BEFORE UPDATE ON public.creatives FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER data_versions_touched BEFORE UPDATE ON public.data_versions FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER day_rates_touched BEFORE UPDATE ON public.day_rates FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER ingestion_logs_touched BEFORE UPDATE ON public.ingestion_logs FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER mails_touched BEFORE UPDATE ON public.mails FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER monthly_summaries_touched BEFORE UPDATE ON public.monthly_summaries FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER notifications_touched BEFORE UPDATE ON public.notifications FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER outbox_announced AFTER INSERT ON public.outbox FOR EACH ROW EXECUTE FUNCTION public.announce_outbox();

CREATE TRIGGER placements_renamed AFTER UPDATE ON public.placements REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.note_renamed();

CREATE TRIGGER placements_touched BEFORE UPDATE ON public.placements FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER refresh_tokens_touched BEFORE UPDATE ON public.refresh_tokens FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER report_deliveries_touched BEFORE UPDATE ON public.report_deliveries FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER report_schedules_touched BEFORE UPDATE ON public.report_schedules FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER saved_views_touched BEFORE UPDATE ON public.saved_views FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER schedules_touched BEFORE UPDATE ON public.schedules FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER source_settings_touched BEFORE UPDATE ON public.source_settings FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER strategies_renamed AFTER UPDATE ON public.strategies REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION public.note_renamed();

CREATE TRIGGER strategies_touched BEFORE UPDATE ON public.strategies FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER uploaded_files_touched BEFORE UPDATE ON public.uploaded_files FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER users_touched BEFORE UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER vibe_credentials_touched BEFORE UPDATE ON public.vibe_credentials FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER vibe_keys_touched BEFORE UPDATE ON public.vibe_keys FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER vibe_report_requests_touched BEFORE UPDATE ON public.vibe_report_requests FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

CREATE TRIGGER weekly_summaries_touched BEFORE UPDATE ON public.weekly_summaries FOR EACH ROW EXECUTE FUNCTION public.touch_updated_at();

ALTER TABLE ONLY public.api_keys
    ADD CONSTRAINT api_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.backfills
    ADD CONSTRAINT backfills_client_id_fkey FOREIGN KEY (client_id) REFERENCES public.clients(id);

ALTER TABLE ONLY public.campaigns
    ADD CONSTRAINT campaigns_client_id_fkey FOREIGN KEY (client_id) REFERENCES public.clients(id);

ALTER TABLE ONLY public.client_settings
    ADD CONSTRAINT client_settings_client_id_fkey FOREIGN KEY (client_id) REFERENCES public.clients(id);

ALTER TABLE ONLY public.clients
    ADD CONSTRAINT clients_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.creatives
    ADD CONSTRAINT creatives_client_id_fkey FOREIGN KEY (client_id) REFERENCES public.clients(id);

ALTER TABLE ONLY public.creatives
    ADD CONSTRAINT creatives_client_id_placement_id_fkey FOREIGN KEY (client_id, placement_id) REFERENCES public.placements(client_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.data_versions
    ADD CONSTRAINT data_versions_client_id_fkey FOREIGN KEY (client_id) REFERENCES public.clients(id);

ALTER TABLE ONLY public.day_rates
    ADD CONSTRAINT day_rates_client_id_fkey FOREIGN KEY (client_id) REFERENCES public.clients(id);

ALTER TABLE ONLY public.displaced_rows
    ADD CONSTRAINT displaced_rows_client_id_fkey FOREIGN KEY (client_id) REFERENCES public.clients(id);

ALTER TABLE ONLY public.hierarchy_counters
    ADD CONSTRAINT hierarchy_counters_client_id_fkey FOREIGN KEY (client_id) REFERENCES public.clients(id);

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.ingestion_logs
    ADD CONSTRAINT ingestion_logs_client_id_fkey FOREIGN KEY (client_id) REFERENCES public.clients(id);

ALTER TABLE ONLY public.mail_items
    ADD CONSTRAINT mail_items_mail_id_fkey FOREIGN KEY (mail_id) REFERENCES public.mails(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.mail_items
    ADD CONSTRAINT mail_items_notification_id_fkey FOREIGN KEY (notification_id) REFERENCES public.notifications(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.monthly_summaries
    ADD CONSTRAINT monthly_summaries_client_id_fkey FOREIGN KEY (client_id) REFERENCES public.clients(id);

ALTER TABLE ONLY public.notifications
    ADD CONSTRAINT notifications_client_id_fkey FOREIGN KEY (client_id) REFERENCES public.clients(id);

ALTER TABLE ONLY public.placements
    ADD CONSTRAINT placements_client_id_fkey FOREIGN KEY (client_id) REFERENCES public.clients(id);

ALTER TABLE ONLY public.placements
    ADD CONSTRAINT placements_client_id_strategy_id_fkey FOREIGN KEY (client_id, strategy_id) REFERENCES public.strategies(client_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.recovery_codes
    ADD CONSTRAINT recovery_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.refresh_tokens
    ADD CONSTRAINT refresh_tokens_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.rejected_rows
    ADD CONSTRAINT rejected_rows_client_id_run_id_fkey FOREIGN KEY (client_id, run_id) REFERENCES public.ingestion_logs(client_id, run_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.report_deliveries
    ADD CONSTRAINT report_deliveries_client_id_schedule_id_fkey FOREIGN KEY (client_id, schedule_id) REFERENCES public.report_schedules(client_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.report_schedules
    ADD CONSTRAINT report_schedules_client_id_fkey FOREIGN KEY (client_id) REFERENCES public.clients(id);

ALTER TABLE ONLY public.rollup_blocks
    ADD CONSTRAINT rollup_blocks_client_id_fkey FOREIGN KEY (client_id) REFERENCES public.clients(id);

ALTER TABLE ONLY public.rollups
    ADD CONSTRAINT rollups_client_id_fkey FOREIGN KEY (client_id) REFERENCES public.clients(id);

ALTER TABLE ONLY public.saved_views
    ADD CONSTRAINT saved_views_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.slice_head
    ADD CONSTRAINT slice_head_client_id_fkey FOREIGN KEY (client_id) REFERENCES public.clients(id);

ALTER TABLE ONLY public.slice_ledger
    ADD CONSTRAINT slice_ledger_client_id_fkey FOREIGN KEY (client_id) REFERENCES public.clients(id);

ALTER TABLE ONLY public.source_settings
    ADD CONSTRAINT source_settings_client_id_fkey FOREIGN KEY (client_id) REFERENCES public.clients(id);

ALTER TABLE ONLY public.staging_media_raw
    ADD CONSTRAINT staging_media_raw_client_id_run_id_fkey FOREIGN KEY (client_id, run_id) REFERENCES public.ingestion_logs(client_id, run_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.strategies
    ADD CONSTRAINT strategies_client_id_campaign_id_fkey FOREIGN KEY (client_id, campaign_id) REFERENCES public.campaigns(client_id, id) ON DELETE CASCADE;

ALTER TABLE ONLY public.strategies
    ADD CONSTRAINT strategies_client_id_fkey FOREIGN KEY (client_id) REFERENCES public.clients(id);

ALTER TABLE ONLY public.uploaded_files
    ADD CONSTRAINT uploaded_files_client_id_fkey FOREIGN KEY (client_id) REFERENCES public.clients(id);

ALTER TABLE ONLY public.vibe_calls
    ADD CONSTRAINT vibe_calls_key_digest_fkey FOREIGN KEY (key_digest) REFERENCES public.vibe_keys(key_digest) ON DELETE CASCADE;

ALTER TABLE ONLY public.vibe_credentials
    ADD CONSTRAINT vibe_credentials_client_id_fkey FOREIGN KEY (client_id) REFERENCES public.clients(id);

ALTER TABLE ONLY public.vibe_report_requests
    ADD CONSTRAINT vibe_report_requests_client_id_fkey FOREIGN KEY (client_id) REFERENCES public.clients(id);

ALTER TABLE ONLY public.weekly_summaries
    ADD CONSTRAINT weekly_summaries_client_id_fkey FOREIGN KEY (client_id) REFERENCES public.clients(id);

ALTER TABLE public.backfills ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.campaigns ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.client_settings ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.clients ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.creatives ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.daily_metrics ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.data_versions ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.day_rates ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.displaced_rows ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.hierarchy_counters ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.ingestion_logs ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.monthly_summaries ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.notifications ENABLE ROW LEVEL SECURITY;

CREATE POLICY own_client ON public.backfills USING ((( SELECT public.sees_all_clients() AS sees_all_clients) OR (client_id = ANY (( SELECT public.visible_clients() AS visible_clients)::integer[]))));

CREATE POLICY own_client ON public.campaigns USING ((( SELECT public.sees_all_clients() AS sees_all_clients) OR (client_id = ANY (( SELECT public.visible_clients() AS visible_clients)::integer[]))));

CREATE POLICY own_client ON public.client_settings USING ((( SELECT public.sees_all_clients() AS sees_all_clients) OR (client_id = ANY (( SELECT public.visible_clients() AS visible_clients)::integer[]))));

CREATE POLICY own_client ON public.clients USING ((( SELECT public.sees_all_clients() AS sees_all_clients) OR (id = ANY (( SELECT public.visible_clients() AS visible_clients)::integer[]))));

CREATE POLICY own_client ON public.creatives USING ((( SELECT public.sees_all_clients() AS sees_all_clients) OR (client_id = ANY (( SELECT public.visible_clients() AS visible_clients)::integer[]))));

CREATE POLICY own_client ON public.daily_metrics USING ((( SELECT public.sees_all_clients() AS sees_all_clients) OR (client_id = ANY (( SELECT public.visible_clients() AS visible_clients)::integer[]))));

CREATE POLICY own_client ON public.data_versions USING ((( SELECT public.sees_all_clients() AS sees_all_clients) OR (client_id = ANY (( SELECT public.visible_clients() AS visible_clients)::integer[]))));

CREATE POLICY own_client ON public.day_rates USING ((( SELECT public.sees_all_clients() AS sees_all_clients) OR (client_id = ANY (( SELECT public.visible_clients() AS visible_clients)::integer[]))));

CREATE POLICY own_client ON public.displaced_rows USING ((( SELECT public.sees_all_clients() AS sees_all_clients) OR (client_id = ANY (( SELECT public.visible_clients() AS visible_clients)::integer[]))));

CREATE POLICY own_client ON public.hierarchy_counters USING ((( SELECT public.sees_all_clients() AS sees_all_clients) OR (client_id = ANY (( SELECT public.visible_clients() AS visible_clients)::integer[]))));

CREATE POLICY own_client ON public.ingestion_logs USING ((( SELECT public.sees_all_clients() AS sees_all_clients) OR (client_id = ANY (( SELECT public.visible_clients() AS visible_clients)::integer[]))));

CREATE POLICY own_client ON public.monthly_summaries USING ((( SELECT public.sees_all_clients() AS sees_all_clients) OR (client_id = ANY (( SELECT public.visible_clients() AS visible_clients)::integer[]))));

CREATE POLICY own_client ON public.notifications USING ((( SELECT public.sees_all_clients() AS sees_all_clients) OR (client_id = ANY (( SELECT public.visible_clients() AS visible_clients)::integer[]))));

CREATE POLICY own_client ON public.placements USING ((( SELECT public.sees_all_clients() AS sees_all_clients) OR (client_id = ANY (( SELECT public.visible_clients() AS visible_clients)::integer[]))));

CREATE POLICY own_client ON public.rejected_rows USING ((( SELECT public.sees_all_clients() AS sees_all_clients) OR (client_id = ANY (( SELECT public.visible_clients() AS visible_clients)::integer[]))));

CREATE POLICY own_client ON public.report_deliveries USING ((( SELECT public.sees_all_clients() AS sees_all_clients) OR (client_id = ANY (( SELECT public.visible_clients() AS visible_clients)::integer[]))));

CREATE POLICY own_client ON public.report_schedules USING ((( SELECT public.sees_all_clients() AS sees_all_clients) OR (client_id = ANY (( SELECT public.visible_clients() AS visible_clients)::integer[]))));

CREATE POLICY own_client ON public.rollup_blocks USING ((( SELECT public.sees_all_clients() AS sees_all_clients) OR (client_id = ANY (( SELECT public.visible_clients() AS visible_clients)::integer[]))));

CREATE POLICY own_client ON public.rollups USING ((( SELECT public.sees_all_clients() AS sees_all_clients) OR (client_id = ANY (( SELECT public.visible_clients() AS visible_clients)::integer[]))));

CREATE POLICY own_client ON public.slice_head USING ((( SELECT public.sees_all_clients() AS sees_all_clients) OR (client_id = ANY (( SELECT public.visible_clients() AS visible_clients)::integer[]))));

CREATE POLICY own_client ON public.slice_ledger USING ((( SELECT public.sees_all_clients() AS sees_all_clients) OR (client_id = ANY (( SELECT public.visible_clients() AS visible_clients)::integer[]))));

CREATE POLICY own_client ON public.source_settings USING ((( SELECT public.sees_all_clients() AS sees_all_clients) OR (client_id = ANY (( SELECT public.visible_clients() AS visible_clients)::integer[]))));

CREATE POLICY own_client ON public.staging_media_raw USING ((( SELECT public.sees_all_clients() AS sees_all_clients) OR (client_id = ANY (( SELECT public.visible_clients() AS visible_clients)::integer[]))));

CREATE POLICY own_client ON public.strategies USING ((( SELECT public.sees_all_clients() AS sees_all_clients) OR (client_id = ANY (( SELECT public.visible_clients() AS visible_clients)::integer[]))));

CREATE POLICY own_client ON public.uploaded_files USING ((( SELECT public.sees_all_clients() AS sees_all_clients) OR (client_id = ANY (( SELECT public.visible_clients() AS visible_clients)::integer[]))));

CREATE POLICY own_client ON public.vibe_credentials USING ((( SELECT public.sees_all_clients() AS sees_all_clients) OR (client_id = ANY (( SELECT public.visible_clients() AS visible_clients)::integer[]))));

CREATE POLICY own_client ON public.vibe_report_requests USING ((( SELECT public.sees_all_clients() AS sees_all_clients) OR (client_id = ANY (( SELECT public.visible_clients() AS visible_clients)::integer[]))));

CREATE POLICY own_client ON public.weekly_summaries USING ((( SELECT public.sees_all_clients() AS sees_all_clients) OR (client_id = ANY (( SELECT public.visible_clients() AS visible_clients)::integer[]))));

ALTER TABLE public.placements ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.rejected_rows ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.report_deliveries ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.report_schedules ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.rollup_blocks ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.rollups ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.slice_head ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.slice_ledger ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.source_settings ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.staging_media_raw ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.strategies ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.uploaded_files ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.vibe_credentials ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.vibe_report_requests ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.weekly_summaries ENABLE ROW LEVEL SECURITY;
