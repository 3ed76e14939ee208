"""What a service imports, its image has: the base dependencies and the group of its name, nothing else."""

from __future__ import annotations

import sys
import tomllib
from functools import cache
from importlib.metadata import packages_distributions, requires

import grimp
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.discovery import ROOT, built_services

OURS = ("contracts", "libs", "services", "deploy")
ENTRIES = {service: [f"{package}.main"] for service, package in built_services().items()}
ENTRIES["deploy"] = ["deploy.migrate", "deploy.declare"]


@cache
def graph() -> grimp.ImportGraph:
    first, *others = OURS
    return grimp.build_graph(
        first, *others, include_external_packages=True, exclude_type_checking_imports=True
    )


def imported_packages(modules: list[str]) -> set[str]:
    """Top-level names from outside that starting these modules imports, packages' __init__ included."""
    todo, seen = list(modules), set[str]()
    while todo:
        module = todo.pop()
        if module in seen or module not in graph().modules:
            continue
        seen.add(module)
        todo += [*graph().find_modules_directly_imported_by(module), module.rpartition(".")[0]]
    tops = {module.partition(".")[0] for module in seen}
    return tops - sys.stdlib_module_names - set(OURS)


def installed(group: str) -> set[str]:
    """Distributions that an image of this group has."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    todo = [Requirement(text) for text in project["project"]["dependencies"]]
    todo += [Requirement(text) for text in project["dependency-groups"][group]]
    found, seen = set[str](), set[tuple[str, frozenset[str]]]()
    while todo:
        requirement = todo.pop()
        name, extras = canonicalize_name(requirement.name), frozenset(requirement.extras)
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        found.add(name)
        todo += [needed for text in requires(name) or () if applies(needed := Requirement(text), extras)]
    return found


def applies(requirement: Requirement, extras: frozenset[str]) -> bool:
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in (*extras, ""))


@pytest.mark.parametrize("service", sorted(ENTRIES))
def test_a_service_has_what_it_imports(service: str) -> None:
    available = installed(service)
    providers = packages_distributions()
    missing = {
        package
        for package in imported_packages(ENTRIES[service])
        if not available & {canonicalize_name(name) for name in providers.get(package, ())}
    }
    assert not missing, f"add {', '.join(sorted(missing))} to the group {service!r} of pyproject.toml"


def test_it_would_notice() -> None:
    """The base has no HTTP framework, and none of the loader's data frames."""
    assert {"fastapi", "polars"} & installed("notifier") == set()
    assert "polars" in imported_packages(["libs.metrics.blocks"])
