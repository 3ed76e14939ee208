"""src/api/metrics.ts of the page: the registry of metrics as the page needs it."""

from __future__ import annotations

import json

from libs.metrics.registry import METRICS, Metric

PATH = "services/gateway/web/src/api/metrics.ts"

_MODULE = """\
// Made from libs/metrics/registry.py by `make generate`. Do not edit.

export interface Metric {{
  readonly name: string;
  readonly label: string;
  readonly unit: "count" | "money" | "percent" | "ratio";
  /** As shown; the API has rounded already. */
  readonly decimals: number;
  /** Whether values of parts may be added up. */
  readonly additive: boolean;
  readonly formula: string;
}}

/** In the order in which people read them. Which of them somebody may see is what the API returns. */
export const METRICS = [
{rows}
] as const satisfies readonly Metric[];

export type MetricName = (typeof METRICS)[number]["name"];
"""


def metrics() -> str:
    """The module as text."""
    return _MODULE.format(rows="\n".join(_row(metric) for metric in METRICS))


def _row(metric: Metric) -> str:
    values = {
        "name": metric.name,
        "label": metric.label,
        "unit": metric.unit.value,
        "decimals": metric.decimals,
        "additive": metric.additive,
        "formula": metric.formula,
    }
    told = ", ".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in values.items())
    return f"  {{ {told} }},"
