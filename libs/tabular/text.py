"""The bytes of a CSV as a stream of UTF-8, whatever they were encoded in."""

import codecs
import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, Final

from libs.tabular.errors import DamagedFile, HostileFile, TooLarge
from libs.tabular.spec import ParseLimits

# Bytes that are no text are carried as this noncharacter and two hex digits, so that only their rows are bad.
MARK: Final = "\ufdd0"
_READ: Final = 1024 * 1024
_BOMS: Final = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
# A lone surrogate as some programs write it: three bytes that no other encoding would have side by side.
_SURROGATE: Final = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")


def _marked(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return "".join(f"{MARK}{byte:02x}" for byte in bad), error.end


codecs.register_error("tidemark-mark", _marked)


@dataclass(frozen=True, slots=True)
class TextFile:
    """An open text file, its encoding decided over the whole of it.

    encoding: `utf-8`, `utf-16-le`, `utf-16-be` or `windows-1252` (the last resort).
    plain: it is UTF-8 throughout and needs no recoding; else bytes that are no text come as MARK and hex.
    old_mac: lines end in a lone carriage return.
    """

    file: BinaryIO
    encoding: str
    bom: int
    plain: bool
    old_mac: bool

    def stream(self, skip: int = 0) -> Iterator[bytes]:
        """The text after the BOM and `skip` bytes of UTF-8, as UTF-8, cut anywhere."""
        self.file.seek(self.bom + (skip if self.plain else 0))
        blocks = _blocks(self.file)
        if not self.plain:
            blocks = _skipped(_recoded(blocks, self.encoding), skip)
        return (block.replace(b"\r", b"\n") for block in blocks) if self.old_mac else blocks


def open_text(path: Path, *, gzipped: bool, limits: ParseLimits) -> TextFile:
    """Open a CSV, a gzip through an unnamed temporary file. Raises HostileFile, TooLarge, DamagedFile."""
    file = _gunzipped(path, limits) if gzipped else path.open("rb")
    head = file.read(_READ)
    bom = next((mark for mark in _BOMS if head.startswith(mark)), b"")
    encoding, plain = _BOMS.get(bom, "utf-8"), False
    if encoding == "utf-8":
        encoding, plain = _survey(file, bool(bom))
    newline, carriage = "\n".encode(encoding), "\r".encode(encoding)
    return TextFile(file, encoding, len(bom), plain, newline not in head and carriage in head)


def _survey(file: BinaryIO, has_bom: bool) -> tuple[str, bool]:
    """(encoding, plain). Text with more good UTF-8 sequences than stray bytes is UTF-8 with damaged rows."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")("tidemark-mark")
    sequences = stray = surrogates = 0
    for block in _blocks(file):
        if block.isascii() and not decoder.getstate()[0]:
            continue
        text = decoder.decode(block)
        marks = text.count(MARK)
        sequences += len(text) - len(text.encode("ascii", "ignore")) - marks
        stray += marks
        surrogates += len(_SURROGATE.findall(block)) if marks else 0
    stray += decoder.decode(b"", final=True).count(MARK)
    if stray == 0:
        return "utf-8", True
    if has_bom or stray <= 3 * surrogates or sequences > stray - 3 * surrogates:
        return "utf-8", False
    return "windows-1252", False


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: file.read(_READ), b"")


def _recoded(blocks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)("tidemark-mark")
    for block in blocks:
        yield decoder.decode(block).encode()
    yield decoder.decode(b"", final=True).encode()


def _skipped(blocks: Iterator[bytes], skip: int) -> Iterator[bytes]:
    for block in blocks:
        rest = block[skip:]
        skip = max(0, skip - len(block))
        if rest:
            yield rest


def _gunzipped(path: Path, limits: ParseLimits) -> BinaryIO:
    packed, size = path.stat().st_size, 0
    by_ratio = max(packed * limits.max_ratio, 16 * _READ)
    out = TemporaryFile(dir=path.parent)  # noqa: SIM115 – handed to the caller; unnamed, so it cannot leak
    for piece in _inflated(path):
        size += out.write(piece)
        if size > limits.max_inflated_bytes:
            raise TooLarge(
                f"The gzip unpacks to more than {limits.max_inflated_bytes:,} bytes. Split the report.",
                limit=limits.max_inflated_bytes,
            )
        if size > by_ratio:
            raise HostileFile(
                f"The gzip of {packed:,} bytes unpacks to more than {limits.max_ratio} times its size, "
                "as no report does. Deliver it as plain .csv.",
                packed=packed,
            )
    out.seek(0)
    return out


def _inflated(path: Path) -> Iterator[bytes]:
    try:
        with gzip.open(path) as source:
            yield from iter(lambda: source.read(_READ), b"")
    except EOFError as error:
        raise DamagedFile("The gzip is cut short. Deliver it again.") from error
    except (OSError, zlib.error) as error:
        raise DamagedFile(f"The gzip is damaged ({error}). Deliver it again.") from error
