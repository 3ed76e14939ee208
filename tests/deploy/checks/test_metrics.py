"""docs/metrics.md: complete, and names as Prometheus has them."""

from __future__ import annotations

import importlib

import pytest
from prometheus_client import REGISTRY

from deploy.checks.metrics import PREFIX, Metric, declared, metrics, page, problems
from tests.architecture.discovery import ROOT, built_services

GOOD = Metric("tidemark_things_total", "Counter", "Things.", ("queue",), "libs/bus/x.py")


def test_every_metric_of_every_service_is_in_the_document() -> None:
    for package in built_services().values():
        importlib.import_module(f"{package}.main")
    ours = {family.name for family in REGISTRY.collect() if family.name.startswith(PREFIX)}
    documented = {metric.name.removesuffix("_total") for metric in metrics(ROOT)}
    assert documented == ours
    text = (ROOT / "docs/metrics.md").read_text()
    assert all(f"`{name}" in text for name in ours)


def test_the_document_is_that_of_the_code() -> None:
    assert page(ROOT) == (ROOT / "docs/metrics.md").read_text()


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"name": "messages_total"}, "must begin with"),
        ({"name": "tidemark_things"}, "counters, and nothing else"),
        ({"name": "tidemark_things_total", "kind": "Gauge"}, "counters, and nothing else"),
        ({"name": "tidemark_wait", "kind": "Histogram"}, "must end with its base unit"),
        ({"name": "tidemark_wait_ms", "kind": "Gauge"}, "must be in a base unit"),
        ({"labels": ("client_id",)}, "client_id is no label"),
    ],
)
def test_a_name_against_the_conventions_is_told(changed: dict[str, object], told: str) -> None:
    metric = Metric(**{**vars(GOOD), **changed})
    assert any(told in problem for problem in problems(metric))
    assert list(problems(GOOD)) == []


def test_only_metrics_are_found() -> None:
    code = (
        "from collections import Counter\nfrom prometheus_client import Gauge as G\n"
        "a = Counter('x')\nb = G('tidemark_b', 'B.')\n"
    )
    assert [metric.name for metric in declared(code, "libs/bus/x.py")] == ["tidemark_b"]
