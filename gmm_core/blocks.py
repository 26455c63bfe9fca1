"""Points cut into blocks for threads: what one walk over them holds at once, and where it is held."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from threading import local

import numpy as np

from gmm_core.points import Array
from gmm_core.threads import MOST_THREADS

# Most points in a block: its arrays stay in the processor's cache.
LONGEST = 8192

# Matrix products with fewer multiplications than this stay on the thread that calls them in OpenBLAS,
# so that its threads do not compete with ours.
MOST_MULTIPLICATIONS = 262_144

# Fewer blocks of points than this are not worth waking threads for.
FEWEST_BLOCKS = 4

# Pieces that are added up separately: at least, where there are enough blocks, and at most.
FEWEST_PIECES, MOST_PIECES = 4, 4 * MOST_THREADS

# Bytes of the blocks of all threads together, at any time, and of what all pieces add up to.
MOST_BYTES = 40 * 2**20
MOST_BYTES_OF_SUMS = 64 * 2**20


class _Scratch(local):
    """Arrays that each thread uses again: fresh memory costs more than the arithmetic that is done in it."""

    def __init__(self) -> None:
        self.held: dict[str, Array] = {}

    def array(self, name: str, shape: tuple[int, ...]) -> Array:
        """An array whose values mean nothing, valid until this thread asks for the same name again."""
        size = prod(shape)
        if name not in self.held or self.held[name].size < size:
            self.held[name] = np.empty(size)
        return self.held[name][:size].reshape(shape)


scratch = _Scratch()


@dataclass(frozen=True)
class Piece:
    """Blocks of points that one thread takes, a stretch of them at once: so long a one in every call that
    threads seldom wait for each other, while each of the matrix products inside is small."""

    first: int
    n_blocks: int
    size: int
    """Points in a block."""
    stretch: int
    """Blocks at once, at most."""

    def stretches(self) -> Iterator[tuple[int, int]]:
        """The first point of each stretch, and its blocks."""
        for block in range(0, self.n_blocks, self.stretch):
            yield self.first + block * self.size, min(self.stretch, self.n_blocks - block)


def pieces_of(n_points: int, *, multiplications: int, numbers: int, sums: int) -> list[Piece]:
    """Where each point has so many `multiplications` in one matrix product and so many `numbers` in a block's
    arrays, and a piece adds up to so many `sums`.

    They depend on nothing but the problem, so that sums are the same on any number of threads, and are never
    many, so that their sums take little room.
    """
    longest = max(32, min(LONGEST, MOST_MULTIPLICATIONS // multiplications))
    n_blocks = -(-n_points // longest)
    size = n_points // n_blocks
    bytes_of_block = 8 * (size * numbers + sums)
    apart = FEWEST_PIECES if n_blocks >= FEWEST_BLOCKS else 1
    stretch = max(1, min(MOST_BYTES // (MOST_THREADS * bytes_of_block), -(-n_blocks // apart)))
    most_pieces = max(2, min(MOST_PIECES, MOST_BYTES_OF_SUMS // (8 * sums)))
    length = stretch * -(-n_blocks // (stretch * most_pieces))
    pieces = [
        Piece(first * size, min(length, n_blocks - first), size, stretch)
        for first in range(0, n_blocks, length)
    ]
    rest = n_points - n_blocks * size
    return [*pieces, Piece(n_points - rest, 1, rest, 1)] if rest else pieces
