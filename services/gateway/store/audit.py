"""The audit log: who did what to what, from where. Every service that serves users writes it the same way."""

from libs.http.audit import record

__all__ = ["record"]
