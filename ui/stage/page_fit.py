"""What EM in the page's own JavaScript goes by, where no server is behind the stage."""

from dataclasses import dataclass

PAGE_FAMILIES = ("full", "tied", "diag", "spherical")
"""Keys of FAMILIES that the page has an M-step for: static/model/maximization.js."""


@dataclass(frozen=True)
class PageFit:
    """The settings of a plain EM run, of one of PAGE_FAMILIES and in at most two columns."""

    reg_covar: float = 0.0
    """Added to every variance, in squared units of the points."""
    tolerance: float = 1e-6
    """The gain, in nats a point, at which a run ends."""
    step_limit: int = 500
    """The most steps."""
    most_work: float = 6e8
    """The most points times components times steps."""
    stop_when_falling: bool = True
    """Whether a run ends where a step loses."""
    equal_weights: bool = False
    """Whether all components weigh the same."""
