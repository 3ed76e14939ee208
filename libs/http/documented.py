"""Who may use an operation, as the OpenAPI document says it: read from what its route depends on.

x-access            P  everybody
                    C  client users, for what is theirs, and administrators
                    A  administrators
x-api-key-scopes    an API key that has one of these will do, too; none: only a session does
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from libs.http import access

ACCESS, SCOPES = "x-access", "x-api-key-scopes"
_LETTERS: tuple[tuple[Callable[..., Any], str], ...] = (
    (access.administrator, "A"),
    (access.known, "C"),
    (access.anybody, "P"),
)
"""The first that a route depends on tells."""


class Undeclared(Exception):
    """A route that does not say who may use it."""


def with_access(app: FastAPI, document: dict[str, Any]) -> dict[str, Any]:
    """The OpenAPI document of an application, each operation with its access. Raises Undeclared."""
    for route in iter_route_contexts(app.routes):
        if getattr(route, "include_in_schema", False) and (dependant := getattr(route, "dependant", None)):
            for method in sorted(route.methods or ()):
                operation = document["paths"][route.path_format][method.lower()]
                operation.update(_access_of(f"{method} {route.path_format}", method, dependant))
                _say_that_it_is_optional(operation)
    return document


def _access_of(name: str, method: str, dependant: Dependant) -> dict[str, Any]:
    calls = set(_calls(dependant))
    letter = next((letter for call, letter in _LETTERS if call in calls), None)
    if letter is None:
        raise Undeclared(f"{name} does not say who may use it: take a caller of libs.http.access, or Public")
    return {ACCESS: letter, SCOPES: _scopes(method, calls)}


def _scopes(method: str, calls: set[Callable[..., Any]]) -> list[str]:
    """What all of them let in."""
    reads = {"read"} if method in access.READS else set()
    gates: dict[Callable[..., Any], set[str]] = {
        access.uploading: {"upload"},
        access.reader: {"read"},
        access.signed_in: reads,
        access.arriving: set(),
    }
    asked = [scopes for gate, scopes in gates.items() if gate in calls]
    return sorted(set.intersection(*asked)) if asked else []


def _calls(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    for found in dependant.dependencies:
        if found.call is not None:
            yield found.call
        yield from _calls(found)


def _say_that_it_is_optional(operation: dict[str, Any]) -> None:
    """Whoever may use it without a credential may still send one."""
    if operation[ACCESS] == "P" and operation.get("security"):
        operation["security"] = [*operation["security"], {}]
