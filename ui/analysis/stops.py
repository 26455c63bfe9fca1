"""Why a run ended, in plain words, and what can be done about it; no Streamlit."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

import gmm_core
from gmm_core import FAMILIES, STARTS, StopReason
from gmm_core.algorithms import MixtureRun
from ui.analysis.algorithms import has_prior
from ui.analysis.fitting import allowed_steps, run_of
from ui.data import Data
from ui.data.ties import said_of_ties
from ui.experiment import MOST_SEED, MOST_STEPS, Experiment
from ui.experiment.transitions import draw_start

# Points times components times steps that trying a cure may take: about a tenth of a second.
TRIAL_WORK = 5e7

# Other starts that are tried before none is offered.
MOST_STARTS = 12

# What regularisation adds, as shares of the smaller variance of the points.
LITTLE = (1e-4, 1e-3, 1e-2)

# Half-axes as unlike as this make an ellipse a line.
LINE = 1e-5


@dataclass(frozen=True)
class Cure:
    """One button: the experiment in which the run does not end so."""

    name: str
    title: str
    """What the button says."""
    experiment: Experiment


def sentence_of(experiment: Experiment, data: Data, run: MixtureRun) -> str:
    """Why the run ended and what that means, in a sentence or two."""
    steps = run.states[-1].iteration
    if run.collapse is not None:
        return _collapse(experiment, data, run, run.collapse)
    if run.stop_reason is StopReason.STEP_LIMIT:
        if steps < experiment.step_limit:
            return (
                f"Stopped after {steps:,} iterations: with so many points this page takes no more of them. "
                "EM has not come to rest; a sample of the points would let it."
            )
        return f"Stopped at the limit of {steps:,} iterations, before EM came to rest."
    if run.stop_reason is StopReason.LIKELIHOOD_FELL:
        return (
            f"Stopped at iteration {steps}, where the log-likelihood fell. Regularisation widens every "
            f"{_shape(data)} after its M-step, so that each step serves another aim than the likelihood "
            "alone."
        )
    return run.explanation


def _collapse(
    experiment: Experiment, data: Data, run: MixtureRun, collapse: gmm_core.ComponentCollapsedError
) -> str:
    name = f"Component {collapse.component + 1}"
    if collapse.is_empty:
        return (
            f"{name} has lost all its points: it lies so far from every one of them that its share of each "
            "is 0. Without points there is no mean to move to and no spread to take."
        )
    count = f"{collapse.count:,.3g} point{'' if abs(collapse.count - 1) < 0.005 else 's'}"
    on_a_line = data.points.shape[1] == 1
    shrinks = "narrows" if on_a_line else "shrinks"
    thin = on_a_line or _is_line(run, collapse.component)
    n_dimensions = data.points.shape[1]
    flat = "a line" if n_dimensions == 2 else f"fewer than {n_dimensions} dimensions"
    shape = flat if thin and not on_a_line else "one place"
    several = collapse.count >= 1.5
    few = f"the {count} it holds lie on {shape}" if several else f"it holds only {count}"
    onto = "them" if several else "it"
    tied = said_of_ties(data, run, collapse.component) if several else ""
    because = f", since {tied}" if tied else ""
    # An ellipse half as long and wide is four times as dense, one half as wide twice, and so is a curve.
    halving = collapse.count * np.log(2) * (1 if thin else n_dimensions)
    by = f", by {halving:,.3g} at every halving" if FAMILIES[experiment.family].letters[0] == "V" else ""
    return (
        f"{name} collapsed: {few}{because}, and its {_shape(data)} {shrinks} onto {onto} without end. As it "
        f"{shrinks} the likelihood would grow without limit{by}{_rise(run)}: a singularity, and no answer, "
        f"since there is no best {_shape(data)} to find."
    )


def _shape(data: Data) -> str:
    """What a component is in the picture."""
    return "curve" if data.points.shape[1] == 1 else "ellipse"


def _is_line(run: MixtureRun, component: int) -> bool:
    spreads = np.linalg.eigvalsh(run.states[-1].moments.scatters[component])
    short, long = spreads[0], spreads[-1]
    everything = run.states[-1].moments
    spread = np.trace(everything.scatters[component]) / max(everything.counts[component], 1e-300)
    widest = np.ptp(everything.means, axis=0).max() ** 2 + np.trace(everything.scatters.sum(axis=0))
    return bool(max(short, 0.0) < LINE**2 * long and spread > LINE**2 * widest / everything.total)


def _rise(run: MixtureRun) -> str:
    """What the last steps gained, where they did."""
    steps = min(3, len(run.states) - 1)
    gained = float(run.curve[-1] - run.curve[-1 - steps])
    if steps == 0 or gained < 0.05:
        return ""
    return f" ({gained:,.1f} in the last {'step' if steps == 1 else f'{steps} steps'} alone)"


def cures_of(experiment: Experiment, data: Data, run: MixtureRun) -> tuple[Cure, ...]:
    """What is worth a button: each has been tried, and helps."""
    if "controls" in experiment.hide:
        return ()
    match run.stop_reason:
        case StopReason.COMPONENT_COLLAPSED:
            shapes = (_regularised(experiment, data), _prior(experiment))
            offers = (_starts(experiment), *shapes, _fewer(experiment))
            found = (next((cure for cure in offer if _helps(cure, data)), None) for offer in offers)
            return tuple(cure for cure in found if cure is not None)
        case StopReason.STEP_LIMIT:
            return tuple(_more_steps(experiment, data))
        case StopReason.LIKELIHOOD_FELL if experiment.stop_falling and experiment.reg_covar:
            return (Cure("go_on", "Go on all the same", replace(experiment, stop_falling=False)),)
        case _:
            return ()


def _helps(cure: Cure, data: Data) -> bool:
    steps = int(TRIAL_WORK / max(1, len(data.points) * cure.experiment.n_components)) + 1
    try:
        run = run_of(cure.experiment, data, most_steps=steps)
    except ValueError:
        return False
    return run.stop_reason is not StopReason.COMPONENT_COLLAPSED


def _starts(experiment: Experiment) -> Iterator[Cure]:
    """Other draws of the same start; the one there was, if a hand has moved a mean."""
    if "seed" in experiment.hide:
        return
    if experiment.start_mixture:
        yield Cure("start", "Another start", draw_start(experiment))
    if not STARTS[experiment.start].is_drawn:
        return
    seeds = ((experiment.start_seed + i) % (MOST_SEED + 1) for i in range(1, MOST_STARTS + 1))
    for seed in seeds:
        yield Cure("start", "Another start", draw_start(replace(experiment, start_seed=seed)))


def _regularised(experiment: Experiment, data: Data) -> Iterator[Cure]:
    variances = data.points.var(axis=0)
    smaller = variances[variances > 0].min(initial=np.inf)
    if not np.isfinite(smaller):
        return
    for share in LITTLE:
        # One digit: people are to read it, and links to carry it.
        added = float(f"{share * smaller:.0e}")
        if added > experiment.reg_covar:
            title = f"A little regularisation: {added:g} on every variance"
            yield Cure("regularise", title, replace(experiment, reg_covar=added))


def _prior(experiment: Experiment) -> Iterator[Cure]:
    if has_prior(experiment.family) and not experiment.prior:
        yield Cure("prior", "A prior on the shapes", replace(experiment, prior=True))


def _fewer(experiment: Experiment) -> Iterator[Cure]:
    if experiment.n_components > 1:
        fewer = replace(experiment, n_components=experiment.n_components - 1)
        yield Cure("fewer", "One component fewer", draw_start(fewer))


def _more_steps(experiment: Experiment, data: Data) -> Iterator[Cure]:
    more = min(2 * experiment.step_limit, MOST_STEPS)
    longer = replace(experiment, step_limit=more)
    if allowed_steps(longer, data) > allowed_steps(experiment, data):
        yield Cure("more_steps", f"Allow {more:,} iterations", longer)
