"""Python that repeats K-Means beside the mixture: what follows the code of the mixture's fit.

Both go on from that code's names, and leave `centres`, `clusters` and `inertia` behind.
"""

import numpy as np

from ui.export.code import CodeError
from ui.export.kmeans_beside import Beside

_COMPARE = [
    'print("K-Means: inertia", inertia)',
    'print("centres", centres, sep="\\n")',
    'print("points on which the two differ", (clusters != components).sum())',
]


def gmm_core_kmeans(beside: Beside) -> str:
    """Lines that follow `gmm_core_code`, and repeat K-Means to its last digit."""
    lines = [
        "",
        "# K-Means from the same centres; cluster k stands opposite component k.",
        "from gmm_core import kmeans",
        "",
        f"beside = kmeans.run(points, start.means, max_steps={beside.max_steps})",
        f"centres = beside.centres[{beside.order.tolist()!r}]",
        "clusters = kmeans.assign(points, centres)",
        "inertia = beside.inertia",
        "components = gmm_core.responsibilities(points, run.mixture).argmax(axis=1)",
        "print(beside.explanation)",
        *_COMPARE,
    ]
    return "\n".join(lines) + "\n"


def scikit_learn_kmeans(beside: Beside) -> str:
    """Lines that follow `scikit_learn_code`, and take the same steps with scikit-learn's KMeans.

    Raises CodeError as `check_scikit_learn_kmeans` does.
    """
    check_scikit_learn_kmeans(beside)
    states = beside.run.states
    lines = [
        "",
        "# K-Means from the same centres; cluster k stands opposite component k.",
        "from sklearn.cluster import KMeans",
        "",
        f"first = np.array({np.asarray(states[0].centres).tolist()!r})",
        f"order = np.array({beside.order.tolist()!r})",
        "beside = KMeans(",
        "    n_clusters=len(first),",
        "    init=first - centre,",
        "    n_init=1,",
        '    algorithm="lloyd",',
        "    tol=0.0,",
        f"    max_iter={max(1, len(states) - 1)},",
        ")",
        "labels = beside.fit_predict(points - centre)",
        "centres = beside.cluster_centers_[order] + centre",
        "clusters = np.argsort(order)[labels]",
        "inertia = beside.inertia_",
        "components = model.predict(points - centre)",
        *_COMPARE,
    ]
    return "\n".join(lines) + "\n"


def check_scikit_learn_kmeans(beside: Beside) -> None:
    """Raise CodeError, in one sentence, for a run that scikit-learn would take elsewhere."""
    if any((state.counts == 0).any() for state in beside.run.states):
        raise CodeError(
            "A centre lost all its points on the way, and scikit-learn puts such a centre elsewhere: "
            "begin at other centres, or take the code for gmm_core."
        )
