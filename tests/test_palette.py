"""The components' colours can be told apart by everybody, on light and on dark ground."""

import re
import tomllib
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from ui.experiment import MOST_COMPONENTS
from ui.palette import COMPONENTS

THEME = tomllib.loads((Path(__file__).parents[1] / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]

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

# Source: Ottosson, "A perceptual color space for image processing" (2020).
TO_CONES = [
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
]
TO_OKLAB = [
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
]

# In OKLab about 0.02 is the smallest difference that is seen side by side; dots lie apart and need more.
JUST_SEEN = 0.02


def linear(colour: str) -> np.ndarray:
    """Linear RGB (3,), from 0 to 1, of "#rrggbb"."""
    values = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def oklab(colours: tuple[str, ...], vision: str) -> np.ndarray:
    """(N, 3): lightness, green to red and blue to yellow, as somebody of this vision sees the colours."""
    seen = np.array([linear(colour) for colour in colours]) @ np.array(VISION[vision]).T
    return np.cbrt(seen.clip(0, 1) @ np.array(TO_CONES).T) @ np.array(TO_OKLAB).T


def contrast(a: str, b: str) -> float:
    """From 1 to 21. Source: WCAG 2.2, relative luminance."""
    dark, light = sorted(linear(colour) @ [0.2126, 0.7152, 0.0722] for colour in (a, b))
    return (light + 0.05) / (dark + 0.05)


def closest(colours: tuple[str, ...], vision: str) -> tuple[float, str, str]:
    """The smallest distance between two of the colours, and the two."""
    places = oklab(colours, vision)
    pairs = combinations(range(len(colours)), 2)
    return min((float(np.linalg.norm(places[i] - places[j])), colours[i], colours[j]) for i, j in pairs)


def test_the_measures_agree_with_published_values():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    # Source: the table in Ottosson (2020); white has lightness 1 and no hue for anybody.
    np.testing.assert_allclose(oklab(("#ff0000",), "normal")[0], [0.628, 0.225, 0.126], atol=1e-3)
    for vision in VISION:
        np.testing.assert_allclose(oklab(("#ffffff",), vision)[0], [1, 0, 0], atol=1e-4)
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
        ("normal", 6, 0.15),
        ("protanopia", 6, 0.07),
        ("deuteranopia", 6, 0.07),
        ("tritanopia", 6, 0.07),
        ("normal", 12, 0.1),
        # Twelve hues are more than two kinds of cones can tell apart at a glance: the numbers at the means
        # carry the rest, but no two colours are the same to anybody.
        ("protanopia", 12, JUST_SEEN),
        ("deuteranopia", 12, JUST_SEEN),
        ("tritanopia", 12, JUST_SEEN),
    ],
)
def test_colours_can_be_told_apart(vision, n_colours, least):
    distance, *pair = closest(COMPONENTS[:n_colours], vision)
    assert distance >= least, pair


@pytest.mark.parametrize("ground", ["light", "dark"])
@pytest.mark.parametrize("colour", COMPONENTS)
def test_colours_stand_out_from_the_ground(colour, ground):
    assert contrast(colour, THEME[ground]["backgroundColor"]) >= 2
