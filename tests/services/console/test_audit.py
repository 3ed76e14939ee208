"""`tidemark audit verify`: whatever was done to the log is found, and said in one sentence."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from typer.testing import Result

from libs.settings import BusSettings
from libs.testing.databases import Database
from services.console.rules.chain import GENESIS, Chain, Head, Link, hash_of, head_of
from tests.services.console.conftest import sentence
from tests.services.console.test_commands import Terminal

LINES = 2_500
"""More than two pages."""


@dataclass
class Log:
    """An audit log with LINES lines, and what is done to it."""

    terminal: Terminal

    def verify(self, *arguments: str) -> Result:
        return self.terminal.run("audit", "verify", *arguments)

    def head(self) -> str:
        """As a verify that succeeds prints it."""
        found = self.verify()
        assert found.exit_code == 0, found.output + found.stderr
        (head,) = re.findall(r"^head (\d+:[0-9a-f]{64})$", found.output, flags=re.MULTILINE)
        return str(head)

    def write(self, count: int) -> None:
        self.terminal.sql(
            "INSERT INTO audit_logs (action, entity, entity_id, new_values) "
            "SELECT 'rate.set', 'rate', n, jsonb_build_object('cpm', n) FROM generate_series(1, $1::int) n",
            count,
        )

    def tamper(self, *statements: str) -> None:
        """As somebody who may do everything and switches the triggers off."""
        every = "; ".join(statements)
        self.terminal.sql(f"DO $$ BEGIN SET LOCAL session_replication_role = replica; {every}; END $$")


@pytest.fixture
def log(database: Database, broker_settings: BusSettings) -> Log:
    found = Log(Terminal(database, broker_settings))
    found.write(LINES)
    return found


def test_an_empty_log_is_no_trouble(database: Database, broker_settings: BusSettings) -> None:
    found = Terminal(database, broker_settings).run("audit", "verify")
    assert (found.exit_code, found.output.strip()) == (0, "the audit log is empty")


def test_a_log_that_fits_prints_its_head_which_stays_provable(log: Log) -> None:
    head = log.head()
    assert head.startswith(f"{LINES}:")
    assert f"{LINES} lines fit" in log.verify().output
    log.write(3)
    proved = log.verify("--head", head)
    assert proved.exit_code == 0, proved.stderr
    assert f"head {LINES + 3}:" in proved.output
    other = f"{LINES}:{'0' * 64}"
    refused = log.verify("--head", other)
    assert refused.exit_code == 1
    assert "another hash than the head that was kept: the chain was made anew" in sentence(refused)


REWRITE = (
    "UPDATE audit_logs SET new_values = '{\"cpm\": 9}' WHERE id = 7",
    "UPDATE audit_chain c SET hash = sha256(c.previous || convert_to(audit_content(a), 'UTF8')) "
    "FROM audit_logs a WHERE a.id = c.audit_id AND c.position = 7",
)
"""A line changed by somebody who knows how hashes are made."""
ROW = "INSERT INTO audit_logs (action, entity) VALUES ('made up', 'rate')"
LINK = "INSERT INTO audit_chain SELECT {place}, {id}, previous, hash FROM audit_chain WHERE position = {like}"
HASHED = (
    "INSERT INTO audit_chain SELECT c.position + 1, a.id, c.hash, "
    "sha256(c.hash || convert_to(audit_content(a), 'UTF8')) FROM audit_chain c, audit_logs a "
    "WHERE c.position = 2500 AND a.id = 2501"
)
TAMPERED: dict[str, tuple[Sequence[str], str]] = {
    "a value": (["UPDATE audit_logs SET new_values = '{}' WHERE id = 1200"], "line 1200 (id 1200, "),
    "an action": (["UPDATE audit_logs SET action = 'no.such' WHERE id = 1"], "no.such) is not what was"),
    "a time": (
        ["UPDATE audit_logs SET created_at = created_at - '1 us'::interval WHERE id = 5"],
        "line 5 (id",
    ),
    "empty for null": (["UPDATE audit_logs SET user_agent = '' WHERE id = 5"], "line 5 (id 5, "),
    "text moved to another column": (
        ["UPDATE audit_logs SET entity = 'rate5', entity_id = '' WHERE id = 5"],
        "line 5 (id 5, ",
    ),
    "with its hash": (REWRITE, "does not continue line 7 (id 7, "),
    "a hash": (["UPDATE audit_chain SET hash = sha256('x') WHERE position = 9"], "line 9 (id 9, "),
    "a row deleted": (["DELETE FROM audit_logs WHERE id = 1001"], "line 1001 (id 1001) is in the chain but"),
    "the first row deleted": (["DELETE FROM audit_logs WHERE id = 1"], "deleted from the beginning on"),
    "rows deleted with their links": (
        [
            "DELETE FROM audit_logs WHERE id BETWEEN 8 AND 10",
            "DELETE FROM audit_chain WHERE position BETWEEN 8 AND 10",
        ],
        "lines 8 to 10 are gone: rows were deleted between line 7 (",
    ),
    "rows deleted and the rest renumbered": (
        [
            "DELETE FROM audit_logs WHERE id = 8",
            "DELETE FROM audit_chain WHERE position = 8",
            "FOR n IN 9..2500 LOOP UPDATE audit_chain SET position = n - 1 WHERE position = n; END LOOP",
        ],
        "line 8 (id 9, ",
    ),
    "the beginning cut and renumbered": (
        [
            "DELETE FROM audit_logs WHERE id = 1",
            "DELETE FROM audit_chain WHERE position = 1",
            "UPDATE audit_chain SET position = 1 WHERE position = 2",
        ],
        "is the first and names one before it",
    ),
    "two rows exchanged": (
        [
            "UPDATE audit_chain SET audit_id = 99999 WHERE position = 3",
            "UPDATE audit_chain SET audit_id = 3 WHERE position = 4",
            "UPDATE audit_chain SET audit_id = 4 WHERE position = 3",
        ],
        "rows were exchanged",
    ),
    "a row put in": ([ROW], "is not in the chain: it was put in while the trigger was away"),
    "a row put in with a link": (
        [
            "UPDATE audit_chain SET position = 2501 WHERE position = 2500",
            ROW,
            LINK.format(place=2500, id=2501, like=2499),
        ],
        "line 2500 (id 2501, ",
    ),
    "a row added past the head": ([ROW, HASHED], "lines were put in after it"),
    "the newest cut off": (
        ["DELETE FROM audit_logs WHERE id > 2490", "DELETE FROM audit_chain WHERE position > 2490"],
        "the newest 10 were cut off after line 2490 (id 2490, ",
    ),
    "everything": (["DELETE FROM audit_logs", "DELETE FROM audit_chain"], "the newest 2500 were cut off"),
    "the head": (["DELETE FROM audit_head"], "the head is another one"),
    "the head's hash": (["UPDATE audit_head SET hash = sha256('x')"], "the head is another one"),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_what_was_done_to_the_log_is_said_in_one_sentence(log: Log, how: str) -> None:
    statements, told = TAMPERED[how]
    log.tamper(*statements)
    found = log.verify()
    assert found.exit_code == 1, found.output
    assert told in sentence(found)
    assert found.stdout == ""


def test_only_a_head_that_was_kept_finds_a_log_that_was_cut_with_its_head(log: Log) -> None:
    kept = log.head()
    cut = (
        "DELETE FROM audit_logs WHERE id > 2000",
        "DELETE FROM audit_chain WHERE position > 2000",
        "UPDATE audit_head SET lines = 2000, hash = (SELECT hash FROM audit_chain WHERE position = 2000)",
    )
    log.tamper(*cut)
    assert log.verify().exit_code == 0
    found = log.verify("--head", kept)
    assert found.exit_code == 1
    assert "the log has 2000 lines, the head that was kept 2500" in sentence(found)


def test_a_log_whose_oldest_lines_were_archived_still_fits(log: Log) -> None:
    early = log.head()
    log.write(500)
    border = log.terminal.sql("SELECT encode(hash, 'hex') AS hash FROM audit_chain WHERE position = 2600")[0]
    log.tamper("DELETE FROM audit_logs WHERE id <= 2600", "DELETE FROM audit_chain WHERE position <= 2600")
    found = log.verify()
    assert found.exit_code == 0, found.stderr
    assert "400 lines fit" in found.output
    assert "2600 older lines are not here: compare with the archive" in " ".join(found.output.split())
    assert log.verify("--head", f"2600:{border['hash']}").exit_code == 0
    assert "does not continue the head" in sentence(log.verify("--head", f"2600:{'0' * 64}"))
    refused = log.verify("--head", early)
    assert refused.exit_code == 1
    assert "older than the first line that was followed, line 2601 (id 2601, " in sentence(refused)
    log.write(1)
    assert log.head().startswith("3001:")
    log.tamper("UPDATE audit_logs SET action = 'x' WHERE id = 2601")
    assert "line 2601 (id 2601, " in sentence(log.verify())


def test_what_is_known_can_be_left_out(log: Log) -> None:
    """Behind a line that does not fit, and from a head that was kept on."""
    kept = log.head()
    log.write(10)
    log.tamper("UPDATE audit_logs SET action = 'x' WHERE id = 100")
    assert log.verify("--after", "99").exit_code == 1
    found = log.verify("--after", "2500", "--head", kept)
    assert found.exit_code == 0, found.stderr
    assert "10 lines fit" in found.output
    assert "2500 older lines were not looked at" in found.output
    assert "does not continue the head" in sentence(
        log.verify("--after", "2500", "--head", f"2500:{'0' * 64}")
    )
    log.tamper("UPDATE audit_logs SET action = 'x' WHERE id = 2505")
    assert "line 2505 (id 2505, " in sentence(log.verify("--after", "2500"))
    beyond = log.verify("--after", "3000")
    assert beyond.exit_code == 1
    assert "there is no line behind 3000" in sentence(beyond)


@pytest.mark.parametrize("given", ["", "12", "12:abc", "0:" + "0" * 64, "x:" + "0" * 64, "-1:" + "0" * 64])
def test_a_head_that_is_none_is_refused(log: Log, given: str) -> None:
    refused = log.verify("--head", given)
    assert refused.exit_code == 1
    assert "--head: give it as an earlier verify printed it" in sentence(refused)


def test_without_the_database_it_says_so(broker_settings: BusSettings) -> None:
    found = Terminal(Database("postgresql://x@127.0.0.1:9/none"), broker_settings).run("audit", "verify")
    assert found.exit_code == 3
    assert "the database does not answer" in sentence(found)


# --- the rules alone


def test_a_hash_is_that_of_the_one_before_and_of_columns_with_their_lengths() -> None:
    told = b"1:1-5:login0:" + "2:ü".encode()
    assert hash_of(GENESIS, ["1", None, "login", "", "ü"]) == hashlib.sha256(bytes(32) + told).digest()
    assert hash_of(GENESIS, ["ab", "c"]) != hash_of(GENESIS, ["a", "bc"])
    assert hash_of(GENESIS, [None]) != hash_of(GENESIS, ["-"])


def test_a_head_is_read_as_it_is_printed() -> None:
    head = Head(812, hashlib.sha256(b"x").digest())
    assert head_of(f" {head}\n") == head


def test_a_chain_of_one_line_is_its_own_head() -> None:
    fields = ["1", None, "login", "login", None, None, None, None, None, "0"]
    link = Link(1, 1, GENESIS, hash_of(GENESIS, fields), fields)
    chain = Chain(Head(1, link.hash))
    chain.follow(link)
    chain.end(Head(1, link.hash), None)
    assert (chain.lines, str(link)) == (1, "line 1 (id 1, 1970-01-01 00:00:00 UTC, login)")
