"""The page that is mailed: it opens from disk, alone, and is the same stage with the same numbers."""

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import ROOT, Watched
from tests.browser.stage import Stage
from ui.analysis.fitting import run_of
from ui.data import data_of, frame_of
from ui.experiment import Experiment, View
from ui.experiment.address import VIEW_DEFAULTS
from ui.export.page import standalone_page
from ui.export.theme import DARK, LIGHT
from ui.stage.codec import Scene, encode
from ui.workspace.scene import as_drawn

OPENED = '[data-testid="em-stage"][data-points]'

NASTY = "</script><script>window.broken = 1</script><b>&amp; „größe“ \u2028"


@dataclass
class Opened:
    """The page in a browser without a network."""

    page: Page
    stage: Stage
    scene: Scene
    requests: list[str]


def scene_of(experiment: Experiment) -> Scene:
    data = data_of(experiment, None)
    run = run_of(experiment, data)
    return Scene(
        points=data.points,
        run=run,
        identity="run",
        beginning=0,
        data_identity="data",
        extent=frame_of(data.extent),
        columns=(NASTY, "y"),
        title=NASTY,
        **as_drawn(View()),
        view_defaults=VIEW_DEFAULTS,
    )


@pytest.fixture(scope="module")
def scene() -> Scene:
    return scene_of(Experiment(n_points=200))


