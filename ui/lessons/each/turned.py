"""Diagonal ellipses depend on how the axes lie, full ones do not."""

from ui.lessons.lesson import END, Lesson, Number, moved_facts

LESSON = Lesson(
    name="turned",
    preset={"family": "diag", "at": END},
    change={"turn": "45"},
    prediction=Number(0, 500, 10, of="moved", near=40),
    facts=moved_facts,
    cards=(),
    claim=lambda facts: float(facts["moved"]) > 50,
)
