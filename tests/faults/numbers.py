"""I3, I4 and I6: every row, every sum, and the ledger, exactly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from tests.faults import model
from tests.faults.case import Case
from tests.faults.differences import differences
from tests.faults.evidence import totals_of
from tests.faults.shown import shown


def facts_equal_the_model(case: Case) -> Iterator[str]:
    """I3: every row, every metric, every spend."""
    wanted = model.standing(case.stand())
    for gone in case.plan.deleted:
        wanted = {
            f: v
            for f, v in wanted.items()
            if (f.client, f.source, f.account, f.path[0])
            != (gone.client, gone.source, gone.account, gone.campaign)
        }
    if case.now.nameless:
        yield f"{case.now.nameless} facts have no place in the hierarchy"
    yield from differences("fact", wanted, case.now.facts)
    rates = case.rates
    spends = {}
    for fact, values in wanted.items():
        cpm = model.rate_of(rates, fact.client, fact.source, fact.day)
        spends[fact] = model.spend_e7(values[0], cpm)
    shown = {f: None if s is None else int(s.scaleb(7)) for f, s in case.now.spends.items()}
    yield from differences("spend", spends, shown)


def rollups_equal_the_facts(case: Case) -> Iterator[str]:
    """I4: rollups, blocks and summaries are sums of the facts that stand."""
    rates = case.rates
    yield from differences("rollup", model.summed(case.now.facts, rates), case.now.rollups)
    yield from differences("block", _blocks(case, rates), case.now.blocks)
    by_period: dict[tuple[object, ...], list[model.Sums]] = {}
    days: dict[tuple[object, ...], set[object]] = {}
    for (client, _, _, day, _), sums in case.now.rollups.items():
        for period, start in _periods(day):
            by_period.setdefault((client, period, start), []).append(sums)
            days.setdefault((client, period, start), set()).add(day)
    wanted = {
        key: {"days": Fraction(len(days[key])), **_in_units(model.total(parts))}
        for key, parts in by_period.items()
    }
    told = {
        key: {name: None if v is None else Fraction(v) for name, v in summary["sums"].items()}
        for key, summary in case.now.summaries.items()
    }
    yield from differences("summary", wanted, told)


def api_equals_the_rollups(case: Case) -> Iterator[str]:
    """I5: totals, campaigns and creatives as the API shows them are the rollups, rounded once."""
    for client, answers in case.answers.items():
        campaigns: dict[tuple[str, str], list[model.Sums]] = {}
        for (owner, source, _, day, name), sums in case.now.rollups.items():
            assert isinstance(day, date)
            if owner == client and case.plan.range[0] <= day <= case.plan.range[1]:
                campaigns.setdefault((str(source), str(name)), []).append(sums)
        everything = shown(model.total(sums for parts in campaigns.values() for sums in parts))
        for what, said in (("summary", answers.summary), ("totals of creatives", answers.of_creatives)):
            yield from differences(f"API's {what} of", {client: everything}, {client: said})
        for key, parts in campaigns.items():
            rows = answers.campaigns.get(key, [])
            if len(rows) == 1:  # where accounts share a name, the rows are told apart by ids alone
                wanted = shown(model.total(parts))
                yield from differences("API's campaign", {key: wanted}, {key: rows[0]})
        missing = campaigns.keys() ^ answers.campaigns.keys()
        yield from (f"the API has or lacks campaign {key} of {client}" for key in missing)


def runs_applied_once(case: Case) -> Iterator[str]:
    """I6: a run changes a date once, and each line of the ledger begins where the one before ended."""
    loads = Counter((line.slice, line.run_no) for line in case.now.ledger if line.kind == "load")
    for (slice_, run_no), times in loads.items():
        if times > 1:
            yield f"run {run_no} was applied {times} times to {slice_}"
    last: dict[tuple[object, ...], model.Values] = {}
    nothing = totals_of([])
    for line in case.now.ledger:
        if line.kind == "superseded":
            continue
        if last.get(line.slice, nothing) != line.before:
            yield f"a gap in the ledger of {line.slice}: {last.get(line.slice)} → {line.before} ({line.kind})"
        last[line.slice] = line.after
    slices: dict[tuple[object, ...], list[model.Values]] = {key: [] for key in last}
    for fact, values in case.now.facts.items():
        slices.setdefault((fact.client, fact.source, fact.account, fact.day), []).append(values)
    stands = {key: totals_of(values) for key, values in slices.items()}
    yield from differences("last line of the ledger for", stands, last)


def _periods(day: object) -> tuple[tuple[str, object], ...]:
    assert isinstance(day, date)
    return ("week", model.week_of(day)), ("month", model.month_of(day))


def _blocks(case: Case, rates: list[model.Rate]) -> dict[tuple[int, str, object], dict[int, model.Sums]]:
    parts: dict[tuple[int, str, object], dict[int, list[model.Sums]]] = {}
    for fact, values in case.now.facts.items():
        client, creative = case.now.creative_of[fact]
        row = model.measured(values, model.rate_of(rates, fact.client, fact.source, fact.day))
        for period, start in (("day", fact.day), *_periods(fact.day)):
            parts.setdefault((client, period, start), {}).setdefault(creative, []).append(row)
    return {key: {c: model.total(rows) for c, rows in by.items()} for key, by in parts.items()}


_SCALES = {"conversion_revenue": ("conversion_revenue_micros", 6), "spend": ("spend_e7", 7)}


def _in_units(sums: model.Sums) -> dict[str, Fraction | None]:
    """The sums of a summary: counts, and money in units of the currency."""
    plain = {name: (name, 0) for name in ("impressions", "clicks", "conversions", "video_completions")}
    found: dict[str, Fraction | None] = {}
    for name, (column, scale) in {**plain, **_SCALES}.items():
        value = sums[column]
        found[name] = None if value is None else Fraction(value, 10**scale)
    return found
