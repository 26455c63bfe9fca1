"""How well each fit of a sweep foretells points that it has not seen."""

from collections.abc import Callable, Mapping

import gmm_core
from gmm_core.selection.cross_validation import HeldOut
from ui.analysis.choosing.criteria import Cell, cell_of
from ui.analysis.choosing.sweeping import Swept, sweep_noise, sweep_variant
from ui.experiment import Experiment

N_FOLDS = 10

N_STARTS = 3
"""Of each fold's fit; the likeliest of them is judged."""

Report = Callable[[float, Mapping[Cell, HeldOut] | None], bool]


def held_out(experiment: Experiment, swept: Swept, report: Report) -> dict[Cell, HeldOut]:
    """For every fit of the sweep, on the same folds, so that differences can be compared; those of which the
    folds allow no fit are left out. Where `report` asks to end, what there is by then."""
    found: dict[Cell, HeldOut] = {}
    order = sorted(swept.fits, key=lambda fit: fit.n_components)
    report(0.0, {})
    whole, done = sum(fit.n_components for fit in order), 0
    for fit in order:
        judged = _judged(experiment, swept, cell_of(fit))
        if judged is not None:
            found[cell_of(fit)] = judged
        done += fit.n_components
        if report(done / whole, dict(found)):
            break
    return found


def _judged(experiment: Experiment, swept: Swept, cell: Cell) -> HeldOut | None:
    """None where a fold leaves fewer distinct points than components."""
    data, (family, n_components) = swept.data, cell
    noise = sweep_noise(experiment, data)
    try:
        return gmm_core.held_out_log_likelihoods(
            data.fitted,
            n_components,
            family=family,
            n_folds=min(N_FOLDS, len(data.points)),
            n_init=N_STARTS,
            reg_covar=experiment.reg_covar,
            variant=sweep_variant(experiment, data),
            noise=noise,
            n_binary=data.n_binary,
            rng=0,
        )
    except ValueError:
        return None
