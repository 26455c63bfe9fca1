"""What is asked of K-Means to find K: elbow, silhouette and gap, and where each misleads."""

from ui.analysis.choosing.sweeping import Swept
from ui.workspace import Workspace


def show_kmeans_measures(current: Workspace, swept: Swept) -> None:
    """Folded away."""
