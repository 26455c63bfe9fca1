"""The criteria by which fits of different K and family are judged."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gmm_core import Fit
from gmm_core.selection.cross_validation import HeldOut
from ui.experiment import CRITERIA as NAMES

Cell = tuple[str, int]
"""A family, a key of FAMILIES, and a K."""

HeldOuts = Mapping[Cell, HeldOut]
"""What is known of the points that each fit has not seen."""


@dataclass(frozen=True)
class Criterion:
    """One way of judging a fit."""

    title: str
    """What it is called, short."""
    axis: str
    """What an axis of it says, with which way is better."""
    sentence: str
    """What it asks."""
    value: Callable[[Fit, HeldOuts], float | None]
    """Of a fit; None where it is not known."""
    larger_is_better: bool = False
    chooses: bool = True
    """Whether its best fit is one to choose."""

    def best(self, fits: tuple[Fit, ...], held_out: HeldOuts) -> Fit | None:
        """The best of the fits that have a value, the first of equals."""
        known = [(value, fit) for fit in fits if (value := self.value(fit, held_out)) is not None]
        sign = -1.0 if self.larger_is_better else 1.0
        return min(known, key=lambda pair: sign * pair[0], default=(0.0, None))[1]


def cell_of(fit: Fit) -> Cell:
    """Where it stands in the sweep."""
    return fit.family, fit.n_components


def _held_out(fit: Fit, held_out: HeldOuts) -> float | None:
    found = held_out.get(cell_of(fit))
    return None if found is None else found.mean


CRITERIA: Mapping[str, Criterion] = MappingProxyType(
    {
        "bic": Criterion(
            "BIC",
            "BIC (down is better)",
            "Is the gain in likelihood worth its parameters? Every parameter costs log N.",
            lambda fit, _: fit.bic,
        ),
        "aic": Criterion(
            "AIC",
            "AIC (down is better)",
            "As BIC, but every parameter costs 2, whatever N is: it takes more components.",
            lambda fit, _: fit.aic,
        ),
        "icl": Criterion(
            "ICL",
            "ICL (down is better)",
            "As BIC, and points that lie between components cost as well: it counts groups that stand apart.",
            lambda fit, _: fit.icl,
        ),
        "held_out": Criterion(
            "Held out",
            "Held-out log-likelihood a point (up is better)",
            "How well does a fit to nine tenths of the points foretell the others? It needs no theory.",
            _held_out,
            larger_is_better=True,
        ),
        "entropy": Criterion(
            "Entropy",
            "Entropy of hard assignments, nats (down is clearer)",
            "How much do components share their points? One component shares with nobody, so this alone "
            "chooses nothing.",
            lambda fit, _: 0.5 * (fit.icl - fit.bic),
            chooses=False,
        ),
    }
)
"""By the names that the experiment has for them."""
assert tuple(CRITERIA) == NAMES
