"""What a room said, counted: a bar for each answer, or for each stretch of a number's range."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from ui.lessons.lesson import Choice, Facts, Number, Place, Prediction
from ui.rooms.ballot import place_of
from ui.rooms.room import FIRST, SECOND, Value

MOST_BARS = 10
"""As many as can be read from the last row."""

NEAR, FAR = "near", "far"
"""The bars of places: as near to what came true as the lesson calls close, or not."""


@dataclass(frozen=True)
class Bar:
    """One answer, and how many gave it in each round."""

    name: str
    """An option of the lesson, or the numbers from where to where, or NEAR or FAR."""
    first: int
    second: int
    is_answer: bool
    """Whether it is what came true."""


def tally(prediction: Prediction, votes: Mapping[int, "Counter[Value]"], facts: Facts) -> list[Bar]:
    """The bars of both rounds' votes in their order; every vote is in exactly one of them."""
    if isinstance(prediction, Place):
        return _places(prediction, votes, [float(facts[name]) for name in prediction.of])
    answer = facts[prediction.of]
    if isinstance(prediction, Choice):
        return [
            Bar(option, votes[FIRST][option], votes[SECOND][option], option == answer)
            for option in prediction.options
        ]
    width = _width(prediction)
    n_bars = _place(prediction, prediction.high, width) + 1
    places = {round: _placed(prediction, votes[round], width) for round in (FIRST, SECOND)}
    return [
        Bar(
            _stretch(prediction, place, width),
            places[FIRST][place],
            places[SECOND][place],
            _place(prediction, float(answer), width) == place,
        )
        for place in range(n_bars)
    ]


def _places(prediction: Place, votes: Mapping[int, "Counter[Value]"], answer: list[float]) -> list[Bar]:
    def near(said: "Counter[Value]") -> int:
        return sum(
            count for vote, count in said.items() if math.dist(place_of(vote), answer) <= prediction.near
        )

    rounds = votes[FIRST], votes[SECOND]
    n_near = [near(said) for said in rounds]
    n_far = [said.total() - n for said, n in zip(rounds, n_near, strict=True)]
    return [Bar(NEAR, *n_near, is_answer=True), Bar(FAR, *n_far, is_answer=False)]


def _width(prediction: Number) -> int:
    """Steps of the range in one bar: so few that they say much, and so many that there are not too many."""
    n_values = round((prediction.high - prediction.low) / prediction.step) + 1
    least = math.ceil(n_values / MOST_BARS)
    power = 10 ** math.floor(math.log10(least))
    return next(times * power for times in (1, 2, 5, 10) if times * power >= least)


def _place(prediction: Number, value: float, width: int) -> int:
    """The bar that a number is in. What lies between two steps belongs to the nearer one."""
    return math.floor(math.floor((value - prediction.low) / prediction.step + 0.5) / width)


def _placed(prediction: Number, said: "Counter[Value]", width: int) -> "Counter[int]":
    places: Counter[int] = Counter()
    for value, count in said.items():
        places[_place(prediction, float(value), width)] += count
    return places


def _stretch(prediction: Number, place: int, width: int) -> str:
    low = prediction.low + place * width * prediction.step
    high = min(low + (width - 1) * prediction.step, prediction.high)
    ends = [f"{end:g}".replace("-", "−") for end in (low, high)]
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)
