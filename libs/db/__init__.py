"""PostgreSQL: engines, tenants, COPY, partitions, migrations and grants."""
