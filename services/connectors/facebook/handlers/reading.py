"""How an upload is read, and what comes to light on the way: before it is accepted, and when it is loaded."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import polars as pl

from libs.connector.account import Client, RunRefused, Warned
from libs.connector.reading import Reading
from libs.tabular import HeaderReport, NotDaily, Table
from services.connectors.facebook import parse, rules
from services.connectors.facebook.handlers.begun import ReadTable
from services.connectors.facebook.rules import Options
from services.connectors.facebook.store.standing import History


@dataclass
class UploadReading(Reading):
    """Beside what every delivery has: the currency, the ad account, what counts as click and conversion."""

    client_currency: str = ""
    known_accounts: frozenset[str] = frozenset()
    earlier_definitions: dict[str, str] = field(default_factory=dict)
    _named_accounts: set[str] = field(default_factory=set)

    def begin_part(self, name: str, header: HeaderReport) -> None:
        """Raises NotDaily for exports by week, month or period, RunRefused for another currency."""
        if reason := rules.refuse_periods(header.mapping):
            raise NotDaily(f"{reason} {parse.HOW_TO_EXPORT_BY_DAY}", column=header.mapping["date"])
        super().begin_part(name, header)
        self.definitions["placement"] = header.mapping["creative"]
        self.warnings += rules.changed_definitions(header.mapping, self.earlier_definitions)
        if "conversions" not in header.mapping:
            self.warnings.append(
                Warned("no_conversions_column", "The file has no column of conversions: none are loaded")
            )
        if currency := parse.currency_of(header.mapping.get("media_cost", "")):
            self.use_currency(currency)

    def complete(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The ad is placement and creative; columns that hold one value for the whole file are looked at."""
        if frame.height:
            self._look_at_currency(frame)
            self._look_at_account(frame)
        return super().complete(frame.with_columns(pl.col("creative").alias("placement")))

    def _look_at_currency(self, frame: pl.DataFrame) -> None:
        if "currency" in frame.columns:
            for currency in frame["currency"].drop_nulls().unique(maintain_order=True):
                self.use_currency(currency.upper())

    def use_currency(self, currency: str) -> None:
        """Raises RunRefused for two currencies, and for another one than the client's."""
        super().use_currency(currency)
        if self.client_currency and currency != self.client_currency:
            raise RunRefused(
                "currency",
                f"The file is in {currency}, the client's currency is {self.client_currency}: nothing is "
                "converted; export it in the client's currency",
            )

    def _look_at_account(self, frame: pl.DataFrame) -> None:
        named = {""}
        if "account" in frame.columns:
            named = {rules.plain_account(text or "") for text in frame["account"].unique()}
        first = not self._named_accounts
        self._named_accounts |= named
        if len(self._named_accounts) > 1:
            shown = ", ".join(name or "(none)" for name in sorted(self._named_accounts))
            raise RunRefused(
                "several_accounts",
                f"The file has rows of several ad accounts ({shown}), and an upload is of one: choose one "
                "account in Ads Manager (in Ads Reporting: Filters, Account), export it, and upload each "
                "file on its own",
            )
        if first:
            self.account = rules.account_of(next(iter(named)), self.known_accounts)


def reading_of(
    read_table: ReadTable, client: Client, delivered_at: datetime, options: Options, past: History
) -> UploadReading:
    """How an upload of a client is read.

    No row is of a day after it was received. Measured by that time and not by today's clock, so that a run
    which is tried again tomorrow repeats its batches to the byte.
    """
    spec = parse.table_spec(
        client.settings,
        client.today(delivered_at),
        campaign=options.campaign,
        ad_set=options.ad_set,
        date_format=options.date_format,
    )

    @asynccontextmanager
    async def open_table(path: Path) -> AsyncIterator[Table]:
        try:
            async with read_table(path, spec) as table:
                yield table
        except NotDaily as error:
            if parse.HOW_TO_EXPORT_BY_DAY in error.message:
                raise
            said = f"{error.message} {parse.HOW_TO_EXPORT_BY_DAY}"
            raise NotDaily(said, **error.details) from error

    return UploadReading(
        open_table=open_table,
        coverage=None if options.on_duplicate == "replace" else [],
        on_existing="reject" if options.on_duplicate == "reject" else "update",
        fill=options.fill,
        max_bad_share=float(client.settings.max_bad_share),
        account_timezone=client.timezone,
        client_currency=past.currency,
        known_accounts=past.accounts,
        earlier_definitions=past.definitions,
    )
