"""Uploaded bytes -> UTF-8 text, whatever letters they are written in."""

from __future__ import annotations

import codecs
import gzip
import io
import string
import zlib
from contextlib import suppress

from ui.uploads.report import UploadError, readable
from ui.uploads.table import CONTROLS, ENCODINGS

MAX_DECOMPRESSED_BYTES = 400_000_000
"""A .gz that unfolds to more than this is refused: a few kilobytes can unfold to any size."""

SAMPLE_BYTES = 1 << 16

GZIP = b"\x1f\x8b"
"""How everything that gzip wrote begins."""

_FOREIGN = {
    b"pk\x03\x04": "a zip archive",
    b"%pdf": "a PDF document",
    b"\x89png": "a picture",
    b"gif8": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"<!doctype": "a web page",
    b"<html": "a web page",
    b"<?xml": "an XML document",
    b"<svg": "a picture",
    b"{\\rtf": "a word-processor document",
    b"\x7felf": "a program",
    b"bzh91ay": "a bzip2 archive",
    b"\xfd7zxz": "an xz archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"(\xb5/\xfd": "a zstd archive",
    b"sqlite format": "a database",
    b"\x89hdf": "an HDF5 file",
    b"\x93numpy": "a NumPy array",
}
_SCRIPTS = ("cp1251", "gb18030", "shift_jis")
_OTHERS = bytes(range(0x80, 0x100))
_FEWEST_OTHERS = 8
"""Bytes beyond ASCII from which on their statistic says something."""

_CONTROL_BYTES = bytes(set(range(32)) - set(b"\t\n\r\f\v\x1a"))


def decode(data: bytes, encoding: str | None = None) -> tuple[bytes, str, list[str]]:
    """Return an upload as UTF-8 with "\\n" line ends, its encoding, and remarks on what had to be assumed.

    UTF-8 and UTF-16 with or without a byte order mark are recognised, and a text mostly of Cyrillic, Chinese
    or Japanese letters; anything else that looks like text is taken for Windows-1252, the superset of Latin-1
    that spreadsheets write.

    Raises:
        UploadError: the bytes are empty, damaged, too large, or not text.
    """
    opening = data[:16].lower()
    for signature, kind in _FOREIGN.items():
        if opening.startswith(signature):
            raise UploadError(f"This file is {kind}; save the table as CSV and upload that.")
    text, encoding, remarks = _to_utf8(data) if encoding is None else _as_told(data, encoding)
    if not text.strip():
        raise UploadError("This file is empty; upload a table with a row for each point.")
    sample = text[:SAMPLE_BYTES]
    n_control = len(sample) - len(sample.translate(None, _CONTROL_BYTES))
    if b"\x00" in text or n_control > max(8, len(sample) // 100):
        raise UploadError("This file is not a text file; save the table as CSV and upload that.")
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return text, encoding, remarks


def unfold(data: bytes) -> bytes:
    """Return the bytes as they are, or what they were before gzip.

    Raises:
        UploadError: the gzip is damaged, or unfolds to more than `MAX_DECOMPRESSED_BYTES`.
    """
    if not data.startswith(GZIP):
        return data
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            unfolded = stream.read(MAX_DECOMPRESSED_BYTES + 1)
    except (OSError, EOFError, zlib.error):
        raise UploadError("This .gz file is damaged or cut short; compress the table again.") from None
    if len(unfolded) > MAX_DECOMPRESSED_BYTES:
        raise UploadError(
            f"This .gz file unfolds to more than {MAX_DECOMPRESSED_BYTES // 1_000_000} MB;"
            " upload a part or a random sample of its rows."
        )
    return unfolded


def _as_told(data: bytes, encoding: str) -> tuple[bytes, str, list[str]]:
    if encoding not in ENCODINGS:
        raise UploadError(
            f"Files cannot be read as {readable(encoding)!r}; choose one of the encodings named."
        )
    if encoding == "cp1252":
        return _latin(data), encoding, []
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise UploadError(f"This file is not in {ENCODINGS[encoding]}; choose another encoding.") from None
    return text.lstrip("\ufeff").encode("utf-8", "replace"), encoding, []


def _to_utf8(data: bytes) -> tuple[bytes, str, list[str]]:
    if data.startswith(codecs.BOM_UTF8):
        data = data[len(codecs.BOM_UTF8) :]
    encoding = _utf16(data)
    if encoding:
        return data.decode(encoding, "replace").lstrip("\ufeff").encode("utf-8"), encoding, []
    if data.isascii():
        return data, "utf-8", []
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _legacy(data)
    return data, "utf-8", []


def _legacy(data: bytes) -> tuple[bytes, str, list[str]]:
    """Decode a text from before Unicode."""
    told = "The letters of this file are not in UTF-8, so they were read as {}"
    encoding = _likely_script(data)
    if encoding is not None:
        with suppress(UnicodeDecodeError):
            cure = f"; if that is wrong, change “{CONTROLS['encoding']}” on the data page."
            return data.decode(encoding).encode("utf-8"), encoding, [told.format(ENCODINGS[encoding]) + cure]
    return _latin(data), "cp1252", [told.format(ENCODINGS["cp1252"]) + "."]


def _likely_script(data: bytes) -> str | None:
    """Return the encoding of a text in other letters than the West's, None where these are or may be its own.

    A statistic cannot tell an accent, a µ or a ° from half a Chinese letter, so it is asked only of a text
    that is mostly no ASCII, as none of the West's is.
    """
    sample = data[:SAMPLE_BYTES]
    if len(data) > SAMPLE_BYTES:  # a letter may be cut there
        sample = sample.rpartition(b"\n")[0] or sample
    n_others = len(sample) - len(sample.translate(None, _OTHERS))
    n_letters = len(sample) - len(sample.translate(None, string.ascii_letters.encode()))
    if n_others < _FEWEST_OTHERS or n_others <= 2 * n_letters:
        return None
    # It takes a moment to load, and nearly no file needs it.
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=["cp1252", *_SCRIPTS], enable_fallback=False).best()
    return best.encoding if best is not None and best.encoding in _SCRIPTS else None


def _latin(data: bytes) -> bytes:
    """Decode Windows-1252, or Latin-1 if a byte is nothing in it."""
    try:
        return data.decode("cp1252").encode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1").encode("utf-8")


def _utf16(data: bytes) -> str | None:
    """Name the byte order of UTF-16, known by its mark or by the zero half of its digits and commas."""
    if data.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if data.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    sample = data[:SAMPLE_BYTES]
    first, second = sample[0::2].count(0), sample[1::2].count(0)
    if second > 0.4 * len(sample) / 2 and first == 0:
        return "utf-16-le"
    if first > 0.4 * len(sample) / 2 and second == 0:
        return "utf-16-be"
    return None
