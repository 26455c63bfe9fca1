"""The page that is mailed fits anew by itself, without a network, with the numbers of Python."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, Request, expect

import gmm_core
from tests.browser.stage import Stage
from ui.experiment.address import to_address
from ui.experiment.scenes import SCENES
from ui.experiment.transitions import set_choices
from ui.export.page import standalone_page
from ui.stage.codec import Scene, encode
from ui.workspace.changes import change, opened_by
from ui.workspace.files import take_file
from ui.workspace.scene import scene_as_seen
from ui.workspace.workspace import Workspace

OPENED = '[data-testid="em-stage"][data-points]'

Open = Callable[..., tuple[Stage, Scene]]


@pytest.fixture
def open_file(another_page: Callable[..., Page], tmp_path: Path) -> Iterator[Open]:
    """Opens the page of an address, without a network; the answer is its stage and what was put into it."""
    page = another_page()
    requests: list[str] = []

    def note(request: Request) -> None:
        requests.append(request.url)

    page.context.on("request", note)
    page.context.set_offline(True)

    def open_it(
        current: Workspace | None = None, *, endless: bool = False, **address: str
    ) -> tuple[Stage, Scene]:
        current = current or opened_by(address)
        assert current.complaints == []
        scene = scene_as_seen(current, "lab")
        if endless:
            assert scene.fit is not None
            scene = replace(scene, fit=replace(scene.fit, tolerance=0.0, step_limit=10**6))
        path = tmp_path / "fit.html"
        path.write_text(standalone_page(encode(scene), title="t", line="l"), encoding="utf-8")
        page.goto(path.as_uri())
        page.wait_for_selector(OPENED)
        return Stage(page), scene

    yield open_it
    page.context.remove_listener("request", note)
    assert [url for url in requests if not url.startswith(("file:", "data:", "blob:"))] == []


def begun_at(scene: Scene) -> gmm_core.Mixture:
    assert isinstance(scene.run, gmm_core.EMRun)
    return scene.run.states[0].mixture


def pythons(
    scene: Scene, points: np.ndarray, start: gmm_core.Mixture, weights: np.ndarray | None = None
) -> gmm_core.EMRun:
    """Python's fit, by the settings in the page."""
    fit = scene.fit
    assert fit is not None
    return gmm_core.run(
        points,
        start,
        family=scene.family,
        reg_covar=fit.reg_covar,
        tolerance=fit.tolerance,
        max_steps=fit.step_limit,
        variant=gmm_core.Variant(sample_weights=weights),
    )


def with_mean(mixture: gmm_core.Mixture, k: int, place: tuple[float, ...]) -> gmm_core.Mixture:
    means = mixture.means.copy()
    means[k] = place[: mixture.n_dimensions]
    return replace(mixture, means=means)


def assert_is(stage: Stage, run: gmm_core.EMRun) -> None:
    """Every picture's log-likelihood, and how many there are."""
    assert stage.last == 2 * len(run.states) - 1
    for t, state in enumerate(run.states):
        stage.go_to(2 * t)
        assert stage.log_likelihood == pytest.approx(state.log_likelihood, rel=1e-9)


def test_a_mean_that_is_placed_is_pythons_new_start(open_file: Open) -> None:
    stage, scene = open_file(data="blobs", n="200", k="3", family="tied")
    stage.button("Fit by hand").click()
    card = stage.root.get_by_role("region", name="By hand")
    start = begun_at(scene)
    for axis, value in (("x", 1.25), ("y", -0.5)):
        field = card.get_by_role("spinbutton", name=f"mean of {axis}")
        field.fill(str(value))
        stage.wait_for_change("log-likelihood", do=lambda field=field: field.press("Enter"))
    stage.button("Look").click()
    assert_is(stage, pythons(scene, scene.points, with_mean(start, 0, (1.25, -0.5))))
    stage.action("last").click()
    expect(stage.root.locator(".em-stopped")).to_contain_text("Converged")


