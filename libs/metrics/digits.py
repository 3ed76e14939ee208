"""The values of a whole frame of sums as exact decimal digits, for files of many rows.

As ``values.unrounded`` for sums (all their decimals, at least the registry's) and ``values.shown`` for
quotients, a million rows at a time: integers of 128 bits, no float.
"""

from __future__ import annotations

import polars as pl

from libs.metrics.registry import Metric, Term, powers


def digits(metric: Metric) -> pl.Expr:
    """Text of a metric over columns of sums; null where a sum was never measured or the denominator is 0."""
    if metric.denominator is not None:
        return _written(_quotient(metric, metric.denominator), metric.decimals, metric.decimals)
    terms = [term for term in (metric.numerator, metric.minus) if term]
    scale = max(term.scale for term in terms)
    value = _scaled(metric.numerator, scale)
    if metric.minus:
        value = value - _scaled(metric.minus, scale)
    return _written(value, scale, metric.decimals)


def _scaled(term: Term, scale: int) -> pl.Expr:
    value = pl.col(term.column).cast(pl.Int128)
    return value * 10 ** (scale - term.scale) if scale > term.scale else value


def _quotient(metric: Metric, below: Term) -> pl.Expr:
    """The quotient × 10 ** decimals, rounded half up; its parts are sums of what is never negative."""
    factor, divisor = powers(metric)
    numerator = pl.col(metric.numerator.column).cast(pl.Int128) * (factor * 10**metric.decimals)
    denominator = pl.col(below.column).cast(pl.Int128) * divisor
    return pl.when(denominator != 0).then((2 * numerator + denominator) // (2 * denominator))


def _written(value: pl.Expr, scale: int, least: int) -> pl.Expr:
    """An integer scaled by so many decimals as text; no zeros at the end after the first ``least``."""
    if scale == 0:
        return value.cast(pl.String)
    size, power = value.abs(), 10**scale
    rest = (size % power).cast(pl.String).str.zfill(scale)
    decimals = [rest.str.head(least)]
    if scale > least:
        decimals.append(rest.str.tail(scale - least).str.strip_chars_end("0"))
    sign = pl.when(value < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    return pl.concat_str(sign, (size // power).cast(pl.String), pl.lit("."), *decimals)
