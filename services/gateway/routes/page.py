"""The page in the browser, as `make web` built it: its views, and the files that they are made of."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from libs.http.errors import NotFound

BUILT = Path(__file__).parents[1] / "web" / "dist"
VIEWS = ("overview", "explorer", "uploads", "operations", "administration", "account", "login")
"""The first part of an address that the page knows; one more may follow, the rest is in the query."""
NOT_BUILT = "The page is not built: run `make web`, then load this again. The API is documented at /docs.\n"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    # Previews of creatives are wherever a platform keeps them.
    "img-src 'self' data: https:; "
    "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
FOREVER = "public, max-age=31536000, immutable"
"""The names of such files hold a digest of what is in them."""


def router_of(folder: Path) -> APIRouter:
    """Serves what was built into this folder, also while the gateway is running."""
    router = APIRouter(include_in_schema=False)

    async def view(request: Request) -> Response:
        index = folder / "index.html"
        if not index.is_file():
            return PlainTextResponse(NOT_BUILT, status_code=503)
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}
        return _sent(request, index, "text/html", headers)

    async def asset(request: Request, name: str) -> Response:
        kind, file = KINDS.get(Path(name).suffix), folder / "assets" / name
        if kind is None or not file.is_file():
            raise NotFound("file")
        return _sent(request, file, kind, {"Cache-Control": FOREVER})

    for path in ("/", *(f"/{name}" for name in VIEWS), *(f"/{name}/{{part}}" for name in VIEWS)):
        router.add_api_route(path, view, methods=["GET", "HEAD"], response_class=Response)
    router.add_api_route("/assets/{name}", asset, methods=["GET", "HEAD"], response_class=Response)
    return router


def _sent(request: Request, file: Path, kind: str, headers: dict[str, str]) -> FileResponse:
    """The file, compressed when it was built where the browser takes that."""
    packed = file.with_name(f"{file.name}.gz")
    headers = {**headers, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", "") and packed.is_file():
        return FileResponse(packed, media_type=kind, headers={**headers, "Content-Encoding": "gzip"})
    return FileResponse(file, media_type=kind, headers=headers)
