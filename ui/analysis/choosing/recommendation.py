"""Which model to take, by how much, what speaks against it, and what it does not mean: in words."""

from dataclasses import dataclass

from gmm_core import FAMILIES, Fit
from gmm_core.selection.cross_validation import HeldOut
from ui.analysis.choosing.criteria import CRITERIA, HeldOuts, cell_of
from ui.analysis.choosing.sweeping import Swept
from ui.experiment import on_a_line

STRENGTHS = (
    (2.0, "no difference worth a mention"),
    (6.0, "some evidence"),
    (10.0, "strong evidence"),
    (float("inf"), "very strong evidence"),
)
"""What a difference of BIC up to each of these says. Source: Kass & Raftery (1995), Bayes factors, Journal of
the American Statistical Association 90, section 3.2."""

FEW_POINTS = 5.0
"""Points to a parameter of a component's shape below which a fit leans on little."""


@dataclass(frozen=True, eq=False)
class Recommendation:
    """The model that a criterion prefers."""

    fit: Fit
    criterion: str
    """By which it is the best, of CRITERIA."""
    margin: float | None
    """By how much its criterion is better than the next one's; None where there is no other."""
    runner: Fit | None
    """The next best."""
    strength: str
    """What a difference of BIC like that says, in words; empty for other criteria."""
    sentences: tuple[str, ...]
    """The first is the answer."""


def model_name(family: str, n_components: int, n_dimensions: int = 2) -> str:
    """As people say it; on a line components differ in their width or do not."""
    if n_dimensions == 1:
        width = "each its own width" if on_a_line(family) == "full" else "all one width"
        return f"{n_components} component{'s' if n_components > 1 else ''}, {width}"
    letters = FAMILIES[family].letters
    called = letters if family == letters else f"{family} ({letters})"
    return f"{n_components} component{'s' if n_components > 1 else ''}, {called}"


def name_of(fit: Fit) -> str:
    """Of a fit's model."""
    return model_name(*cell_of(fit), fit.mixture.n_dimensions)


def strength_of(difference: float) -> str:
    """What a difference of BIC, 0 or more, says."""
    return next(words for most, words in STRENGTHS if difference <= most)


def recommend(swept: Swept, criterion: str, held_out: HeldOuts | None = None) -> Recommendation | None:
    """What the criterion prefers among the fits of a sweep, BIC in place of one that chooses nothing or is
    not known yet; None where there is no fit."""
    known = held_out or {}
    name = criterion if CRITERIA[criterion].chooses else "bic"
    ranked = ranking(swept, name, known)
    if not ranked and name != "bic":
        name, ranked = "bic", ranking(swept, "bic", known)
    if not ranked:
        return None
    best, runner = ranked[0], ranked[1] if len(ranked) > 1 else None
    margin = None if runner is None else abs(_value(best, name, known) - _value(runner, name, known))
    strength = strength_of(margin) if margin is not None and name == "bic" else ""
    said = f": {strength}" if strength else ""
    if runner is not None and name == "held_out":
        said = _clearness(known[cell_of(best)], known[cell_of(runner)])
    sentences = [
        _answer(best, runner, margin, name, said),
        FAMILIES[best.family].sentence if best.n_components > 1 and best.mixture.n_dimensions > 1 else "",
        _as_good(ranked, name, known),
        _disagreement(swept, best, name, known),
        *_doubts(swept, best),
        _meaning(best),
    ]
    return Recommendation(best, name, margin, runner, strength, tuple(filter(None, sentences)))


def ranking(swept: Swept, name: str, held_out: HeldOuts) -> list[Fit]:
    """From the best on; those that have no value are left out, and those whose components repeat others."""
    criterion = CRITERIA[name]
    sign = -1.0 if criterion.larger_is_better else 1.0
    asked = [(criterion.value(fit, held_out), fit) for fit in swept.fits if not fit.repeats]
    known = [(sign * value, fit) for value, fit in asked if value is not None]
    return [fit for _, fit in sorted(known, key=lambda pair: pair[0])]


def _value(fit: Fit, name: str, held_out: HeldOuts) -> float:
    value = CRITERIA[name].value(fit, held_out)
    assert value is not None, "ranked fits have one"
    return value


def _answer(best: Fit, runner: Fit | None, margin: float | None, name: str, said: str) -> str:
    title, model = CRITERIA[name].title, name_of(best)
    if runner is None or margin is None:
        return f"{title} prefers {model}; there is no other fit to compare it with."
    next_best = name_of(runner)
    if name == "held_out":
        return f"Held-out points prefer {model}, by {margin:.3f} nats a point over {next_best}{said}."
    return f"{title} prefers {model}, by {margin:.1f} over {next_best}{said}."


def _clearness(best: HeldOut, runner: HeldOut) -> str:
    """What the folds, which are the same for both, say of the difference of their means."""
    if len(best.means) < 2 or len(best.means) != len(runner.means):
        return ""
    error = HeldOut(best.means - runner.means, best.counts).standard_error
    clear = "" if best.mean - runner.mean > 2 * error else ": no clear difference"
    return f" ± {error:.3f}{clear}"


def _as_good(ranked: list[Fit], name: str, held_out: HeldOuts) -> str:
    if name != "bic":
        return ""
    best = _value(ranked[0], name, held_out)
    near = [fit for fit in ranked[1:] if _value(fit, name, held_out) - best < STRENGTHS[0][0]]
    if not near:
        return ""
    named = "; ".join(name_of(fit) for fit in near[:3])
    more = f"; and {len(near) - 3} more" if len(near) > 3 else ""
    return f"Within 2 of it, and as good as that: {named}{more}. Take the one that is easiest to explain."


def _disagreement(swept: Swept, best: Fit, name: str, held_out: HeldOuts) -> str:
    others: dict[str, list[str]] = {}
    for other, criterion in CRITERIA.items():
        if other == name or not criterion.chooses:
            continue
        ranked = ranking(swept, other, held_out)
        if ranked and cell_of(ranked[0]) != cell_of(best):
            others.setdefault(name_of(ranked[0]), []).append(criterion.title)
    if not others:
        asked = [c.title for key, c in CRITERIA.items() if c.chooses and key != name]
        asked = [title for title in asked if title != "Held out" or held_out]
        return f"{' and '.join(asked)} prefer the same." if len(asked) > 1 else ""
    said = "; ".join(f"{' and '.join(titles)}: {model}" for model, titles in others.items())
    return f"Others disagree. {said}."


def _doubts(swept: Swept, best: Fit) -> list[str]:
    said: list[str] = []
    largest = max(fit.n_components for fit in swept.fits)
    if not swept.is_whole:
        return [
            f"The sweep was ended early: fits of more than {largest} components were not tried, and "
            "those there "
            "are may become better."
        ]
    if best.n_components == max(swept.ks) and len(swept.ks) > 1:
        said.append("That is the largest K that was tried, so more may be better still: raise it.")
    needed = FEW_POINTS * (best.mixture.n_dimensions + 1)
    if best.n_components > 1 and best.smallest_count < needed:
        said.append(
            f"Its lightest component holds {best.smallest_count:.0f} points, few to tell a shape from: look "
            "whether you believe in it."
        )
    return said


def _meaning(best: Fit) -> str:
    if best.n_components == 1:
        return "One component is enough for the density; it says nothing of groups that overlap entirely."
    return (
        "A component is not a cluster: so many Gaussians describe the density, and several of them may make "
        "one group of another shape."
    )
