"""Whose credentials a report is asked for with, and for which advertiser."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from libs.connector.account import Client, RunRefused
from services.connectors.vibe.rules.profiles import ProfileName


@dataclass(frozen=True)
class Key:
    """Credentials for one profile: an API key, or a client id with its secret. Shown without its secrets."""

    profile: ProfileName
    identity: str = field(default="", repr=False)
    """The OAuth2 client id; empty for an API key."""
    secret: str = field(default="", repr=False)

    @property
    def digest(self) -> str:
        """What stands for the key in tables and logs."""
        text = f"tidemark vibe key\n{self.identity}\n{self.secret}"
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def shown(self) -> str:
        """For people: enough to tell two keys apart."""
        return f"{self.profile} {self.digest[:8]}"


@dataclass(frozen=True)
class Stored:
    """A client's row of vibe_credentials, opened."""

    advertiser_id: str
    api_key: str | None = field(default=None, repr=False)
    oauth_id: str | None = field(default=None, repr=False)
    oauth_secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Access:
    """What a report is asked for with."""

    key: Key
    advertiser_id: str


@dataclass(frozen=True)
class Defaults:
    """The credentials of the settings. ``advertiser_id`` is nobody's: it is only spoken of."""

    profile: ProfileName | None = None
    api_key: str = field(default="", repr=False)
    client_id: str = field(default="", repr=False)
    client_secret: str = field(default="", repr=False)
    advertiser_id: str = ""

    @property
    def key(self) -> Key | None:
        """The one key of these settings; None where nothing is set."""
        if self.client_id and self.profile in (None, "public"):
            return Key("public", self.client_id, self.client_secret)
        return Key(self._of_a_key, secret=self.api_key) if self.api_key else None

    def key_of(self, stored: Stored) -> Key | None:
        """A client's own: id and secret are for public, a key for std, or for legacy where that is set."""
        if stored.oauth_id and stored.oauth_secret:
            return Key("public", stored.oauth_id, stored.oauth_secret)
        return Key(self._of_a_key, secret=stored.api_key) if stored.api_key else None

    @property
    def _of_a_key(self) -> ProfileName:
        return "legacy" if self.profile == "legacy" else "std"


def access_of(client: Client, stored: Stored | None, defaults: Defaults) -> Access:
    """A client's own credentials, else the default key for a client with its own advertiser id.

    Raises RunRefused where there are none, or where two settings name two advertisers.
    """
    own = client.settings.advertiser_id
    if stored is not None and (key := defaults.key_of(stored)):
        if own and own != stored.advertiser_id:
            raise RunRefused(
                "two_advertisers",
                f"Client {client.name} has the advertiser id {own} in its settings for vibe and "
                f"{stored.advertiser_id} in its credentials: make them the same, or take away the first",
            )
        return Access(key, stored.advertiser_id)
    if not own:
        raise RunRefused("no_credentials", _nothing_of_its_own(client, defaults))
    if defaults.key is None:
        raise RunRefused(
            "no_credentials",
            f"Client {client.name} has no credentials for vibe, and there are no default ones "
            "(VIBE_CLIENT_ID and VIBE_CLIENT_SECRET, or VIBE_API_KEY)",
        )
    return Access(defaults.key, own)


def _nothing_of_its_own(client: Client, defaults: Defaults) -> str:
    named = (
        f" (VIBE_ADVERTISER_ID names {defaults.advertiser_id}; give it to the client that it belongs to)"
        if defaults.advertiser_id
        else ""
    )
    return (
        f"Client {client.name} has neither credentials nor an advertiser id of its own for vibe{named}: "
        "set one of them with PUT /clients/{id}/sources/vibe"
    )
