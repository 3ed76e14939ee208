"""Every operation of the OpenAPI document by every caller: what is asked, and what must come back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
from jsonschema import Draft202012Validator

from tests.services.gateway.conftest import Api
from tests.services.gateway.connector import an_export
from tests.services.gateway.marked import Holding
from tests.services.gateway.operations import Operation, operations

PUBLIC = {"POST /auth/login", "POST /auth/refresh", "POST /auth/logout"}
"""What needs no credential, beside health. All else follows from the document; this must be said twice."""
REFUSALS = {401, 403, 404}


@dataclass(frozen=True)
class Caller:
    """Somebody with a good credential, and what is theirs."""

    name: str
    credential: str
    role: str
    holding: Holding
    scopes: frozenset[str] | None = None
    """Of an API key; None: a session."""

    def may(self, operation: Operation) -> bool:
        """As far as the document says."""
        fits = self.scopes is None or bool(self.scopes & set(operation.scopes))
        return fits and (operation.access != "A" or self.role == "admin")


def ordered(api: Api) -> list[Operation]:
    """All that need a credential: those that only read first, those that end something last."""

    def late(operation: Operation) -> tuple[bool, bool]:
        return operation.method != "GET", operation.method == "DELETE" or "toggle" in operation.path

    return sorted((found for found in operations(api.app) if found.access != "P"), key=late)


async def ask(
    api: Api,
    operation: Operation,
    credential: str | None,
    ids: Mapping[str, UUID],
    asked: Iterable[str] = ("client_id",),
) -> httpx.Response:
    """Send an operation with these ids in its address and body, and those ``asked`` for in its query."""
    unknown = {*operation.ids, *operation.query_ids, *operation.body_ids} - ids.keys()
    assert not unknown, f"{operation} takes {unknown}: give the holdings of marked.py one"
    params = {name: str(ids[name]) for name in operation.query_ids if name in asked}
    body = operation.body
    if body is not None:
        chosen = [name for name in operation.body_ids if name in body or name in asked]
        body |= {name: str(ids[name]) for name in chosen}
    headers = {} if credential is None else {"Authorization": f"Bearer {credential}"}
    return await api(
        operation.method,
        operation.at(ids),
        who=None,
        headers=headers,
        params={**operation.needed, **params},
        **operation.sent(body, an_export()),
    )


def problems(operation: Operation, answer: httpx.Response) -> list[str]:
    """Where an answer is not what the document says: status, content type, shape."""
    documented = operation.document["responses"].get(str(answer.status_code))
    if documented is None:
        return [f"{answer.status_code} is not documented: {answer.text[:300]}"]
    kind = answer.headers["content-type"].partition(";")[0]
    if kind not in documented["content"]:
        return [f"{kind} is not documented"]
    if kind != "application/json":
        return []
    schema = {**documented["content"][kind]["schema"], "components": {"schemas": operation.schemas}}
    found = Draft202012Validator(schema).iter_errors(json.loads(answer.text))
    return [f"{error.json_path}: {error.message[:200]}" for error in found]


def same(answer: httpx.Response) -> tuple[int, dict[str, Any]]:
    """An error without the only thing that may differ."""
    body = answer.json()
    assert body.pop("correlation_id") == answer.headers["X-Request-ID"]
    return answer.status_code, body
