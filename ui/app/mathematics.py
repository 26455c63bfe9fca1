"""The formulas, one fold away below the stage."""

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

COMPARISON = r"""
K-Means looks for $K$ centres $\mu_k$, and for the one, $z_i$, that each point $x_i$ belongs to, so that the
**inertia** is small: the squared distances of all points to their centres, summed.

$$
J = \sum_{i=1}^{N} \lVert x_i - \mu_{z_i} \rVert^2
$$

**Assign.** With the centres held still, every point goes, whole, to the nearest.

$$
z_i = \arg\min_k \lVert x_i - \mu_k \rVert^2
$$

**Move.** With the points held where they belong, every centre moves to the mean of its $N_k$ points.

$$
\mu_k = \frac{1}{N_k} \sum_{i:\, z_i = k} x_i
$$

Neither step can raise $J$, so K-Means comes to rest: at a minimum near its start, which need not be the least
there is.

**The limit of a mixture.** Give every component the weight $1/K$ and the same circle,
$\Sigma_k = \sigma^2 I$.
As $\sigma^2$ falls to 0, the shares of the E-step become all or nothing: it assigns. The M-step, the mean of
the points by their shares, then moves the centres.

$$
r_{ik} = \frac{\exp\left(-\lVert x_i - \mu_k \rVert^2 / 2\sigma^2\right)}
{\sum_j \exp\left(-\lVert x_i - \mu_j \rVert^2 / 2\sigma^2\right)}
\ \xrightarrow{\ \sigma^2 \to 0\ }\
\begin{cases} 1 & \text{for the nearest centre} \\ 0 & \text{for all others} \end{cases}
$$

And what the mixture climbs becomes what K-Means descends: the log-likelihood, but for a term in which no
centre stands, becomes the inertia with its sign turned.

$$
2\sigma^2 \left( \sum_i \log p(x_i) + N \log\left(2\pi\sigma^2 K\right) \right)
\ \xrightarrow{\ \sigma^2 \to 0\ }\ -J
$$

**How soft the shares are**, on the limit dial, is their mean entropy as a part of the largest there could be:
0 % where every point belongs whole to one component, 100 % where all have equal shares.

$$
-\frac{1}{N \log K} \sum_{i,k} r_{ik} \log r_{ik}
$$

**The adjusted Rand index** looks at all pairs of points, and says how often two labellings agree whether a
pair belongs together, beyond what chance would give: 1 for the same groups, 0 for chance.

**The typical distance** of points from a centre is the root of the mean of their squared distances.
"""


def of_em() -> None:
    """The formulas of EM, folded away."""
    # Opened on demand: setting formulas would hold up the first picture.
    fold = st.expander("The mathematics", on_change="rerun")
    if fold.open:
        fold.markdown(MATHEMATICS)


def of_kmeans() -> None:
    """The formulas of K-Means and of how a mixture becomes it, folded away."""
    fold = st.expander("The mathematics: K-Means, and how a mixture becomes it", on_change="rerun")
    if fold.open:
        fold.markdown(COMPARISON)
