"""What the page knows of metrics is what the registry says."""

from __future__ import annotations

from deploy.checks import page
from libs.metrics.registry import METRICS


def test_every_metric_is_there_with_its_label_and_unit() -> None:
    module = page.metrics()
    for metric in METRICS:
        assert f'{{ name: "{metric.name}", label: "{metric.label}", unit: "{metric.unit}"' in module


def test_formulas_are_text_of_the_module() -> None:
    assert 'formula: "impressions × CPM ÷ 1000, by the rate of each day"' in page.metrics()
