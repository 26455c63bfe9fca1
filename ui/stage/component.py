"""Mounts the stage in a Streamlit page: the only file of the stage that knows Streamlit."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path

import plotly
import streamlit.components.v1 as files
from streamlit.components.v2 import component

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

# Everything is asked for at once: one module after the other would cost a round trip for each import.
_SCRIPT = f"""{_AT}
const ahead = (rel, path) => {{
  const link = document.createElement("link");
  document.head.append(Object.assign(link, {{ rel, href: at(path), as: "script" }}));
}};
{_MODULES}.forEach((path) => ahead("modulepreload", path));
ahead("preload", "{_plotly}/plotly.min.js");
const stage = import(at("{_files}/hosts/streamlit.js"));
export default function ({{ data, parentElement, setTriggerValue }}) {{
  stage
    .then(({{ render }}) => render({{
      parent: parentElement,
      data,
      plotlyUrl: at("{_plotly}/plotly.min.js"),
      styleUrl: at("{_files}/stage.css"),
      send: (events) => setTriggerValue("events", events),
    }}))
    .catch((error) => {{
      const words = `The stage could not show this; reload the page. (${{error.message}})`;
      parentElement.querySelector(".em-fault").textContent = words;
      throw error;
    }});
  return () => stage.then(({{ unmount }}) => unmount(parentElement));
}}
"""


def _mounted(kind: str) -> Callable[..., object]:
    fault, stage = '<div class="em-fault" role="alert"></div>', f'data-testid="em-stage" data-kind="{kind}"'
    html = f"{fault}\n<div {stage}></div>\n"
    return component(f"em_{kind}", html=html, js=_SCRIPT, isolate_styles=False)


_STAGES = {kind: _mounted(kind) for kind in ("lab", "comparison")}


def show_stage(message: bytes, *, kind: str, key: str, on_events: Callable[[], None]) -> None:
    """Shows a stage of the kind "lab" or "comparison" with a message of `ui.stage.codec.encode`.

    `on_events` runs before the script does when a hand changed the picture, and finds the events in the
    widget state of `key`.
    """
    _STAGES[kind](key=key, data=message, on_events_change=on_events)


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
