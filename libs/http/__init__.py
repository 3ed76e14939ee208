"""What HTTP services share: health, errors, middleware."""
