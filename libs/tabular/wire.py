"""The pipe between reader and parent: frames of `>II` lengths, a JSON header, an Arrow IPC payload.

header → chunk* → summary, or `refused` at any point; each header is an object with its `kind`.
"""

import io
import struct
from typing import Any, BinaryIO, Final, Literal

import orjson
import polars as pl

FRAME: Final = struct.Struct(">II")
Kind = Literal["header", "chunk", "summary", "refused"]


def write_frame(out: BinaryIO, kind: Kind, body: dict[str, Any], table: pl.DataFrame | None = None) -> None:
    """Write one frame and flush it; blocks while the parent is busy, which is the back-pressure."""
    head, buffer = orjson.dumps({"kind": kind, **body}), io.BytesIO()
    if table is not None:
        table.write_ipc_stream(buffer, compression="lz4")  # names repeat: an eighth, in half the time
    payload = buffer.getbuffer()
    out.write(FRAME.pack(len(head), len(payload)))
    out.write(head)
    out.write(payload)
    out.flush()


def read_payload(payload: bytes) -> pl.DataFrame:
    """The table of a chunk frame."""
    return pl.read_ipc_stream(io.BytesIO(payload))
