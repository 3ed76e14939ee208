"""Every SQL statement of the gateway, one module per subject. None of them commits."""
