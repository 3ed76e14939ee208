-- Takes away all that 0001 made; alembic_version stays.
DROP VIEW daily_metrics_flat;
DO $$
DECLARE
    t text;
BEGIN
    FOR t IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace
             AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> 'alembic_version' LOOP
        EXECUTE format('DROP TABLE IF EXISTS %I CASCADE', t);
    END LOOP;
END $$;
DROP FUNCTION touch_updated_at, rate_has_the_clients_currency, ensure_month, announce_outbox, visible_clients,
    sees_all_clients, clients_of_user, audit_is_append_only;
