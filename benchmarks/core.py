"""The core's speed and memory: all that `benchmarks.speed` and its neighbours print, in one run."""

from benchmarks import callers, cliffs, families, file, growth, kmeans, memory, speed, sweep


def main(n_points: int = file.N_POINTS) -> None:
    """Prints every table; `n_points` is the length of the file that is read in chunks."""
    speed.main()
    cliffs.main()
    families.main()
    kmeans.main()
    growth.main()
    memory.main()
    sweep.main()
    file.main(n_points)
    callers.main()
