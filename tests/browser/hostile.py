"""Names that strangers could give: markup, other directions, pictures, formulas, and very long ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from deploy.world.facebook_exports import TITLES, Table

MARKUP = "<img src=x onerror=window.ran=1>"
SCRIPT = '"><script>window.ran=1</script>'
TURNED = "\u202egnp.exe \u05e9\u05dc\u05d5\u05dd"
EMOJI = "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f3f4\u200d\u2620\ufe0f caf\u00e9"
FORMULA = "=1+1"
LONG = "W" * 255
NAMES = (MARKUP, SCRIPT, TURNED, EMOJI, FORMULA, LONG)


def hostile_table(days: Sequence[date]) -> Table:
    """An export in which every name is one of them."""
    rows = [
        [f"{day:%Y-%m-%d}", name, name, name, 1_000 * (place + 1), 10 + place, place, "9.50", "4.25"]
        for day in days
        for place, name in enumerate(NAMES)
    ]
    return [list(TITLES["documented"]), *rows]
