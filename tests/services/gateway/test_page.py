"""The page: its files as they were built, with what protects it; nothing where it was not built."""

from __future__ import annotations

import gzip
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from libs.http.errors import handle_errors
from services.gateway.routes import page

INDEX = b'<script type="module" src="/assets/index-a1b2.js"></script>'
SCRIPT = b"console.log(1)"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """As `make web` leaves it."""
    (tmp_path / "assets").mkdir()
    for name, content in (("index.html", INDEX), ("assets/index-a1b2.js", SCRIPT)):
        (tmp_path / name).write_bytes(content)
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(content))
    (tmp_path / "assets" / "plain-c3d4.css").write_bytes(b"a{}")
    (tmp_path / "secret.js").write_bytes(b"not a file of the page")
    return tmp_path


def browser(folder: Path) -> httpx.AsyncClient:
    """Asks a gateway that has nothing but the page."""
    app = FastAPI()
    app.include_router(page.router_of(folder))
    handle_errors(app)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway")


@pytest.mark.parametrize("path", ["/", *(f"/{view}" for view in page.VIEWS), "/operations/runs"])
async def test_every_view_is_the_same_document(folder: Path, path: str) -> None:
    answer = await browser(folder).get(f"{path}?client=x&range=last_7_days")
    assert (answer.status_code, answer.content) == (200, INDEX)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-cache"


async def test_the_policy_lets_nothing_in_from_elsewhere(folder: Path) -> None:
    policy = (await browser(folder).get("/")).headers["Content-Security-Policy"]
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
    assert rules == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "connect-src": "'self'",
        "img-src": "'self' data: https:",
        "font-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }


async def test_files_are_kept_for_ever_and_sent_compressed(folder: Path) -> None:
    for encoding, sent in (("gzip", "gzip"), ("identity", None)):
        answer = await browser(folder).get("/assets/index-a1b2.js", headers={"Accept-Encoding": encoding})
        assert (answer.status_code, answer.content) == (200, SCRIPT)
        assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers.get("Content-Encoding") == sent
        assert answer.headers["Vary"] == "Accept-Encoding"
    plain = await browser(folder).get("/assets/plain-c3d4.css")
    assert (plain.content, plain.headers["Content-Type"]) == (b"a{}", "text/css; charset=utf-8")


@pytest.mark.parametrize(
    "path",
    [
        "/assets/gone.js",
        "/assets/..%2fsecret.js",
        "/assets/index-a1b2.js.gz",
        "/assets/",
        "/secret.js",
        "/nowhere",
        "/overview/a/b",
    ],
)
async def test_anything_else_is_not_there(folder: Path, path: str) -> None:
    answer = await browser(folder).get(path)
    assert answer.status_code == 404
    assert answer.json()["error_code"] == "NOT_FOUND"


async def test_a_page_that_is_not_built_says_how_to(tmp_path: Path) -> None:
    answer = await browser(tmp_path).get("/")
    assert answer.status_code == 503
    assert "make web" in answer.text
