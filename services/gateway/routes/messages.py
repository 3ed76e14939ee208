"""The messages between services, as a page and as AsyncAPI documents: made from the contracts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from html import escape
from typing import Any

from fastapi import APIRouter
from starlette.responses import HTMLResponse, JSONResponse

from contracts.asyncapi import SERVICES, document_of
from libs.http.errors import Problem

router = APIRouter(prefix="/docs/messages", include_in_schema=False)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}"
    "td,th{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0}"
)


@router.get("")
async def page() -> HTMLResponse:
    """Who takes and sends what."""
    return HTMLResponse(_page(), headers={"Content-Security-Policy": _POLICY})


@router.get("/{service}.json")
async def one(service: str) -> JSONResponse:
    """The AsyncAPI 3.0 document of a service."""
    if service not in SERVICES:
        raise Problem(404, f"No service {service} takes or sends messages: see /docs/messages")
    return JSONResponse(document_of(service))


@cache
def _page() -> str:
    head = f"<meta charset=utf-8><title>Tidemark: messages</title><style>{_STYLE}</style>"
    body = f"<h1>Messages</h1>{''.join(_sections())}"
    return f"<!doctype html><html lang=en><head>{head}</head><body>{body}</body></html>"


def _sections() -> Iterator[str]:
    for service in SERVICES:
        document = document_of(service)
        yield f'<h2 id="{service}">{service}</h2>'
        yield f'<p><a href="/docs/messages/{service}.json">AsyncAPI 3.0</a></p>'
        yield "<table><tr><th></th><th>channel</th><th>messages</th><th>what for</th></tr>"
        for name, channel in document["channels"].items():
            cells = _cells(document, name, channel)
            yield f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
        yield "</table>"


def _cells(document: dict[str, Any], name: str, channel: dict[str, Any]) -> tuple[str, str, str, str]:
    known = document["components"]["messages"]
    told = [f"{known[key]['name']} ({key}): {known[key]['summary']}" for key in channel["messages"]]
    way = "takes" if f"receive {name}" in document["operations"] else "sends"
    return way, name, " ".join(told), channel["description"]
