"""Decisions about uploads. No I/O."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any, Literal, Self

from libs.connector.account import Client, RunRefused, Warned, differing_totals
from libs.metrics.registry import METRICS, visible
from services.connectors.facebook import parse

OnDuplicate = Literal["reject", "merge", "replace"]
OPEN = ("running", "stalled", "held")
NOT_STANDING = ("failed", "undone")
"""The same bytes may be uploaded again after a run that ended so."""
NAME_LIMIT = 255


@dataclass(frozen=True)
class Options:
    """What the form said about how an upload is to be read and loaded; kept with its artifact."""

    on_duplicate: OnDuplicate = "reject"
    campaign: str | None = None
    ad_set: str | None = None
    date_format: str | None = None

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any] | None) -> Self:
        """What was kept; fields that are not known any more are left out."""
        known = cls.__dataclass_fields__
        return cls(**{name: value for name, value in (kept or {}).items() if name in known})

    def for_reload(self) -> Options:
        """The rows of the first reading exist: they are updated, not refused."""
        kind: OnDuplicate = "merge" if self.on_duplicate == "reject" else self.on_duplicate
        return Options(kind, self.campaign, self.ad_set, self.date_format)

    @property
    def fill(self) -> dict[str, str]:
        """Names of the levels that the file does not have."""
        named = {"campaign": self.campaign, "strategy": self.ad_set}
        return {level: name for level, name in named.items() if name is not None}


def as_kept(client: Client, kept: Mapping[str, Any] | None) -> Client:
    """A client with the settings that a run began with (parse.settings_that_matter), whatever they are now.

    None: of a run that was accepted before they were kept.
    """
    if kept is None:
        return client
    settings = replace(
        client.settings,
        column_map=kept["column_map"],
        date_format=kept["date_format"],
        strict=kept["strict"],
        max_bad_share=Decimal(kept["max_bad_share"]),
    )
    return replace(client, timezone=kept["timezone"], settings=settings)


def safe_name(given: str | None) -> str:
    """The last part of a file's name, without what disturbs logs, paths and pages."""
    last = (given or "").replace("\\", "/").rpartition("/")[2]
    plain = unicodedata.normalize("NFC", last.encode("utf-8", "replace").decode())
    kept = "".join(char for char in plain if unicodedata.category(char)[0] != "C").strip(" .")
    return kept[-NAME_LIMIT:] or "upload"


def status_of(run_status: str | None, *, picked_up: bool) -> str:
    """``pending``, ``processing``, ``completed`` or ``failed``."""
    if run_status is None or (run_status == "running" and not picked_up):
        return "pending"
    if run_status in OPEN:
        return "processing"
    return "failed" if run_status in ("failed", "missing_file") else "completed"


def account_of(named: str, known: Collection[str]) -> str:
    """The account of an export: the one that it names, told together with what the client has already.

    One that names none is of the client's only account; where earlier exports named none, this one is of
    the same: else a column more in the next export would make twins of every campaign. Raises RunRefused
    when the client has several and the export does not say which.
    """
    if named:
        return "" if set(known) == {""} else named
    if len(known) > 1 and "" not in known:
        raise RunRefused(
            "account_missing",
            f"The client has exports of {len(known)} ad accounts ({', '.join(sorted(known))}): add the "
            "column Account ID to this one, so that it is clear which it is of",
        )
    return next(iter(known)) if len(known) == 1 else ""


def plain_account(text: str) -> str:
    """``1029`` of ``act_1029`` or ``1029.0``."""
    return text.removeprefix("act_").removeprefix("act:").removesuffix(".0")


def changed_definitions(now: Mapping[str, str], earlier: Mapping[str, str]) -> list[Warned]:
    """A warning for each metric that earlier uploads counted in another way."""
    found = []
    for metric in ("clicks", "conversions"):
        if metric not in now or metric not in earlier:
            continue
        kind, before = (parse.definition_of(metric, of[metric]) for of in (now, earlier))
        if kind != before:
            found.append(
                Warned(
                    "definition_changed",
                    f"{metric} are now {kind} ({now[metric]!r}); the client's earlier uploads counted "
                    f"{before} ({earlier[metric]!r})",
                    {"metric": metric, "now": now[metric], "earlier": earlier[metric]},
                )
            )
    return found


def refuse_periods(mapping: Mapping[str, str]) -> str | None:
    """Why a header is not that of a daily export; None if it is."""
    title = mapping["date"]
    if parse.is_period(title):
        return f"The dates are in the column {title!r}: the export is by week or month, not by day."
    if parse.is_start(title) and "date_end" not in mapping:
        return f"{title!r} says where a period starts, and no column says where it ends."
    return None


def hidden_sums(*, shows_cost: bool) -> frozenset[str]:
    """The summed columns that somebody may not see, cost being shown to them or not."""
    seen = {column for metric in visible(admin=False, show_cost=shows_cost) for column in metric.columns}
    return frozenset(column for metric in METRICS for column in metric.columns) - seen


def totals_shown(totals: Mapping[str, Any] | None, hidden: Collection[str]) -> dict[str, Any] | None:
    """What a file's own total row says, without hidden sums; null stays null."""
    if totals is None:
        return None
    return {name: value for name, value in totals.items() if name not in hidden}


def warnings_shown(
    warnings: Iterable[Mapping[str, Any]] | None, hidden: Collection[str]
) -> list[Mapping[str, Any]]:
    """The warnings of a run; the one that compares its totals names no hidden sum."""
    found = []
    for warning in warnings or ():
        differing = totals_shown(warning.get("differing"), hidden)
        if differing is None:
            found.append(warning)
        elif differing:
            found.append(differing_totals(differing).as_json())
    return found


def progress(run: Mapping[str, Any]) -> dict[str, Any]:
    """How far a run is, in batches; percent is null until the number of batches is known."""
    staged, expected = run["batches_staged"] or 0, run["batches_expected"]
    done = run["run_status"] is not None and run["run_status"] not in OPEN
    percent = 100 if done else (99 * staged // expected if expected else None)
    return {"batches_staged": staged, "batches_expected": expected, "percent": percent}
