"""The formulas say what the core computes: each is written out in numpy beside its TeX."""

from collections.abc import Callable
from dataclasses import dataclass
from math import comb, exp

import numpy as np
import pytest

import gmm_core
from gmm_core import Mixture, kmeans
from gmm_core.families import n_parameters
from gmm_core.selection.agreement import adjusted_rand_index, matched_accuracy
from gmm_core.selection.criteria import aic, bic, classification_entropy, icl
from gmm_core.selection.silhouette import silhouette
from ui.glossary import TERMS

K, D = 3, 2
POINTS = np.random.default_rng(3).normal(size=(40, D)) * [2.0, 0.7] + 1.0
N = len(POINTS)
GIVEN = Mixture(
    np.array([0.5, 0.3, 0.2]),
    np.array([[0.0, 1.0], [2.0, 1.5], [-1.0, 0.5]]),
    np.array([[[1.0, 0.2], [0.2, 0.5]], [[0.6, -0.1], [-0.1, 0.4]], [[2.0, 0.3], [0.3, 1.0]]]),
)
LABELS = np.arange(N) % 3


def gaussian(x: np.ndarray, mean: np.ndarray, covariance: np.ndarray) -> np.ndarray:
    away = x - mean
    squared = np.einsum("id,de,ie->i", away, np.linalg.inv(covariance), away)
    return np.exp(-0.5 * squared) / np.sqrt((2 * np.pi) ** D * np.linalg.det(covariance))


def joint(mixture: Mixture) -> np.ndarray:
    parts = zip(mixture.weights, mixture.means, mixture.covariances, strict=True)
    return np.column_stack([weight * gaussian(POINTS, *rest) for weight, *rest in parts])


JOINT = joint(GIVEN)
P = JOINT.sum(axis=1)
R = JOINT / P[:, None]
LOG_L = np.log(P).sum()
STARTED = gmm_core.start(POINTS, GIVEN)
STEPPED = gmm_core.step(POINTS, STARTED).mixture
MEANS = np.stack([(R[:, k, None] * POINTS).sum(axis=0) / R[:, k].sum() for k in range(K)])
CLUSTERS = kmeans.assign(POINTS, GIVEN.means)


def covariance(k: int) -> np.ndarray:
    away = POINTS - MEANS[k]
    return np.einsum("i,id,ie->de", R[:, k], away, away) / R[:, k].sum()


def chance_corrected_pairs(one: np.ndarray, other: np.ndarray) -> float:
    table = np.array([[np.sum((one == i) & (other == j)) for j in range(3)] for i in range(3)])
    agree = sum(comb(int(n), 2) for n in table.flat)
    rows, columns = (sum(comb(int(n), 2) for n in table.sum(axis=axis)) for axis in (1, 0))
    by_chance = rows * columns / comb(N, 2)
    return (agree - by_chance) / ((rows + columns) / 2 - by_chance)


def widths() -> np.ndarray:
    apart = np.linalg.norm(POINTS[:, None] - POINTS, axis=2)
    found = []
    for i in range(N):
        mean_to = [apart[i, (k == CLUSTERS) & (np.arange(N) != i)].mean() for k in range(K)]
        a = mean_to.pop(int(CLUSTERS[i]))
        b = min(mean_to)
        found.append((b - a) / max(a, b))
    return np.array(found)


@dataclass(frozen=True)
class Row:
    """A formula, and both numbers."""

    tex: str
    written_out: Callable[[], object]
    core: Callable[[], object]


P_FULL = (K - 1) + K * D + K * D * (D + 1) // 2
JOINT_TEX = r"\pi_k\,\mathcal{N}(x_i \mid \mu_k, \Sigma_k)"

