/** How a trend looks. */
import { type EChartsCoreOption } from "echarts/core";
import { formatShortDay } from "../format/dates";
import { formatFigure } from "../format/numbers";
import { type Colours, coloursOf } from "./colours";
import { gapsOf, isAlone, splitByStatus } from "./points";
import { tooltipOf } from "./tooltip";
import { type Shown } from "./trend";

export function optionOf(element: HTMLElement, shown: Shown): EChartsCoreOption {
  const { points, metric, currency, hasComparison } = shown;
  const colours = coloursOf(element);
  const { final, provisional } = splitByStatus(points);
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  return {
    animation: !still,
    animationDuration: 250,
    textStyle: { fontFamily: getComputedStyle(element).fontFamily, color: colours.muted },
    grid: { left: 8, right: 12, top: 12, bottom: 4, containLabel: true },
    tooltip: {
      trigger: "axis",
      transitionDuration: 0,
      confine: true,
      backgroundColor: colours.raised,
      borderColor: colours.line,
      textStyle: { color: colours.text, fontSize: 12 },
      formatter: (params: unknown) => tooltipOf(points[indexOf(params)], metric, currency, hasComparison),
    },
    xAxis: {
      type: "category",
      data: points.map((point) => point.date),
      boundaryGap: points.length === 1,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colours.line } },
      axisLabel: { color: colours.muted, hideOverlap: true, formatter: (day: string) => formatShortDay(day) },
    },
    yAxis: {
      type: "value",
      splitNumber: 4,
      splitLine: { lineStyle: { color: colours.line } },
      axisLabel: {
        color: colours.muted,
        formatter: (value: number) => formatFigure(metric, value, currency, "compact"),
      },
    },
    series: [
      ...(hasComparison ? [lineOf(points.map((point) => point.compareValue), colours.series2, "dotted", 1.5)] : []),
      lineOf(provisional, colours.series1, "dashed", 2),
      {
        ...lineOf(final, colours.series1, "solid", 2),
        areaStyle: { opacity: 0.07 },
        markArea: gapAreas(shown, colours),
      },
    ],
  };
}

function lineOf(values: readonly (number | null)[], color: string, type: string, width: number): object {
  return {
    type: "line",
    color,
    connectNulls: false,
    lineStyle: { type, width },
    symbolSize: 5,
    data: values.map((value, index) => ({ value, symbol: isAlone(values, index) ? "circle" : "none" })),
  };
}

function gapAreas({ points }: Shown, colours: Colours): object {
  const at = (index: number): string | undefined => points[Math.max(0, Math.min(points.length - 1, index))]?.date;
  return {
    silent: true,
    itemStyle: { color: colours.gap },
    data: gapsOf(points).map(([first, last]) => [{ xAxis: at(first - 1) }, { xAxis: at(last + 1) }]),
  };
}

function indexOf(params: unknown): number {
  const first: unknown = Array.isArray(params) ? params[0] : params;
  return (first as { readonly dataIndex?: number } | undefined)?.dataIndex ?? -1;
}
