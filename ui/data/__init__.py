"""From an experiment to its points, and what is known of them.

`from_experiment` leads the way: `sources` bring points, what is to be hidden is taken away, a column of yes
and no may stand `beside` them, a `motion` may move them, and `by_hand` they may be changed. `dimensions`
alone knows how many a picture has.
"""

from ui.data.compared import MOST_COMPARED, numbers_alone, thinned, unweighted
from ui.data.data import Data, Source
from ui.data.extent import EMPTY_EXTENT, Extent, extent_of, frame_of
from ui.data.from_experiment import data_of, two_valued_columns, untold
from ui.data.pairs import pair_alone

__all__ = [
    "EMPTY_EXTENT",
    "MOST_COMPARED",
    "Data",
    "Extent",
    "Source",
    "data_of",
    "extent_of",
    "frame_of",
    "numbers_alone",
    "pair_alone",
    "thinned",
    "two_valued_columns",
    "untold",
    "unweighted",
]
