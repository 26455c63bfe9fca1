"""A broken address falls back with a word."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmm_core import STARTS
from tests.strategies import QUICK
from tests.ui.experiment.choices import ALL_KEYS, DATA, KNOB_NAMES, KNOBS, LARGEST_SEED
from ui.experiment import (
    MOST_COMPONENTS,
    MOST_POINTS,
    MOST_STEPS,
)
from ui.experiment.address import from_address, to_address

WORDS = ["", "nonsense", "<b>bold</b>"]
WHOLE = [*WORDS, "1.5", "1e3", "nan", "inf", "-1", "0x10"]
REAL = [*WORDS, "nan", "inf", "-inf", "-0.5", "0x10"]
ROWS = ["1", "1,2,3", "1,2_3", "1,2_", "_", ",", "1,nan", "1,inf", "1e141,0", "_".join(["1,2"] * 1001)]
MIXTURES = ["-1,0,0,1,0,1", "1,0,0,1,2,1", "1,0,0,0,0,0", "1,0,0,1,0,nan", "1,2", "_", "1,0,0,1,0,1,0.5"]
GOOD, EMPTY = "1,0,0,1,0,1", "0,0,0,1,0,1"
BROKEN = {
    "data": [*WORDS, "blob", "blobs1"],
    "n": [*WHOLE, "0", str(MOST_POINTS + 1)],
    **{key: [*WHOLE, str(LARGEST_SEED + 1)] for key in ("seed", "start_seed")},
    **dict.fromkeys("xy", WORDS[1:]),
    "reading": [
        *[
            *WORDS,
            "{}",
            "[]",
            "[" * 5000,
            '{"x": 1}',
            '{"decimal": ";"}',
            '{"header": 3}',
            '{"header": true}',
        ],
        *['{"missing": "NA"}', '{"missing": [1]}', '{"missing": 1}', '{"totals": 1}', '{"sheet": 5}'],
    ],
    **{key: [] for key in ("file", "label", "weight", "yes")},  # any text may be a name
    "add": [*WORDS, *(row for row in ROWS if row != "1")],
    "drop": [*WORDS, "-1", "1.5", "1,,2", "nan", "1,99999999"],
    "k": [*WHOLE, "0", str(MOST_COMPONENTS + 1)],
    "family": [*WORDS, "fulls", "diagonal"],
    "start": [*WORDS, *(name for name in STARTS if STARTS[name].needs)],
    "start_among": ["", "1", "1,2,3", "-1,0", "a,b"],
    "from": [
        *[*WORDS, GOOD, "_".join([EMPTY] * 3), *("_".join([GOOD, row, GOOD]) for row in MIXTURES)],
        *("_".join([f"{GOOD},{probability}"] * 3) for probability in ("-0.1", "1.1", "nan", "0.5,0.5")),
    ],
    "reg": [*REAL, "1e101"],
    "tol": [*REAL, "1e7"],
    "steps": [*WHOLE, "0", str(MOST_STEPS + 1)],
    "at": [*WHOLE, "10000000"],
    "colour": [*WORDS, "red"],
    "one": [*WHOLE, str(MOST_COMPONENTS)],
    "behind": [*WORDS, "clouds"],
    "level": [*REAL, "0.99", "2.5", "3.01"],
    "scale": [*WORDS, "log"],
    "glyphs": [*WORDS, "true", "always"],
    "drawn": [*WORDS, "on", "model"],
    "families": [*WORDS, "full,", "full,FULLY"],
    "where": [*WORDS, "[]]", "[1]", '[["a", "="]]', '[["a", "=", 1]]', '{"a": 1}', "[" * 5000],
    "sample": [*WHOLE, "0", "10000000000"],
    "hide": [*WORDS, "controls,", "everything"],
    "turn": [*[word for word in REAL if word != "-0.5"], "181"],
    "stretch_y": [*REAL, "0", "1001"],
    "radius": [*WORDS, "90"],
    "dial_at": [*WHOLE, "101"],
    **{
        key: [*WORDS, "true", "1"]
        for key in (
            "trails",
            "margins",
            "dial",
            "prior",
            "noise",
            "equal",
            "stop_falling",
            "standardise",
            "reveal",
            "present",
            "log_x",
            "log_y",
        )
    },
}
BROKEN |= {
    "algorithm": [*WORDS, "kmeans", "1"],
    "process": [*WORDS, "1"],
    "strength": [*REAL, "0.5", "101"],
    "temperature": [*REAL, "0.5", "21"],
    "more": [*WORDS, ",", "sepal_width,", 'sepal_width,"', ",".join("abcdefghi"), "sepal_width,sepal_width"],
    "pair": [*WORDS, "1", "1,2,3", "1,1", "-1,0", "0,10"],
    "alpha": [*REAL, "0", "1e4"],
    **{key: [*WORDS, "1"] for key in ("part", "among", "by", "chart", "shape", "shape_as")},
    "shape_n": [*WHOLE, "9", "5001"],
    **{key: [*WHOLE, "13"] for key in ("most", "merged")},
    "fit": [*WORDS, "full", "full_0", "full_13", "3", "3_full", "full_3_3", "full_x"],
}
# A number is a knob's, of data that have one of that name.
BROKEN["noise"] = [text for text in BROKEN["noise"] if not text.isdigit()]
CASES = [
    (key, text, {"data": "iris"} if key in ("x", "y", "more") else {})
    for key in BROKEN
    for text in BROKEN[key]
]
for (_data, _name), _knob in KNOBS.items():
    _beyond = [f"{_knob.low - 1:g}", f"{_knob.high + 1:g}", *(["1.5"] if isinstance(_knob.step, int) else [])]
    CASES += [(_name, text, {"data": _data}) for text in [*WORDS, "nan", "inf", *_beyond]]


def assert_sentence_about(key: str, text: str) -> None:
    assert re.fullmatch(rf"[A-Z].*“{key}”[^\n]*\.", text)
    assert len(text) < 300


@pytest.mark.parametrize(("key", "text", "others"), CASES, ids=lambda value: str(value)[:30])
def test_a_broken_value_falls_back_with_a_sentence(key, text, others):
    opened, view, complaints = from_address(others | {key: text})
    assert (opened, view) == from_address(others)[:2]
    assert len(complaints) == 1
    assert_sentence_about(key, complaints[0])
    assert BROKEN.keys() == ALL_KEYS, "another key needs broken values of its own"


@pytest.mark.parametrize("text", ["<img src=x onerror=alert(1)>" * 100, "9" * 4000, "nonsense" * 100])
@pytest.mark.parametrize("key", sorted(BROKEN))
def test_a_long_value_is_not_echoed_at_length(key, text):
    for complaint in from_address({"data": "iris", key: text}).complaints:
        assert text[:40] not in complaint
        assert_sentence_about(key, complaint)


arbitrary = st.one_of(
    st.text(max_size=30),
    st.from_regex(r"[-+0-9.,_e]{0,30}", fullmatch=True),
    st.sampled_from(sorted({text for _, text, _ in CASES} | set(DATA))),
)


@QUICK
@given(st.dictionaries(st.sampled_from(sorted(ALL_KEYS | KNOB_NAMES)), arbitrary))
def test_no_address_raises_and_what_it_opens_has_a_sound_address(address):
    opened, view, complaints = from_address(address)
    for complaint in complaints:
        key = re.findall("“(.*?)”", complaint)[0]
        assert key in address
        assert_sentence_about(key, complaint)
    again, view_again, more = from_address(to_address(opened, view))
    assert more == []
    assert to_address(again, view_again) == to_address(opened, view)
