"""Words that stand below the stage, one fold away."""

import re
from collections.abc import Iterable

import streamlit as st

# Two dollars open a display only on a line of their own: behind them, on the same line, Markdown reads the
# name of a block, and everything after it as one broken formula.
MATHEMATICS = r"""
A mixture adds up $K$ Gaussians, each with a weight $\pi_k \ge 0$, a mean $\mu_k$ and a covariance $\Sigma_k$:

$$
p(x) = \sum_{k=1}^{K} \pi_k \, \mathcal{N}(x \mid \mu_k, \Sigma_k), \qquad \sum_{k} \pi_k = 1.
$$

**E-step.** With the parameters held still, every point $x_i$ is shared out among the components:

$$
r_{ik} = \frac{\pi_k \, \mathcal{N}(x_i \mid \mu_k, \Sigma_k)}
{\sum_j \pi_j \, \mathcal{N}(x_i \mid \mu_j, \Sigma_j)}.
$$

**M-step.** With the shares held still, every component moves to what it holds, $N_k = \sum_i r_{ik}$:

$$
\pi_k = \frac{N_k}{N}, \qquad \mu_k = \frac{1}{N_k} \sum_i r_{ik} x_i, \qquad
\Sigma_k = \frac{1}{N_k} \sum_i r_{ik} (x_i - \mu_k)(x_i - \mu_k)^\top \ \text{(full)}.
$$

**Why it climbs.** For any shares $r$, the log-likelihood has the lower bound

$$
\sum_i \log p(x_i) \ \ge\
\sum_{i,k} r_{ik} \log \frac{\pi_k \, \mathcal{N}(x_i \mid \mu_k, \Sigma_k)}{r_{ik}}.
$$

The E-step closes the gap (the dotted line meets the solid one); the M-step lifts the bound, and the
likelihood with it. So the likelihood never falls, as long as nothing is added to the covariances
(reg_covar is 0).

**The ellipse** at level $s$ is where the Mahalanobis distance $\sqrt{(x-\mu)^\top \Sigma^{-1} (x-\mu)}$ is
$s$. In the plane it holds $1 - e^{-s^2/2}$ of its Gaussian: 39.3 % at 1σ, 86.5 % at 2σ, 98.9 % at 3σ.
"""


def plain(text: str) -> str:
    """`text` so that Streamlit's Markdown shows it letter by letter: it may come from a file or a link."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def say_first(error: str, complaints: Iterable[str], news: Iterable[str]) -> None:
    """What must be read before the picture: it stands above it, where the eyes are."""
    if error:
        st.error(plain(error))
    warn(complaints)
    tell(news)


def warn(sentences: Iterable[str]) -> None:
    """What went wrong, all in one box."""
    if text := "  \n".join(map(plain, sentences)):
        st.warning(text)


def tell(sentences: Iterable[str]) -> None:
    """What people should know."""
    for sentence in sentences:
        st.info(plain(sentence))


def mathematics() -> None:
    """The formulas of EM, folded away."""
    # Opened on demand: setting formulas would hold up the first picture.
    fold = st.expander("The mathematics", on_change="rerun")
    if fold.open:
        fold.markdown(MATHEMATICS)
