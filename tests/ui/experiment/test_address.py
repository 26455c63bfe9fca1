"""Every choice survives the address, and a broken address falls back with a word."""

import re
from dataclasses import fields, replace
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmm_core import FAMILIES, STARTS
from gmm_core.datasets import CLASSICS
from gmm_core.datasets.generators import GENERATORS
from gmm_core.variational import WEIGHT_PRIORS
from tests.strategies import QUICK, READINGS, make_mixture, seeds
from ui.experiment import (
    DRAWN,
    HIDEABLE,
    HOTTEST,
    MOST_COMPONENTS,
    MOST_FITTED,
    MOST_POINTS,
    MOST_STEPS,
    SHAPES,
    SHOWN_OF_SHAPE,
    UPLOADED,
    Experiment,
    View,
    parameters,
    transitions,
)
from ui.experiment.address import KNOB_KEYS, VIEW_DEFAULTS, fits_address, from_address, to_address
from ui.experiment.experiment import CHARTS, CONCENTRATIONS, CRITERIA, MIXTURE_ALGORITHMS, PARTS
from ui.experiment.text import MOST_LISTED
from ui.experiment.transitions import NEUTRAL_K
from ui.experiment.view import VIEW_CHOICES
from ui.uploads import Reading

DATA = [*GENERATORS, *CLASSICS, DRAWN, UPLOADED]
KNOBS = {(name, knob.name): knob for name, generator in GENERATORS.items() for knob in generator.knobs}
KNOB_NAMES = {name for _, name in KNOBS}
LARGEST_SEED = 2**53 - 1
choose_data = transitions.choose_data
VIEWS = {
    "colour": st.sampled_from(["blended", "hard", "uncertainty", "component", "truth"]),
    "one": st.integers(0, MOST_COMPONENTS - 1),
    "glyphs": st.sampled_from(["auto", "on", "off", "pies"]),
    "background": st.sampled_from(["nothing", "field", "contours", "hills"]),
    "level": st.sampled_from([1.0, 2.0, 2.45, 3.0]),
    "scale": st.sampled_from(["auto", "equal", "free"]),
    "trails": st.booleans(),
    "margins": st.booleans(),
    "radius": st.sampled_from(["rms", "most", "farthest"]),
    "dial_at": st.integers(0, 100),
    "reveal": st.booleans(),
    "present": st.booleans(),
    "half_step": st.integers(0, 1000),
    "pair": st.just(()) | st.permutations(range(10)).map(lambda places: tuple(places[:2])),
    "drawn": st.sampled_from(["off", "beside", "instead"]),
}


def stage_address(view: View) -> dict[str, str]:
    """What the stage writes of its view, by itself."""
    own = {VIEW_CHOICES[name].key: value for name, value in vars(view).items()}
    own["pair"] = ",".join(map(str, view.pair))
    own["level"] = f"{view.level:.2f}".rstrip("0").rstrip(".")
    own |= {name: "on" if own[name] else "off" for name in ("trails", "margins", "reveal", "present")}
    return {k: str(v) for k, v in own.items() if str(v) != VIEW_DEFAULTS[k]}


def given_mixture(
    n_components: int, seed: int = 0, factor: float = 1.0, answered: bool = False, n_dimensions: int = 2
):
    rng = np.random.default_rng(seed)
    mixture = make_mixture(rng, n_components, n_dimensions)
    if answered:
        mixture = replace(mixture, probabilities=rng.random((n_components, 1)))
    n_covariances = n_dimensions * (n_dimensions + 1) // 2
    powers = np.array([0, *[1] * n_dimensions, *[2] * n_covariances, *[0] * answered])
    return tuple(tuple((np.array(row) * factor**powers).tolist()) for row in parameters(mixture))


def settings_of(knob) -> list[float]:
    """Every setting a slider offers."""
    if isinstance(knob.step, int):
        return list(range(int(knob.low), int(knob.high) + 1, knob.step))
    return [knob.low + i * knob.step for i in range(round((knob.high - knob.low) / knob.step) + 1)]


