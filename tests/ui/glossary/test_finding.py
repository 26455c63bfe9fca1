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


# What is shown, and what of it only looks like a term.
FALSE_FRIENDS = [
    ("With a class: a code for the room, its predictions", "class"),
    ("Your class opens a link and guesses", "class"),
    ("Keep it from your class.", "class"),
    ("This room is full, so your guess was not counted.", "full"),
    ("How much do components share their points?", "share"),
    ("Three letters say what components share: size, elongation and tilt.", "share"),
    ("share out every point", "share"),
    ("K-Means gives each point whole; the mixture shares it out.", "shares"),
    ("Numbers or words that mean that there is no value", "mean"),
    ("More parameters always fit better", "fit"),
    ("Fit the view", "Fit"),
    ("Can a mixture fit any shape?", "fit"),
    ("EM climbs to the top of the hill on which it starts, and there may be many hills.", "starts"),
    ("EM climbs to the top of the hill on which it starts, and there may be many hills.", "hills"),
    ("With more points to learn from, the gap is narrower", "gap"),
    ("1,000 points drawn as 90 cells of 3 pixels", "points drawn"),
    ("1,000 points drawn as 90 cells of 3 pixels", "cells"),
    ("Empty cells are missing anyway", "cells"),
    ("choose “Add points” above it, then click or sweep.", "sweep"),
    ("over 4 components: very strong evidence.", "evidence"),
]


@pytest.mark.parametrize(("text", "word"), FALSE_FRIENDS)
def test_a_word_of_every_day_is_no_term(text: str, word: str) -> None:
    assert word in text
    assert word not in [words for _, words in found(text)]


@pytest.mark.parametrize(
    ("text", "word", "term"),
    [
        ("True classes (optional)", "True classes", "label"),
        ("a column of classes can be chosen", "column of classes", "label"),
        ("What is the share of one of them?", "share", "responsibility"),
        ("the mean of all points", "mean", "mean"),
        ("Another start", "start", "start"),
        ("K-Means ends its cells halfway between the centres", "cells", "cell"),
        ("The sweep was ended early", "sweep", "sweep"),
        ("Lower bound on the evidence", "evidence", "evidence"),
        ("it moved by N ln 100", "ln", "logarithm"),
        ("A hundred points drawn from the model", "points drawn from", "sample"),
    ],
)
def test_the_same_word_as_a_term_is_found(text: str, word: str, term: str) -> None:
    assert (term, word) in found(text)


def test_the_class_of_a_teacher_is_no_term_in_german() -> None:
    assert found("Deine Klasse öffnet einen Link", "de") == []
    assert found("die wahren Klassen", "de") == [("label", "wahren Klassen")]


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
    texts += [(text, "en") for text, _ in FALSE_FRIENDS]
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
