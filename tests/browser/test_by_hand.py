"""A mixture is fitted by hand: axes are dragged, numbers typed, and the likelihood follows."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import gmm_core
from tests.browser.conftest import open_lab
from tests.browser.oracle import experiment_of, outcome_of
from tests.browser.stage import Stage, eventually


def number_in(text: str) -> float:
    found = re.search(r"Log-likelihood (?:about )?([−\d,.]+\d)", text)
    assert found is not None, text
    return float(found[1].replace("−", "-").replace(",", ""))


class Hand:
    """The card of the lab's stage, with its tool taken."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        stage.button("Fit by hand").click()
        self.card = stage.root.get_by_role("region", name="By hand")
        expect(self.card).to_be_visible()

    @property
    def likelihood(self) -> float:
        return number_in(self.card.inner_text())

    def type(self, name: str, value: float) -> None:
        field = self.card.get_by_role("spinbutton", name=name)
        field.fill(str(value))
        self.stage.wait_for_change("log-likelihood", do=lambda: field.press("Enter"))

    def placed(self) -> gmm_core.Mixture:
        """What stands in the address, once Python gives it the log-likelihood that the stage shows."""
        found: list[gmm_core.Mixture] = []

        def arrive() -> None:
            address = self.stage.wait_for_address(**{"from": ".+"})
            mixture = experiment_of(address).mixture()
            assert mixture is not None
            assert outcome_of(address)[1].states[0].log_likelihood == pytest.approx(
                self.stage.log_likelihood, rel=1e-12
            )
            found.append(mixture)

        eventually(self.stage.page, arrive)
        assert self.likelihood == pytest.approx(self.stage.log_likelihood, abs=6e-5)
        return found[0]


@pytest.mark.parametrize("query", ["", "data=old_faithful&k=2", "noise=on&k=3", "algorithm=classification"])
def test_axes_are_dragged_and_the_likelihood_follows(page: Page, server: str, query: str) -> None:
    stage = Stage(open_lab(page, server, query))
    hand = Hand(stage)
    stage.wait(iteration=0, phase="E")
    axis = stage.root.get_by_role("button", name="First axis of component 1")
    start = stage.centre(axis)
    end = start[0] - 40, start[1] - 50
    stage.drag(start, end, drop=False)
    stage.catch_up()
    told = hand.likelihood
    axes = stage.axes()
    stage.wait_for_change("log-likelihood", do=page.mouse.up)
    stage.wait(iteration=0, phase="E")
    mixture = hand.placed()
    assert told == pytest.approx(stage.log_likelihood, abs=6e-5)
    # The end of the axis lies on the ellipse of one sigma, and along an axis of the covariance.
    off = np.array(axes.data(end)) - mixture.means[0]
    np.testing.assert_allclose(off @ np.linalg.solve(mixture.covariances[0], off), 1.0, rtol=0.05)
    turned = mixture.covariances[0] @ off
    assert abs(turned @ off) / np.linalg.norm(turned) / np.linalg.norm(off) == pytest.approx(1.0, abs=1e-3)


def test_typed_numbers_are_the_mixture_and_each_can_be_undone(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    hand = Hand(stage)
    page.get_by_role("button", name="Take component 2 in hand").click()
    typed = {"weight": 50, "mean of x": 1.25, "variance of x": 2.5, "covariance": -0.5, "variance of y": 1.5}
    values = []
    for name, value in typed.items():
        hand.type(name, value)
        values.append(stage.log_likelihood)
        assert hand.likelihood == pytest.approx(stage.log_likelihood, abs=6e-5)
    mixture = hand.placed()
    assert mixture.weights[1] == pytest.approx(0.5)
    assert mixture.weights.sum() == pytest.approx(1.0)
    assert mixture.means[1, 0] == pytest.approx(1.25)
    np.testing.assert_allclose(mixture.covariances[1], [[2.5, -0.5], [-0.5, 1.5]], rtol=1e-9)

    field = hand.card.get_by_role("spinbutton", name="covariance")
    field.fill("50")
    expect(hand.card.get_by_role("alert")).to_contain_text("between −1.936 and 1.936")
    assert hand.likelihood == pytest.approx(values[-1], abs=6e-5), "nothing of theirs is lost"
    field.fill("-0.5")
    expect(hand.card.get_by_role("alert")).to_be_empty()

    for value in reversed(values[:-1]):
        stage.wait_for_change(
            "log-likelihood", do=hand.card.get_by_role("button", name="Undo the last move").click
        )
        assert stage.log_likelihood == pytest.approx(value, rel=1e-12)
    hand.card.get_by_role("button", name="Let EM go on from here").click()
    page.wait_for_function("(root) => Number(root.dataset.iteration) > 1", arg=stage.root.element_handle())
    expect(hand.card).to_be_hidden()


def test_em_goes_on_from_what_was_typed_last(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    hand = Hand(stage)
    hand.card.get_by_role("spinbutton", name="mean of x").fill("4")
    told = hand.likelihood
    hand.card.get_by_role("button", name="Let EM go on from here").click()
    address = stage.wait_for_address(**{"from": ".+"})
    page.wait_for_function("(root) => Number(root.dataset.iteration) > 1", arg=stage.root.element_handle())
    mixture = experiment_of(address).mixture()
    assert mixture is not None
    assert mixture.means[0, 0] == pytest.approx(4.0)
    states = outcome_of(address)[1].states
    assert told == pytest.approx(states[0].log_likelihood, abs=6e-5)
    stage.action("pause").click()
    reached = states[int(stage.data("iteration"))].log_likelihood
    assert stage.log_likelihood == pytest.approx(reached, rel=1e-12)


def test_another_tool_does_not_stop_what_plays(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    stage.action("play").click()
    stage.button("Add points").click()
    stage.button("Look").click()
    expect(stage.action("pause")).to_be_visible()


@pytest.mark.parametrize("family", ["tied", "diag", "spherical", "VEV"])
def test_a_hand_keeps_to_the_family(page: Page, server: str, family: str) -> None:
    stage = Stage(open_lab(page, server, f"family={family}&k=3"))
    stage.step(4)
    hand = Hand(stage)
    page.get_by_role("button", name="Take component 2 in hand").click()
    axis = stage.root.get_by_role("button", name="First axis of component 2")
    axis.focus()
    for key in ("Shift+ArrowRight", "Shift+ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
    stage.wait_for_change("log-likelihood", do=lambda: page.keyboard.press("Enter"))
    mixture = hand.placed()
    # Of this family are those that its own M-step leaves as they are.
    scatters = mixture.covariances * mixture.weights[:, None, None]
    again = gmm_core.FAMILIES[family].covariances(mixture.weights, scatters)
    np.testing.assert_allclose(again, mixture.covariances, rtol=1e-6, atol=1e-9)


def test_on_a_line_widths_are_typed(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "data=galaxies&k=3"))
    hand = Hand(stage)
    hand.type("width σ", 1.5)
    assert hand.placed().covariances[0, 0, 0] == pytest.approx(2.25)


def test_of_more_columns_weights_and_means_are_typed(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "data=iris&more=petal_width,sepal_width"))
    hand = Hand(stage)
    hand.type("weight", 50)
    hand.type("mean of Petal length (cm)", 4.0)
    mixture = hand.placed()
    assert mixture.n_dimensions == 4
    assert mixture.weights[0] == pytest.approx(0.5)
    assert 4.0 in mixture.means[0]
    expect(hand.card).to_contain_text("no more than two columns")
