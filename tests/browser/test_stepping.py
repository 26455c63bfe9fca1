"""Forward and back through EM, half-step by half-step, without asking the server."""

import random
import re

import numpy as np
from playwright.sync_api import Page, WebSocket, expect

from tests.browser.conftest import open_lab
from tests.browser.stage import Look, Stage

N_HALF_STEPS = 12


def test_twelve_half_steps_and_back(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    forward = [stage.look()]
    likelihoods = [stage.log_likelihood]
    for index in range(1, N_HALF_STEPS + 1):
        stage.action("next").click()
        stage.wait(iteration=index // 2, phase="E" if index % 2 else "M")
        forward.append(stage.look())
        likelihoods.append(stage.log_likelihood)
    assert np.all(np.diff(likelihoods) >= 0), "the likelihood never falls"
    assert likelihoods[-1] > likelihoods[0] + 100
    assert len(set(forward)) == N_HALF_STEPS + 1, "every half-step shows something new"

    for index in range(1, N_HALF_STEPS + 1):
        assert_only_its_own_kind_of_change(forward[index - 1], forward[index], is_e_step=index % 2 == 1)

    for index in reversed(range(N_HALF_STEPS)):
        stage.action("back").click()
        stage.wait_at(index)
        assert stage.look() == forward[index]
    expect(stage.action("back")).to_be_disabled()


def assert_only_its_own_kind_of_change(before: Look, after: Look, *, is_e_step: bool) -> None:
    """The E-step changes colours and leaves the ellipses, the M-step moves every ellipse."""
    if is_e_step:
        assert after.canvases != before.canvases
        assert after.ellipses == before.ellipses
        gone = set(before.shapes) ^ set(after.shapes)
        assert all(shape.opacity < 0.5 for shape in gone), "only faint marks of before may come and go"
    else:
        assert after.canvases == before.canvases
        paths = {shape.path for shape in before.ellipses}, {shape.path for shape in after.ellipses}
        assert not paths[0] & paths[1]
        assert {shape.colour for shape in before.ellipses} == {shape.colour for shape in after.ellipses}


def test_stepping_never_calls_the_server(page: Page, server: str) -> None:
    frames: list[object] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: frames.append(frame))

    page.on("websocket", listen)
    stage = Stage(open_lab(page, server))
    stage.step()
    assert frames, "the page did talk to the server to open"
    frames.clear()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    stage.step(8)
    for _ in range(3):
        stage.action("back").click()
    stage.action("last").click()
    stage.wait_at(stage.last)
    stage.go_to(5)
    stage.select("Colours").select_option(label="Hard")
    stage.select("Behind").select_option(label="Density contours")
    stage.wait_for_address(at="5", colour="hard", behind="contours")
    page.remove_listener("websocket", listen)
    assert frames == []
    assert requests == []


def test_scrubbing_wildly_ends_at_the_right_picture(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    stage.go_to(17)
    wanted = stage.look()
    values = [random.Random(1).randint(0, stage.last) for _ in range(300)]
    for pause_after in (7, 50, 1000):
        stage.scrubber.evaluate(
            """async (scrubber, [values, pauseAfter]) => {
              for (const [i, value] of values.entries()) {
                scrubber.value = value;
                scrubber.dispatchEvent(new Event("input", { bubbles: true }));
                if (i % pauseAfter === 0) await new Promise(requestAnimationFrame);
              }
            }""",
            [[*values, 17], pause_after],
        )
        stage.wait_at(17)
        assert stage.look() == wanted

    box = stage.scrubber.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 3, middle)
    page.mouse.down()
    for share in (0.9, 0.1, 0.6, 0.2, 1.0):
        page.mouse.move(box["x"] + share * box["width"], middle, steps=5)
    page.mouse.up()
    stage.wait_at(stage.last)

    stage.action("first").click()
    stage.wait_at(0)
    expect(stage.action("first")).to_be_disabled()
    stage.action("last").click()
    stage.wait_at(stage.last)
    expect(stage.action("next")).to_be_disabled()
    expect(stage.action("last")).to_be_disabled()
    expect(stage.root).to_contain_text(re.compile("converged|gain", re.IGNORECASE))


def test_a_hundred_quick_clicks_are_a_hundred_half_steps(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "data=uniform&tol=1e-12"))
    assert stage.last > 100
    place = stage.centre(stage.action("next"))
    for _ in range(100):
        page.mouse.click(*place)
    stage.wait_at(100)
    quick = stage.look()
    stage.action("first").click()
    stage.go_to(100)
    assert stage.look() == quick


def test_clicking_the_likelihood_curve_goes_there(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    curve = stage.root.get_by_role("region", name="Log-likelihood")
    labels = curve.locator(".xtick text")
    places = {label.text_content(): stage.centre(label)[0] for label in labels.all()}
    ten, twenty = places["10"], places["20"]
    box = curve.locator(".js-plotly-plot").bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    # An iteration's ellipses stand for half a unit, then its colours.
    page.mouse.click(ten + 0.25 * (twenty - ten) / 10, y)
    stage.wait(iteration=10, phase="M")
    page.mouse.click(twenty + 0.75 * (twenty - ten) / 10, y)
    stage.wait(iteration=20, phase="E")