def strategies_of(data: str, n_components: int) -> dict[str, st.SearchStrategy]:
    """For every field of Experiment what it may hold, with the data and K as given."""
    seed = st.integers(0, LARGEST_SEED)
    knobs = {name: knob for (generator, name), knob in KNOBS.items() if generator == data}
    settings = {name: st.sampled_from(settings_of(knob)) for name, knob in knobs.items()}
    columns = st.just(("", ""))
    if data in CLASSICS and len(CLASSICS[data].columns) > 1:
        columns |= st.permutations(list(CLASSICS[data].columns)).map(tuple)
    elif data == UPLOADED:
        name = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=60)
        columns |= st.lists(name, min_size=2, max_size=MOST_FITTED, unique=True).map(tuple)
    # Across, upwards, and more of them.
    pair = st.shared(columns, key="columns")
    coordinate = st.floats(-1e140, 1e140)
    return {
        "data": st.just(data),
        "n_points": st.integers(1, MOST_POINTS) if data in GENERATORS else st.just(500),
        "data_seed": seed if data in GENERATORS else st.just(1),
        "knobs": st.fixed_dictionaries({}, optional=settings).map(
            lambda chosen: tuple(sorted((n, v) for n, v in chosen.items() if v != knobs[n].default))
        ),
        "x": pair.map(lambda names: names[0]),
        "y": pair.map(lambda names: names[1]),
        "file": st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=60),
        "reading": READINGS if data == UPLOADED else st.just(Reading()),
        "label": st.text(st.characters(exclude_categories=["C"]), max_size=60),
        "weight": st.text(st.characters(exclude_categories=["C"]), max_size=60),
        "yes": st.text(st.characters(exclude_categories=["C"]), max_size=60),
        "log_x": st.booleans(),
        "log_y": st.booleans(),
        "where": st.lists(st.tuples(*[st.text(max_size=20)] * 3), max_size=3).map(tuple),
        "sample": st.integers(0, 10**9),
        "hide": st.lists(st.sampled_from(HIDEABLE), unique=True).map(
            lambda chosen: tuple(name for name in HIDEABLE if name in chosen)
        ),
        "added": st.lists(st.tuples(coordinate, coordinate), max_size=5).map(tuple),
        "removed": st.lists(st.integers(0, MOST_POINTS), max_size=5, unique=True).map(tuple),
        "n_components": st.just(n_components),
        "family": st.sampled_from(list(FAMILIES)),
        "start": st.sampled_from([name for name in STARTS if STARTS[name].needs is None]),
        "start_seed": seed,
        "start_mixture": st.just(())
        | st.builds(
            given_mixture,
            st.just(n_components),
            seeds,
            st.sampled_from([1e-6, 1.0, 1e6]),
            st.booleans(),
            st.integers(1, MOST_FITTED),
        ),
        "start_among": st.just(()) | st.tuples(*[st.integers(0, MOST_POINTS)] * 2),
        "reg_covar": st.floats(0, 1e100),
        "prior": st.booleans(),
        "strength": st.floats(1, 100),
        "algorithm": st.sampled_from(MIXTURE_ALGORITHMS),
        "noise": st.booleans(),
        "equal": st.booleans(),
        "temperature": st.floats(1, HOTTEST),
        "process": st.sampled_from(WEIGHT_PRIORS),
        "concentration": st.floats(*CONCENTRATIONS),
        "tolerance": st.floats(0, 1e6),
        "step_limit": st.integers(1, MOST_STEPS),
        "stop_falling": st.booleans(),
        "families": st.lists(st.sampled_from(list(FAMILIES)), min_size=1, unique=True).map(
            lambda chosen: tuple(name for name in FAMILIES if name in chosen)
        ),
        "dial": st.booleans(),
        "turn": st.floats(-180, 180),
        "stretch": st.floats(1e-3, 1e3),
        "standardise": st.booleans(),
        "more": pair.map(lambda names: names[2 : 2 + MOST_FITTED - 2]),
        "part": st.sampled_from(PARTS),
        "among": st.lists(st.sampled_from(list(FAMILIES)), min_size=1, unique=True).map(
            lambda chosen: tuple(name for name in FAMILIES if name in chosen)
        ),
        "most": st.integers(1, MOST_COMPONENTS),
        "criterion": st.sampled_from(CRITERIA),
        "chart": st.sampled_from(CHARTS),
        "picked": st.just(()) | st.tuples(st.sampled_from(list(FAMILIES)), st.integers(1, MOST_COMPONENTS)),
        "merged": st.integers(0, MOST_COMPONENTS),
        "shape": st.sampled_from(SHAPES),
        "shape_points": st.integers(10, 5000),
        "shape_shown": st.sampled_from(SHOWN_OF_SHAPE),
    }


@st.composite
def experiments(draw: st.DrawFn) -> Experiment:
    chosen = strategies_of(draw(st.sampled_from(DATA)), draw(st.integers(1, MOST_COMPONENTS)))
    return draw(st.builds(Experiment, **chosen))


