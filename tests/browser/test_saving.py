"""The picture as a file, drawn in the browser."""

import re
import struct
from pathlib import Path
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import open_lab
from tests.browser.stage import Stage

N_CONTOURS = 5

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"

# Of every image, the share of pixels that are half transparent, and of those that are all but opaque.
SHARES_OF_OPACITY = """
(images) => Promise.all(images.map(async (image) => {
  const bitmap = await createImageBitmap(await (await fetch(image)).blob());
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  let [half, full] = [0, 0];
  for (let i = 3; i < data.length; i += 4) {
    if (data[i] > 200) full++;
    else if (data[i] > 30) half++;
  }
  return { half: (4 * half) / data.length, full: (4 * full) / data.length };
}))
"""


def download(page: Page, stage: Stage, name: str) -> tuple[str, bytes]:
    """The name and the content of the file that a button gives."""
    with page.expect_download() as waiting:
        stage.button(name).click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def marked(tree: ElementTree.Element, word: str) -> list[ElementTree.Element]:
    """Elements whose class has this word."""
    return [node for node in tree.iter() if word in node.get("class", "").split()]


def texts_of(tree: ElementTree.Element) -> list[str]:
    """Every text of the picture."""
    return ["".join(node.itertext()) for node in tree.iter(f"{SVG}text")]


def test_png(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    stage.step(2)
    name, content = download(page, stage, "Save as PNG")
    assert name == "elongated-clusters-k3-full-m-step-1.png"
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", content[16:24])
    assert 1200 < width < 6000, "sharp on paper"
    assert 900 < height < 6000
    assert 30_000 < len(content) < 3_000_000
    # It is as it was, and goes on.
    stage.step()


def test_svg(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    stage.step(3)
    look = stage.look()
    name, content = download(page, stage, "Save as SVG")
    assert name == "elongated-clusters-k3-full-e-step-1.svg"
    assert b"<image" not in content, "vectors all through"
    tree = ElementTree.fromstring(content)
    assert tree.tag == f"{SVG}svg"
    assert 300 < float(tree.get("width", "0")) < 3000
    paths = [node for layer in marked(tree, "shapelayer") for node in layer.iter(f"{SVG}path")]
    styles = [node.get("style", "") for node in paths if node.get("d", "").endswith("Z")]
    ellipses = [style for style in styles if re.search(r"(^| )opacity: 1;.*fill-opacity: 0;", style)]
    assert len(ellipses) == len(look.ellipses) == 6
    points = [style for node in marked(tree, "point") if "fill:" in (style := node.get("style", ""))]
    assert len(points) >= 500, "a mark for every point"
    assert len(set(points)) > 50, "the blended colours are in the file"
    texts = texts_of(tree)
    assert {"1", "2", "3"} <= set(texts), "the means have their numbers"
    text = " ".join(texts)
    assert "iteration 1" in text
    assert "log-likelihood" in text
    assert "K = 3" in text


@pytest.mark.parametrize(
    ("behind", "data", "stem", "n_points"),
    [
        ("field", "data=penguins", "palmer-penguins-k3-full", 342),
        ("contours", "n=5000&tol=0.01&family=diag", "elongated-clusters-k3-diag", 5000),
    ],
)
def test_svg_of_a_background_is_made_of_vectors(
    page: Page, server: str, behind: str, data: str, stem: str, n_points: int
) -> None:
    stage = Stage(open_lab(page, server, f"{data}&behind={behind}&at=1000"))
    name, content = download(page, stage, "Save as SVG")
    assert name == f"{stem}.svg", "the last picture is the fit itself"
    assert b"<image" not in content
    assert len(content) < 3_000_000
    tree = ElementTree.fromstring(content)
    (framed,) = [node for node in tree.iter(f"{SVG}svg") if node is not tree]
    shapes = list(framed.iter(f"{SVG}path"))
    assert len(shapes) == N_CONTOURS if behind == "contours" else len(shapes) > 20, "colours, or lines"
    assert all(re.fullmatch(r"[MLhvz\d. -]+", shape.get("d", "")) for shape in shapes)
    assert len([node for node in marked(tree, "point") if "fill:" in node.get("style", "")]) >= n_points


def test_svg_of_a_background_and_of_many_points(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "n=20000&tol=0.01&behind=field&at=3"))
    _, content = download(page, stage, "Save as SVG")
    assert len(content) < 5_000_000
    tree = ElementTree.fromstring(content)
    assert len(marked(tree, "point")) < 10, "no mark for every point"
    assert {"1", "2", "3"} <= set(texts_of(tree))
    images = [node.get(HREF) for node in tree.iter(f"{SVG}image")]
    shares = page.evaluate(SHARES_OF_OPACITY, images)
    assert sum(share["half"] for share in shares) > 0.2, "the field is half transparent"
    assert sum(share["full"] for share in shares) > 0.05, "the points are all but opaque"
