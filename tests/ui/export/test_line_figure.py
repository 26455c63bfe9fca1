"""Taken home from a line: the figure adds up, and the words are those of a line."""

import io
import json
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import gmm_core
from gmm_core import FAMILIES, Mixture, Noise
from gmm_core.datasets import CLASSICS
from gmm_core.datasets.generators import GENERATORS
from tests.outcomes import faithful, outcome_of
from tests.ui.export.test_report import SVG, Reader
from tests.ui.export.test_results import content, made
from ui.experiment import NO_COLUMN, Experiment
from ui.experiment.transitions import choose_data
from ui.export.caveats import caveats
from ui.export.line_figure import line_figure
from ui.export.report import report
from ui.palette import colour_of


def picture(points: np.ndarray, mixture: Mixture) -> ElementTree.Element:
    return ElementTree.fromstring(line_figure(points, mixture, ("x",)))


def corners(path: ElementTree.Element) -> np.ndarray:
    text = path.attrib["d"].replace("M", "").replace("Z", "")
    return np.array([[float(number) for number in corner.split()] for corner in text.split("L")])


def layers_of(root: ElementTree.Element) -> list[ElementTree.Element]:
    """That of the noise, and one for each component."""
    return [path for path in root.iter(f"{SVG}path") if path.attrib.get("class") == "layer"]


@pytest.mark.parametrize("noise", [None, Noise(0.2, 10.0)])
def test_the_layers_are_the_weights_and_together_the_sum(noise: Noise | None) -> None:
    share = 1.0 if noise is None else 0.8
    weights = share * np.array([0.3, 0.7])
    mixture = Mixture(weights, [[0.0], [5.0]], [[[1.0]], [[0.25]]], noise)
    points = np.concatenate([np.linspace(-5, 5, 50), np.linspace(4, 6, 70)])[:, None]
    root = picture(points, mixture)
    layers = [corners(path) for path in layers_of(root)]
    closed = [np.vstack([layer, layer[:1]]) for layer in layers]
    areas = [abs(np.trapezoid(layer[:, 1], layer[:, 0])) for layer in closed]
    # All but the tails beyond the frame.
    np.testing.assert_allclose(np.array(areas[1:]) / sum(areas[1:]), weights / share, atol=2e-3)
    assert (areas[0] > 0) == (noise is not None)
    curves = [path for path in root.iter(f"{SVG}path") if path.attrib.get("stroke-width") in ("1.5", "2.2")]
    assert [curve.attrib["stroke"] for curve in curves[:2]] == [colour_of(0), colour_of(1)]
    density = np.exp(gmm_core.log_density(np.linspace(-5.55, 6.55, 600)[:, None], mixture))
    heights = corners(curves[-1])[:, 1]
    ground = layers[0][-1, 1]
    np.testing.assert_allclose(
        (ground - heights) / (ground - heights).max(), density / density.max(), atol=2e-3
    )


def test_every_point_lies_below_the_axis_and_one_sigma_is_drawn() -> None:
    points = faithful()[:, :1]
    outcome = outcome_of(points, 2)
    root = picture(points, outcome.run.mixture)
    circles = list(root.iter(f"{SVG}circle"))
    dots = [circle for circle in circles if "opacity" in circle.attrib]
    ground = max(corners(path)[:, 1].max() for path in layers_of(root))
    assert len(dots) == len(points)
    assert all(float(circle.attrib["cy"]) > ground for circle in circles)
    assert [circle.attrib["fill"] for circle in circles if "opacity" not in circle.attrib] == [
        colour_of(0),
        colour_of(1),
    ]
    assert sum("stroke-dasharray" in path.attrib for path in root.iter(f"{SVG}path")) == 2


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
@pytest.mark.parametrize("points", [np.zeros((5, 1)), np.full((5, 1), 3.0), np.array([[0.0], [0.0], [1.0]])])
def test_points_of_little_extent_have_a_figure(scale: float, points: np.ndarray) -> None:
    mixture = Mixture([1.0], [points.mean(axis=0) * scale], [[[scale**2]]])
    assert "nan" not in ElementTree.tostring(picture(points * scale, mixture), "unicode")


def test_a_collapsing_curve_leaves_the_others_their_height() -> None:
    points = np.random.default_rng(0).normal(size=(200, 1))
    sound = Mixture([1.0], [[0.0]], [[[1.0]]])
    collapsing = Mixture([0.995, 0.005], [[0.0], [0.3]], [[[1.0]], [[1e-12]]])
    heights = [np.ptp(corners(layers_of(picture(points, m))[1])[:, 1]) for m in (sound, collapsing)]
    assert heights[1] > 0.2 * heights[0]


@pytest.mark.parametrize("family", FAMILIES)
def test_the_report_speaks_of_a_line(family: str) -> None:
    outcome = outcome_of(faithful()[:, :1], 2, family, columns=("x",))
    page = Reader(report(outcome))
    assert "68.3 % of a Gaussian (1 σ)" in page.text
    assert "95.4 %" in page.text
    assert "ellips" not in page.text
    # Of the letters a line has the first alone.
    own = FAMILIES[family].letters[0] == "V"
    assert f"({'V' if own else 'E'})." in page.text
    assert outcome.model.n_parameters == 2 + 1 + (2 if own else 1)
    bic = gmm_core.bic(outcome.log_likelihood, 5 if own else 4, 272)
    assert outcome.model.bic == pytest.approx(bic, rel=1e-12)
    variances = outcome.run.mixture.covariances[:, 0, 0]
    assert (variances[0] == pytest.approx(variances[1], rel=1e-9)) == (not own)


def test_caveats_are_those_of_a_line() -> None:
    points = np.concatenate([np.random.default_rng(0).normal(size=60), 3 + 1e-4 * np.arange(5)])[:, None]
    start = Mixture([0.9, 0.1], [[0.0], [3.0]], [[[1.0]], [[1e-6]]])
    outcome = outcome_of(points, 2, start=start, reg_covar=1e-8)
    said = " ".join(caveats(outcome, k_by_hand=True, n_starts=1))
    assert "Component 2 is nearly a point" in said
    assert "its curve rests on few" in said
    assert "curves are wider" in said
    assert "ellips" not in said


@pytest.mark.parametrize("name", [*GENERATORS, *CLASSICS])
def test_every_file_can_be_made_of_a_line(name: str) -> None:
    data, run, files = made(replace(choose_data(Experiment(), name), n_points=60, y=NO_COLUMN, yes=""))
    assert data.points.shape[1] == 1
    for result in files.values():
        assert len(content(result)) > 0
    table = pd.read_parquet(io.BytesIO(content(files["Table, Parquet"])))
    assert table["component"].notna().sum() == len(data.points)
    assert gmm_core.load_model(content(files["Model, JSON"])).log_likelihood == run.log_likelihood
    assert len(json.loads(content(files["Session"]))["columns"]) == 1
