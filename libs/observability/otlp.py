"""Spans that go to a collector, by OTLP over HTTP. Imported only where traces are wanted.

Sent from a thread of its own, from a bounded queue: a collector that is slow or away costs spans, no work.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from sqlalchemy import Engine

from libs.observability.statements import Statements
from libs.observability.tracing import Attributes, Kind
from libs.settings import AppSettings

EXPORT_SECONDS = 3
STOP_SECONDS = 5.0
_KINDS = {
    "server": trace.SpanKind.SERVER,
    "client": trace.SpanKind.CLIENT,
    "producer": trace.SpanKind.PRODUCER,
    "consumer": trace.SpanKind.CONSUMER,
    "internal": trace.SpanKind.INTERNAL,
}
_BEGINNINGS = ("server", "consumer")
"""What comes from outside the process: below what it says, and below nothing that happens to be here."""
_W3C = TraceContextTextMapPropagator()


class _Span:
    """One span, as the rest of the code sees it."""

    def __init__(self, span: trace.Span) -> None:
        self._span = span

    def rename(self, name: str) -> None:
        """Call it otherwise."""
        self._span.update_name(name)

    def note(self, attributes: Attributes) -> None:
        """Add attributes."""
        self._span.set_attributes(attributes)

    def fail(self, reason: str) -> None:
        """Mark it; without the exception's text, which may hold anything."""
        self._span.set_attribute("error.type", reason)
        self._span.set_status(trace.StatusCode.ERROR)


class Exporting:
    """Makes spans and sends them to OTEL_EXPORTER_OTLP_ENDPOINT."""

    def __init__(self, service: str, settings: AppSettings) -> None:
        exporter = OTLPSpanExporter(
            endpoint=f"{settings.otel_exporter_otlp_endpoint}/v1/traces",
            headers=_headers_of(settings),
            timeout=EXPORT_SECONDS,
        )
        self._provider = TracerProvider(
            sampler=ParentBased(TraceIdRatioBased(settings.otel_traces_sampler_arg)),
            resource=Resource.create(
                {
                    "service.namespace": "tidemark",
                    "service.name": service,
                    "service.version": settings.app_version,
                    "service.instance.id": f"{socket.gethostname()}:{os.getpid()}",
                    "deployment.environment.name": settings.environment,
                }
            ),
            shutdown_on_exit=False,
        )
        self._provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=1000))
        self._tracer = self._provider.get_tracer("tidemark", settings.app_version)

    @contextmanager
    def span(self, name: str, kind: Kind, parent: str | None, attributes: Attributes) -> Iterator[_Span]:
        """A span around a block; what leaves the block as an exception is a failure."""
        with self._tracer.start_as_current_span(
            name,
            _context_of(kind, parent),
            kind=_KINDS[kind],
            attributes=attributes,
            record_exception=False,
            set_status_on_exception=False,
        ) as found:
            made = _Span(found)
            try:
                yield made
            except BaseException as error:
                made.fail(type(error).__name__)
                raise

    def traceparent(self) -> str | None:
        """The header of the current span."""
        carrier: dict[str, str] = {}
        _W3C.inject(carrier)
        return carrier.get("traceparent")

    def note(self, attributes: Attributes) -> None:
        """Add attributes to the current span."""
        trace.get_current_span().set_attributes(attributes)

    def watch(self, engine: Engine) -> None:
        """Spans of statements."""
        Statements(self._tracer, engine.url).listen(engine)

    def stop(self) -> None:
        """Send what is left. What hangs is left behind: the thread does not hold up the process."""
        last = threading.Thread(target=self._provider.shutdown, daemon=True)
        last.start()
        last.join(STOP_SECONDS)


def _context_of(kind: Kind, parent: str | None) -> Context | None:
    if parent:
        return _W3C.extract({"traceparent": parent}, Context())
    return Context() if kind in _BEGINNINGS else None


def _headers_of(settings: AppSettings) -> dict[str, str]:
    """``name=value`` separated by commas; values may be percent-encoded, as the specification has it."""
    given = settings.otel_exporter_otlp_headers
    pairs = (pair.partition("=") for pair in (given.get_secret_value() if given else "").split(","))
    return {name.strip(): unquote(value.strip()) for name, _, value in pairs if name.strip()}
