"""What can go wrong with mail.

TidemarkError
├── Transient
│   └── MailUnavailable   the server does not answer, hangs, drops the line, has no good TLS, or says 4xx
└── Terminal
    └── MailRefused       it says 5xx: to this sender, these recipients or this letter
"""

from libs.errors import Terminal, Transient


class MailUnavailable(Transient):
    """The letter was not taken now; ``line_lost``: nor will another one be, over this connection."""

    def __init__(self, message: str, *, line_lost: bool) -> None:
        super().__init__(message)
        self.line_lost = line_lost


class MailRefused(Terminal):
    """The server will not take the letter as it is."""
