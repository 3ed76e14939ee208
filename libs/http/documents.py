"""The OpenAPI document of an application: access, examples and the shapes they show, failures, short ids."""

from __future__ import annotations

import re
from typing import Any

import orjson
from fastapi import FastAPI

from libs.http.answers import exact_json
from libs.http.documented import with_access
from libs.http.failure import FAILURES, Error, possible
from libs.http.shapes import schema_of

Document = dict[str, Any]
NULL = "\u2400"
"""Stands for null in an example until the document is made: the framework leaves nulls out."""
INVALID: dict[int | str, dict[str, Any]] = {422: {**FAILURES[422], "model": Error}}
"""Of every route: the framework would put its own shape there."""
_DONE = {200: "Done", 201: "Added", 202: "Accepted: it happens soon", 503: "Not now"}


def answers(
    example: Any,
    status: int = 200,
    kind: str = "application/json",
    *,
    other: Any = None,
    modelled: bool = False,
    description: str = "",
) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of a route whose good answer looks like this, or like the ``other``.

    ``modelled``: how it looks is told by the route's model.
    """
    if "json" not in kind:
        content: dict[str, Any] = {"schema": _form_of(kind), "example": example}
    else:
        plain = orjson.loads(exact_json(example))
        content = {} if modelled else {"schema": _either(plain, other)}
        content["example"] = _replaced(plain, None, NULL)
    return {status: {"description": description or _DONE[status], "content": {kind: content}}}


def _form_of(kind: str) -> dict[str, str]:
    """The schema of what is not JSON. An event stream is many texts: of it as one there is nothing to say."""
    if kind == "text/event-stream":
        return {}
    return {"type": "string"} if kind.startswith("text/") else {"type": "string", "format": "binary"}


def _either(example: Any, other: Any) -> dict[str, Any]:
    known = [schema_of(orjson.loads(exact_json(each))) for each in (example, other) if each is not None]
    return known[0] if len(known) == 1 else {"anyOf": known}


def document(app: FastAPI) -> Document:
    """The document, with access, failures and the nulls of examples; each time anew."""
    made, app.openapi_schema = FastAPI.openapi(app), None
    found: Document = _replaced(_completed(with_access(app, made)), NULL, None)
    return found


def _completed(made: Document) -> Document:
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            operation["operationId"] = _operation_id(method, path)
            found = {s: _as_of_3_1(a) for s, a in operation["responses"].items() if s != "422"}
            failures = {} if operation["tags"] == ["operations"] else possible(method.upper(), operation)
            operation["responses"] = dict(sorted({**failures, **found}.items()))
    return made


def _as_of_3_1(answer: Document) -> Document:
    """An answer without what the framework says of streams in the words of OpenAPI 3.2."""
    for content in answer.get("content", {}).values():
        content.pop("itemSchema", None)
    return answer


def _operation_id(method: str, path: str) -> str:
    """``get_campaigns_campaign_id_tree``: what a generated client calls its function."""
    return "_".join([method, *re.findall(r"[a-z0-9_]+", path.removeprefix("/api/v1").replace("-", "_"))])


def _replaced(content: Any, old: Any, new: Any) -> Any:
    if isinstance(content, dict):
        return {name: _replaced(value, old, new) for name, value in content.items()}
    if isinstance(content, list):
        return [_replaced(value, old, new) for value in content]
    return new if content == old else content
