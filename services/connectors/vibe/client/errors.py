"""What can go wrong with Vibe. No message holds a secret or a signed address.

TidemarkError
├── Transient
│   ├── VibeTrouble      5xx, network, an answer that is no JSON: counts for the circuit breaker
│   ├── VibeThrottled    429, with or without a time to wait
│   └── DownloadFailed   the file did not come whole; its address is good for another try
│       └── AddressExpired  its address no longer works: poll again for another one
└── Terminal
    ├── VibeRefused      other 4xx: somebody has to change something
    └── RunRefused (libs.connector)
        └── DownloadRefused (rules.addresses)  not an address from which anything is fetched
"""

from __future__ import annotations

from libs.errors import Terminal, Transient


class VibeTrouble(Transient):
    """Vibe could not do it now; ``retry_after`` in seconds, where it says when it can."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class VibeThrottled(Transient):
    """Vibe asks to slow down; ``retry_after`` in seconds, where it says when."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class VibeRefused(Terminal):
    """Vibe does not do this, now or later."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status

    @property
    def is_about_access(self) -> bool:
        """Whether other credentials, or more rights, would help."""
        return self.status in (401, 403)

    @property
    def code(self) -> str:
        """Of the run that ends with it."""
        return "access_denied" if self.is_about_access else "vibe_refused"


class DownloadFailed(Transient):
    """The report did not come whole."""


class AddressExpired(DownloadFailed):
    """The signed address is no longer taken."""
