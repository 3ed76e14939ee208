"""Every SQL statement of the loader. Nothing here commits."""
