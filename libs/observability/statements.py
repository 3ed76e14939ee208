"""Spans of SQL statements: which, where and how long; never with which values."""

from __future__ import annotations

import re
from typing import Any

from opentelemetry import trace
from sqlalchemy import URL, Connection, Engine, ExceptionContext, event

LONGEST_TEXT = 2_000
_KEPT = "tidemark_span"
_OPERATION = re.compile(r"\s*(\w+)")
_TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE)\s+(\w+)", re.IGNORECASE)


class Statements:
    """Makes a span of each statement that is executed inside a span.

    Those outside of one, such as looks into the outbox, would each be a trace of its own.
    """

    def __init__(self, tracer: trace.Tracer, url: URL) -> None:
        self._tracer = tracer
        self._where: dict[str, str | int] = {
            "db.system.name": "postgresql",
            "db.namespace": url.database or "",
            "server.address": url.host or "",
            "server.port": url.port or 5432,
        }

    def listen(self, engine: Engine) -> None:
        """From now on."""
        event.listen(engine, "before_cursor_execute", self._begins)
        event.listen(engine, "after_cursor_execute", self._ends)
        event.listen(engine, "handle_error", self._fails)

    def _begins(
        self, _: Connection, cursor: Any, statement: str, parameters: Any, context: Any, many: bool
    ) -> None:
        if context is None or not trace.get_current_span().is_recording():
            return
        operation, table = shape_of(statement)
        name = f"{operation} {table}".strip()
        attributes = {
            **self._where,
            "db.operation.name": operation,
            "db.query.summary": name,
            "db.query.text": statement[:LONGEST_TEXT],
        }
        setattr(
            context, _KEPT, self._tracer.start_span(name, kind=trace.SpanKind.CLIENT, attributes=attributes)
        )

    def _ends(
        self, _: Connection, cursor: Any, statement: str, parameters: Any, context: Any, many: bool
    ) -> None:
        if (span := getattr(context, _KEPT, None)) is not None:
            span.end()

    def _fails(self, found: ExceptionContext) -> None:
        span: trace.Span | None = getattr(found.execution_context, _KEPT, None)
        if span is None or not span.is_recording():
            return
        original = found.original_exception
        state = str(getattr(original, "sqlstate", None) or "")
        if state:
            span.set_attribute("db.response.status_code", state)
        span.set_attribute("error.type", state or type(original).__name__)
        span.set_status(trace.StatusCode.ERROR)
        span.end()


def shape_of(statement: str) -> tuple[str, str]:
    """(operation, first table) of a statement: (``SELECT``, ``clients``); empty where there is none."""
    operation, table = _OPERATION.match(statement), _TABLE.search(statement)
    return operation[1].upper() if operation else "", table[1] if table else ""
