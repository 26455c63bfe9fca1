"""Files that must end in points or in one clear sentence: name -> bytes."""

import gzip

from tests.nasty_workbooks import JSONS, MARKUP, PARQUETS, WORKBOOKS
from tests.table_files import COMMA


def table_of(*rows: tuple[object, ...], separator: str = ";") -> bytes:
    """A text of the rows, quoted as spreadsheets do."""
    lines = (separator.join(f'"{str(cell).replace(chr(34), 2 * chr(34))}"' for cell in row) for row in rows)
    return "\n".join(lines).encode()


TEXTS = {
    "empty": b"",
    "blank lines": b"\n\n \r\n\t\n",
    "mark only": b"\xef\xbb\xbf",
    "names only": b"x,y\n",
    "names and blank lines": b"x,y\n\n   \n\n",
    "one column": b"x\n1\n2\n3\n",
    "one number": b"1",
    "one row": b"1,2\n",
    "all text": b"the quick brown fox\njumps over the lazy dog\n",
    "comments only": b"# x,y\n# 1,2\n",
    "separators only": b",,,\n,,,\n",
    "quotes only": b'"' * 1001,
    "zero bytes": b"\x00" * 1000,
    "zero bytes in text": b"x,y\n1,2\n3,\x004\n",
    "picture": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00",
    "photograph": b"\xff\xd8\xff\xe0\x10JFIF,1,2\n3,4",
    "mark of a zip archive": b"PK\x03\x04\x14\x00\x06\x00,1,2\n",
    "parquet": b"PAR1\x15\x04\x15,1,2\nPAR1",
    "web page": b"<!DOCTYPE html>\n<html><body>1,2</body></html>",
    "JSON": b'{"x": [1, 2], "y": [3, 4]}',
    "control characters": bytes(range(1, 32)) * 30,
    "every byte": bytes(range(256)) * 4,
    "gzip cut short": gzip.compress(COMMA.encode() * 100, mtime=0)[:-20],
    "gzip damaged": gzip.compress(COMMA.encode() * 100, mtime=0)[:30] + b"\x00" * 40,
    "gzip mark only": b"\x1f\x8b",
    "gzip in gzip": gzip.compress(gzip.compress(COMMA.encode(), mtime=0), mtime=0),
    "UTF-16 cut short": COMMA.encode("utf-16")[:-1],
    "UTF-16 mark only": b"\xff\xfe",
    "broken UTF-8": COMMA.encode() + b"\xc3\x28,\xff\n",
    "ragged": b"x,y\n1\n1,2\n1,2,3\n1,2,3,4\n\n1,2\n,,,,,\n",
    "ragged from the start": b"1,2,3\n4\n5,6\n7,8,9,10\n",
    "unbalanced quote": b'x,y\n1,2\n"3,4\n5,6\n7,8\n',
    "unbalanced quote in the names": b'"x,y\n1,2\n3,4\n',
    "quotes inside fields": b'x,y\n1,2 "or so"\n3",4\n5,"6"7\n8,9\n1,2\n',
    "line of 5 MB": b"1" * 5_000_000,
    "line of 5 MB with commas": b"1," * 2_500_000,
    "line of 5 MB with spaces": b"a b " * 1_250_000,
    "line of 5 MB among others": b"x,y\n1,2\n" + b"ab" * 2_500_000 + b",1\n3,4\n5,6\n1,2\n7,8\n",
    "line of 5 MB with commas among others": b"x,y\n1,2\n" + b"1," * 2_500_000 + b"\n3,4\n",
    "name of 5 MB": b"x" * 5_000_000 + b",y\n1,2\n3,4\n",
    "10,000 columns": b",".join([b"x"] * 10_000) + b"\n" + (b",".join([b"1.5"] * 10_000) + b"\n") * 5,
    "10,000 columns of text": b"\n".join([b",".join([b"ab"] * 10_000)] * 5),
    "10,001 columns": b",".join([b"x"] * 10_001) + b"\n" + (b",".join([b"1.5"] * 10_001) + b"\n") * 5,
    "10,000 long names": b",".join([b"n" * 1000] * 10_000) + b"\n" + (b",".join([b"1"] * 10_000) + b"\n") * 2,
    "wide and long": b",".join([b"x"] * 10_000) + b"\n" + b"1\n" * 500_000,
    "many empty lines": b"\n" * 5_000_000,
    "many comments": b"#\n" * 300_000,
    "many quotes": b'",\n' * 200_000,
    "huge numbers": b"x,y\n"
    + b"9" * 400
    + b",1\n-1e999,2\n18446744073709551616,3\n9007199254740993,4\n1,2\n",
    "mixed": b"x,y\n1,True\nTrue,1\n2024-01-01,1+2j\n,nan\nInfinity,0x1f\n",
    "formulas and markup": b"=1+1,<script>alert(1)</script>\n1,2\n3,4\n=cmd|' /C calc'!A0,$x$\n5,6\n",
    "right to left and emoji": "\u202eشىء,🙂\n١,٢\n1,2\n3,4\n".encode(),
    "surrogates in UTF-16": b"\xff\xfe\x00\xd8,\x001\x00\n\x001\x00,\x002\x00",
    "end of file mark": COMMA.encode() + b"\x1a",
    "separators mixed": b"1,2;3\t4|5 6\n7;8,9\t1 2|3\n",
    "markup in the names": table_of(tuple(MARKUP), *(tuple(range(n, n + len(MARKUP))) for n in range(5))),
    "markup in the labels": table_of(
        ("x", "y", "kind"), *((n, n * n % 5, MARKUP[n % len(MARKUP)]) for n in range(40))
    ),
    "markup in the numbers": table_of(
        ("x", "y"), *((n, n) for n in range(50)), *((n, MARKUP[n]) for n in range(8))
    ),
    "names that are empty, long and twice": table_of(
        ("", "n" * 1000, "a", "a", ""), *((1, 2, 3, 4, n) for n in range(5))
    ),
    "all points equal": b"x,y\n" + b"1.5,2.5\n" * 100,
    "points on a line": b"x,y\n" + b"".join(b"%d,%d\n" % (n, 3 * n) for n in range(100)),
    "points in a column": b"x,y\n" + b"".join(b"1,%d\n" % n for n in range(100)),
    "whole numbers above 2^53": b"x,y\n" + b"".join(b"%d,%d\n" % (2**60 + n, 2**53 + n) for n in range(50)),
    "whole numbers above 2^64": b"x,y\n" + b"".join(b"%d,%d\n" % (2**70 + n, n) for n in range(50)),
    "offsets of 1e9": b"x,y\n"
    + b"".join(b"%.6f,%.6f\n" % (1e9 + n / 1e3, 1e9 + n % 7 / 1e3) for n in range(50)),
    "numbers near the largest": b"x,y\n1e308,-1e308\n-1e308,1e308\n1.7e308,5e-324\n0,0\n",
    "numbers near zero": b"x,y\n5e-324,1e-310\n1e-320,-1e-310\n0,-0\n2e-320,3e-310\n",
    "dates": b"day,x\n2024-01-01,1\n2024-01-02,2\n01.02.2024,3\n",
    "truth values": b"a,b\n" + b"True,false\nFALSE,TRUE\n" * 10,
    "complex numbers": b"a,b\n" + b"1+2j,3-4j\n(1+0j),2i\n" * 10,
    "Infinity and NaN": b"a,b\nInfinity,NaN\n-inf,nan\n1,2\n+Infinity,3\n4,5\n" + b"6,7\n" * 20,
    "nothing but NaN": b"a,b\nnan,NaN\nNA,null\n",
    "thousands in doubt": table_of(("x", "y"), ("1,234", "1.234"), ("5,678", "5.678"), ("1", "2")),
    "thousands twice over": table_of(("x", "y"), ("1,234.5", "1.234,5"), ("1 234", "1'234"), ("1", "2")),
    "groups of digits that are none": table_of(
        ("x", "y"), ("1,23,456", "1.2.3"), ("12 34", "1,,234"), ("1", "2")
    ),
    "digits of other scripts": "x,y\n١٢,３４\n५६,７８\n1,2\n3,4\n".encode(),
    "underscores and hexadecimals": b"x,y\n1_000,0x1F\n2_000,0b11\n3,4\n5,6\n",
    "a long number": b"x,y\n" + b"1" * 100_000 + b"," + b"0." + b"1" * 100_000 + b"\n1,2\n3,4\n",
    "a name that is a mark": b"PAR1,PK\n1,2\n3,4\n",
    "XML": b'<?xml version="1.0"?><a>1,2</a>',
    "NumPy": b"\x93NUMPY\x01\x00v\x00{'descr': '<f8'}\n" + bytes(64),
    "program": b"\x7fELF\x02\x01\x01" + bytes(64),
    "old workbook": b"\xd0\xcf\x11\xe0" + bytes(512),
    "gzip bomb": gzip.compress(gzip.compress(bytes(100_000_000), 1, mtime=0), mtime=0),
    "gzip of a workbook": gzip.compress(WORKBOOKS["workbook"], mtime=0),
    "Latin-1": "größe;höhe\n1,5;2\n3;4\n".encode("latin-1"),
    "Shift JIS": "高さ,幅\n1,2\n3,4\n".encode("shift_jis"),
    "UTF-32": COMMA.encode("utf-32"),
    "UTF-7 and EBCDIC": COMMA.encode("cp037"),
}

NASTY = TEXTS | WORKBOOKS | PARQUETS | JSONS
assert len(NASTY) == len(TEXTS) + len(WORKBOOKS) + len(PARQUETS) + len(JSONS)
