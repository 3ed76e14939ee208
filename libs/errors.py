"""The root of every error that Tidemark raises on purpose.

    TidemarkError
    ├── Transient   trying again later can help: the message goes to a retry queue
    └── Terminal    trying again cannot help: a person has to change something
        └── BadQuestion   something asked that cannot be answered so; the API says 422

The type decides the retry. Each library and service hangs its own tree below one of the two.
"""


class TidemarkError(Exception):
    """Something went wrong that the code foresaw; the message is written for its reader."""


class Transient(TidemarkError):
    """The outside world was not ready: the same work can succeed later, unchanged."""


class Terminal(TidemarkError):
    """The same work will fail again: its input, its settings or its rights have to change."""


class BadQuestion(Terminal):
    """What was asked cannot be answered as it was asked; ``field``: what has to change."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field, self.message = field, message
