"""A bundle is what its modules are: the same exports, which compute the same, run in the same order."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gmm_core
from tests.js.test_javascript import NODE
from ui.stage.bundle import GLOBAL, STATIC, BundleError, bundle, modules_of

MODULES = sorted(path.relative_to(STATIC).as_posix() for path in STATIC.rglob("*.js"))

# What a module exports, in a form that can be compared; of a function its code without comments and spaces.
SHOW = r"""
const code = (f) => f.toString().replace(/^[ \t]*\/\/[^\n]*\n|\/\*[^]*?\*\//gm, "").replace(/\s+/g, "");
const shown = (exported) => Object.fromEntries(Object.keys(exported).sort().map((name) => {
  const value = exported[name];
  return [name, typeof value === "function" ? code(value) : JSON.stringify(value) ?? String(value)];
}));
"""


def in_node(script: str, *, given: Any = None) -> Any:
    """What the last line of a module script printed, as JSON; `given` is what it finds as `given`."""
    text = f"const given = {json.dumps(given)};\n{script}"
    answer = subprocess.run(
        [NODE, "--input-type=module"], input=text, capture_output=True, text=True, encoding="utf-8"
    )
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout.splitlines()[-1])


def test_every_module_may_be_an_entry_and_exports_what_it_did() -> None:
    """Also those of the page: none of them touches it before it is asked to."""
    given = [[name, (STATIC / name).as_uri(), bundle(name)] for name in MODULES]
    modules, bundled = in_node(
        SHOW
        + f"""
        const modules = {{}}, bundled = {{}};
        for (const [name, address, script] of given) {{
          modules[name] = shown(await import(address));
          bundled[name] = shown(new Function(`${{script}}; return {GLOBAL};`)());
        }}
        console.log(JSON.stringify([modules, bundled]));
        """,
        given=given,
    )
    assert len(modules) == len(MODULES)
    assert bundled == modules
    # Nothing but strict code is a module's.
    assert all('"use strict"' in script for _, _, script in given)


def test_it_computes_what_the_core_does() -> None:
    """The shares of a point, through half a dozen modules."""
    weights, means = np.array([0.25, 0.75]), np.array([[0.0, 0.0], [3.0, 1.0]])
    covariances = np.array([[[1.0, 0.3], [0.3, 2.0]], [[0.5, 0.0], [0.0, 0.1]]])
    shapes = {
        "weights": weights.tolist(),
        "means": means.ravel().tolist(),
        "covariances": covariances[:, *np.triu_indices(2)].ravel().tolist(),
    }
    entry = "model/mixture.js"
    modules, bundled = in_node(
        f"""
        import * as modules from "{(STATIC / entry).as_uri()}";
        const bundled = new Function(`${{given.script}}; return {GLOBAL};`)();
        const said = ({{ plainMixture, explainPoint }}) =>
          explainPoint(1.5, 0.5, null, plainMixture(given.shapes, {{ noise_volume: null }}), null);
        console.log(JSON.stringify([said(modules), said(bundled)]));
        """,
        given={"script": bundle(entry), "shapes": shapes},
    )
    assert bundled == modules
    shares = gmm_core.responsibilities(np.array([[1.5, 0.5]]), gmm_core.Mixture(weights, means, covariances))[
        0
    ]
    assert [row["responsibility"] for row in bundled["parts"]] == pytest.approx(shares.tolist(), rel=1e-12)


def test_modules_run_once_each_after_those_that_they_import(tmp_path: Path) -> None:
    """As the language has it, which Node shows."""
    (tmp_path / "deep").mkdir()
    files = {
        "entry.js": 'import { a } from "./a.js";\nimport {\n  b as other,\n} from "./deep/b.js";\n'
        'globalThis.ran.push("entry");\nexport const sum = a() + other;\nexport class Box {}\n',
        "a.js": 'import { c } from "./deep/c.js";\nglobalThis.ran.push("a");\nexport function a() {\n'
        "  return c + 1;\n}\n",
        "deep/b.js": 'import { c as b_c } from "./c.js";\nimport { a } from "../a.js";\n'
        'globalThis.ran.push("b");\n// A line of its own.\n/** And a block,\n * of two lines. */\n'
        "export const b = 10 * b_c * a();\nexport async function later() {}\n",
        "deep/c.js": 'globalThis.ran.push("c");\nconst own = 4; // not exported\nexport const c = own / 2;\n',
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    script = bundle("entry.js", tmp_path)
    assert "line of its own" not in script
    assert "of two lines" not in script
    found = in_node(
        SHOW
        + f"""
        globalThis.ran = [];
        const modules = shown(await import("{(tmp_path / "entry.js").as_uri()}"));
        const order = globalThis.ran;
        globalThis.ran = [];
        const bundled = shown(new Function(`${{given}}; return {GLOBAL};`)());
        console.log(JSON.stringify([[modules, order], [bundled, globalThis.ran]]));
        """,
        given=script,
    )
    assert found[0] == found[1]
    assert found[0][1] == ["c", "a", "b", "entry"]
    assert modules_of("entry.js", tmp_path) == ["deep/c.js", "a.js", "deep/b.js", "entry.js"]


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ('import d3 from "./b.js";', "import d3"),
        ('import * as b from "./b.js";', "import * as b"),
        ('import "./b.js";', 'import "./b.js"'),
        ('import { a } from "d3";', 'from "d3"'),
        ('import { default as a } from "./b.js";', "default as a"),
        ('const later = import("./b.js");', "import("),
        ("const where = import.meta.url;", "import.meta"),
        ("export default function () {}", "export default"),
        ("export let a = 1;", "export let"),
        ("export const { a } = { a: 1 };", "export const {"),
        ("const a = 1;\nexport { a };", "export { a }"),
        ('export { b } from "./b.js";', "export { b }"),
        ('import { c } from "./nowhere.js";', "nowhere.js, which is not there"),
        ('import { a } from "./a.js";\nexport const b = 1;', "a.js imports a.js"),
    ],
)
def test_another_form_is_named(tmp_path: Path, source: str, named: str) -> None:
    (tmp_path / "a.js").write_text(source, encoding="utf-8")
    (tmp_path / "b.js").write_text("export const b = 1;\n", encoding="utf-8")
    with pytest.raises(BundleError, match=re.escape(named)) as raised:
        bundle("a.js", tmp_path)
    assert "a.js" in str(raised.value)


def test_a_circle_is_named(tmp_path: Path) -> None:
    for name, other in ("ab", "bc", "ca"):
        (tmp_path / f"{name}.js").write_text(f'import {{ x }} from "./{other}.js";\n', encoding="utf-8")
    with pytest.raises(BundleError, match=r"a\.js imports b\.js imports c\.js imports a\.js"):
        bundle("a.js", tmp_path)
