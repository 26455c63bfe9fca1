"""The message of a chart of fits holds what Python drew and fitted, and no mark that stands for nothing."""

import base64
import json
from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import pytest

from tests.stage_message import refuse
from ui.stage.fit_chart import MOST_POINTS, MOST_ROOM, FitChart, SmallFit, encode_chart


def fit(name: str, points: np.ndarray, k: int, seed: int = 0) -> SmallFit:
    """K components anywhere, and labels that have nothing to do with them."""
    rng = np.random.default_rng(seed)
    d = points.shape[1]
    spreads = rng.normal(size=(k, d, d))
    return SmallFit(
        id=name,
        title=f"the fit <{name}>",
        facts=("BIC −12.5", "2 above the best"),
        labels=rng.integers(-1, k, size=len(points)),
        colours=tuple(rng.permutation(12)[:k].tolist()),
        weights=np.full(k, 1 / k),
        means=rng.normal(size=(k, d)),
        covariances=spreads @ spreads.transpose(0, 2, 1) + 0.1 * np.eye(d),
        row=name.split()[0],
    )


def chart(d: int = 2, n: int = 50) -> FitChart:
    points = np.random.default_rng(1).normal(size=(n, d))
    fits = tuple(fit(name, points, k) for name, k in (("full 3", 3), ("full 1", 1), ("tied 2", 2)))
    figure = go.Figure(go.Scatter(x=[3, 1], y=np.array([0.1, np.nan]), customdata=["full 3", "full 1"]))
    figure.add_heatmap(z=np.array([[1.0, 2.0]]), customdata=[["tied 2", None]])
    figure.update_layout(height=300, title="€ & <b>")
    return FitChart(figure, points, fits, name="bic-over-k", label="BIC over K")


def read(message: str) -> dict:
    return json.loads(message, parse_constant=refuse)


def numbers(values: object) -> np.ndarray:
    """Of a list, or of what Plotly packs one in."""
    if not isinstance(values, dict):
        return np.array(values, dtype=np.float64)
    return np.frombuffer(base64.b64decode(values["bdata"]), np.dtype(values["dtype"]).newbyteorder("<"))


@pytest.mark.parametrize("d", [1, 2])
def test_every_number_arrives(d: int) -> None:
    sent = chart(d)
    found = read(encode_chart(sent))
    assert found["dimensions"] == d
    np.testing.assert_array_equal(np.reshape(found["points"], (-1, d)), sent.points)
    assert [entry["id"] for entry in found["fits"]] == ["full 3", "full 1", "tied 2"]
    for entry, own in zip(found["fits"], sent.fits, strict=True):
        k = len(own.weights)
        assert (entry["title"], tuple(entry["facts"]), entry["row"]) == (own.title, own.facts, own.row)
        assert entry["labels"] == own.labels.tolist()
        assert entry["colours"] == list(own.colours)
        np.testing.assert_array_equal(entry["weights"], own.weights)
        np.testing.assert_array_equal(np.reshape(entry["means"], (k, d)), own.means)
        np.testing.assert_array_equal(np.reshape(entry["covariances"], (k, d, d)), own.covariances)
    assert (found["name"], found["label"]) == ("bic-over-k", "BIC over K")


def test_the_figure_arrives_without_colours_of_a_page() -> None:
    figure = read(encode_chart(chart()))["figure"]
    line, cells = figure["data"]
    assert line["customdata"] == ["full 3", "full 1"]
    assert cells["customdata"] == [["tied 2", None]]
    np.testing.assert_array_equal(numbers(line["y"]), [0.1, np.nan])
    assert figure["layout"]["height"] == 300
    assert figure["layout"]["title"]["text"] == "€ & <b>"
    assert "template" not in figure["layout"]


@pytest.mark.parametrize("d", [1, 2])
def test_the_frame_holds_all_points_and_no_ellipse_makes_them_small(d: int) -> None:
    sent = chart(d)
    huge = replace(sent.fits[0], covariances=np.array([1e6 * np.eye(d)] * 3))
    for one in (sent, replace(sent, fits=(huge, *sent.fits[1:]))):
        extent = np.reshape(read(encode_chart(one))["extent"], (d, 2))
        low, high = sent.points.min(axis=0), sent.points.max(axis=0)
        assert (extent[:, 0] < low).all()
        assert (extent[:, 1] > high).all()
        assert (np.ptp(extent, axis=1) <= (1 + 2 * MOST_ROOM) * (high - low) * (1 + 1e-12)).all()


def test_points_that_are_all_alike_have_a_frame() -> None:
    points = np.full((5, 2), 7.0)
    x0, x1, y0, y1 = read(encode_chart(replace(chart(), points=points, fits=())))["extent"]
    assert x0 < 7 < x1
    assert y0 < 7 < y1


def test_a_fit_that_failed_has_no_components() -> None:
    one = chart()
    failed = SmallFit(
        "full 3",
        "full, K = 3",
        ("A component collapsed onto one point.",),
        np.full(50, -1),
        (),
        np.empty(0),
        np.empty((0, 2)),
        np.empty((0, 2, 2)),
    )
    entry = read(encode_chart(replace(one, fits=(failed, *one.fits[1:]))))["fits"][0]
    assert entry["weights"] == entry["means"] == entry["covariances"] == []


def test_a_mark_that_names_no_fit_is_refused() -> None:
    one = chart()
    with pytest.raises(ValueError, match=r"not there: \['tied 2'\]"):
        encode_chart(replace(one, fits=one.fits[:2]))


def test_a_chart_without_fits_may_keep_what_it_likes() -> None:
    found = read(encode_chart(replace(chart(), fits=())))
    assert found["fits"] == []
    assert found["figure"]["data"][0]["customdata"] == ["full 3", "full 1"]


def test_what_does_not_belong_together_is_refused() -> None:
    one = chart()
    first, *others = one.fits
    with pytest.raises(ValueError, match="same id"):
        encode_chart(replace(one, fits=(first, first)))
    for changes in (
        {"labels": first.labels[:-1]},
        {"weights": first.weights[:-1]},
        {"means": first.means[:, :1]},
        {"covariances": first.covariances[0]},
        {"colours": (0,)},
    ):
        with pytest.raises(ValueError, match="'full 3' has arrays of the shapes"):
            encode_chart(replace(one, fits=(replace(first, **changes), *others)))
    for points in (np.zeros((MOST_POINTS + 1, 2)), np.zeros((50, 3))):
        with pytest.raises(ValueError, match="at most 400 points in one or two columns"):
            encode_chart(replace(one, points=points))
