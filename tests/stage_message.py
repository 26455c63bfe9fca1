"""Reads the stage's message as its documentation says, independently of the stage."""

import json
import struct

import numpy as np

TYPES = {"f64": "<f8", "f32": "<f4", "i32": "<i4", "u8": "|u1"}


def refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")


def decode(message: bytes) -> tuple[dict, dict[str, np.ndarray]]:
    """The header and the arrays of a message, after the layout that the codec documents."""
    assert message[:4] == b"GMML"
    (length,) = struct.unpack_from("<I", message, 4)
    header = json.loads(message[8 : 8 + length].decode("utf-8"), parse_constant=refuse)
    body = message[8 + length :]
    arrays = {}
    for name, place in header["arrays"].items():
        kind, offset = np.dtype(TYPES[place["type"]]), place["offset"]
        assert offset + place["length"] * kind.itemsize <= len(body)
        arrays[name] = np.frombuffer(body, kind, place["length"], offset)
    return header, arrays
