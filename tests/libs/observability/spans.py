"""Spans as a collector gets them, decoded with OpenTelemetry's own protocol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span as Sent

from tests.libs.observability.receiver import Receiver


@dataclass(frozen=True)
class Span:
    """One span; ids in hexadecimal digits, ``parent`` empty where it begins a trace."""

    service: str
    name: str
    kind: str
    trace: str
    id: str
    parent: str
    failed: bool
    attributes: dict[str, Any]


def spans_of(receiver: Receiver) -> list[Span]:
    """Every span that came until now."""
    found = []
    for post in list(receiver.posts):
        assert post.path == "/v1/traces"
        for group in ExportTraceServiceRequest.FromString(post.body).resource_spans:
            service = _values(group.resource.attributes)["service.name"]
            found += [_span(service, sent) for scope in group.scope_spans for sent in scope.spans]
    return found


def way_up(span: Span, spans: Sequence[Span]) -> list[Span]:
    """The span, its parent, and so on up to what began the trace."""
    by_id = {(other.trace, other.id): other for other in spans}
    way = [span]
    while way[-1].parent:
        way.append(by_id[way[-1].trace, way[-1].parent])
    return way


def _span(service: str, sent: Sent) -> Span:
    return Span(
        service,
        sent.name,
        Sent.SpanKind.Name(sent.kind).removeprefix("SPAN_KIND_").lower(),
        sent.trace_id.hex(),
        sent.span_id.hex(),
        sent.parent_span_id.hex(),
        sent.status.code == 2,
        _values(sent.attributes),
    )


def _values(pairs: Any) -> dict[str, Any]:
    return {pair.key: getattr(pair.value, pair.value.WhichOneof("value")) for pair in pairs}
