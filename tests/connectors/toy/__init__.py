"""A fourth connector, made as docs/new-connector.md says: daily CSV files of a web server."""
