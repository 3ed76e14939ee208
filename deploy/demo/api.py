"""What the demo asks of the REST API; it has no other way to the data."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import httpx

from deploy.world.surfside_files import ClientSpec

BASE = "/api/v1"


class Api:
    """The gateway, signed in."""

    def __init__(self, url: str) -> None:
        self._http = httpx.AsyncClient(base_url=f"{url}{BASE}", timeout=30)

    @property
    def authorization(self) -> str:
        """The header of the signed-in user."""
        return self._http.headers["Authorization"]

    async def sign_in(self, email: str, password: str) -> None:
        """Every further call is this user's."""
        answer = await self.send("POST", "/auth/login", json={"email": email, "password": password})
        self._http.headers["Authorization"] = f"Bearer {answer['access_token']}"

    async def add_client(self, client: ClientSpec, bucket: str) -> str:
        """A client with its rates and its Surfside settings; returns its id."""
        made = await self.send("POST", "/clients", json={"name": client.name, "currency": "USD"})
        client_id = str(made["id"])
        for day, cpm in client.rates:
            rate = {"cpm": str(cpm), "effective_date": day.isoformat()}
            await self.send("POST", f"/clients/{client_id}/cpm", json=rate)
        settings = {
            "enabled": True,
            "bucket": bucket,
            "prefix": f"surfside/{client.slug}",
            "file_pattern": client.pattern,
            "parts": "all" if "parts" in client.quirks else "latest",
            "default_campaign": client.default_campaign,
        }
        await self.send("PUT", f"/clients/{client_id}/sources/surfside", json=settings)
        return client_id

    async def enable_vibe(self, client_id: str, advertiser: str) -> None:
        """From now on the client's reports are asked of Vibe."""
        settings = {"enabled": True, "advertiser_id": advertiser}
        await self.send("PUT", f"/clients/{client_id}/sources/vibe", json=settings)

    async def backfill(self, source: str, client_id: str, start: date, end: date) -> None:
        """Ask for a range of days, both included."""
        wanted = {
            "source": source,
            "client_id": client_id,
            "start_date": start.isoformat(),
            "end_date": end.isoformat(),
        }
        await self.send("POST", "/admin/backfill-historical", json=wanted)

    async def trigger(self, client_id: str, day: date) -> None:
        """Look for one day's Surfside delivery now."""
        wanted = {"source": "surfside", "client_id": client_id, "date": day.isoformat()}
        await self.send("POST", "/admin/trigger-ingestion", json=wanted)

    async def upload(self, client_id: str, name: str, body: bytes) -> httpx.Response:
        """An export of Ads Manager, as a person uploads it; the answer as it is."""
        return await self._http.post(
            "/facebook/upload", data={"client_id": client_id}, files={"file": (name, body)}
        )

    async def restatement(self, client_id: str, day: date) -> dict[str, Any]:
        """What was restated of a day last."""
        wanted = {"client_id": client_id, "start_date": day.isoformat(), "end_date": day.isoformat()}
        return dict((await self.send("GET", "/admin/restatements", params=wanted))["data"][0])

    async def runs(self, status: str | None = None) -> int:
        """How many runs there are (with this status)."""
        wanted = {"page_size": 1} | ({"status": status} if status else {})
        return int((await self.send("GET", "/admin/ingestion-logs", params=wanted))["total"])

    async def summary(self, client_id: str, start: date, end: date) -> dict[str, Any]:
        """GET /dashboard/summary; numbers as they are printed, exact."""
        wanted = {"client_id": client_id, "start_date": start.isoformat(), "end_date": end.isoformat()}
        return await self.send("GET", "/dashboard/summary", params=wanted)

    async def trends(self, client_id: str, start: date, end: date) -> list[dict[str, Any]]:
        """GET /dashboard/trends by day."""
        wanted = {"client_id": client_id, "start_date": start.isoformat(), "end_date": end.isoformat()}
        return list((await self.send("GET", "/dashboard/trends", params=wanted))["points"])

    async def close(self) -> None:
        """Give back the connections."""
        await self._http.aclose()

    async def send(self, method: str, path: str, **given: Any) -> dict[str, Any]:
        """One request; numbers come exact. Raises AssertionError with the answer where it is an error."""
        answer = await self._http.request(method, path, **given)
        if answer.is_error:
            raise AssertionError(f"{method} {path} answered {answer.status_code}: {answer.text}")
        parsed: dict[str, Any] = answer.json(parse_float=Decimal)
        return parsed
