"""Every term of the app: its formula, what is beside it, who had it first. What it means stands in words/."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ui.glossary.pictures import PICTURES, Picture


@dataclass(frozen=True)
class Term:
    """One term, in what no language changes."""

    formula: str
    """In TeX."""
    picture: Picture
    see: tuple[str, ...] = ()
    """Names of the terms that stand beside it."""
    source: str = ""
    """A paper or a book, where the term has one."""


_JOINT = r"\pi_k\,\mathcal{N}(x_i \mid \mu_k, \Sigma_k)"
_ALL = r"\sum_j \pi_j\,\mathcal{N}(x_i \mid \mu_j, \Sigma_j)"

# name: (formula, see, source)
_ROWS: dict[str, tuple[str, str] | tuple[str, str, str]] = {
    # A mixture and its parts.
    "mixture": (
        r"p(x) = \sum_{k=1}^{K} \pi_k\,\mathcal{N}(x \mid \mu_k, \Sigma_k)",
        "component weight density",
    ),
    "component": (r"\pi_k\,\mathcal{N}(x \mid \mu_k, \Sigma_k)", "mixture weight mean covariance"),
    "n_components": (r"K", "component bic cluster"),
    "gaussian": (
        r"\mathcal{N}(x \mid \mu, \Sigma) = "
        r"\frac{\exp\left(-\frac{1}{2}(x-\mu)^\top \Sigma^{-1} (x-\mu)\right)}{\sqrt{(2\pi)^D \det \Sigma}}",
        "mean covariance sigma ellipse",
    ),
    "weight": (r"\pi_k = \frac{1}{N} \sum_i r_{ik}, \qquad \sum_k \pi_k = 1", "component responsibility"),
    "mean": (r"\mu_k = \frac{\sum_i r_{ik}\, x_i}{\sum_i r_{ik}}", "m_step centre"),
    "covariance": (
        r"\Sigma_k = \frac{\sum_i r_{ik}\,(x_i-\mu_k)(x_i-\mu_k)^\top}{\sum_i r_{ik}}",
        "ellipse family variance",
    ),
    "variance": (r"\sigma^2 = \frac{1}{N} \sum_i (x_i - \mu)^2", "sigma covariance"),
    "sigma": (r"\sigma = \sqrt{\tfrac{1}{N} \sum_i (x_i - \mu)^2}", "variance ellipse"),
    "correlation": (r"\rho = \frac{\Sigma_{xy}}{\sigma_x\, \sigma_y}", "covariance diag"),
    "ellipse": (r"\sqrt{(x-\mu)^\top \Sigma^{-1} (x-\mu)} = s", "covariance sigma contour"),
    "density": (r"p(x) = \sum_k \pi_k\,\mathcal{N}(x \mid \mu_k, \Sigma_k)", "mass likelihood contour"),
    "log_density": (r"\log p(x)", "density log_likelihood percentile"),
    "mass": (r"\int_A p(x)\,dx, \qquad \int p(x)\,dx = 1", "density percentile"),
    "percentile": (r"100 \cdot P\left(p(X) < p(x)\right), \qquad X \sim p", "outlier log_density"),
    "outlier": (r"P\left(p(X) < p(x)\right) < \alpha", "percentile noise"),
    "parameters": (
        r"p = (K-1) + K D + p_\Sigma, \qquad p_\Sigma^{\text{full}} = K\,\frac{D(D+1)}{2}",
        "family bic",
        "Celeux & Govaert 1995, table 1",
    ),
    # Shares.
    "responsibility": (rf"r_{{ik}} = \frac{{{_JOINT}}}{{{_ALL}}}", "e_step softness hard"),
    "softness": (r"-\frac{1}{N \log K} \sum_{i,k} r_{ik} \log r_{ik}", "responsibility entropy hard"),
    "hard": (
        rf"r_{{ik}} = 1 \text{{ for the }} k \text{{ with the largest }} {_JOINT}",
        "responsibility kmeans",
    ),
    # EM.
    "likelihood": (r"L = \prod_{i=1}^{N} p(x_i)", "log_likelihood density"),
    "log_likelihood": (r"\log L = \sum_{i=1}^{N} \log p(x_i)", "likelihood nat lower_bound"),
    "nat": (r"e^{1} \approx 2.718", "log_likelihood logarithm"),
    "lower_bound": (
        rf"\log L \ge \sum_{{i,k}} r_{{ik}} \log \frac{{{_JOINT}}}{{r_{{ik}}}}",
        "log_likelihood e_step m_step",
        "Neal & Hinton 1998",
    ),
    "em": (r"\log L_{t+1} \ge \log L_t", "e_step m_step iteration", "Dempster, Laird & Rubin 1977"),
    "e_step": (rf"r_{{ik}} = \frac{{{_JOINT}}}{{{_ALL}}}", "m_step responsibility"),
    "m_step": (
        r"\pi_k = \frac{N_k}{N}, \quad \mu_k = \frac{1}{N_k} \sum_i r_{ik} x_i, \quad N_k = \sum_i r_{ik}",
        "e_step weight mean covariance",
    ),
    "half_step": (r"2t - 1: \text{E}, \qquad 2t: \text{M}", "e_step m_step iteration"),
    "iteration": (r"t \to t + 1: \quad \text{E}, \text{M}", "half_step convergence"),
    "convergence": (r"\frac{\log L_{t+1} - \log L_t}{N} \le \text{tolerance}", "tolerance optimum"),
    "tolerance": (r"\frac{\log L_{t+1} - \log L_t}{N} \le \text{tolerance}", "convergence nat"),
    "regularisation": (r"\Sigma_k + \varepsilon I", "collapse prior covariance"),
    "collapse": (r"\det \Sigma_k \to 0 \quad\Rightarrow\quad \log L \to \infty", "regularisation prior"),
    "classification_em": (
        r"\sum_i \max_k \log\left(\pi_k\,\mathcal{N}(x_i \mid \mu_k, \Sigma_k)\right)",
        "hard em kmeans",
        "Celeux & Govaert 1992",
    ),
    "temperature": (
        r"r_{ik} \propto \left(\pi_k\,\mathcal{N}(x_i \mid \mu_k, \Sigma_k)\right)^{1/T}",
        "annealing free_energy",
    ),
    "annealing": (r"T \to 1", "temperature start optimum", "Ueda & Nakano 1998"),
    "free_energy": (
        r"N \log K + T \sum_i \log \frac{1}{K} \sum_k "
        r"\left(\pi_k\,\mathcal{N}(x_i \mid \mu_k, \Sigma_k)\right)^{1/T}",
        "temperature log_likelihood",
        "Ueda & Nakano 1998",
    ),
    "trail": (r"\mu_k^{(0)}, \mu_k^{(1)}, \dots, \mu_k^{(t)}", "mean iteration"),
    # What a covariance may be.
    "family": (
        r"\Sigma_k = \lambda_k\, D_k A_k D_k^\top, \qquad \det A_k = 1",
        "letters full tied diag spherical",
        "Banfield & Raftery 1993",
    ),
    "letters": (r"\lambda_k \mid A_k \mid D_k", "family parameters", "Celeux & Govaert 1995"),
    "full": (r"\Sigma_k = \lambda_k\, D_k A_k D_k^\top", "family tied"),
    "tied": (r"\Sigma_1 = \dots = \Sigma_K = \Sigma", "family full"),
    "diag": (
        r"\Sigma_k = \operatorname{diag}(\sigma_{k1}^2, \dots, \sigma_{kD}^2)",
        "family spherical correlation",
    ),
    "spherical": (r"\Sigma_k = \sigma_k^2\, I", "family kmeans"),
    # K-Means.
    "kmeans": (
        r"\min_{z,\,\mu} \sum_i \lVert x_i - \mu_{z_i} \rVert^2",
        "centre inertia limit_dial",
        "Lloyd 1982",
    ),
    "centre": (r"\mu_k = \frac{1}{N_k} \sum_{i:\,z_i = k} x_i", "kmeans mean"),
    "inertia": (r"J = \sum_i \lVert x_i - \mu_{z_i} \rVert^2", "kmeans elbow"),
    "cell": (
        r"\{x : \lVert x - \mu_k \rVert \le \lVert x - \mu_j \rVert \text{ for all } j\}",
        "kmeans centre",
        "Voronoi 1908",
    ),
    "limit_dial": (
        r"\Sigma_k = \sigma^2 I, \quad \pi_k = \frac{1}{K}, \quad \sigma^2 \to 0",
        "kmeans softness",
    ),
    # Starts.
    "start": (r"\pi^{(0)}, \mu^{(0)}, \Sigma^{(0)}", "restart kmeans_plus_plus seed"),
    "restart": (r"\max_{s} \log L_s", "start optimum"),
    "optimum": (r"\nabla \log L = 0", "restart start"),
    "kmeans_plus_plus": (
        r"P(x_i \text{ next}) = \frac{d(x_i)^2}{\sum_j d(x_j)^2}",
        "start kmeans",
        "Arthur & Vassilvitskii 2007",
    ),
    "hierarchical": (
        r"\frac{n_a n_b}{n_a + n_b} \lVert \bar{x}_a - \bar{x}_b \rVert^2",
        "start cluster inertia",
        "Ward 1963",
    ),
    "seed": (r"\text{seed} \mapsto u_1, u_2, u_3, \dots", "start sample"),
    # Which model.
    "sweep": (r"\{1, \dots, K_{\max}\} \times \text{families}", "bic family n_components"),
    "bic": (r"\mathrm{BIC} = p \log N - 2 \log L", "aic icl parameters", "Schwarz 1978"),
    "aic": (r"\mathrm{AIC} = 2p - 2 \log L", "bic held_out parameters", "Akaike 1974"),
    "icl": (
        r"\mathrm{ICL} = \mathrm{BIC} - 2 \sum_i \log \max_k r_{ik}",
        "bic entropy cluster",
        "Biernacki, Celeux & Govaert 2000",
    ),
    "entropy": (r"-\sum_i \log \max_k r_{ik}", "icl responsibility merging"),
    "held_out": (r"\frac{1}{N} \sum_{i \text{ held out}} \log p(x_i)", "fold log_likelihood"),
    "fold": (r"\{1, \dots, N\} = F_1 \cup \dots \cup F_{10}", "held_out"),
    "bootstrap": (
        r"\sum_i w_i \log p(x_i), \qquad w \text{ drawn at random}",
        "standard_error",
        "Efron 1979",
    ),
    "standard_error": (
        r"\mathrm{se} = \sqrt{\frac{1}{B-1} \sum_b \left(\hat\theta_b - \bar\theta\right)^2}",
        "bootstrap sigma",
    ),
    "likelihood_ratio": (
        r"2 \left(\log L_{K+1} - \log L_K\right)",
        "p_value log_likelihood",
        "McLachlan 1987",
    ),
    "p_value": (r"\frac{1 + \#\{b : \text{gain}_b \ge \text{gain}\}}{1 + B}", "likelihood_ratio"),
    "merging": (
        r"-\sum_{i,c} r_{ic} \log r_{ic}, \qquad r_{ic} = \sum_{k \in c} r_{ik}",
        "cluster entropy",
        "Baudry et al. 2010",
    ),
    "cluster": (r"r_{ic} = \sum_{k \in c} r_{ik}", "component merging"),
    "silhouette": (r"s_i = \frac{b_i - a_i}{\max(a_i, b_i)}", "kmeans elbow gap", "Rousseeuw 1987"),
    "gap": (
        r"\mathrm{Gap}(K) = \mathbb{E}\left[\log J_{\text{even}}\right] - \log J",
        "inertia elbow",
        "Tibshirani, Walther & Hastie 2001",
    ),
    "elbow": (r"J_1 \ge J_2 \ge J_3 \ge \dots", "inertia silhouette gap"),
    "ari": (
        r"\frac{\text{pairs that agree} - \text{by chance}}{\text{most there could be} - \text{by chance}}",
        "accuracy label",
        "Hubert & Arabie 1985",
    ),
    "accuracy": (r"\frac{1}{N} \max_{\text{pairing}} \sum_k n_{k,\,\text{pair}(k)}", "ari label"),
    "label": (r"y_i \in \{1, \dots, C\}", "ari accuracy cluster"),
    # Beyond plain mixtures.
    "noise": (r"\pi_0 \cdot \frac{1}{V}", "outlier component", "Banfield & Raftery 1993"),
    "prior": (
        r"p(\theta \mid x) \propto p(x \mid \theta)\; p(\theta)",
        "regularisation variational",
        "Fraley & Raftery 2007",
    ),
    "variational": (
        r"\log p(x) \ge \mathbb{E}_q\left[\log \frac{p(x, z, \theta)}{q(z, \theta)}\right]",
        "evidence concentration prior",
        "Bishop 2006, section 10.2",
    ),
    "evidence": (r"p(x) = \int p(x \mid \theta)\, p(\theta)\, d\theta", "variational prior"),
    "concentration": (
        r"\mathbb{E}[\pi_k] = \frac{\alpha + N_k}{K \alpha + N}",
        "dirichlet variational weight",
        "Bishop 2006, eq. 10.69",
    ),
    "dirichlet": (r"p(\pi) \propto \prod_k \pi_k^{\alpha - 1}", "concentration dirichlet_process"),
    "dirichlet_process": (
        r"\pi_k = v_k \prod_{j<k} (1 - v_j), \qquad v_j \sim \mathrm{Beta}(1, \alpha)",
        "dirichlet concentration",
        "Blei & Jordan 2006",
    ),
    "bernoulli": (
        r"\theta^{\,b}\,(1-\theta)^{1-b}, \qquad b \in \{0, 1\}",
        "component mixture",
        "Bishop 2006, section 9.3.3",
    ),
    # Data and pictures.
    "sample": (r"k \sim \pi, \qquad x \sim \mathcal{N}(\mu_k, \Sigma_k)", "mixture seed"),
    "sample_weight": (r"\log L = \sum_i w_i \log p(x_i)", "log_likelihood"),
    "standardise": (r"x' = \frac{x}{\sigma}", "sigma diag kmeans"),
    "logarithm": (r"e^{\log x} = x, \qquad \log(a b) = \log a + \log b", "nat log_likelihood"),
    "dimension": (r"x_i \in \mathbb{R}^D", "projection marginal correlation"),
    "marginal": (r"p(x_1) = \int p(x_1, x_2)\, dx_2", "projection histogram"),
    "projection": (r"\mu_{(x,y)}, \qquad \Sigma_{(x,y)}", "marginal ellipse", "Bishop 2006, eq. 2.98"),
    "contour": (r"\{x : p(x) = c\}", "density ellipse"),
    "histogram": (r"\frac{n_{\text{bar}}}{N \cdot \text{width}}", "density marginal"),
    "fitted": (r"\max_\theta \log L(\theta)", "likelihood em parameters"),
}

TERMS: Mapping[str, Term] = MappingProxyType(
    {
        name: Term(row[0], PICTURES[name], tuple(row[1].split()), row[2] if len(row) == 3 else "")
        for name, row in _ROWS.items()
    }
)
"""By name, in the order in which a course meets them."""
