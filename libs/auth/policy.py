"""Which addresses and passwords an account may have. Whoever makes accounts asks here."""

from __future__ import annotations

import re
import threading

from zxcvbn import zxcvbn

SHORTEST, LONGEST = 8, 128
"""Characters of a password."""
LOOKED_AT = 64
"""Characters that the estimate sees: it takes longer than linear time, and a good beginning is enough."""
WEAK = 2
"""zxcvbn's score below which a password is refused: fewer than a million guesses. All of its 30,000 common
passwords are below it, and so are they with a capital, a digit or a year."""
LONGEST_EMAIL = 254
_one_at_a_time = threading.Lock()
"""zxcvbn keeps the words of its caller in a variable of its module."""
_WORDS = re.compile(r"\w{3,}")


def checked_email(email: str) -> str:
    """An address with something on both sides of one @, without spaces around. Raises ValueError."""
    found = email.strip()
    name, at, place = found.rpartition("@")
    wrong = any(c.isspace() or not c.isprintable() for c in found)
    if wrong or not (name and at and place) or "@" in name or len(found) > LONGEST_EMAIL:
        raise ValueError("is not an e-mail address")
    return found


def refusal_of_password(password: str, *about: str) -> str | None:
    """Why this cannot be a password, as a predicate of "password"; None: it can.

    ``about``: what an attacker tries first, such as the account's e-mail address. Takes some milliseconds.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        return f"must have {SHORTEST} to {LONGEST} characters, not {len(password)}"
    known = ["tidemark", *(word.lower() for text in about for word in _WORDS.findall(text))]
    if any(password.lower() in text.lower() for text in about):
        return "must not be a part of the e-mail address"
    with _one_at_a_time:
        estimate = zxcvbn(password[:LOOKED_AT], user_inputs=known)
    if estimate["score"] >= WEAK:
        return None
    told = estimate["feedback"]
    advice = " ".join(part for part in (told["warning"], *told["suggestions"]) if part)
    return f"is too common or too easy to guess. {advice}".strip()
