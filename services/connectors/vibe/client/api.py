"""Vibe's report API: three profiles behind three calls. It neither waits nor tries again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx

from libs.trust import trusted
from services.connectors.vibe.client import answers
from services.connectors.vibe.client.answers import Answer
from services.connectors.vibe.client.errors import VibeRefused, VibeTrouble
from services.connectors.vibe.rules.credentials import Access, Key
from services.connectors.vibe.rules.profiles import (
    PROFILES,
    REVISION,
    SCOPE,
    Look,
    Profile,
    create_body,
    look_of,
)
from services.connectors.vibe.rules.windows import Window

TIMEOUT_SECONDS = 30
TOKEN_SPARE = timedelta(seconds=60)
MAX_ID = 200


@dataclass
class _Token:
    value: str = field(repr=False)
    until: datetime = field(kw_only=True)
    was_taken: bool = False
    """Vibe has taken it before: when it takes it no longer, another one may help."""


@dataclass(frozen=True)
class Created:
    """A report that Vibe began, and what it said of the limit."""

    report_id: str
    answer: Answer = field(repr=False)


class VibeApi:
    """One for the life of a process; ``base_url`` instead of the profiles' own."""

    def __init__(self, base_url: str, now: Callable[[], datetime]) -> None:
        self._base_url = base_url.rstrip("/")
        self._now = now
        self._http = httpx.AsyncClient(timeout=TIMEOUT_SECONDS, follow_redirects=False, verify=trusted())
        self._tokens: dict[str, _Token] = {}

    async def close(self) -> None:
        """Let go of connections."""
        await self._http.aclose()

    def needs_token(self, key: Key) -> bool:
        """Whether ``fetch_token`` has to come before the next call with this key."""
        token = self._tokens.get(key.digest)
        return key.profile == "public" and (token is None or token.until <= self._now())

    async def fetch_token(self, key: Key) -> None:
        """Client credentials → a bearer token, kept until a minute before its end."""
        answer = await self._send(
            key,
            "a token",
            "POST",
            f"{self._base(PROFILES[key.profile])}/oauth2/token",
            auth=httpx.BasicAuth(key.identity, key.secret),
            data={"grant_type": "client_credentials", "scope": SCOPE},
        )
        token = answer.content.get("access_token")
        if not isinstance(token, str) or not token:
            raise VibeTrouble("Vibe's answer to the request for a token holds no access_token")
        seconds = _seconds(answer.content.get("expires_in"))
        self._tokens[key.digest] = _Token(token, until=self._now() + timedelta(seconds=seconds) - TOKEN_SPARE)

    async def create(self, access: Access, window: Window) -> Created:
        """Ask for a report; returns its id."""
        profile = PROFILES[access.key.profile]
        answer = await self._call(
            access.key,
            f"a report of {window}",
            "POST",
            profile.create_path,
            json=create_body(profile.name, access.advertiser_id, window.start, window.end),
        )
        report_id = answer.content.get(profile.id_field)
        if not isinstance(report_id, str | int) or not 0 < len(str(report_id)) <= MAX_ID:
            raise VibeTrouble(f"Vibe's answer to a new report holds no {profile.id_field}")
        return Created(str(report_id), answer)

    async def look(self, key: Key, report_id: str) -> Look:
        """How a report stands."""
        profile = PROFILES[key.profile]
        if profile.poll_in_query:
            path, query = profile.poll_path, {"report_id": report_id}
        else:
            path, query = profile.poll_path.format(id=_in_a_path(report_id)), {}
        answer = await self._call(key, f"the state of report {report_id}", "GET", path, params=query)
        return look_of(answer.content)

    async def _call(self, key: Key, what: str, method: str, path: str, **options: Any) -> Answer:
        headers = self._headers(key)
        url = f"{self._base(PROFILES[key.profile])}{path}"
        token = self._tokens.get(key.digest)
        try:
            answer = await self._send(key, what, method, url, headers=headers, **options)
        except VibeRefused as error:
            if error.status == 401 and token is not None:
                self._tokens.pop(key.digest, None)
                if token.was_taken:
                    raise VibeTrouble(f"{error} (another token is asked for)") from None
            raise
        if token is not None:
            token.was_taken = True
        return answer

    async def _send(self, key: Key, what: str, method: str, url: str, **options: Any) -> Answer:
        token = self._tokens.get(key.digest)
        secrets = (key.secret, token.value if token else "")
        try:
            async with self._http.stream(method, url, **options) as response:
                return await answers.read(response, what, secrets, self._now())
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise VibeTrouble(f"Vibe did not answer {what}: {type(error).__name__}") from error

    def _headers(self, key: Key) -> dict[str, str]:
        if key.profile == "legacy":
            return {"X-API-KEY": key.secret}
        if key.profile == "std":
            return {"Authorization": f"Bearer {key.secret}"}
        return {
            "Authorization": f"Bearer {self._tokens[key.digest].value}",
            "X-Vibe-Revision": REVISION,
        }

    def _base(self, profile: Profile) -> str:
        return self._base_url or profile.base_url


def _seconds(value: object) -> float:
    """The life of a token; ten minutes where the server does not say."""
    known = isinstance(value, int | float) and 0 < value <= 86_400 * 7
    return float(value) if known else 600.0  # type: ignore[arg-type]


def _in_a_path(report_id: str) -> str:
    return httpx.URL("/").copy_with(path=f"/{report_id}").raw_path.decode()[1:].replace("/", "%2F")
