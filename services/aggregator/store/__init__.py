"""Every statement of the aggregator. The caller's transaction, the caller's commit."""