def test_a_mean_is_dragged_to_where_python_ends_from_there(open_file: Open) -> None:
    stage, scene = open_file(data="blobs", k="3", tol="1e-9")
    assert isinstance(scene.run, gmm_core.EMRun)
    expect(stage.page.get_by_text("fits anew")).to_be_visible()
    axes, start = stage.axes(), stage.centre(stage.handle(2))
    end = start[0] + 90, start[1] - 140
    stage.wait_for_change("log-likelihood", do=lambda: stage.drag(start, end))
    stage.wait(iteration=0, phase="start")
    run = pythons(scene, scene.points, with_mean(begun_at(scene), 1, tuple(axes.data(end))))
    # The place is known to a pixel's fraction; the end does not depend on it.
    assert stage.log_likelihood == pytest.approx(run.states[0].log_likelihood, rel=0.02)
    stage.action("last").click()
    stage.wait_at(stage.last)
    assert stage.log_likelihood == pytest.approx(run.log_likelihood, abs=1e-4)
    undo = stage.button("Undo")
    stage.wait_for_change("log-likelihood", do=undo.click)
    assert stage.log_likelihood == scene.run.states[0].log_likelihood
    expect(undo).to_be_disabled()


@pytest.mark.parametrize("columns", [{}, {"y": "none"}], ids=["in the plane", "on a line"])
def test_points_are_put_in_and_taken_out(open_file: Open, columns: dict[str, str]) -> None:
    stage, scene = open_file(data="old_faithful", k="2", family="full", **columns)
    assert isinstance(scene.run, gmm_core.EMRun)
    place = [3.25, 60.0][: scene.points.shape[1]]
    stage.button("Add points").click()
    for name, value in zip("xy", place, strict=False):
        stage.root.get_by_label(f"{name} of the new point").fill(str(value))
    added = str(len(scene.points) + 1)
    stage.root.locator(".em-editing").get_by_role("button", name="Add", exact=True).click()
    stage.wait(points=added)
    more = np.vstack([scene.points, place])
    assert_is(stage, pythons(scene, more, begun_at(scene)))
    # From here EM goes on from where it is.
    last = stage.last
    stage.root.locator(".em-editing").get_by_role("button", name="Add", exact=True).click()
    stage.wait(points=str(len(scene.points) + 2), iteration=0)
    going_on = pythons(scene, more, begun_at(scene)).states[last // 2].mixture
    assert_is(stage, pythons(scene, np.vstack([more, place]), going_on))
    stage.wait_for_change("points", do=stage.button("Undo").click)
    assert stage.data("points") == added
    stage.wait_for_change("points", do=stage.button("Undo").click)
    assert stage.data("points") == str(len(scene.points))
    stage.go_to(0)
    assert stage.log_likelihood == scene.run.states[0].log_likelihood


def test_a_collapse_is_told_and_mended(open_file: Open) -> None:
    stage, _ = open_file(data="blobs", n="60", k="2", family="full")
    stage.button("Add points").click()
    stage.button("Clear all points").click()
    stage.wait(points=0, states=0)
    expect(stage.root.locator(".em-words")).to_contain_text("No points")
    # Three points are one for each component, and one too many.
    for place in ((0.0, 0.0), (0.1, 0.0), (5.0, 5.0)):
        for name, value in zip("xy", place, strict=True):
            stage.root.get_by_label(f"{name} of the new point").fill(str(value))
        stage.wait_for_change(
            "points",
            do=stage.root.locator(".em-editing").get_by_role("button", name="Add", exact=True).click,
        )
    stage.button("Look").click()
    stage.action("last").click()
    stopped = stage.root.locator(".em-stopped")
    expect(stopped).to_contain_text("collapsed")
    cure = stopped.get_by_role("button", name="A little regularisation")
    cure.click()
    expect(stopped).to_contain_text("Converged")
    assert int(stage.data("states")) > 1


def test_of_pythons_own_collapse_it_offers_what_it_can_do(open_file: Open) -> None:
    stage, scene = open_file(**to_address(SCENES["collapse"].experiment))
    names = {name for name, _, _ in scene.cures}
    assert {"regularise", "prior", "fewer"} <= names
    buttons = stage.root.locator("[data-cure]")
    stage.action("last").click()
    expect(buttons).to_have_text([re.compile("A little regularisation")])
    stage.go_to(0)
    start = stage.centre(stage.handle(1))
    stage.wait_for_change("log-likelihood", do=lambda: stage.drag(start, (start[0] + 60, start[1] + 30)))
    stage.wait_for_change("log-likelihood", do=stage.button("Undo").click)
    stage.action("last").click()
    expect(buttons).to_have_text([re.compile("A little regularisation")])
    buttons.click()
    expect(stage.root.locator(".em-stopped")).to_contain_text("Converged")


def test_a_fit_that_takes_long_is_undone_before_it_has_ended(open_file: Open) -> None:
    stage, _ = open_file(data="blobs", n="5000", k="8", family="full", endless=True)
    note = stage.page.locator(".em-below")
    seen = stage.log_likelihood
    where, undo = stage.centre(stage.handle(3)), stage.button("Undo")
    stage.drag(where, (where[0] + 70, where[1] - 60))
    expect(note).to_contain_text("Fitting: iteration")
    undo.click()
    expect(note).to_contain_text("fits anew")
    # No run came of the drag, and so the mean is where the run has it.
    assert np.allclose(stage.centre(stage.handle(3)), where, atol=1)
    assert stage.log_likelihood == seen
    expect(undo).to_be_disabled()


def test_rows_that_count_more_than_once_do_so_in_the_page(open_file: Open) -> None:
    rng = np.random.default_rng(5)
    rows = np.column_stack(
        [rng.normal(size=(90, 2)) + 4.0 * (np.arange(90) % 2)[:, None], np.arange(90) % 4 + 0.5]
    )
    text = "x,y,count\n" + "\n".join(",".join(f"{value:.6f}" for value in row) for row in rows)
    current = opened_by({})
    take_file(current, "rows.csv", text.encode(), max_bytes=10**6)
    chosen = {"x": "x", "y": "y", "weight": "count", "n_components": 2, "family": "full", "algorithm": "em"}
    change(current, lambda old: set_choices(old, **chosen))
    stage, scene = open_file(current)
    assert scene.point_weights is not None
    stage.button("Fit by hand").click()
    field = stage.root.get_by_role("region", name="By hand").get_by_role("spinbutton", name="mean of x")
    field.fill("1.25")
    stage.wait_for_change("log-likelihood", do=lambda: field.press("Enter"))
    stage.button("Look").click()
    start = begun_at(scene)
    moved = with_mean(start, 0, (1.25, start.means[0, 1]))
    assert_is(stage, pythons(scene, scene.points, moved, scene.point_weights))


@pytest.mark.parametrize("address", [{"hide": "controls"}, {"noise": "on"}], ids=str)
def test_what_the_page_cannot_fit_or_a_link_has_locked_stays_as_it_is(
    open_file: Open, address: dict[str, str]
) -> None:
    stage, _ = open_file(data="blobs", n="100", k="3", **address)
    expect(stage.handle(1)).to_be_disabled()
    for name in ("Look", "Fit by hand", "Add points", "Remove points", "Undo"):
        expect(stage.button(name)).to_have_count(0)
    expect(stage.page.get_by_text("fits anew")).to_have_count(0)


def test_it_offers_no_choice_that_only_python_answers(open_file: Open) -> None:
    stage, scene = open_file(data="blobs", n="100", k="3")
    assert scene.controls is not None
    stage.button("Present").click()
    expect(stage.button("Leave")).to_be_visible()
    expect(stage.select("Family")).to_have_count(0)
    expect(stage.button("New start")).to_have_count(0)
