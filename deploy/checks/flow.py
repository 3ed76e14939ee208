"""The flow as text: the table and the picture of README, made from topology and ownership."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from contracts.ownership import ROLES
from contracts.topology import PUBLISHES, QUEUES, queues_of_key

SOURCES_OF_DATA = {"surfside": "S3 reports", "vibe": "Vibe API", "facebook": "uploads"}
_NOT_BUILT = "*"


def services_in_flow_order() -> list[str]:
    """Every service of the topology, as PUBLISHES lists them."""
    return [*PUBLISHES, *sorted({queue.service for queue in QUEUES} - PUBLISHES.keys())]


def service_table(built: Collection[str]) -> str:
    """Service → consumes → publishes → writes; those that are not built yet carry a star."""
    rows = ["| service | consumes | publishes | writes |", "|---|---|---|---|"]
    for service in services_in_flow_order():
        consumes = [key for queue in QUEUES if queue.service == service for key in queue.keys]
        cells = [consumes, _grouped(PUBLISHES.get(service, ())), _writes(service)]
        name = service if service in built else f"{service} {_NOT_BUILT}"
        rows.append(f"| {name} | " + " | ".join(_codes(cell) for cell in cells) + " |")
    if not set(services_in_flow_order()) <= set(built):
        rows += [
            "",
            f"{_NOT_BUILT} not built yet: its queues and messages are declared, its code is to come.",
        ]
    return "\n".join(rows)


def _grouped(keys: Sequence[str]) -> list[str]:
    """Keys that differ in their last word stand as one: ``pull.requested.*``."""
    heads = [key.rpartition(".")[0] for key in keys]
    shown = [
        f"{head}.*" if heads.count(head) > 1 and head.count(".") else key
        for key, head in zip(keys, heads, strict=True)
    ]
    return list(dict.fromkeys(shown))


def _writes(service: str) -> list[str]:
    tables = next((role.tables for role in ROLES if role.service == service), {})
    return [table for table, rights in tables.items() if set(rights) - {"r"}]


def _codes(words: Sequence[str]) -> str:
    return ", ".join(f"`{word}`" for word in words) or "–"


def picture(built: Collection[str]) -> str:
    """A Mermaid flowchart: who sends what to whom; dashed boxes are not built yet."""
    lines = ["```mermaid", "flowchart LR"]
    for service in services_in_flow_order():
        lines.append(f"    {service}[{service}]" + ("" if service in built else ":::planned"))
    for source, outside in SOURCES_OF_DATA.items():
        lines.append(f"    {source}_data([{outside}]) --> {source}")
    lines.append("    database[(PostgreSQL)]")
    lines += ["    loader --> database", "    aggregator --> database", "    database --> gateway"]
    lines.append("    gateway --> people([REST, web page, exports])")
    lines += ["    notifier --> mail([e-mail])", "    database --> reporter", "    reporter --> mail"]
    for (sender, receiver), keys in _arrows().items():
        lines.append(f'    {sender} -- "{"<br/>".join(keys)}" --> {receiver}')
    lines += ["    classDef planned stroke-dasharray: 5 5", "```"]
    return "\n".join(lines)


def _arrows() -> dict[tuple[str, str], list[str]]:
    """(sender, receiver) → keys; what a service sends to itself is left out of the picture."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for sender, keys in PUBLISHES.items():
        for key in keys:
            for queue in queues_of_key(key):
                if queue.service != sender:
                    arrows.setdefault((sender, queue.service), []).append(key)
    return {pair: list(dict.fromkeys(_grouped(keys))) for pair, keys in arrows.items()}


def queue_table() -> str:
    """Every queue with its bindings, the type of its bodies and its limits."""
    rows = [
        "| queue | keys | body | prefetch | attempts | megabytes |",
        "|---|---|---|---|---|---|",
    ]
    for queue in QUEUES:
        model = f"{queue.model.__module__.removeprefix('contracts.')}.{queue.model.__name__}"
        numbers = f"{queue.prefetch} | {queue.attempts} | {queue.max_megabytes}"
        rows.append(f"| `{queue.name}` | {_codes(queue.keys)} | {model} | {numbers} |")
    return "\n".join(rows)
