"""Every SQL statement of this service that connectors do not share. Never commits."""
