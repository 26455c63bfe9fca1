"""The course: its lessons in the order in which they are taught."""

from collections.abc import Mapping
from types import MappingProxyType

from ui.lessons.each import (
    any_shape,
    circles,
    collapse,
    ellipse,
    far_away,
    half_steps,
    halfway,
    limit,
    names,
    open_number,
    scaled,
    stacked,
    turned,
    two_starts,
    units,
    upwards,
    where_next,
    which_k,
    yes_no,
)
from ui.lessons.lesson import Lesson

LESSONS: Mapping[str, Lesson] = MappingProxyType(
    {
        lesson.LESSON.name: lesson.LESSON
        for lesson in (
            stacked,
            halfway,
            half_steps,
            where_next,
            far_away,
            ellipse,
            upwards,
            names,
            two_starts,
            collapse,
            units,
            circles,
            limit,
            turned,
            scaled,
            which_k,
            open_number,
            yes_no,
            any_shape,
        )
    }
)
"""By name."""
