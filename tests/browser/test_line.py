"""Points on a line: the picture, the hands on it, and the way from a link to a file and back."""

import math
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import open_lab
from tests.browser.oracle import experiment_of, outcome_of
from tests.browser.stage import Stage
from ui.experiment.experiment import MIXTURE_ALGORITHMS

LINE = "data=blobs&n=200&y=none"


@pytest.mark.parametrize("more", ["", "&noise=on", "&data=answers&yes=answer"], ids=["plain", "noise", "yes"])
@pytest.mark.parametrize("algorithm", MIXTURE_ALGORITHMS)
def test_its_numbers_are_those_of_python(page: Page, server: str, algorithm: str, more: str) -> None:
    stage = Stage(open_lab(page, server, f"{LINE}&algorithm={algorithm}&k=4{more}"))
    _, run = outcome_of(stage.address)
    assert run.mixture.n_dimensions == 1
    for t in (0, 1, len(run.states) - 1):
        stage.go_to(2 * t + 1)
        shown = dict(stage.look().dataset)
        assert shown["dimensions"] == "1"
        assert float(shown["objective"]) == pytest.approx(run.curve[t], rel=1e-12)
    rows = stage.root.get_by_role("table", name="Components").locator("tbody tr")
    for k in range(4):
        weight, mean, width, *_ = rows.nth(k).locator("td").all_text_contents()[1:]
        mixture = run.mixture
        assert float(weight.rstrip("%")) / 100 == pytest.approx(mixture.weights[k], abs=6e-4)
        assert float(mean.replace("\u2212", "-")) == pytest.approx(mixture.means[k, 0], abs=6e-3)
        assert float(width) == pytest.approx(math.sqrt(mixture.covariances[k, 0, 0]), rel=6e-3)


def test_an_asked_point_has_the_shares_of_python(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, f"{LINE}&k=3&at=5"))
    data, run = outcome_of(stage.address)
    number = stage.root.get_by_label("Ask point number")
    number.fill("9")
    number.press("Enter")
    answer = stage.root.get_by_role("region", name="Ask")
    expect(answer).to_contain_text(f"Point 9 at ({data.points[8, 0]:.2f})".replace("-", "\u2212"))
    cells = answer.locator("tbody tr td:last-child").all_text_contents()
    mixture, x = run.states[2].mixture, data.points[8, 0]
    variances = mixture.covariances[:, 0, 0]
    joints = (
        mixture.weights * np.exp(-((x - mixture.means[:, 0]) ** 2) / (2 * variances)) / np.sqrt(variances)
    )
    found = [float(cell.rstrip("%")) / 100 for cell in cells]
    np.testing.assert_allclose(found, joints / joints.sum(), atol=1e-3)
    # In the plane 39.3 % lie within one sigma, and here:
    expect(stage.root).to_contain_text("a Gaussian: 68.3%")


@pytest.mark.parametrize(("handle", "moved"), [("Mean 2", "means"), ("Width 2", "covariances")])
def test_a_handle_is_dragged_along_the_line(page: Page, server: str, handle: str, moved: str) -> None:
    stage = Stage(open_lab(page, server, f"{LINE}&k=3"))
    before = outcome_of(stage.address)[1].states[0].mixture
    start = stage.centre(stage.root.get_by_label(handle))
    stage.drag(start, (start[0] + 70, start[1] - 40), drop=False)
    stage.wait_for_change("log-likelihood", do=page.mouse.up)
    address = stage.wait_for_address(**{"from": ".+"})
    begun = experiment_of(address).mixture()
    assert begun is not None
    for name in ("weights", "means", "covariances"):
        changed = np.abs(getattr(begun, name) - getattr(before, name)).reshape(3, -1).max(axis=1) > 1e-9
        assert changed.tolist() == [False, name == moved, False]
    assert float(getattr(begun, moved)[1].item()) > float(getattr(before, moved)[1].item())
    assert stage.log_likelihood == pytest.approx(outcome_of(address)[1].states[0].log_likelihood, rel=1e-12)


def test_a_handle_is_moved_by_keys(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, f"{LINE}&k=3"))
    stage.root.get_by_label("Width 1").focus()
    page.keyboard.press("Shift+ArrowRight")
    stage.wait_for_change("log-likelihood", do=lambda: page.keyboard.press("Enter"))
    assert len(stage.wait_for_address(**{"from": ".+"})["from"].split("_")) == 3


def test_points_are_put_on_the_line_and_taken_away(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, f"{LINE}&k=2"))
    picture = stage.root.get_by_label("The picture", exact=True).bounding_box()
    assert picture is not None
    place = picture["x"] + picture["width"] / 2, picture["y"] + 0.8 * picture["height"]
    stage.root.get_by_role("button", name="Add points").click()
    page.mouse.click(*place)
    stage.wait(points=201)
    assert len(stage.wait_for_address(add=".+")["add"].split(",")) == 1
    page.get_by_role("button", name="Undo").click()
    stage.wait(points=200)


def test_one_column_is_chosen_and_the_plane_again(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "data=old_faithful"))
    page.get_by_role("combobox", name="Upwards").click()
    page.get_by_role("option", name="none: points on a line").click()
    stage.wait(dimensions=1)
    stage.wait_for_address(y="none")
    expect(stage.root.get_by_role("button", name="Trails of the means")).to_be_hidden()
    page.get_by_role("button", name="Undo").click()
    stage.wait(dimensions=2)
    expect(stage.root.get_by_role("button", name="Trails of the means")).to_be_visible()


@pytest.mark.parametrize("kind", ["PNG", "SVG"])
def test_the_picture_is_saved(page: Page, server: str, tmp_path: Path, kind: str) -> None:
    stage = Stage(open_lab(page, server, "data=galaxies&behind=histogram&at=9"))
    with page.expect_download() as download:
        stage.root.get_by_role("button", name=f"Save as {kind}").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    content = path.read_bytes()
    assert len(content) > 5_000
    if kind == "SVG":
        text = content.decode()
        # Three areas and their sum over the bars, and a mark for each of the points.
        assert text.count("<path") > 82 + 7
