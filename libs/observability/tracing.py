"""Traces, where they are wanted: from a request through every message that follows from it.

While they are off, nothing of OpenTelemetry is imported and a span is one object that does nothing.
``start`` is called by a service's main.py; everybody else just asks for spans.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Protocol, cast

from libs.settings import AppSettings

if TYPE_CHECKING:
    from sqlalchemy import Engine

Value = str | int | float | bool
Attributes = Mapping[str, Value]
Kind = Literal["server", "client", "producer", "consumer", "internal"]


class Span(Protocol):
    """A piece of work that is under way."""

    def rename(self, name: str) -> None:
        """Call it otherwise, now that more is known."""

    def note(self, attributes: Attributes) -> None:
        """Say something about it. Never a person's data, a secret or a value of a statement."""

    def fail(self, reason: str) -> None:
        """It did not succeed; ``reason``: one of few words, such as the name of an exception."""


class Tracer(Protocol):
    """What makes spans and sends them away."""

    def span(
        self, name: str, kind: Kind, parent: str | None, attributes: Attributes
    ) -> AbstractContextManager[Span]:
        """A span around a block."""

    def traceparent(self) -> str | None:
        """The W3C header of the span that is under way here."""

    def note(self, attributes: Attributes) -> None:
        """Say something about the span that is under way here."""

    def watch(self, engine: Engine) -> None:
        """Make a span of each statement inside a span."""

    def stop(self) -> None:
        """Send what is left, for a limited time."""


class _NoSpan(AbstractContextManager["_NoSpan"]):
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def rename(self, name: str) -> None:
        """Nothing."""

    def note(self, attributes: Attributes) -> None:
        """Nothing."""

    def fail(self, reason: str) -> None:
        """Nothing."""


@dataclass
class _State:
    tracer: Tracer | None = None


_state = _State()
NO_SPAN = _NoSpan()
"""What stands for a span where there is none."""


def start(service: str, settings: AppSettings) -> None:
    """Trace from now on, if OTEL_EXPORTER_OTLP_ENDPOINT is set; before engines are made."""
    if settings.otel_exporter_otlp_endpoint and _state.tracer is None:
        module = importlib.import_module("libs.observability.otlp")
        _state.tracer = cast("Tracer", module.Exporting(service, settings))


def stop() -> None:
    """Send what is left, for five seconds at most; nothing is traced any more."""
    tracer, _state.tracer = _state.tracer, None
    if tracer is not None:
        tracer.stop()


def on() -> bool:
    """Whether anything is traced: for those who would have to gather attributes first."""
    return _state.tracer is not None


def span(
    name: str,
    kind: Kind = "internal",
    *,
    parent: str | None = None,
    attributes: Attributes | None = None,
) -> AbstractContextManager[Span]:
    """A span around a block: below ``parent`` (a ``traceparent``), else below the one that is under way.

    Requests and messages without a parent begin a trace. An exception that leaves the block is a failure.
    """
    tracer = _state.tracer
    return NO_SPAN if tracer is None else tracer.span(name, kind, parent, attributes or {})


def traceparent() -> str | None:
    """The W3C ``traceparent`` of the span that is under way here, if there is one."""
    return None if _state.tracer is None else _state.tracer.traceparent()


def note(attributes: Attributes) -> None:
    """Say something about the span that is under way here."""
    if _state.tracer is not None:
        _state.tracer.note(attributes)


def watch(engine: Engine) -> None:
    """Make a span of each statement that this engine executes inside a span."""
    if _state.tracer is not None:
        _state.tracer.watch(engine)
