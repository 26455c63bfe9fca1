"""Circles depend on the units of the columns."""

from ui.lessons.lesson import END, Lesson, Number, moved_facts

LESSON = Lesson(
    name="scaled",
    preset={"family": "spherical", "at": END},
    change={"stretch_y": "20"},
    prediction=Number(0, 500, 10, of="moved", near=60),
    facts=moved_facts,
    cards=(),
    claim=lambda facts: float(facts["moved"]) > 100,
)
