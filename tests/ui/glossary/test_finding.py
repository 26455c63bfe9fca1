"""Terms are found as whole words, the longest first, and by the browser exactly as by Python."""

import json
import subprocess

import pytest

from tests.js.test_javascript import NODE
from tests.ui.glossary.test_coverage import shown
from ui.glossary import find, glossary_message, said_of
from ui.glossary.words import glossary_words
from ui.stage.component import STATIC
from ui.stage.katex import KATEX

SCRIPT = """
import {{ readFileSync }} from "node:fs";
const {{ Terms }} = await import({module});
const {{ message, texts }} = JSON.parse(readFileSync(0, "utf-8"));
const terms = new Terms(JSON.parse(message));
process.stdout.write(JSON.stringify(texts.map(([text, language]) => terms.find(text, language))));
"""

TEX = """
import {{ readFileSync }} from "node:fs";
const {{ default: katex }} = await import({module});
const {{ terms }} = JSON.parse(readFileSync(0, "utf-8"));
for (const {{ formula }} of Object.values(terms)) katex.renderToString(formula, {{ throwOnError: true }});
process.stdout.write(String(Object.keys(terms).length));
"""


def node(script: str, module: str, given: str) -> str:
    code = script.format(module=json.dumps(module))
    call = [NODE, "--input-type=module", "--eval", code]
    answer = subprocess.run(call, input=given, capture_output=True, text=True, encoding="utf-8")
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def found(text: str, language: str = "en") -> list[tuple[str, str]]:
    return [(one.term, text[one.start : one.end]) for one in find(text, language) if one.term]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("The log-likelihood", [("log_likelihood", "log-likelihood")]),
        ("Weight of a row (optional)", [("sample_weight", "Weight of a row")]),
        ("weights", [("weight", "weights")]),
        ("counterweight, weighting", []),
        ("BIC, bic", [("bic", "BIC")]),
        ("K and k", [("n_components", "K")]),
        ("σ and Σ", [("sigma", "σ")]),
        ("gap", [("lower_bound", "gap")]),
        ("Gap", [("gap", "Gap")]),
        ("Share: a link, a QR code", []),
        ("VVV (full)", [("letters", "VVV"), ("full", "full")]),
        ("k-means++ and K-Means", [("kmeans_plus_plus", "k-means++"), ("kmeans", "K-Means")]),
        ("What the numbers mean", []),
    ],
)
def test_what_is_found(text: str, terms: list[tuple[str, str]]) -> None:
    assert found(text) == terms


def test_german_words_are_found_in_their_cases() -> None:
    assert found("die Gewichte der Komponenten", "de") == [
        ("weight", "Gewichte"),
        ("component", "Komponenten"),
    ]


def test_every_term_is_found_by_its_own_name() -> None:
    for language in ("en", "de"):
        words = glossary_words(language)
        for name, table in words.items():
            if name != "page":
                assert found(table["name"], language)[0][0] == name, table["name"]


def test_the_browser_finds_the_same() -> None:
    texts = [(text, "en") for _, text in shown()]
    for language in ("en", "de"):
        texts += [(table["say"], language) for table in glossary_words(language).values() if "say" in table]
    texts += [("Σ σ k K bic ΣK kK", "en"), ("Größe der Komponenten, Anteile", "de")]
    module = (STATIC / "words" / "terms.js").as_uri()
    answer = json.loads(node(SCRIPT, module, json.dumps({"message": glossary_message(), "texts": texts})))
    for (text, language), theirs in zip(texts, answer, strict=True):
        ours = [{"name": f.term, "start": f.start, "end": f.end} for f in find(text, language) if f.term]
        assert theirs == ours, text


def test_katex_can_set_every_formula() -> None:
    if KATEX is None:
        pytest.skip("Streamlit has no KaTeX here")
    terms = json.loads(glossary_message())["terms"]
    assert node(TEX, KATEX.as_uri(), glossary_message()) == str(len(terms))


def test_what_is_said_of_a_column() -> None:
    assert said_of("percentile") == glossary_words("en")["percentile"]["say"]
    assert said_of("sepal length (cm)") == ""
