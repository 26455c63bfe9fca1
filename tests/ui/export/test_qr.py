"""The QR code is drawn as the standard wants it, and holds the link."""

import re
import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
import segno

from ui.export.qr import LinkError, qr_svg

SVG = "{http://www.w3.org/2000/svg}"

LINKS = ["http://localhost:8501/?k=4&seed=7", "https://example.org/größe?x=" + "1,2_" * 400, "A"]


def drawn(svg: str) -> np.ndarray:
    """(n, n): where the picture is dark, read from the lines of its one dark path."""
    root = ElementTree.fromstring(svg)
    width, height = map(int, root.attrib["viewBox"].split()[2:])
    dark = np.zeros((height, width), dtype=bool)
    path = next(node for node in root.iter(f"{SVG}path") if "stroke" in node.attrib)
    x, y = 0.0, 0.0
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", path.attrib["d"]):
        values = [float(number) for number in numbers.split()]
        if command == "M":
            x, y = values
        elif command == "m":
            x, y = x + values[0], y + values[1]
        else:
            dark[int(y), int(x) : int(x + values[0])] = True
            x += values[0]
    return dark


def message(modules: np.ndarray) -> str:
    """Reads the smallest kinds of code, of one block: the mask is taken off and the bytes are gathered."""
    n = len(modules)
    version = (n - 17) // 4
    taken = np.zeros((n, n), dtype=bool)
    taken[:9, :9] = taken[:9, -8:] = taken[-8:, :9] = True
    taken[6] = taken[:, 6] = True
    if version > 1:
        taken[n - 9 : n - 4, n - 9 : n - 4] = True
    bits = "".join("01"[int(modules[8, j])] for j in (2, 3, 4))
    mask = int(bits, 2) ^ 0b101
    i, j = np.indices((n, n))
    conditions = [
        (i + j) % 2, i % 2, j % 3, (i + j) % 3, (i // 2 + j // 3) % 2, i * j % 2 + i * j % 3,
        (i * j % 2 + i * j % 3) % 2, ((i + j) % 2 + i * j % 3) % 2,
    ]  # fmt: skip
    plain = modules ^ (conditions[mask] == 0)
    columns = [right for right in range(n - 1, 0, -2) if right > 6] + [5, 3, 1]
    stream = ""
    for number, right in enumerate(columns):
        rows = range(n - 1, -1, -1) if number % 2 == 0 else range(n)
        stream += "".join(
            "01"[int(plain[row, c])] for row in rows for c in (right, right - 1) if not taken[row, c]
        )
    assert stream.startswith("0100"), "not in byte mode"
    length = int(stream[4:12], 2)
    return bytes(int(stream[k : k + 8], 2) for k in range(12, 12 + 8 * length, 8)).decode()


@pytest.mark.parametrize("link", LINKS)
def test_every_module_of_the_code_is_drawn_and_a_margin(link: str) -> None:
    dark = drawn(qr_svg(link))
    expected = np.array(segno.make(link, error="m", boost_error=False, micro=False).matrix, dtype=bool)
    np.testing.assert_array_equal(dark[4:-4, 4:-4], expected)
    assert not dark[:4].any()
    assert not dark[-4:].any()
    assert not dark[:, :4].any()
    assert not dark[:, -4:].any()


@pytest.mark.parametrize("link", ["http://a.de/?k=4", "http://10.0.0.7:8501/?k=3&s=2"])
def test_the_link_is_read_back(link: str) -> None:
    assert message(drawn(qr_svg(link))[4:-4, 4:-4]) == link


def test_it_is_dark_on_light_in_any_theme_and_runs_nothing() -> None:
    svg = qr_svg('http://a.de/?"><script>alert(1)</script>')
    root = ElementTree.fromstring(svg)
    assert {node.tag.removeprefix(SVG) for node in root.iter()} <= {"svg", "title", "path"}
    colours = {node.attrib.get("fill") or node.attrib["stroke"] for node in root.iter(f"{SVG}path")}
    assert colours == {"#fff", "#000"}
    assert "width" not in root.attrib
    assert "script" not in svg


@pytest.mark.parametrize(
    ("link", "words"), [("", "no link"), ("http://a.de/?" + "x" * 4000, "4,013 characters")]
)
def test_what_cannot_be_is_said_in_a_sentence(link: str, words: str) -> None:
    with pytest.raises(LinkError, match=words):
        qr_svg(link)
