"""The one error of local infrastructure."""


class InfrastructureError(Exception):
    """Something is missing or did not start; the message is one sentence that says what to do."""
