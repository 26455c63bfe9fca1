"""What approximations of a shape say, in words."""

from ui.analysis.choosing.shape import Approximations


def verdict(found: Approximations) -> str:
    """Which K foretells best, in a sentence; empty where that is not known."""
    best = found.best
    if best is None:
        return ""
    if best == max(found.unseen):
        return f"K = {best} foretells unseen points best, and more might do better still."
    return f"K = {best} foretells unseen points best."


def cost(found: Approximations) -> str:
    """What becomes of both log-likelihoods after the best K, and what the gap between them is."""
    best, most = found.best, max(found.unseen, default=None)
    if best is None or most is None:
        return ""
    gap = found.fits[most].learned - found.unseen[most].mean
    seen = f"these {found.n_points:,} points"
    means = (
        f"The gap between the two lines, {gap:.2f} nats a point at K = {most}, is what the mixture has "
        f"learned by heart of {seen}, and is no part of the shape that they came from."
    )
    if best == most:
        return (
            f"Up to K = {most} the unseen points still gain: {seen} are enough to bear so many components. "
            f"{means} Learn from fewer points, and the second line turns down earlier."
        )
    rise = found.fits[most].learned - found.fits[best].learned
    fall = found.unseen[best].mean - found.unseen[most].mean
    return (
        f"From K = {best} to K = {most} the log-likelihood a point goes on rising, as it always does, by "
        f"{rise:.2f} on points that were learned from; on others it falls by {fall:.2f}. {means} With more "
        "points to learn from, the gap is narrower and the best K larger."
    )


def facts(found: Approximations, k: int) -> str:
    """What one mixture is worth, in nats a point, in short."""
    fit = found.fits[k]
    unseen = f"{found.unseen[k].mean:.2f}" if k in found.unseen else "…"
    return f"learned {fit.learned:.2f} · unseen {unseen}".replace("-", "−")
