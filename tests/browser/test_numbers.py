"""The browser's numbers against Python's: its modules are given the messages that the stage is given."""

import base64
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

import gmm_core
from gmm_core.datasets import CLASSICS
from gmm_core.datasets.generators import GENERATORS
from tests.browser.conftest import Tabs, open_lab
from ui import palette
from ui.analysis.fitting import run_of
from ui.data import data_of, extent_of, frame_of
from ui.experiment import Experiment
from ui.experiment.transitions import choose_data
from ui.stage.codec import EXACT_POINTS, Scene, encode

# What the issue asks for; float64 gives far more.
CLOSE = 1e-6

# Makes the stage's modules known to a page, and how to hand arrays over.
HARNESS = """
async (folder) => {
  const names = ["protocol/runs", "model/log-joint", "model/mixture", "draw/colour", "draw/oklab"];
  const rooms = await Promise.all(names.map((name) => import(`${folder}/${name}.js`)));
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const floats = (text) => new Float64Array(bytes(text).buffer);
  const text = (array) => new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(",") + 1));
    reader.readAsDataURL(new Blob([array]));
  });
  Object.assign(window, { stage: Object.assign({ bytes, floats, text }, ...rooms) });
}
"""

EVALUATE = """
async (message) => {
  const run = stage.readRuns(stage.bytes(message)).at(-1);
  const states = Array.from({ length: run.states }, (_, t) =>
    stage.evaluate(run.x, run.y, stage.mixtureAt(run, t), run.binary));
  const join = (name) => stage.text(new Blob(states.map((state) => state[name])));
  return { x: await stage.text(run.x), y: await stage.text(run.y),
           shares: await join("responsibilities"), densities: await join("logDensities") };
}
"""

COVERAGE = """
([message, levels]) => {
  const run = stage.readRuns(stage.bytes(message)).at(-1);
  return Array.from({ length: run.states }, (_, t) => {
    const mixture = stage.mixtureAt(run, t);
    const { responsibilities } = stage.evaluate(run.x, run.y, mixture);
    return levels.map((level) => stage.coverage(run.x, run.y, responsibilities, mixture, level));
  });
}
"""

MASS_LEVELS = """
([message, t, shares]) => {
  const run = stage.readRuns(stage.bytes(message)).at(-1);
  return stage.massLevels(stage.mixtureAt(run, t), shares);
}
"""


@pytest.fixture(scope="module")
def folder(tabs: Tabs, server: str) -> str:
    """Where the lab serves the stage's modules."""
    tab = open_lab(tabs.take(), server)
    names = tab.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")
    tabs.give_back(tab)
    (module,) = {name for name in names if name.endswith("/protocol/message.js")}
    return module.removesuffix("/protocol/message.js")


@pytest.fixture
def modules(page: Page, folder: str) -> Page:
    """A page that has the stage's modules, and nothing else."""
    page.goto(f"{folder}/protocol/message.js")
    page.evaluate(HARNESS, folder)
    return page


def message_of(points: np.ndarray, run: gmm_core.EMRun) -> str:
    """What the stage would be sent, as text; behind D numbers the points have those of a yes/no column where
    the mixture has one."""
    n_dimensions = run.mixture.n_dimensions
    scene = Scene(
        points=points[:, :n_dimensions],
        answers=points[:, -1] if points.shape[1] > n_dimensions else None,
        run=run,
        identity="run",
        beginning=0,
        data_identity="data",
        extent=frame_of(extent_of(points[:, :n_dimensions])),
    )
    return base64.b64encode(encode(scene)).decode()


def floats(text: str) -> np.ndarray:
    """An array from the page."""
    return np.frombuffer(base64.b64decode(text), dtype="<f8")


def text(array: Any) -> str:
    """An array for the page."""
    return base64.b64encode(np.ascontiguousarray(array, dtype="<f8").tobytes()).decode()


def assert_as_python(modules: Page, points: np.ndarray, run: gmm_core.EMRun) -> None:
    """Points, responsibilities and densities of every state agree with gmm_core's."""
    found = modules.evaluate(EVALUATE, message_of(points, run))
    n_points, n_components = len(points), run.mixture.n_components
    numbers = points[:, : run.mixture.n_dimensions]
    places = np.column_stack([floats(found["x"]), floats(found["y"])])
    np.testing.assert_array_equal(places[:, : numbers.shape[1]], numbers)
    shares = floats(found["shares"]).reshape(len(run.states), n_points, n_components)
    densities = floats(found["densities"]).reshape(len(run.states), n_points)
    for t, state in enumerate(run.states):
        np.testing.assert_allclose(
            shares[t], gmm_core.responsibilities(points, state.mixture), rtol=0, atol=CLOSE
        )
        np.testing.assert_allclose(densities[t], gmm_core.log_density(points, state.mixture), atol=CLOSE)
        assert densities[t].sum() == pytest.approx(state.log_likelihood, rel=CLOSE)


def outcome(data: str, **choices: Any) -> tuple[np.ndarray, gmm_core.EMRun]:
    """Points and a run that is not too long, of data with the settings that suit them."""
    experiment = replace(choose_data(Experiment(), data), tolerance=1e-4, **choices)
    found = data_of(experiment, None)
    return found.fitted, run_of(experiment, found)


@pytest.mark.parametrize("data", [*CLASSICS, *GENERATORS])
def test_responsibilities_of_every_state(modules: Page, data: str) -> None:
    assert_as_python(modules, *outcome(data))


@pytest.mark.parametrize("family", gmm_core.FAMILIES)
def test_responsibilities_of_every_family(modules: Page, family: str) -> None:
    assert_as_python(modules, *outcome("elongated", family=family, n_components=5))


