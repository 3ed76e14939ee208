"""Vibe's report API as a small server: three profiles, strict limits, and wrong in every way on demand.

In a test: ``async with VibeSimulator().serving() as vibe``. As a process: ``python -m tests.simulators.vibe
--port 8099``; then ``GET /_state`` shows it and ``POST /_faults`` makes it fail.
"""

from __future__ import annotations

import argparse
import asyncio
import socket
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal
from uuid import uuid4

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from deploy.world.vibe_reports import vibe_report
from tests.simulators.answers import QuietServer, Raw, basic

Operation = Literal["token", "create", "poll", "download"]
Kind = Literal[
    "error",  # 500
    "html",  # a web page with 200
    "throttle",  # 429; ``retry_after`` is its header
    "refuse",  # 400, echoing all that was sent
    "denied",  # 401, echoing the Authorization header
    "hang",  # no answer
    "lost",  # it is done, and the answer is lost
    "expired",  # 403, as for a signed address that is past its time
    "redirect",
    "cut",  # Content-Length of the whole, half of the bytes
    "half",  # half of the bytes, and that as Content-Length
    "empty",
    "endless",
]
ANSWERED_AT_ONCE = (
    *("error", "html", "throttle", "refuse", "denied", "hang", "expired", "redirect", "endless"),
)
PER_SECOND = timedelta(seconds=1)


@dataclass
class Fault:
    """What happens to the next ``times`` requests of an operation."""

    operation: Operation
    kind: Kind
    times: int = 1
    retry_after: str | None = None


@dataclass
class Report:
    """A report that was asked for."""

    id: str
    profile: str
    advertiser: str
    start: date
    end: date
    created: datetime
    polls: int = 0
    last_poll: datetime | None = None
    body: bytes | None = None


def world_of(advertiser: str, start: date, end: date) -> bytes:
    """What a report holds where a test does not say: anybody can make the same for comparison."""
    return vibe_report(advertiser, start, end).body