IRIS = choose_data(Experiment(), "iris")
# For each field an experiment that is usual in all others.
CHANGED = {
    "data": IRIS,
    "n_points": Experiment(n_points=123),
    "data_seed": Experiment(data_seed=7),
    "x": replace(IRIS, x="petal_width"),
    "y": replace(IRIS, y="petal_width"),
    "file": Experiment(file="measured.csv"),
    "reading": replace(
        choose_data(Experiment(), UPLOADED),
        reading=Reading(";", ",", "", 2, "cp1252", "Sheet 1", ("NA", "-99", 'a, "b"'), True),
    ),
    "label": Experiment(label="species"),
    "weight": Experiment(weight="count"),
    "yes": Experiment(yes="smokes"),
    "log_x": Experiment(log_x=True),
    "log_y": Experiment(log_y=True),
    "where": Experiment(where=(("age", ">=", "18"), ("sex", "missing", ""))),
    "sample": Experiment(sample=1000),
    "hide": choose_data(Experiment(hide=("controls", "truth")), Experiment.data),
    "added": Experiment(added=((1.5, -2.0), (3.0, 4.0))),
    "removed": Experiment(removed=(4, 2)),
    "n_components": Experiment(n_components=5),
    "family": Experiment(family="tied"),
    "start": Experiment(start="random_points"),
    "start_seed": Experiment(start_seed=9),
    "start_mixture": Experiment(start_mixture=given_mixture(3)),
    "start_among": Experiment(start_among=(2, 0)),
    "reg_covar": Experiment(reg_covar=0.25),
    "prior": Experiment(prior=True),
    "strength": Experiment(strength=5.0),
    "algorithm": Experiment(algorithm="annealed"),
    "noise": Experiment(noise=True),
    "equal": Experiment(equal=True),
    "temperature": Experiment(temperature=3.5),
    "process": Experiment(process="stick-breaking"),
    "concentration": Experiment(concentration=0.5),
    "tolerance": Experiment(tolerance=1e-9),
    "step_limit": Experiment(step_limit=50),
    "stop_falling": Experiment(stop_falling=True),
    "families": Experiment(families=("full", "EEV")),
    "dial": Experiment(dial=True),
    "turn": Experiment(turn=35.0),
    "stretch": Experiment(stretch=5.0),
    "standardise": Experiment(standardise=True),
    "more": replace(IRIS, more=("petal_width", "sepal_width")),
    "part": Experiment(part="sure"),
    "among": Experiment(among=("full", "EEV")),
    "most": Experiment(most=5),
    "criterion": Experiment(criterion="held_out"),
    "chart": Experiment(chart="map"),
    "picked": Experiment(picked=("EEV", 3)),
    "merged": Experiment(merged=4),
    "shape": Experiment(shape="spiral"),
    "shape_points": Experiment(shape_points=1000),
    "shape_shown": Experiment(shape_shown="sample"),
}
KEYS = {name: (to_address(changed).keys() - {"data"}) or {"data"} for name, changed in CHANGED.items()}
ALL_KEYS = set().union(*KEYS.values()) | VIEW_DEFAULTS.keys()


@QUICK
@given(experiments(), st.builds(View, **VIEWS))
def test_every_experiment_and_view_survive_the_address(experiment, view):
    address = to_address(experiment, view)
    assert address == to_address(experiment) | stage_address(view)
    link = urlencode(address).replace("%2C", ",")
    assert from_address(dict(parse_qsl(link, keep_blank_values=True))) == (experiment, view, [])


def test_no_field_is_forgotten():
    names = {item.name for item in fields(Experiment)}
    assert strategies_of(DRAWN, 1).keys() == CHANGED.keys() | {"knobs"} == names
    assert VIEWS.keys() == {item.name for item in fields(View)}
    assert VIEW_DEFAULTS.keys() == {row.key for row in VIEW_CHOICES.values()}


@pytest.mark.parametrize("data", DATA)
def test_defaults_and_what_follows_from_the_data_are_left_out(data):
    chosen = choose_data(Experiment(), data)
    assert to_address(chosen, View()) == ({"data": data} if data != Experiment.data else {})
    assert from_address({"data": data}) == (chosen, View(), [])
    assert from_address({}) == (Experiment(), View(), [])


def test_each_field_has_one_short_key_of_its_own():
    assert all(len(keys) == 1 for keys in KEYS.values())
    assert len(ALL_KEYS) == len(KEYS) + len(VIEWS)
    assert all(re.fullmatch("[a-z_]{1,12}", key) for key in ALL_KEYS | KNOB_NAMES)
    assert KNOB_KEYS.keys() == ALL_KEYS & KNOB_NAMES
    assert not (ALL_KEYS | KNOB_NAMES) & {*KNOB_KEYS.values()}
    # Streamlit reads these itself.
    assert not (ALL_KEYS | KNOB_NAMES) & {"embed", "embed_options"}


