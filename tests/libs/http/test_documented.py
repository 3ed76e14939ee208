"""What the OpenAPI document says of access comes from the dependencies of a route, and nothing else."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Depends, FastAPI

from libs.http.access import Admin, Database, Known, Personal, Public, Reader, Signed, Uploading
from libs.http.documented import Undeclared, with_access


def documented(app: FastAPI) -> dict[str, Any]:
    """Address → method → (access, scopes)."""
    paths = with_access(app, app.openapi())["paths"]
    return {
        path: {name: (found["x-access"], found["x-api-key-scopes"]) for name, found in methods.items()}
        for path, methods in paths.items()
    }


def made(signature: Any, *, public: bool = False) -> FastAPI:
    """An application with one address, below two routers, for GET and POST."""

    async def route(caller: Any = None) -> None:
        """Nothing is done."""

    route.__annotations__["caller"] = signature
    inner, outer = APIRouter(), APIRouter(prefix="/outer")
    dependencies = [Public] if public else []
    inner.add_api_route("/{thing}", route, methods=["GET"], dependencies=dependencies)
    inner.add_api_route("/{thing}", route, methods=["POST"], dependencies=dependencies)
    outer.include_router(inner)
    app = FastAPI()
    app.include_router(outer)
    return app


@pytest.mark.parametrize(
    ("caller", "get", "post"),
    [
        (Admin, ("A", ["read"]), ("A", [])),
        (Signed, ("C", ["read"]), ("C", [])),
        (Database, ("C", ["read"]), ("C", [])),
        (Reader, ("C", ["read"]), ("C", ["read"])),
        (Uploading, ("C", ["upload"]), ("C", ["upload"])),
        (Personal, ("C", []), ("C", [])),
        (Known, ("C", []), ("C", [])),
    ],
)
def test_access_follows_from_the_caller(caller: Any, get: Any, post: Any) -> None:
    assert documented(made(caller)) == {"/outer/{thing}": {"get": get, "post": post}}


def test_a_dependency_of_a_dependency_counts() -> None:
    def deeper(caller: Admin) -> None:
        assert caller

    def deep(_: None) -> None:
        """It needs an administrator, but does not say so itself."""

    deep.__annotations__["_"] = Annotated[None, Depends(deeper)]
    found = documented(made(Annotated[None, Depends(deep)]))
    assert found["/outer/{thing}"]["get"] == ("A", ["read"])


def test_a_key_must_fit_all_that_a_route_depends_on() -> None:
    """A transaction takes keys for reading, what is about one's own account takes none."""

    async def route(caller: Personal, connection: Database) -> None:
        assert caller
        assert connection

    app = FastAPI()
    app.add_api_route("/both", route)
    assert documented(app) == {"/both": {"get": ("C", [])}}


def test_what_is_public_says_so() -> None:
    assert documented(made(str, public=True))["/outer/{thing}"]["get"] == ("P", [])


def test_a_route_that_says_nothing_is_refused() -> None:
    with pytest.raises(Undeclared, match=r"GET /outer/\{thing\} does not say who may use it"):
        documented(made(str))