@dataclass
class VibeSimulator:
    """State and wishes. Times are of ``now``, which a test may let run as it likes."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    content: Callable[[str, date, date], bytes] = world_of
    api_keys: set[str] = field(default_factory=lambda: {"demo-key"})
    oauth: dict[str, str] = field(default_factory=lambda: {"demo-client": "demo-secret"})
    ready_after: float = 0
    """Seconds from creation on."""
    never_ready: bool = False
    failure: str = ""
    """Every report fails for this reason."""
    hourly: int = 15
    minute: int = 20
    poll_seconds: float = 0
    """Between two looks at one report; less is answered with 429."""
    download_url: str = ""
    """Handed over instead of the own one; ``{id}`` is the report's."""
    url: str = ""
    faults: list[Fault] = field(default_factory=list)
    reports: dict[str, Report] = field(default_factory=dict)
    calls: Counter[str] = field(default_factory=Counter)
    """By operation, refused ones included."""
    throttled: int = 0
    """How often a limit was really passed."""
    asked: list[dict[str, Any]] = field(default_factory=list)
    """Bodies of creations."""
    _times: dict[tuple[str, str], list[datetime]] = field(default_factory=lambda: defaultdict(list))
    _tokens: dict[str, str] = field(default_factory=dict)
    _signatures: dict[str, str] = field(default_factory=dict)

    @property
    def host(self) -> str:
        """For VIBE_DOWNLOAD_HOSTS."""
        return self.url.removeprefix("http://")

    def fail(self, operation: Operation, kind: Kind, times: int = 1, retry_after: str | None = None) -> None:
        self.faults.append(Fault(operation, kind, times, retry_after))

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/oauth2/token", self._token, methods=["POST"]),
                Route("/reports", self._create, methods=["POST"]),
                Route("/create_async_report", self._create, methods=["POST"]),
                Route("/reports/{id}", self._poll),
                Route("/get_report_status", self._poll),
                Route("/files/{id}.csv", self._download),
                Route("/_state", self._state),
                Route("/_faults", self._more_faults, methods=["POST"]),
            ]
        )

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[VibeSimulator]:
        """In this process, on a free port."""
        with socket.create_server(("127.0.0.1", 0)) as listening:
            self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
            config = uvicorn.Config(
                self.app(), log_level="critical", lifespan="off", timeout_graceful_shutdown=1
            )
            server = QuietServer(config)
            task = asyncio.create_task(server.serve(sockets=[listening]))
            try:
                yield self
            finally:
                server.should_exit = True
                await task

    # --- operations --------------------------------------------------------------------------------------

    async def _token(self, request: Request) -> Response:
        if answer := await self._wrong("token", request):
            return answer
        form = dict(await request.form())
        identity, secret = basic(request)
        if self.oauth.get(identity) != secret:
            return JSONResponse({"error": "invalid_client"}, 401)
        if form != {"grant_type": "client_credentials", "scope": "reporting:read"}:
            return JSONResponse({"error": "invalid_request"}, 400)
        if answer := self._too_many(identity, "public", "token"):
            return answer
        token = f"token-{uuid4().hex}"
        self._tokens[token] = identity
        return JSONResponse({"access_token": token, "token_type": "bearer", "expires_in": 3600})

    async def _create(self, request: Request) -> Response:
        if answer := await self._wrong("create", request):
            return answer
        profile, key = self._who(request)
        if not key:
            return JSONResponse({"error": "unauthorized"}, 401)
        if answer := self._too_many(key, profile, "create"):
            return answer
        body = await request.json()
        self.asked.append(body)
        try:
            report = self._report(profile, body)
        except (KeyError, ValueError) as error:
            return JSONResponse({"error": f"bad request: {error!r}"}, 400)
        self.reports[report.id] = report
        if self._takes("create", "lost"):
            return Raw(b"", length=10)
        status = "CREATED" if profile == "public" else "created"
        content = {
            "public": {"id": report.id, "status": status},
            "legacy": {"report_id": report.id},
            "std": {"reportId": report.id},
        }[profile]
        return JSONResponse(
            content, 201 if profile == "public" else 200, headers=self._limit_headers(key, profile)
        )

    def _report(self, profile: str, body: dict[str, Any]) -> Report:
        names = {
            "public": {"advertiser_ids", "start_date", "end_date", "granularity", "format"},
            "legacy": {"advertiser_id", "start_date", "end_date"},
            "std": {"advertiserId", "startDate", "endDate", "metrics", "dimensions"},
        }[profile]
        if body.keys() != names:
            raise ValueError(f"fields {sorted(body.keys() ^ names)}")
        start, end = (
            date.fromisoformat(body.get(f"{name}_date") or body[f"{name}Date"]) for name in ("start", "end")
        )
        if profile == "legacy":
            end -= timedelta(days=1)
        if profile == "public":
            if (body["granularity"], body["format"]) != ("DAY", "CSV"):
                raise ValueError("granularity and format")
            (advertiser,) = body["advertiser_ids"]
        else:
            advertiser = body.get("advertiser_id") or body["advertiserId"]
        if end < start or start < self.now().date() - timedelta(days=47):
            raise ValueError("dates")
        number = len(self.reports) + 1
        return Report(f"rep_{number:03}", profile, advertiser, start, end, self.now())

    async def _poll(self, request: Request) -> Response:
        if answer := await self._wrong("poll", request):
            return answer
        profile, key = self._who(request)
        report = self.reports.get(request.path_params.get("id") or request.query_params.get("report_id", ""))
        if not key:
            return JSONResponse({"error": "unauthorized"}, 401)
        if report is None or report.profile != profile:
            return JSONResponse({"error": "no such report"}, 404)
        if answer := self._too_many(key, profile, "poll"):
            return answer
        now, last = self.now(), report.last_poll
        report.polls, report.last_poll = report.polls + 1, now
        if last and (now - last).total_seconds() < self.poll_seconds:
            self.throttled += 1
            return JSONResponse({"error": "polled too soon"}, 429)
        return JSONResponse(self._stand(report))

    def _stand(self, report: Report) -> dict[str, Any]:
        upper = report.profile == "public"
        age = (self.now() - report.created).total_seconds()
        if self.failure:
            return {"status": "FAILED" if upper else "error", "failure_reason": self.failure}
        if self.never_ready or age < self.ready_after:
            return {"status": "PROCESSING" if upper else "processing"}
        report.body = report.body or self.content(report.advertiser, report.start, report.end)
        signature = uuid4().hex
        self._signatures[report.id] = signature
        url = self.download_url.format(id=report.id) or f"{self.url}/files/{report.id}.csv"
        word = "READY" if upper else ("DONE" if report.profile == "std" else "done")
        return {"status": word, "download_url": f"{url}?X-Signature={signature}"}

    async def _download(self, request: Request) -> Response:
        if answer := await self._wrong("download", request):
            return answer
        report = self.reports[request.path_params["id"]]
        if request.query_params.get("X-Signature") != self._signatures.get(report.id):
            return Response("<Error><Code>AccessDenied</Code></Error>", 403)
        body = report.body or b""
        if self._takes("download", "cut"):
            return Raw(body[: len(body) // 2], length=len(body))
        if self._takes("download", "half"):
            return Response(body[: len(body) // 2 + 1].rstrip(b"\n"), media_type="text/csv")
        if self._takes("download", "empty"):
            return Response(b"", media_type="text/csv")
        return Response(body, media_type="text/csv")

    # --- wrong in every way ------------------------------------------------------------------------------

    async def _wrong(self, operation: Operation, request: Request) -> Response | None:
        self.calls[operation] += 1
        for kind in (
            "error",
            "html",
            "throttle",
            "refuse",
            "denied",
            "hang",
            "expired",
            "redirect",
            "endless",
        ):
            if fault := self._takes(operation, kind):
                return await self._as_told(fault, request)
        return None

    async def _as_told(self, fault: Fault, request: Request) -> Response:
        if fault.kind == "hang":
            await asyncio.sleep(3600)
        if fault.kind == "throttle":
            headers = {"Retry-After": fault.retry_after} if fault.retry_after else {}
            return JSONResponse({"error": "slow down"}, 429, headers=headers)
        if fault.kind == "endless":
            return Raw(b"x" * 65_536, repeat=100_000)
        told = {
            "error": Response("boom", 500),
            "html": Response("<!doctype html><html><body>Sign in</body></html>", 200, media_type="text/html"),
            "refuse": Response(f"cannot use {await request.body()!r} {dict(request.headers)!r}", 400),
            "denied": Response(f"bad credentials {dict(request.headers)!r}", 401),
            "expired": Response("<Error><Code>AccessDenied</Code><Message>Request has expired", 403),
            "redirect": Response(status_code=302, headers={"Location": f"{self.url}/_state"}),
        }
        return told[fault.kind]

    def _takes(self, operation: Operation, kind: str) -> Fault | None:
        for fault in self.faults:
            if fault.operation == operation and fault.kind == kind and fault.times > 0:
                fault.times -= 1
                return fault
        return None

    # --- who, and how often ------------------------------------------------------------------------------

    def _who(self, request: Request) -> tuple[str, str]:
        """The profile of a request and the key that it comes with; an empty one is nobody's."""
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        if request.url.path.startswith(("/create_async", "/get_report")):
            key = request.headers.get("x-api-key", "")
            return "legacy", key if key in self.api_keys else ""
        if "x-vibe-revision" in request.headers:
            known = request.headers["x-vibe-revision"] == "2026-06-01"
            return "public", self._tokens.get(bearer, "") if known else ""
        return "std", bearer if bearer in self.api_keys else ""

    def _too_many(self, key: str, profile: str, operation: Operation) -> Response | None:
        """Count a request; a refused one counts for nothing."""
        now, limits = self.now(), self._limits(profile, operation)
        times = self._times[key, profile if profile != "legacy" else f"legacy {operation}"]
        for count, window in limits:
            recent = [time for time in times if time > now - window]
            if len(recent) >= count:
                self.throttled += 1
                seconds = (min(recent) + window - now).total_seconds()
                return JSONResponse(
                    {"error": "limit"}, 429, headers={"x-rate-limit-retry-after": f"{seconds:.0f}"}
                )
        times.append(now)
        return None

    def _limits(self, profile: str, operation: Operation) -> list[tuple[int, timedelta]]:
        if profile == "public":
            return [(1, PER_SECOND), (self.minute, timedelta(minutes=1))]
        if profile == "std" or operation == "create":
            return [(self.hourly, timedelta(hours=1))]
        return []

    def _limit_headers(self, key: str, profile: str) -> dict[str, str]:
        if profile != "legacy":
            return {}
        since = self.now() - timedelta(hours=1)
        recent = [time for time in self._times[key, "legacy create"] if time > since]
        seconds = (min(recent) - since).total_seconds()
        left = self.hourly - len(recent)
        return {"x-rate-limit-left": str(left), "x-rate-limit-retry-after": f"{seconds:.0f}"}

    # --- for a process -----------------------------------------------------------------------------------

    async def _state(self, _: Request) -> Response:
        reports = [[report.id, report.advertiser, report.polls] for report in self.reports.values()]
        return JSONResponse({"calls": self.calls, "throttled": self.throttled, "reports": reports})

    async def _more_faults(self, request: Request) -> Response:
        self.faults += [Fault(**fault) for fault in await request.json()]
        return JSONResponse({"faults": len(self.faults)})


def main() -> None:
    """A process of its own, until it is stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8099)
    parser.add_argument("--ready-after", type=float, default=2.0, help="seconds")
    parser.add_argument("--api-key", default="demo-key")
    parser.add_argument("--oauth", default="demo-client:demo-secret", help="id:secret")
    given = parser.parse_args()
    identity, _, secret = given.oauth.partition(":")
    vibe = VibeSimulator(
        ready_after=given.ready_after,
        api_keys={given.api_key},
        oauth={identity: secret},
        url=f"http://{given.host}:{given.port}",
    )
    uvicorn.run(vibe.app(), host=given.host, port=given.port, log_level="warning")


if __name__ == "__main__":
    main()
