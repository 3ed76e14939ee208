"""docs/metrics.md: every Prometheus metric of ours, read from the code, and what is wrong with its name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

KINDS = ("Counter", "Gauge", "Histogram", "Summary", "Info", "Enum")
PREFIX = "tidemark_"
UNITS = ("_seconds", "_bytes", "_ratio")
_ODD = ("_milliseconds", "_ms", "_minutes", "_hours", "_kilobytes", "_megabytes", "_mb", "_percent")
BOUNDED = frozenset({"method", "outcome", "queue", "route", "schedule", "status"})
"""Labels with few values, whatever clients and people do: another one is a decision."""

_PAGE = """\
# Metrics

Generated from the code by `make generate`; `make check` compares. Do not edit.

Every service answers Prometheus on `/metrics/`, beside `/health/live` and `/health/ready`: workers on PORT,
the gateway on METRICS_PORT. Neither is public; the gateway's public port has none of them.

| metric | kind | labels | what | of |
|---|---|---|---|---|
{rows}

Names begin with `tidemark_` and end with the base unit (`_seconds`, `_bytes`) or, where something is counted,
with `_total`. A histogram is exposed as `…_bucket`, `…_sum` and `…_count`. Labels have few values: no client,
no id, no address; `route` is the pattern of an address, as in the API's document.

The library adds what it knows of the process: `process_*` (memory, CPU, open files) and `python_*` (garbage
collection, version).
"""


@dataclass(frozen=True)
class Metric:
    """One metric, as the code declares it."""

    name: str
    kind: str
    text: str
    labels: tuple[str, ...]
    path: str


def page(root: Path) -> str:
    """The text of docs/metrics.md. Raises ValueError naming what is against the conventions."""
    found = sorted(metrics(root), key=lambda metric: metric.name)
    if wrong := [problem for metric in found for problem in problems(metric)]:
        raise ValueError("; ".join(wrong))
    return _PAGE.format(rows="\n".join(_row(metric) for metric in found))


def problems(metric: Metric) -> Iterator[str]:
    """What is against the conventions of Prometheus, or has a label that may have any number of values."""
    if not metric.name.startswith(PREFIX):
        yield f"{metric.name} must begin with {PREFIX}"
    if (metric.kind == "Counter") != metric.name.endswith("_total"):
        yield f"{metric.name}: counters, and nothing else, end with _total"
    if metric.kind in ("Histogram", "Summary") and not metric.name.endswith(UNITS):
        yield f"{metric.name} must end with its base unit: {', '.join(UNITS)}"
    if metric.name.removesuffix("_total").endswith(_ODD):
        yield f"{metric.name} must be in a base unit: {', '.join(UNITS)}"
    if odd := set(metric.labels) - BOUNDED:
        yield f"{metric.name}: {', '.join(sorted(odd))} is no label that is known to have few values"


def metrics(root: Path) -> Iterator[Metric]:
    """Every call that declares a metric, in libs and services."""
    for folder in ("libs", "services"):
        for file in sorted((root / folder).rglob("*.py")):
            path = file.relative_to(root).as_posix()
            yield from declared(file.read_text(encoding="utf-8"), path)


def declared(code: str, path: str) -> Iterator[Metric]:
    """The metrics of one module: calls of prometheus_client's classes that it imports."""
    tree = ast.parse(code)
    imported = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "prometheus_client"
        for alias in node.names
        if alias.name in KINDS
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in imported:
            name, text, *rest = (ast.literal_eval(argument) for argument in node.args)
            yield Metric(name, imported[node.func.id], text, tuple(rest[0]) if rest else (), path)


def _row(metric: Metric) -> str:
    labels = ", ".join(f"`{label}`" for label in metric.labels) or "–"
    return f"| `{metric.name}` | {metric.kind.lower()} | {labels} | {metric.text} | {_owner(metric.path)} |"


def _owner(path: str) -> str:
    """Which services have it."""
    parts = Path(path).parts
    if parts[0] == "services":
        return parts[2] if parts[1] == "connectors" else parts[1]
    return {"bus": "every service with queues", "http": "gateway, facebook"}[parts[1]]
