"""How many components, of which family, from which start: fits side by side, and what each is worth."""

from gmm_core.selection.sweeping import (
    Fit,
    Sweeping,
    sweep,
)

__all__ = [
    "Fit",
    "Sweeping",
    "sweep",
]
