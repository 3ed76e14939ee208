/** Draws a trend with ECharts: only the parts that it needs, in a chunk of its own. */
import { LineChart } from "echarts/charts";
import { GridComponent, MarkAreaComponent, TooltipComponent } from "echarts/components";
import { type ECharts, init, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { type Metric } from "../api/metrics";
import { optionOf } from "./trend-option";
import { type TrendPoint } from "./points";

use([LineChart, GridComponent, MarkAreaComponent, TooltipComponent, CanvasRenderer]);

export interface Shown {
  readonly points: readonly TrendPoint[];
  readonly metric: Metric;
  readonly currency: string | null;
  readonly hasComparison: boolean;
}

export interface Drawing {
  readonly show: (shown: Shown) => void;
  readonly dispose: () => void;
}

/** Begins a chart in an element, of whose size it stays. `onOpen`: a click on a point or anywhere above it. */
export function draw(element: HTMLElement, onOpen: (point: TrendPoint) => void): Drawing {
  const chart = init(element, null, { renderer: "canvas" });
  let points: readonly TrendPoint[] = [];
  chart.getZr().on("click", ({ offsetX, offsetY }) => {
    const point = points[indexAt(chart, offsetX, offsetY)];
    if (point !== undefined) onOpen(point);
  });
  const observer = new ResizeObserver(() => chart.resize());
  observer.observe(element);
  return {
    show: (shown) => {
      points = shown.points;
      chart.setOption(optionOf(element, shown), { notMerge: true });
    },
    dispose: () => {
      observer.disconnect();
      chart.dispose();
    },
  };
}

function indexAt(chart: ECharts, x: number, y: number): number {
  if (!chart.containPixel("grid", [x, y])) return -1;
  const found = chart.convertFromPixel({ xAxisIndex: 0 }, x) as unknown;
  return typeof found === "number" ? Math.round(found) : -1;
}
