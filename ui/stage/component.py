"""Mounts the stage, lessons and charts of fits in a page: the only file here that knows Streamlit."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path

import plotly
import streamlit.components.v1 as files
from streamlit.components.v2 import component

from ui.stage.katex import ADDRESS, KATEX

STATIC = Path(__file__).parent / "static"
PLOTLY = Path(plotly.__file__).parent / "package_data"


def _version(folder: Path) -> str:
    """Changes with the files, so that no browser keeps stale ones."""
    digest = sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


# Declared for their addresses alone: Streamlit then serves the folders, compressed.
_files = f"files_{_version(STATIC)}"
_plotly = f"plotly_{plotly.__version__.replace('.', '_')}"
SERVED = (files.declare_component(_files, path=STATIC), files.declare_component(_plotly, path=PLOTLY))

_AT = f"""
const at = (path) => new URL(`component/{__name__}.${{path}}`, document.baseURI).href;
"""

_MODULES = [f"{_files}/{path.relative_to(STATIC).as_posix()}" for path in sorted(STATIC.rglob("*.js"))]

_STYLES = {
    "streamlit": ("stage.css",),
    "streamlit-lesson": ("stage.css", "lesson.css"),
    "streamlit-chart": ("stage.css", "chart.css"),
}

# Streamlit's page may lie below an address of its own, as the component does.
_KATEX = f'() => import(new URL("{ADDRESS}/{KATEX.name}", document.baseURI).href)' if KATEX else "null"

_FAULT = '<div class="em-fault" role="alert"></div>'


def _script(host: str, event: str) -> str:
    """What Streamlit runs to mount something: the module of a host, whose answers are the event named."""
    styles = [f"{_files}/{style}" for style in _STYLES[host]]
    # Everything is asked for at once: one module after the other would cost a round trip for each import.
    return f"""{_AT}
const ahead = (rel, path) => {{
  const link = document.createElement("link");
  document.head.append(Object.assign(link, {{ rel, href: at(path), as: "script" }}));
}};
{_MODULES}.forEach((path) => ahead("modulepreload", path));
ahead("preload", "{_plotly}/plotly.min.js");
const host = import(at("{_files}/hosts/{host}.js"));
export default function ({{ data, parentElement, setTriggerValue }}) {{
  host
    .then(({{ render }}) => render({{
      parent: parentElement,
      data,
      plotlyUrl: at("{_plotly}/plotly.min.js"),
      styleUrls: {styles}.map(at),
      katex: {_KATEX},
      send: (answer) => setTriggerValue("{event}", answer),
    }}))
    .catch((error) => {{
      const words = `The page could not show this; reload it. (${{error.message}})`;
      parentElement.querySelector(".em-fault").textContent = words;
      throw error;
    }});
  return () => host.then(({{ unmount }}) => unmount(parentElement));
}}
"""


def _mounted(kind: str) -> Callable[..., object]:
    html = f'{_FAULT}\n<div data-testid="em-stage" data-kind="{kind}"></div>\n'
    return component(f"em_{kind}", html=html, js=_script("streamlit", "events"), isolate_styles=False)


_STAGES = {kind: _mounted(kind) for kind in ("lab", "comparison")}


def show_stage(message: bytes, *, kind: str, key: str, on_events: Callable[[], None]) -> None:
    """Shows a stage of the kind "lab" or "comparison" with a message of `ui.stage.codec.encode`.

    `on_events` runs before the script does when a hand changed the picture, and finds the events in the
    widget state of `key`.
    """
    _STAGES[kind](key=key, data=message, on_events_change=on_events)


_LESSON = component(
    "em_lesson",
    html=f'{_FAULT}\n<section data-testid="lesson" aria-label="Lesson"></section>\n',
    js=_script("streamlit-lesson", "events"),
    isolate_styles=False,
)


def show_lesson(message: bytes, *, key: str, on_events: Callable[[], None]) -> None:
    """Shows a lesson with a message of `ui.workspace.lessons.lesson_message`.

    `on_events` runs before the script does when somebody asked for another lesson or for the lab, and finds
    the events in the widget state of `key`.
    """
    _LESSON(key=key, data=message, on_events_change=on_events)


_CLASS = component(
    "em_class",
    js=f"""{_AT}
const lesson = import(at("{_files}/hosts/streamlit-lesson.js"));
export default function ({{ data }}) {{
  lesson.then(({{ hear }}) => hear(data));
}}
""",
)


def tell_class(news: Mapping[str, object]) -> None:
    """Tells the lesson on the page how things stand with a class: what `Classroom.news` says."""
    _CLASS(key="class news", data=dict(news))


_CHART = component(
    "em_fit_chart",
    html=f'{_FAULT}\n<div data-testid="fit-chart"></div>\n',
    js=_script("streamlit-chart", "picked"),
    isolate_styles=False,
)


def show_chart(message: str, *, key: str, on_picked: Callable[[], None]) -> None:
    """Shows a chart with a message of `ui.stage.fit_chart.encode_chart`.

    `on_picked` runs before the script does when somebody has picked a fit, and finds its id as "picked" in
    the widget state of `key`.
    """
    _CHART(key=key, data={"message": message}, on_picked_change=on_picked)


_KEEPER = component(
    "em_address",
    js=f"""{_AT}
const line = import(at("{_files}/hosts/line.js"));
export default function ({{ data, setTriggerValue }}) {{
  const send = (events) => setTriggerValue("events", events);
  line.then(({{ keepAddress }}) => keepAddress({{ data, send }}));
}}
""",
)


def keep_address(address: Mapping[str, str], file: str) -> None:
    """Does on a page without a stage what a stage does besides: it writes the address, and takes the page up
    again when a broken line to the server is back. `file` is the name of the uploaded file, or empty."""
    _KEEPER(key="address", data={"address": dict(address), "file": file}, on_events_change=lambda: None)


_GLOSSARY = component(
    "em_glossary",
    js=f"""{_AT}
const host = import(at("{_files}/hosts/streamlit-glossary.js"));
export default function ({{ data, parentElement }}) {{
  const styleUrls = [at("{_files}/glossary.css")];
  host.then(({{ render }}) => render({{ parent: parentElement, data, styleUrls, katex: {_KATEX} }}));
}}
""",
    isolate_styles=False,
)


def show_glossary(message: str) -> None:
    """Explains the terms on whatever page is shown, with a message of `ui.glossary.glossary_message`; nothing
    of it stands where this is called."""
    _GLOSSARY(key="glossary", data={"terms": message})