@pytest.fixture(scope="module")
def file(scene: Scene, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page on disk, under a name with a space and letters beyond ASCII."""
    path = tmp_path_factory.mktemp("mail") / "EM für Anfänger.html"
    path.write_text(
        standalone_page(encode(scene), title=NASTY, line=f"200 points · K = 3 · {NASTY}"), encoding="utf-8"
    )
    return path


@pytest.fixture
def opened(another_page: Callable[..., Page], file: Path, scene: Scene) -> Iterator[Opened]:
    page = another_page()
    requests: list[str] = []

    def note(request: Request) -> None:
        requests.append(request.url)

    page.context.on("request", note)
    page.context.set_offline(True)
    page.goto(file.as_uri())
    page.wait_for_selector(OPENED)
    yield Opened(page, Stage(page), scene, requests)
    page.context.remove_listener("request", note)
    assert [url for url in requests if not url.startswith(("file:", "data:", "blob:"))] == []
    assert page.evaluate("window.broken") is None


def test_it_steps_with_the_numbers_of_python(opened: Opened) -> None:
    stage, run = opened.stage, opened.scene.run
    assert run is not None
    assert stage.index == 0
    assert stage.last == 2 * len(run.states) - 1
    seen = []
    for index in range(6):
        stage.wait_at(index)
        assert stage.log_likelihood == run.states[index // 2].log_likelihood
        seen.append(stage.look())
        stage.step()
    assert len(set(seen)) == 6
    stage.action("last").click()
    stage.wait_at(stage.last)
    assert stage.log_likelihood == run.log_likelihood
    stage.action("back").click()
    stage.wait_at(stage.last - 1)
    opened.page.keyboard.press("Home")
    stage.wait_at(0)


def test_the_keys_work_at_once(opened: Opened) -> None:
    opened.page.keyboard.press("ArrowRight")
    opened.stage.wait_at(1)


def test_it_plays_by_itself_to_the_end(opened: Opened) -> None:
    opened.stage.select("Speed").select_option("4")
    opened.stage.go_to(opened.stage.last - 4)
    opened.stage.action("play").click()
    opened.stage.wait_at(opened.stage.last)
    expect(opened.stage.action("play")).to_be_visible()


def test_nothing_is_offered_that_needs_python(opened: Opened) -> None:
    stage, page = opened.stage, opened.page
    for name in ("Look", "Add points", "Remove points", "Clear all points"):
        expect(stage.button(name)).to_have_count(0)
    handle = stage.handle(1)
    expect(handle).to_be_disabled()
    expect(handle).to_have_accessible_name("Mean 1")
    before = stage.data("log-likelihood"), stage.look().shapes
    x, y = stage.centre(handle)
    stage.drag((x, y), (x, y))
    page.keyboard.press("Enter")
    assert (stage.data("log-likelihood"), stage.look().shapes) == before
    # What needs no Python is all there.
    stage.select("Behind").select_option("field")
    stage.root.get_by_label("Ask point number").fill("7")
    page.keyboard.press("Tab")
    expect(stage.root.get_by_label("Ask", exact=True)).to_contain_text("Point 7 at")


def test_what_people_wrote_is_shown_letter_by_letter(opened: Opened) -> None:
    expect(opened.page).to_have_title(NASTY.replace(" \u2028", ""))
    expect(opened.page.get_by_role("heading", level=1)).to_have_text(NASTY.replace("\u2028", "").strip())
    expect(opened.page.locator("body > header p")).to_contain_text("200 points · K = 3 · </script>")


def test_it_saves_pictures(opened: Opened) -> None:
    for name, head in (("Save as PNG", b"\x89PNG"), ("Save as SVG", b"<svg")):
        with opened.page.expect_download() as download:
            opened.stage.button(name).click()
        assert Path(download.value.path()).read_bytes().startswith(head)


@pytest.mark.parametrize(("scheme", "theme"), [("light", LIGHT), ("dark", DARK)])
def test_it_is_light_or_dark_as_the_person_likes_it(
    opened: Opened, scheme: str, theme: dict[str, str]
) -> None:
    other = "dark" if scheme == "light" else "light"
    opened.page.emulate_media(color_scheme=other)  # type: ignore[arg-type]
    opened.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for node in (opened.page.locator("body"), opened.stage.root):
        expect(node).to_have_css(
            "background-color", "rgb({}, {}, {})".format(*bytes.fromhex(theme["background-color"][1:]))
        )
    expect(opened.stage.root).to_have_css("color-scheme", scheme)


def test_no_running_past_the_side_on_a_phone(another_page: Callable[..., Page], file: Path) -> None:
    page = another_page(width=390, height=800)
    page.goto(file.as_uri())
    page.wait_for_selector(OPENED)
    Stage(page).wait_until_still()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_it_plays_inside_a_course_page_and_leaves_it_its_keys(
    another_page: Callable[..., Page], file: Path
) -> None:
    """In a frame that may run scripts and nothing else, as learning platforms have them."""
    course = file.with_name("course.html")
    frame = (
        f'<iframe id="em" sandbox="allow-scripts" width="1200" height="850" src="{file.as_uri()}"></iframe>'
    )
    course.write_text(f"<!DOCTYPE html><title>Course</title><input autofocus>{frame}", encoding="utf-8")
    page = another_page()
    page.context.set_offline(True)
    page.goto(course.as_uri())
    inside = page.frame_locator("#em")
    stage = inside.locator('[data-testid="em-stage"]')
    expect(stage).to_have_attribute("data-iteration", "0")
    expect(page.locator("input")).to_be_focused()
    inside.locator('[data-action="next"]').click()
    expect(stage).to_have_attribute("data-phase", "E")


def test_the_policy_holds_the_promise(opened: Opened, watched: Watched) -> None:
    """Even a page that was tampered with sends nothing, and runs nothing that it did not come with."""
    policy = opened.page.locator("meta[http-equiv]").get_attribute("content") or ""
    assert "unsafe" not in policy
    assert "script-src 'sha256-" in policy
    opened.page.evaluate("""() => {
      const script = document.createElement("script");
      document.head.append(Object.assign(script, { textContent: "window.broken = 1" }));
      const style = document.createElement("style");
      document.head.append(Object.assign(style, { textContent: "body { opacity: 0.5 }" }));
    }""")
    expect(opened.page.locator("body")).to_have_css("opacity", "1")
    outcome = opened.page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'sent', (error) => error.name)")
    assert outcome == "TypeError"
    assert all("Content Security Policy" in text for text in watched.console_errors)
    assert watched.console_errors
    watched.console_errors.clear()


def test_the_colours_are_those_of_the_lab() -> None:
    themes = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    for name, theme in (("light", LIGHT), ("dark", DARK)):
        words = {
            key: "".join(part.title() if i else part for i, part in enumerate(key.split("-")))
            for key in theme
        }
        assert {key: themes[name][word] for key, word in words.items()} == theme


def test_the_same_run_gives_the_same_page_of_a_mailable_size(scene: Scene, file: Path) -> None:
    again = standalone_page(encode(scene), title="t", line="l")
    assert again == standalone_page(encode(replace(scene)), title="t", line="l")
    assert file.stat().st_size < 2.7e6


def test_formulas_are_set_without_a_network(opened: Opened) -> None:
    opened.stage.step()
    card = opened.page.get_by_role("region", name="The algorithm")
    expect(card.locator('[aria-current="step"]')).to_have_attribute("data-line", "E")
    expect(card.locator(".em-numbers math")).to_be_visible()
    expect(card.locator(".em-numbers math msub").first).to_be_visible()
    card.locator('[data-line="until"]').click()
    opened.stage.wait_at(opened.stage.last)
