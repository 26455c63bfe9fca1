"""The formulas, one fold away below the stage."""

import streamlit as st

from ui.experiment import Experiment

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

OF_ALGORITHM = {
    "classification": r"""
**Classification EM** (Celeux & Govaert 1992) gives every point whole to one component: $r_{ik} = 1$ where
$\pi_k \, \mathcal{N}(x_i \mid \mu_k, \Sigma_k)$ is largest, and 0 elsewhere. What climbs is

$$
\sum_i \max_k \log \left( \pi_k \, \mathcal{N}(x_i \mid \mu_k, \Sigma_k) \right).
$$
""",
    "annealed": r"""
**At a temperature** $T$ (Ueda & Nakano 1998) the shares are those of roots of the densities: the higher it
is, the more alike; at $T = 1$ they are EM's.

$$
r_{ik} = \frac{\left( \pi_k \, \mathcal{N}(x_i \mid \mu_k, \Sigma_k) \right)^{1/T}}
{\sum_j \left( \pi_j \, \mathcal{N}(x_i \mid \mu_j, \Sigma_j) \right)^{1/T}}
$$

What climbs is the free energy, counted from equal shares. It rises when $T$ falls, and at $T = 1$ it is the
log-likelihood.

$$
N \log K + T \sum_i \log \frac{1}{K} \sum_k
\left( \pi_k \, \mathcal{N}(x_i \mid \mu_k, \Sigma_k) \right)^{1/T}
$$
""",
    "variational": r"""
**A variational mixture** (Bishop 2006, section 10.2) has no single $\pi_k$, $\mu_k$ and $\Sigma_k$, but
beliefs about them: Dirichlet for the weights, or a Dirichlet process; normal and Wishart for means and
precisions. The shares follow from the logarithm that is expected.

$$
r_{ik} \propto \exp \, \mathbb{E} \left[ \log \left( \pi_k \, \mathcal{N}(x_i \mid \mu_k, \Sigma_k) \right)
\right]
$$

The M-step adds what each component holds to what was believed before: with a Dirichlet of concentration
$\alpha$ its weight is expected to be $(\alpha + N_k) / (K \alpha + N)$. With $\alpha$ far below 1 a component
without points of its own loses its weight.

**What climbs** is a lower bound on the evidence, the density of the points with all parameters averaged out.
In it every component has its price, so that what explains nothing is better switched off: a step may merge
two components or delete one where the bound is higher without (Hughes & Sudderth 2013).
""",
}

NOISE = r"""
**Background noise** is one more component, of the same density $1 / V$ wherever there are points, where $V$
is the area that they fill (Banfield & Raftery 1993): what no ellipse makes likelier than that goes to the
noise.
"""

ANSWERS = r"""
**With a yes/no column** every component is a Gaussian times a Bernoulli: of a point $x_i$ that says yes,
$b_i = 1$, or no, $b_i = 0$, the density in component $k$ is

$$
\mathcal{N}(x_i \mid \mu_k, \Sigma_k) \; \theta_k^{\,b_i} \, (1 - \theta_k)^{1 - b_i},
$$

and this stands wherever the Gaussian stood by itself. The M-step takes the share of those that say yes,
$\theta_k = \frac{1}{N_k} \sum_i r_{ik} b_i$ (Bishop 2006, section 9.3.3). Within a component the answer says
nothing of the place; to background noise both answers are alike, so that its density is $1 / (2V)$.
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


LINE = r"""
**On a line** the mean is a number and the covariance the variance $\sigma_k^2$, the same for all components
or each its own:

$$
\mathcal{N}(x \mid \mu_k, \sigma_k^2) = \frac{1}{\sqrt{2 \pi \sigma_k^2}}
\exp \left( - \frac{(x - \mu_k)^2}{2 \sigma_k^2} \right).
$$

Within $s\sigma$ of its mean a Gaussian has $\operatorname{erf}(s / \sqrt 2)$ of its mass: 68.3 % at 1σ,
95.4 % at 2σ, 99.7 % at 3σ. The picture stacks $\pi_k \, \mathcal{N}(x \mid \mu_k, \sigma_k^2)$ one upon the
other, so that the upper edge is $p(x)$.
"""

COLUMNS = r"""
**In more columns** every formula is the same; $x_i$, $\mu_k$ and $\Sigma_k$ only have more of them. The
picture shows two: whatever the others are, these two are Gaussian as well, with the two numbers of $\mu_k$
and the four of $\Sigma_k$ that belong to them (Bishop 2006, eq. 2.98). So each ellipse is a projection, and
holds of its Gaussian what an ellipse in a plane holds; the shares are those of all columns.
"""


def of_mixtures(experiment: Experiment, n_dimensions: int) -> None:
    """The formulas of EM, of the experiment's own algorithm, and of what else takes part, folded up, for
    points of so many dimensions."""
    # Opened on demand: setting formulas would hold up the first picture.
    fold = st.expander("The mathematics", on_change="rerun")
    if fold.open:
        noise = NOISE if experiment.noise else ""
        answers = ANSWERS if experiment.yes else ""
        line = LINE if n_dimensions == 1 else COLUMNS if n_dimensions > 2 else ""
        fold.markdown(MATHEMATICS + line + OF_ALGORITHM.get(experiment.algorithm, "") + noise + answers)


def of_kmeans() -> None:
    """The formulas of K-Means and of how a mixture becomes it, folded away."""
    fold = st.expander("The mathematics: K-Means, and how a mixture becomes it", on_change="rerun")
    if fold.open:
        fold.markdown(COMPARISON)
