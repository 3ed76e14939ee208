"""Requests of pages of other origins: starlette's rules, with answers as all others are."""

from __future__ import annotations

from functools import partial

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from libs.http.answers import ExactJSON
from libs.http.errors import CODES, envelope
from libs.http.middleware import ANSWERING

_OF_TEXT = ("content-type", "content-length")


class Cors(CORSMiddleware):
    """Below ``libs.http.middleware.Boundary``, whose answer to a bug has the headers of CORS, too."""

    def preflight_response(self, request_headers: Headers) -> Response:
        """Refused in the one shape of errors: which of origin, method and headers is not allowed."""
        answer = super().preflight_response(request_headers)
        if answer.status_code < 400:
            return answer
        said = bytes(answer.body).decode().removeprefix("Disallowed CORS ")
        headers = {name: value for name, value in answer.headers.items() if name not in _OF_TEXT}
        body = envelope(f"Pages of other origins may not ask so: {said} not allowed.", CODES[400])
        return ExactJSON(body, answer.status_code, headers)

    async def simple_response(
        self, scope: Scope, receive: Receive, send: Send, request_headers: Headers
    ) -> None:
        """Whatever answers, the headers of CORS are on it."""
        scope[ANSWERING] = partial(self.send, send=send, request_headers=request_headers)
        await super().simple_response(scope, receive, send, request_headers)
