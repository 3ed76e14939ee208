-- The flat view for people who come with SQL, times kept by the database, tenants kept apart.

-- spend: exact, seven decimals (impressions × CPM / 1000). Ratios: × 100 for percent, null where undefined.
CREATE VIEW daily_metrics_flat WITH (security_invoker = true) AS
SELECT d.client_id, cl.name AS client_name, d.date, ca.source, ca.account,
       ca.public_id AS campaign_id, coalesce(ca.label, ca.name) AS campaign_name,
       st.public_id AS strategy_id, coalesce(st.label, st.name) AS strategy_name,
       pl.public_id AS placement_id, coalesce(pl.label, pl.name) AS placement_name,
       cr.public_id AS creative_id, coalesce(cr.label, cr.name) AS creative_name,
       d.impressions, d.clicks, d.conversions,
       d.conversion_revenue_micros / 1000000.0 AS conversion_revenue,
       d.media_cost_micros / 1000000.0 AS media_cost,
       d.video_completions, r.cpm AS rate,
       (d.impressions * r.cpm / 1000)::numeric(24, 7) AS spend,
       d.clicks * 100.0 / nullif(d.impressions, 0) AS ctr,
       d.impressions * r.cpm / 1000 / nullif(d.clicks, 0) AS cpc,
       d.impressions * r.cpm / 1000 / nullif(d.conversions, 0) AS cpa,
       d.conversion_revenue_micros / 10000.0 / nullif(d.impressions * r.cpm / 1000, 0) AS roas,
       d.run_no
FROM daily_metrics d
JOIN clients cl ON cl.id = d.client_id
JOIN creatives cr ON cr.client_id = d.client_id AND cr.id = d.creative_id
JOIN placements pl ON pl.client_id = d.client_id AND pl.id = cr.placement_id
JOIN strategies st ON st.client_id = d.client_id AND st.id = pl.strategy_id
JOIN campaigns ca ON ca.client_id = d.client_id AND ca.id = st.campaign_id
LEFT JOIN day_rates r ON r.client_id = d.client_id AND r.source = ca.source AND r.date = d.date;

DO $$
DECLARE
    t text;
BEGIN
    FOR t IN SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
             WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
               AND a.attname = 'updated_at' AND NOT a.attisdropped LOOP
        EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE ON %I FOR EACH ROW EXECUTE FUNCTION touch_updated_at()',
                       t || '_touched', t);
    END LOOP;
END $$;

-- A transaction says who asks: tidemark.role and tidemark.clients, both set for it alone. Nothing said: no rows.
CREATE FUNCTION visible_clients() RETURNS integer[] LANGUAGE sql STABLE AS
    $$ SELECT NULLIF(current_setting('tidemark.clients', true), '')::integer[] $$;
-- Nothing said is a bug of ours: it is told to the client's log as well (libs.db.engine listens).
CREATE FUNCTION sees_all_clients() RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    asking text := NULLIF(current_setting('tidemark.role', true), '');
BEGIN
    IF asking IS NULL THEN
        RAISE WARNING 'no tenant set' USING DETAIL = current_query(), ERRCODE = 'TM001';
    END IF;
    RETURN coalesce(asking = 'admin', false);
END $$;
-- The one look across tenants, before it is known who asks: which active clients a user owns. The
-- policies are forced on the owner too, so the function says for itself, and for itself alone, who it is.
CREATE FUNCTION clients_of_user(of_user uuid) RETURNS integer[] LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp SET tidemark.role = 'admin' AS
    $$ SELECT coalesce(array_agg(id ORDER BY id), '{}') FROM clients WHERE user_id = of_user AND status = 'active' $$;
REVOKE ALL ON FUNCTION clients_of_user(uuid) FROM PUBLIC;

DO $$
DECLARE
    t record;
BEGIN
    FOR t IN SELECT c.relname, CASE c.relname WHEN 'clients' THEN 'id' ELSE 'client_id' END AS key
             FROM pg_class c
             WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
               AND (c.relname = 'clients' OR EXISTS (SELECT FROM pg_attribute a
                    WHERE a.attrelid = c.oid AND a.attname = 'client_id' AND NOT a.attisdropped)) LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t.relname);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t.relname);
        EXECUTE format('CREATE POLICY own_client ON %I USING ((SELECT sees_all_clients()) '
                       'OR %I = ANY ((SELECT visible_clients())::integer[]))', t.relname, t.key);
    END LOOP;
END $$;

-- Append-only for every role, the owner's too.
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit_logs is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_logs_append_only BEFORE UPDATE OR DELETE ON audit_logs
    FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
CREATE TRIGGER audit_logs_not_truncated BEFORE TRUNCATE ON audit_logs
    FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
