"""From where a report may be downloaded: its address is handed over by somebody else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from libs.connector.account import RunRefused

Address = IPv4Address | IPv6Address
_TRANSLATED = tuple(IPv6Network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
"""Addresses that carry an IPv4 address: where they lead depends on who translates."""


class DownloadRefused(RunRefused):
    """The address is not one from which anything is fetched."""

    def __init__(self, message: str) -> None:
        super().__init__("download_refused", message)


@dataclass(frozen=True)
class Place:
    """A host that may be asked, after its address was looked at."""

    host: str
    port: int
    trusted: bool
    """Named in VIBE_DOWNLOAD_HOSTS: no TLS needed, private addresses are fine."""


def place_of(url: str, allowed: Iterable[str]) -> Place:
    """Where a download address leads. Raises DownloadRefused; the address is never shown, it is signed."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise DownloadRefused("Vibe named a download address that cannot be read") from None
    default = 80 if parts.scheme == "http" else 443
    trusted = bool({host, f"{host}:{port or default}"} & {entry.strip().lower() for entry in allowed})
    if parts.scheme not in ("https", "http") or (parts.scheme == "http" and not trusted):
        raise DownloadRefused(
            f"Vibe named a download address at {host or 'no host'} with the scheme {parts.scheme or 'none'}; "
            "reports are fetched by https alone"
        )
    if not host or parts.username is not None or parts.password is not None:
        raise DownloadRefused(f"Vibe named a download address with no host, or with a user: {host!r}")
    if port not in (None, 443) and not trusted:
        raise DownloadRefused(f"Vibe named a download address at port {port} of {host}; only 443 is asked")
    return Place(host, port or default, trusted)


def check_address(host: str, address: str) -> None:
    """Raise DownloadRefused when a host's address is not a public one."""
    found = _plain(ip_address(address.partition("%")[0]))
    translated = isinstance(found, IPv6Address) and any(found in net for net in _TRANSLATED)
    if translated or found.is_multicast or not found.is_global:
        raise DownloadRefused(
            f"Vibe named a download address at {host}, which is {found}: private, loopback and link-local "
            "addresses are never asked (VIBE_DOWNLOAD_HOSTS lists exceptions, for a simulator)"
        )


def _plain(address: Address) -> Address:
    """Without the dress of IPv6 around an IPv4 address."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
