"""Letters: plain text, from names and messages that may be hostile.

Text comes from file names, campaign names and error messages. In a subject each character that ends a line
or is not printed becomes a space; in a body lines stay and the rest of them goes. Nothing is markup.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

SUBJECT_CHARACTERS = 160
_UNPRINTED = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode categories: control, format (they turn the direction of text), surrogate, private, line and
paragraph separators."""

_UNFOLDED = SMTP.clone(max_line_length=SUBJECT_CHARACTERS + 40)
"""For plain subjects: folded at 78 they begin with an empty line, which some clients show as a space."""


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a letter; ``media_type`` without parameters, such as application/pdf."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """A mail to people."""

    to: tuple[str, ...]
    subject: str
    body: str
    message_id: str
    """Unique before the ``@``; the same whenever this letter is sent again."""
    written_at: datetime
    attachments: tuple[Attachment, ...] = ()


def one_line(text: str, limit: int = SUBJECT_CHARACTERS) -> str:
    """A text in one printable line, cut to so many characters."""
    printable = "".join(" " if unicodedata.category(char) in _UNPRINTED else char for char in text)
    line = " ".join(printable.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def text_block(text: str) -> str:
    """A text whose lines stay, without other characters that are not printed."""
    return "\n".join(_printable(line) for line in text.replace("\r\n", "\n").split("\n"))


def as_message(letter: Letter, sender: str) -> EmailMessage:
    """The letter as it goes over the line. Raises ValueError for an address that is none."""
    subject = one_line(letter.subject).replace("=?", "= ?")  # else it is taken for encoded already
    message = EmailMessage(policy=_UNFOLDED if subject.isascii() else SMTP)
    message["From"] = Address(addr_spec=sender, display_name="Tidemark")
    message["To"] = tuple(Address(addr_spec=address) for address in letter.to)
    message["Subject"] = subject
    message["Date"] = format_datetime(letter.written_at)
    message["Message-ID"] = f"<{letter.message_id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    message.set_content(text_block(letter.body), charset="utf-8", cte="quoted-printable")
    for file in letter.attachments:
        kind, _, subtype = file.media_type.partition("/")
        message.add_attachment(file.content, maintype=kind, subtype=subtype, filename=one_line(file.name))
    return message


def _printable(line: str) -> str:
    return "".join(
        " " if char != "\t" and unicodedata.category(char) in _UNPRINTED else char for char in line
    ).rstrip()
