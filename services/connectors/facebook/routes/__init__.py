"""The upload API, below /api/v1/facebook."""
