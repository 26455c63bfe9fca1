"""Workbooks, Parquet and JSON that must end in points or in one clear sentence: name -> bytes."""

import io
import json
import struct
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

MARKUP = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "**bold** [link](javascript:alert(1)) :smile: :red[x]",
    "$\\sum_i x_i$",
    "<b>%{x}</b><extra></extra>",
    '=HYPERLINK("http://example.com")',
    "شىء",
    "🙂👨‍👩‍👧",
]
"""Texts that something might run or set, if they were not kept as plain text."""


def workbook(**sheets: Sequence[Sequence[object]]) -> bytes:
    """An .xlsx with the rows of each sheet."""
    book = openpyxl.Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def rezipped(data: bytes, **replaced: bytes) -> bytes:
    """The workbook with other contents of its sheet, strings, ... (parts named by the end of their path)."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target,
    ):
        for part in source.namelist():
            stem = part.rsplit("/")[-1].removesuffix(".xml")
            target.writestr(part, replaced.get(stem, source.read(part)))
    return stream.getvalue()


def parquet(columns: Mapping[str, object], **options: object) -> bytes:
    """A Parquet file of the columns."""
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream, **options)
    return stream.getvalue()


ROWS = [["x", "y", "kind"], [1.5, -2.25, "a"], [3, 1e-3, "b"], [-0.5, 600, "b"], [7.125, 8, None]]
BOOK = workbook(Data=ROWS)
PARQUET = parquet({"x": [1.5, 3, -0.5, 7.125], "y": [-2.25, 1e-3, 600, 8]})

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def sheet_of(rows: str, head: str = "") -> bytes:
    sheet = f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    return f'<?xml version="1.0"?>{head}{sheet}'.encode()


_FAR = sheet_of(
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
)
_LAUGHS = (
    "<!DOCTYPE z [<!ENTITY a '"
    + "ha" * 1000
    + "'>"
    + "".join(f"<!ENTITY {name} '{f'&{before};' * 100}'>" for before, name in ("ab", "bc", "cd", "de"))
    + "]>"
)


def _with_false_sizes(data: bytes) -> bytes:
    """The archive, whose central directory says that every part has 100 bytes."""
    at = data.find(b"PK\x01\x02")
    changed = bytearray(data)
    while at >= 0:
        changed[at + 24 : at + 28] = struct.pack("<I", 100)
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(changed)


BOMB = rezipped(BOOK, sheet1=b" " * 110_000_000)

WORKBOOKS = {
    "workbook": BOOK,
    "workbook without a sheet of numbers": workbook(Notes=[["hello"], ["a", "b"]]),
    "workbook of empty sheets": workbook(A=[], B=[]),
    "workbook, names only": workbook(A=[["x", "y"]]),
    "workbook, one column": workbook(A=[["x"], [1], [2]]),
    "workbook of every kind of cell": workbook(
        A=[
            ["x", "y", "z"],
            [1, True, datetime(2024, 1, 1)],
            [date(2024, 1, 1), time(1, 2), timedelta(1)],
            ["#DIV/0!", "=1/0", 2**60],
            [1e308, -1e308, "1e400"],
            [5, 6, 7],
        ]
    ),
    "workbook of markup": workbook(A=[MARKUP[:3], *([1, 2, text] for text in MARKUP)]),
    "workbook far apart": rezipped(BOOK, sheet1=_FAR),
    "workbook of false rows": rezipped(
        BOOK, sheet1=sheet_of('<row r="99999999999"><c r="A1"><v>1</v></c></row>')
    ),
    "workbook of backward columns": rezipped(
        BOOK, sheet1=sheet_of('<row r="1"><c r="C1"><v>1</v></c><c r="A1"><v>2</v></c></row>' * 3)
    ),
    "workbook of many rows": rezipped(BOOK, sheet1=sheet_of("<row/>" * 1_500_000)),
    "workbook of many tags": rezipped(BOOK, sheet1=sheet_of("<x/>" * 6_000_000)),
    "workbook of laughs": rezipped(BOOK, sheet1=sheet_of("<row><c><v>&e;</v></c></row>", _LAUGHS)),
    "workbook of laughs in UTF-16": rezipped(
        BOOK, sheet1=sheet_of("<row><c><v>&e;</v></c></row>", _LAUGHS).decode().encode("utf-16")
    ),
    "workbook that asks for a file": rezipped(
        BOOK, sheet1=sheet_of("<row/>", '<!DOCTYPE z [<!ENTITY e SYSTEM "file:///etc/hosts">]>')
    ),
    "workbook of strings that are not there": rezipped(
        BOOK, sheet1=sheet_of('<row r="1"><c r="A1" t="s"><v>999999</v></c><c r="B1"><v>x</v></c></row>')
    ),
    "workbook bomb": BOMB,
    "workbook bomb that denies it": _with_false_sizes(BOMB),
    "workbook cut short": BOOK[:-100],
    "workbook damaged": BOOK[:400] + b"\xff" * 40 + BOOK[440:],
    "workbook without parts": BOOK[:30],
    "zip of something else": rezipped(BOOK).replace(b"xl/workbook.xml", b"xl/workbooc.xml"),
    "workbook with a password": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000),
}

PARQUETS = {
    "Parquet": PARQUET,
    "Parquet cut short": PARQUET[:-30],
    "Parquet, its beginning": PARQUET[:200],
    "Parquet mark only": b"PAR1",
    "Parquet damaged": PARQUET[:60] + b"\xff" * 30 + PARQUET[90:],
    "Parquet with a false foot": PARQUET[:-8] + struct.pack("<I", 2**31 - 1) + b"PAR1",
    "Parquet of no rows": parquet({"x": pa.array([], pa.float64()), "y": pa.array([], pa.float64())}),
    "Parquet of no columns": parquet({}),
    "Parquet of nothing": parquet({"x": pa.nulls(10), "y": pa.nulls(10)}),
    "Parquet of a long text many times": parquet(
        {
            "x": np.arange(100_000.0),
            "y": np.arange(100_000.0) % 7,
            "t": pa.DictionaryArray.from_arrays(np.zeros(100_000, np.int32), ["n" * 100_000]),
        }
    ),
    "Parquet of many rows in few bytes": parquet(
        {"x": np.zeros(40_000_000, np.int8), "y": np.zeros(40_000_000, np.int8)}
    ),
    "Parquet of every kind": parquet(
        {
            "x": pa.array([1.0, float("inf"), float("nan"), None]),
            "y": pa.array([1, 2**60, None, 4]),
            "half": pa.array([1, 2, 3, 4], pa.float16()),
            "decimal": pa.array([1, 2, 3, 4]).cast(pa.decimal128(25, 2)),
            "day": pa.array([date(2024, 1, 1)] * 4),
            "moment": pa.array([datetime(2024, 1, 1)] * 4),
            "time": pa.array([time(1)] * 4),
            "while": pa.array([timedelta(1)] * 4),
            "truth": pa.array([True, False, None, True]),
            "bytes": pa.array([b"\xff"] * 4),
            "list": pa.array([[1], [2], [], None]),
            "struct": pa.array([{"a": 1}] * 4),
            "kind": pa.array(["a", "b", None, "a"]).dictionary_encode(),
        }
    ),
    "Parquet of markup": parquet({text: [1, 2, 3] for text in MARKUP} | {"label": MARKUP[:3]}),
}

JSONS = {
    "JSON records": b'[{"x": 1.5, "y": -2.25}, {"x": 3, "y": 1e-3}]',
    "JSON cut short": b'[{"x": 1.5, "y": -2.25}, {"x": 3, "y"',
    "JSON lines cut short": b'{"x": 1, "y": 2}\n{"x": 3, "y": 4}\n{"x": 5',
    "JSON of mixed rows": b'[{"x": 1, "y": 2}, 3, null, [4, 5], {"x": "a", "z": {"": []}}, {"x": 6, "y": 7}]',
    "JSON too deep": b"[" * 100_000,
    "JSON too deep, objects": b'{"a":' * 100_000,
    "JSON too deep inside": b'{"x": [1, 2], "y": ' + b"[" * 900 + b"]" * 900 + b"}",
    "JSON of nothing": b"[]",
    "JSON of empty objects": b"[{}, {}]",
    "JSON of empty lists": b"[[], []]",
    "JSON empty object": b"{}",
    "JSON of empty columns": b'{"x": [], "y": []}',
    "JSON of columns of different lengths": b'{"x": [1, 2, 3], "y": [4], "z": "w"}',
    "JSON of numbers too large": b'[{"x": 1e400, "y": -1e999}, {"x": 1, "y": 2}, {"x": NaN, "y": Infinity}]',
    "JSON of a number of 5,000 digits": b'[{"x": 1' + b"0" * 5000 + b', "y": 2}, {"x": 1, "y": 2}]',
    "JSON of a number of 400 digits": b'[{"x": 1'
    + b"0" * 400
    + b', "y": 2}, {"x": 1, "y": 2}, {"x": 3, "y": 2}]',
    "JSON of half letters": b'[{"x\\ud800": 1, "y": 2, "k": "\\udfff"}, {"x\\ud800": 3, "y": 4}]',
    "JSON of 20,000 columns": json.dumps([{str(n): n for n in range(20_000)}] * 2).encode(),
    "JSON of ever new columns": json.dumps([{str(n): n} for n in range(9_000)]).encode(),
    "JSON of markup": json.dumps(
        [dict.fromkeys(MARKUP, n) | {"label": MARKUP[n]} for n in range(8)]
    ).encode(),
    "JSON that is a page's": b'{"type": "FeatureCollection", "features": [{"type": "F", "geometry": null}]}',
    "JSON in UTF-16": json.dumps([{"x": 1, "y": 2}, {"x": 3, "y": 4}]).encode("utf-16"),
}
