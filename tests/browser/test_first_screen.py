"""Whoever opens GMM Lab for the first time sees points, ellipses, and one thing to press."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import open_lab
from tests.browser.stage import PICTURE, Stage

# The share of pixels that are painted, and the number of different colours, of the canvas of points.
PAINTED = f"""
() => {{
  const canvas = document.querySelector(`{PICTURE} canvas.em-points`);
  const {{ data }} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const colours = new Set();
  let painted = 0;
  for (let i = 0; i < data.length; i += 4) {{
    if (data[i + 3] < 200) continue;
    painted++;
    colours.add(`${{data[i]}},${{data[i + 1]}},${{data[i + 2]}}`);
  }}
  return {{ share: painted / (canvas.width * canvas.height), colours: [...colours] }};
}}
"""


def test_first_screen_is_alive(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    stage.wait(iteration=0, phase="start", points=500, components=3)
    assert "GMM Lab" in page.title() or page.title() == "Lab"
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    assert stage.log_likelihood < 0

    painted = page.evaluate(PAINTED)
    assert 0.01 < painted["share"] < 0.5
    greys = [[int(part) for part in colour.split(",")] for colour in painted["colours"]]
    assert all(max(grey) - min(grey) < 25 for grey in greys), "before the first E-step points are grey"

    look = stage.look()
    assert len(look.solid) == 3
    assert len(look.ellipses) == 6, "solid at 1 sigma, dashed at 2"
    assert len({shape.colour for shape in look.ellipses}) == 3
    assert stage.handles().all_inner_texts() == ["1", "2", "3"]


def test_one_button_names_the_next_action(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    following = stage.action("next")
    expect(following).to_be_enabled()
    expect(following).to_have_text(re.compile("E-step"))
    expect(following).to_be_in_viewport(ratio=1)
    for name in ("back", "play", "first", "last"):
        expect(stage.action(name)).to_be_visible()
    expect(stage.action("back")).to_be_disabled()
    expect(stage.action("play")).to_be_enabled()

    following.click()
    stage.wait(iteration=0, phase="E")
    expect(following).to_have_text(re.compile("M-step"))
    assert len(page.evaluate(PAINTED)["colours"]) > 20, "the E-step blends the components' colours"
    following.click()
    stage.wait(iteration=1, phase="M")
    expect(following).to_have_text(re.compile("E-step"))
