"""`python -m deploy.checks.generate [--check]`: documents that are made from code, so that they cannot lag.

README.md                 the table of services, between markers
docs/flow.md              who sends what to whom
docs/database_schema.sql  what the migrations make
docs/metrics.md           Prometheus metrics
docs/generated/           AsyncAPI per service, OpenAPI of the gateway
the page's metrics.ts     labels, units and formulas of the metrics
contracts/http/           OpenAPI of what the gateway passes through: it reads that when it starts
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from deploy.checks import anatomy, asyncapi, flow, metrics, openapi, page, schema
from deploy.local.errors import InfrastructureError

ROOT = Path(__file__).resolve().parents[2]
GENERATED, CONTRACTS = "docs/generated", "contracts/http"
START, END = "<!-- generated: {} (make generate) -->", "<!-- end of {} -->"

_FLOW_PAGE = """\
# The flow

Generated from contracts/topology.py by `make generate`; `make check` compares. Do not edit.

{picture}

## Services

{services}

## Queues

Each queue has one consumer, one purpose and one type of body. A message that fails with a transient error
comes back over the retry ladder until its attempts are used up; then, and at once after a terminal error, it
is in `<queue>.dead` with the reason. A full queue refuses, and its publishers wait.

{queues}
"""


Maker = Callable[[Path], Mapping[str, str]]


def main(arguments: list[str] | None = None, root: Path = ROOT, make: Maker | None = None) -> int:
    """Write the documents that ``make`` returns, or with ``--check`` say which lag; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m deploy.checks.generate", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail if a document lags")
    chosen = parser.parse_args(arguments)
    try:
        expected = (make or documents)(root)
    except InfrastructureError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    if chosen.check:
        found = lagging(root, expected)
        for problem in found:
            print(f"error: {problem}", file=sys.stderr)
        return 1 if found else 0
    for path in write(root, expected):
        print(path)
    return 0


def documents(root: Path) -> dict[str, str]:
    """Path relative to the root → the text that should stand there."""
    built = built_services(root)
    table = flow.service_table(built)
    flow_page = _FLOW_PAGE.format(picture=flow.picture(built), services=table, queues=flow.queue_table())
    readme = (root / "README.md").read_text(encoding="utf-8")
    return {
        "README.md": between_markers(readme, "services", table),
        "docs/flow.md": flow_page,
        "docs/metrics.md": metrics.page(root),
        "docs/database_schema.sql": schema.schema(root),
        **openapi.documents(CONTRACTS, GENERATED),
        page.PATH: page.metrics(),
        **asyncapi.documents(),
    }


def built_services(root: Path) -> set[str]:
    """Services that can be started: they have a main module."""
    return {
        path.name
        for path in anatomy.services(root)
        if (root / path / "main.py").exists() or (root / path / "main").is_dir()
    }


def between_markers(text: str, name: str, content: str) -> str:
    """The text with other content between the markers of that name. Raises ValueError if there are none."""
    start, end = START.format(name), END.format(name)
    before, found_start, rest = text.partition(start)
    _, found_end, after = rest.partition(end)
    if not (found_start and found_end):
        raise ValueError(f"no place for {name!r}: put the lines {start!r} and {end!r} there")
    return f"{before}{start}\n{content}\n{end}{after}"


def lagging(root: Path, expected: Mapping[str, str]) -> list[str]:
    """One sentence for each document that differs, is missing or is no longer made."""
    problems = [
        f"{path} is not what the code says: run `make generate` and commit the result"
        for path, text in expected.items()
        if not (root / path).is_file() or (root / path).read_text(encoding="utf-8") != text
    ]
    return problems + [
        f"{path} is made by nothing any more: run `make generate`" for path in left(root, expected)
    ]


def left(root: Path, expected: Mapping[str, str]) -> list[str]:
    """Files below docs/generated, and JSON files in contracts/http, that nothing makes."""
    there = [*(root / GENERATED).rglob("*"), *(root / CONTRACTS).glob("*.json")]
    found = {path.relative_to(root).as_posix() for path in there if path.is_file()}
    return sorted(found - expected.keys())


def write(root: Path, expected: Mapping[str, str]) -> list[str]:
    """Bring the documents up to date; the paths that changed."""
    changed = []
    for path, text in expected.items():
        file = root / path
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            changed.append(path)
    for path in left(root, expected):
        (root / path).unlink()
        changed.append(f"{path} (deleted)")
    return changed


if __name__ == "__main__":
    sys.exit(main())