def tiny_component() -> tuple[np.ndarray, gmm_core.EMRun]:
    """A wide cloud, and a component a hundred thousand times smaller within it."""
    rng = np.random.default_rng(2)
    place = np.array([1.3, -0.7])
    speck = place + 1e-5 * rng.standard_normal((60, 2)) @ [[1.0, 0.9], [0.0, 0.3]]
    points = np.vstack([3 * rng.standard_normal((240, 2)), speck])
    covariances = np.array([9.0, 1e-9])[:, None, None] * np.eye(2)
    start = gmm_core.Mixture(np.full(2, 0.5), np.array([np.zeros(2), place]), covariances)
    run = gmm_core.run(points, start, max_steps=40)
    smallest = gmm_core.principal_axes(run.mixture.covariances)[:, 1].min()
    assert smallest < 1e-5 * np.ptp(points)
    return points, run


def far_away() -> tuple[np.ndarray, gmm_core.EMRun]:
    """Elongated clusters a hundred million units from the origin."""
    return fitted(outcome("elongated")[0] + np.array([1e8, -1e8]))


def unlike_units() -> tuple[np.ndarray, gmm_core.EMRun]:
    """One axis in millionths, the other in millions."""
    return fitted(outcome("elongated")[0] * np.array([1e-6, 1e6]))


def fitted(points: np.ndarray) -> tuple[np.ndarray, gmm_core.EMRun]:
    start = gmm_core.initialize(points, 3, rng=np.random.default_rng(1))
    return points, gmm_core.run(points, start, max_steps=40)


@pytest.mark.parametrize("make", [tiny_component, far_away, unlike_units])
def test_responsibilities_where_digits_are_scarce(
    modules: Page, make: Callable[[], tuple[np.ndarray, gmm_core.EMRun]]
) -> None:
    assert_as_python(modules, *make())


def test_points_of_a_large_set_travel_without_losing_their_place(modules: Page) -> None:
    rng = np.random.default_rng(3)
    points = 1e6 + rng.standard_normal((EXACT_POINTS + 1, 2))
    run = gmm_core.run(points, gmm_core.initialize(points, 2, rng=rng), max_steps=2)
    found = modules.evaluate(EVALUATE, message_of(points, run))
    seen = np.column_stack([floats(found["x"]), floats(found["y"])])
    assert np.abs(seen - points).max() < 1e-6
    shares = floats(found["shares"]).reshape(len(run.states), len(points), 2)
    np.testing.assert_allclose(shares[-1], gmm_core.responsibilities(points, run.mixture), rtol=0, atol=CLOSE)


def test_coverage(modules: Page) -> None:
    points, run = outcome("elongated")
    levels = [0.5, 1.0, 2.0, float(np.sqrt(-2 * np.log(0.05))), 3.0]
    found = np.array(modules.evaluate(COVERAGE, [message_of(points, run), levels]))
    assert found.shape == (len(run.states), len(levels))
    for t, state in enumerate(run.states):
        shares = gmm_core.responsibilities(points, state.mixture)
        held = shares.sum(axis=0) / len(points)
        wanted = [gmm_core.coverage(points, state.mixture, shares, level) @ held for level in levels]
        np.testing.assert_allclose(found[t], wanted, atol=CLOSE)


@pytest.mark.parametrize("data", ["elongated", "spiral", "unequal_sizes", "old_faithful"])
def test_contours_enclose_the_mass_they_say(modules: Page, data: str) -> None:
    points, run = outcome(data)
    shares = [0.1, 0.25, 0.5, 0.75, 0.9, 0.99]
    last = len(run.states) - 1
    levels = modules.evaluate(MASS_LEVELS, [message_of(points, run), last, shares])
    drawn, _ = gmm_core.sample(run.mixture, 100_000, np.random.default_rng(4))
    densities = gmm_core.log_density(drawn, run.mixture)
    within = [(densities >= level).mean() for level in levels]
    np.testing.assert_allclose(within, shares, atol=0.02)


def test_a_whole_share_has_the_components_own_colour(modules: Page) -> None:
    colours = list(palette.COMPONENTS)
    found = modules.evaluate(
        "([shares, colours]) => Array.from(stage.blend(stage.floats(shares), colours))",
        [text(np.eye(len(colours))), colours],
    )
    wanted = [list(bytes.fromhex(colour[1:])) for colour in colours]
    assert np.array(found).reshape(-1, 3).tolist() == wanted


def test_half_and_half_looks_half_and_half(modules: Page) -> None:
    """In OKLab, each half-and-half colour is as far from one as from the other, and nowhere else."""
    colours = list(palette.COMPONENTS)
    pairs = [(i, j) for i in range(len(colours)) for j in range(i)]
    shares = np.zeros((len(pairs), len(colours)))
    for row, (i, j) in enumerate(pairs):
        shares[row, [i, j]] = 0.5
    found = modules.evaluate(
        """([shares, colours]) => {
          const bytes = stage.blend(stage.floats(shares), colours);
          const mixed = Array.from({ length: bytes.length / 3 }, (_, i) => bytes.subarray(3 * i, 3 * i + 3));
          const pure = colours.map((colour) => stage.parseColour(colour));
          return [mixed, pure].map((list) => list.map((colour) => stage.toOklab(colour)));
        }""",
        [text(shares), colours],
    )
    mixed, pure = (np.array(list_) for list_ in found)
    for row, (i, j) in enumerate(pairs):
        np.testing.assert_allclose(mixed[row], (pure[i] + pure[j]) / 2, atol=0.012)