ROWS = {
    "density": Row(
        r"p(x) = \sum_k \pi_k\,\mathcal{N}(x \mid \mu_k, \Sigma_k)",
        lambda: np.log(P),
        lambda: gmm_core.log_density(POINTS, GIVEN),
    ),
    "responsibility": Row(
        rf"r_{{ik}} = \frac{{{JOINT_TEX}}}{{\sum_j \pi_j\,\mathcal{{N}}(x_i \mid \mu_j, \Sigma_j)}}",
        lambda: R,
        lambda: gmm_core.responsibilities(POINTS, GIVEN),
    ),
    "log_likelihood": Row(
        r"\log L = \sum_{i=1}^{N} \log p(x_i)", lambda: LOG_L, lambda: gmm_core.log_likelihood(POINTS, GIVEN)
    ),
    "lower_bound": Row(
        rf"\log L \ge \sum_{{i,k}} r_{{ik}} \log \frac{{{JOINT_TEX}}}{{r_{{ik}}}}",
        lambda: (R * np.log(joint(STEPPED) / R)).sum(),
        lambda: gmm_core.lower_bound(STARTED, STEPPED),
    ),
    "weight": Row(
        r"\pi_k = \frac{1}{N} \sum_i r_{ik}, \qquad \sum_k \pi_k = 1",
        lambda: R.sum(axis=0) / N,
        lambda: STEPPED.weights,
    ),
    "mean": Row(r"\mu_k = \frac{\sum_i r_{ik}\, x_i}{\sum_i r_{ik}}", lambda: MEANS, lambda: STEPPED.means),
    "covariance": Row(
        r"\Sigma_k = \frac{\sum_i r_{ik}\,(x_i-\mu_k)(x_i-\mu_k)^\top}{\sum_i r_{ik}}",
        lambda: np.stack([covariance(k) for k in range(K)]),
        lambda: STEPPED.covariances,
    ),
    "parameters": Row(
        r"p = (K-1) + K D + p_\Sigma, \qquad p_\Sigma^{\text{full}} = K\,\frac{D(D+1)}{2}",
        lambda: P_FULL,
        lambda: n_parameters("full", K, D),
    ),
    "bic": Row(
        r"\mathrm{BIC} = p \log N - 2 \log L",
        lambda: P_FULL * np.log(N) - 2 * LOG_L,
        lambda: bic(LOG_L, P_FULL, N),
    ),
    "aic": Row(r"\mathrm{AIC} = 2p - 2 \log L", lambda: 2 * P_FULL - 2 * LOG_L, lambda: aic(LOG_L, P_FULL)),
    "entropy": Row(
        r"-\sum_i \log \max_k r_{ik}",
        lambda: -np.log(R.max(axis=1)).sum(),
        lambda: classification_entropy(POINTS, GIVEN),
    ),
    "icl": Row(
        r"\mathrm{ICL} = \mathrm{BIC} - 2 \sum_i \log \max_k r_{ik}",
        lambda: P_FULL * np.log(N) - 2 * LOG_L - 2 * np.log(R.max(axis=1)).sum(),
        lambda: icl(LOG_L, P_FULL, N, classification_entropy(POINTS, GIVEN)),
    ),
    "inertia": Row(
        r"J = \sum_i \lVert x_i - \mu_{z_i} \rVert^2",
        lambda: ((POINTS - GIVEN.means[CLUSTERS]) ** 2).sum(),
        lambda: kmeans.start(POINTS, GIVEN.means).inertia,
    ),
    "silhouette": Row(
        r"s_i = \frac{b_i - a_i}{\max(a_i, b_i)}", widths, lambda: silhouette(POINTS, CLUSTERS)
    ),
    "ari": Row(
        r"\frac{\text{pairs that agree} - \text{by chance}}{\text{most there could be} - \text{by chance}}",
        lambda: chance_corrected_pairs(LABELS, CLUSTERS),
        lambda: adjusted_rand_index(LABELS, CLUSTERS),
    ),
    "accuracy": Row(
        r"\frac{1}{N} \max_{\text{pairing}} \sum_k n_{k,\,\text{pair}(k)}",
        lambda: max(
            np.mean(np.array(pairing)[CLUSTERS] == LABELS)
            for pairing in [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)]
        ),
        lambda: matched_accuracy(LABELS, CLUSTERS),
    ),
    "nat": Row(r"e^{1} \approx 2.718", lambda: 2.718, lambda: round(exp(1), 3)),
}


@pytest.mark.parametrize("name", ROWS)
def test_it_is_what_the_core_computes(name: str) -> None:
    row = ROWS[name]
    assert TERMS[name].formula == row.tex, "another formula: write it out anew"
    np.testing.assert_allclose(row.written_out(), row.core(), rtol=1e-9)  # type: ignore[arg-type]


def test_an_ellipse_at_two_sigma_holds_what_is_said() -> None:
    assert gmm_core.mass_within(2.0, 2) == pytest.approx(0.865, abs=5e-4)


def test_tex_is_balanced() -> None:
    for name, term in TERMS.items():
        formula = term.formula.replace(r"\{", "").replace(r"\}", "")
        assert formula.count("{") == formula.count("}"), name
        assert formula.count(r"\left") == formula.count(r"\right"), name
