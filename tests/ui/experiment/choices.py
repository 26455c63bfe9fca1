"""What every choice may hold, and for each an experiment that is usual in all others."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from gmm_core import FAMILIES, STARTS
from gmm_core.datasets import CLASSICS
from gmm_core.datasets.generators import GENERATORS
from gmm_core.variational import WEIGHT_PRIORS
from tests.strategies import READINGS, make_mixture, seeds
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
from ui.experiment.address import VIEW_DEFAULTS, to_address
from ui.experiment.experiment import CHARTS, CONCENTRATIONS, CRITERIA, MIXTURE_ALGORITHMS, PARTS
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