def test_unknown_keys_are_ignored():
    strange = {"utm_source": "mail", "K": "5", "knobs": "1", "arms": "x", "__class__": "x", "": ""}
    assert from_address(strange | {"k": "5"}) == (Experiment(n_components=5), View(), [])


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ({"family": "eii"}, {"family": "EII"}),
        ({"family": " Diag"}, {"family": "diag"}),
        ({"data": "Old Faithful"}, {"data": "old_faithful"}),
        ({"data": "IRIS", "x": "Petal Width"}, {"data": "iris", "x": "petal_width"}),
        # A plus sign that was typed into an address arrives as a space.
        ({"start": "K-Means  "}, {"start": "kmeans++"}),
        ({"start": "KMEANS"}, {"start": "kmeans"}),
        ({"families": "FULL, eii"}, {"families": "full,EII"}),
        ({"hide": "Truth,SEED", "colour": "HARD"}, {"hide": "seed,truth", "colour": "hard"}),
        ({"dial": "ON", "level": "2.45"}, {"dial": "on", "level": "2.45"}),
        ({"K": "4", "Data": "moons", " Start_Seed": " 7"}, {"k": "4", "data": "moons", "start_seed": "7"}),
        ({"DATA": "blobs", "Clusters": "6"}, {"data": "blobs", "clusters": "6"}),
    ],
)
def test_an_address_is_read_forgivingly_wherever_there_is_no_doubt(written, meant):
    assert from_address(written) == from_address(meant)
    assert from_address(written).complaints == []


def test_no_two_choices_differ_only_in_how_they_are_written():
    for names in (DATA, FAMILIES, STARTS, HIDEABLE, *(VIEWS.keys(),)):
        bare = [re.sub(r"[^a-z0-9+]", "", name.casefold()) for name in names]
        assert len(set(bare)) == len(bare)


@pytest.mark.parametrize("data", [*GENERATORS, *CLASSICS])
def test_every_data_set_begins_alike_where_the_truth_is_hidden(data):
    opened, _, _ = from_address({"data": data, "hide": "truth"})
    assert (opened.n_components, opened.family) == (NEUTRAL_K, "full")
    assert to_address(opened).keys() - {"data"} == {"hide"}
    assert from_address({"data": data, "hide": "truth", "k": "5"})[0].n_components == 5


def test_a_teachers_link_does_not_open_at_the_number_that_it_hides():
    at_the_truth = Experiment(data="blobs", n_components=4, start_mixture=((0.25, 0, 0, 1, 0, 1),) * 4)
    hidden = transitions.hiding(at_the_truth, ("truth",), 4)
    assert (hidden.n_components, hidden.start_mixture, hidden.hide) == (NEUTRAL_K, (), ("truth",))
    # What a teacher chose otherwise is meant so.
    assert transitions.hiding(at_the_truth, ("truth",), 5) == replace(at_the_truth, hide=("truth",))
    assert transitions.hiding(at_the_truth, ("seed", "controls"), 4).n_components == 4


def test_locked_draws_stay_whatever_is_chosen():
    opened, _, _ = from_address({"hide": "seed", "seed": "5", "start_seed": "9"})
    for changed in (choose_data(opened, "moons"), choose_data(choose_data(opened, "iris"), opened.data)):
        assert (changed.data_seed, changed.start_seed) == (5, 9)
    assert choose_data(Experiment(data_seed=5), "moons").data_seed == Experiment.data_seed


@pytest.mark.parametrize("key", ["reg", "tol", "add", "from"])
def test_a_link_with_more_digits_than_it_writes_opens_what_it_then_writes(key):
    rows = {"add": "0.30000000000000004,1", "from": "_".join(["1,0.30000000000000004,0,1,0,1"] * 3)}
    opened, _, _ = from_address({key: rows.get(key, "0.30000000000000004")})
    assert from_address(to_address(opened)) == (opened, View(), [])


def test_more_hand_made_points_than_a_link_carries_are_left_out_of_it():
    indices = tuple(range(MOST_LISTED))
    most = Experiment(added=tuple((float(i), 0.5) for i in indices), removed=indices, n_components=5)
    assert fits_address(most)
    assert from_address(to_address(most)) == (most, View(), [])
    add, remove = transitions.add_points, transitions.remove_point
    for beyond in (add(most, [(0.0, 0.0)], None), remove(most, 0, None)):
        assert not fits_address(beyond)
        assert to_address(beyond) == {"k": "5"}


# A broken address

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
