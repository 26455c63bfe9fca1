"""Files that hold the same four points in every honest dialect, and one with every fault."""

import gzip

import numpy as np

POINTS = np.array([[1.5, -2.25], [3.0, 1e-3], [-0.5, 600.0], [7.125, 8.0]])
COMMA = "x,y\n1.5,-2.25\n3,1e-3\n-.5,600\n7.125,8.\n"
SEMICOLON = "x;y\n1,5;-2,25\n3;1e-3\n-,5;600\n7,125;8,0\n"


def respaced(separator: str) -> bytes:
    return COMMA.replace(",", separator).encode()


def lines_of(text: str, before: str = "", after: str = "") -> bytes:
    return "".join(f"{before}{line}{after}\n" for line in text.splitlines()).encode()


GOOD = {
    "comma": COMMA.encode(),
    "semicolon": respaced(";"),
    "tab": respaced("\t"),
    "pipe": respaced("|"),
    "space": respaced(" "),
    "runs of spaces and tabs": respaced("  \t "),
    "indented columns": lines_of(COMMA.replace(",", "   "), before="  ", after="  "),
    "space after comma": respaced(", "),
    "spaces around semicolon": respaced(" ; "),
    "decimal comma, semicolon": SEMICOLON.encode(),
    "decimal comma, tab": SEMICOLON.replace(";", "\t").encode(),
    "decimal comma, pipe": SEMICOLON.replace(";", "|").encode(),
    "decimal comma, spaces": SEMICOLON.replace(";", "  ").encode(),
    "no final newline": COMMA.rstrip().encode(),
    "carriage return and line feed": COMMA.replace("\n", "\r\n").encode(),
    "carriage return": COMMA.replace("\n", "\r").encode(),
    "UTF-8 with mark": COMMA.encode("utf-8-sig"),
    "UTF-16": COMMA.encode("utf-16"),
    "UTF-16 little-endian, no mark": COMMA.encode("utf-16-le"),
    "UTF-16 big-endian, no mark": COMMA.encode("utf-16-be"),
    "UTF-16 big-endian, mark": b"\xfe\xff" + COMMA.encode("utf-16-be"),
    "quoted": b'"x","y"\n"1.5","-2.25"\n"3","1e-3"\n"-.5","600"\n"7.125","8."\n',
    "lines quoted as one": lines_of(COMMA, before='"', after='"'),
    "comments": b"# made by hand\n" + COMMA.replace("3,", "# in the middle, 1, 2\n3,").encode() + b"#end",
    "names in a comment": b"# from numpy.savetxt\n# " + COMMA.encode(),
    "separator hint for Excel": b"sep=;\r\n" + SEMICOLON.encode(),
    "blank lines": b"\n\n" + COMMA.replace("\n", "\n  \n\n").encode(),
    "title above": b"My measurements\n\n" + COMMA.encode(),
    "trailing separator": lines_of(COMMA, after=","),
    "trailing separator in the rows only": COMMA.replace("5\n", "5,\n").replace("0\n", "0,\n").encode(),
    "row names as R writes them": b'"x" "y"\n"1" 1.5 -2.25\n"2" 3 1e-3\n"3" -.5 600\n"4" 7.125 8.\n',
    "index as pandas writes it": b",x,y\n0,1.5,-2.25\n1,3,1e-3\n2,-.5,600\n3,7.125,8.\n",
    "label first": b"kind,x,y\na,1.5,-2.25\nb,3,1e-3\nb,-.5,600\na,7.125,8.\n",
    "label with separators": b'x,y,kind\n1.5,-2.25,"a, b"\n3,1e-3,"c ""d"""\n-.5,600,"e\nf"\n7.125,8.,\n',
    "date and truth first": lines_of(COMMA, before="2024-01-01,True,").replace(
        b"2024-01-01,True", b"day,ok", 1
    ),
    "gzip": gzip.compress(COMMA.encode(), mtime=0),
    "gzip of UTF-16": gzip.compress(SEMICOLON.encode("utf-16"), mtime=0),
}


FAULTY = """Readings of Tuesday
# with a comment

x,y,note
1,10,"first
and second line"
2,abc,
1e400,30,
4,,

5,60
6,70,,,9
7,n.d.,"#
# not a comment"
8,-inf,
# a comment
q,also bad,
10,100,
11,100,
12,100,
13,100,
14,100,
15,100,
16,100,
""" + "".join(f"{x},100,\n" for x in range(17, 40))
