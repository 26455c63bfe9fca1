"""The components' colours can be told apart by everybody, on light and on dark ground."""

import re
import tomllib
from itertools import combinations
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pytest

from ui.experiment import MOST_COMPONENTS
from ui.palette import COMPONENTS, GLYPHS, Glyph, blended, colour_of, glyphs_wanted, linear_rgb, oklab

THEME = tomllib.loads((Path(__file__).parents[2] / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]

# What linear RGB becomes at severity 1. Source: Machado, Oliveira & Fernandes (2009), IEEE TVCG 15 (6).
VISION = {
    "normal": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}

# In OKLab about 0.02 is the smallest difference that is seen side by side; dots lie apart and need more.
JUST_SEEN = 0.02


def seen_as(colours: tuple[str, ...], vision: str) -> np.ndarray:
    """(N, 3): the colours in OKLab, as somebody of this vision sees them."""
    return oklab((linear_rgb(colours) @ np.array(VISION[vision]).T).clip(0, 1))


def contrast(a: str, b: str) -> float:
    """From 1 to 21. Source: WCAG 2.2, relative luminance."""
    dark, light = sorted(linear_rgb([colour])[0] @ [0.2126, 0.7152, 0.0722] for colour in (a, b))
    return (light + 0.05) / (dark + 0.05)


def closest(colours: tuple[str, ...], vision: str) -> tuple[float, str, str]:
    """The smallest distance between two of the colours, and the two."""
    places = seen_as(colours, vision)
    pairs = combinations(range(len(colours)), 2)
    return min((float(np.linalg.norm(places[i] - places[j])), colours[i], colours[j]) for i, j in pairs)


def test_the_measures_agree_with_published_values():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    # Source: the table in Ottosson (2020); white has lightness 1 and no hue for anybody.
    np.testing.assert_allclose(seen_as(("#ff0000",), "normal")[0], [0.628, 0.225, 0.126], atol=1e-3)
    for vision in VISION:
        np.testing.assert_allclose(seen_as(("#ffffff",), vision)[0], [1, 0, 0], atol=1e-4)
    # The pairs that a palette must avoid.
    assert (
        closest(("#ff0000", "#6b5a00"), "protanopia")[0] < 0.1 < closest(("#ff0000", "#6b5a00"), "normal")[0]
    )


def test_every_component_has_a_colour():
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in COMPONENTS)
    assert len(set(COMPONENTS)) == len(COMPONENTS) == MOST_COMPONENTS


@pytest.mark.parametrize(
    ("vision", "n_colours", "least"),
    [
        ("normal", 4, 0.2),
        ("normal", 6, 0.15),
        ("normal", 8, 0.12),
        ("normal", 12, 0.09),
        # Three times what is just seen side by side; the glyphs carry the rest.
        ("protanopia", 8, 0.07),
        ("deuteranopia", 8, 0.07),
        ("tritanopia", 8, 0.07),
        # Twelve hues are more than two kinds of cones can tell apart at a glance.
        ("protanopia", 12, 2 * JUST_SEEN),
        ("deuteranopia", 12, 2 * JUST_SEEN),
        ("tritanopia", 12, 2 * JUST_SEEN),
    ],
)
def test_colours_can_be_told_apart(vision, n_colours, least):
    distance, *pair = closest(COMPONENTS[:n_colours], vision)
    assert distance >= least, pair


@pytest.mark.parametrize("ground", ["light", "dark"])
@pytest.mark.parametrize("colour", COMPONENTS)
def test_colours_stand_out_from_the_ground(colour, ground):
    assert contrast(colour, THEME[ground]["backgroundColor"]) >= 3


@pytest.mark.parametrize("colour", COMPONENTS)
def test_a_white_number_can_be_read_on_every_colour(colour):
    assert contrast(colour, "#ffffff") >= 3


def test_the_palette_of_before_failed():
    """The third and the fourth were both grey to some."""
    assert (
        closest(("#009e73", "#cc79a7"), "deuteranopia")[0] < closest(COMPONENTS[2:4], "deuteranopia")[0] / 1.5
    )


@pytest.mark.parametrize("share", [0.25, 0.5, 0.75])
def test_a_blend_of_two_is_taken_for_no_third(share):
    places = seen_as(COMPONENTS[:3], "normal")
    for i, j in combinations(range(3), 2):
        blend = share * places[i] + (1 - share) * places[j]
        (third,) = {0, 1, 2} - {i, j}
        assert np.linalg.norm(blend - places[third]) > 3 * JUST_SEEN


def filled(glyph: Glyph) -> np.ndarray:
    """Which of the pixels of a fine grid the glyph fills, by the edges that lie to the right."""
    ticks = np.linspace(-1.8, 1.8, 73) + 1e-4
    x, y = np.meshgrid(ticks, ticks)
    inside = np.zeros(x.shape, dtype=bool)
    for ring in glyph.rings:
        for (x0, y0), (x1, y1) in zip(ring, (*ring[1:], ring[0]), strict=True):
            if y0 != y1:
                inside ^= ((y0 > y) != (y1 > y)) & (x < x0 + (x1 - x0) * (y - y0) / (y1 - y0))
    return inside


def test_every_component_has_a_glyph_that_is_no_others():
    assert len(GLYPHS) == len({glyph.name for glyph in GLYPHS}) == MOST_COMPONENTS
    go.scatter.Marker(symbol=[glyph.name for glyph in GLYPHS])
    shapes = [filled(glyph) for glyph in GLYPHS]
    for one, other in combinations(shapes, 2):
        assert (one ^ other).sum() > 0.15 * (one | other).sum()
    # None looks much heavier or lighter than a plain point, of area pi.
    areas = [shape.sum() * 0.05**2 for shape in shapes]
    assert min(areas) > 0.6 * np.pi
    assert max(areas) < 1.4 * np.pi


@pytest.mark.parametrize(
    ("choice", "n_kinds", "wanted"),
    [("auto", 4, False), ("auto", 5, True), ("auto", 12, True), ("on", 1, True), ("off", 12, False)],
)
def test_glyphs_come_with_many_kinds_or_when_asked_for(choice, n_kinds, wanted):
    assert glyphs_wanted(choice, n_kinds) is wanted


def test_a_blend_is_as_far_along_in_oklab_as_its_shares_say():
    shares = np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5], [0.25, 0.75]])
    found = blended(shares)
    assert found[:2] == [colour_of(0), colour_of(1)]
    ends = oklab(linear_rgb(COMPONENTS[:2]))
    np.testing.assert_allclose(oklab(linear_rgb(found)), shares @ ends, atol=4e-3)
    grey = blended(np.zeros((1, 2)))[0]
    assert grey[1:3] == grey[3:5] == grey[5:7]
