"""Every file that people can take home of the choice of a model: one row each."""

from ui.export.choice import Choice, choice_table
from ui.export.choice_code import choice_code
from ui.export.choice_methods import methods_text
from ui.export.code import points_csv
from ui.export.export import Export, Result, result_of
from ui.export.table import marked, table_csv


def choice_results(choice: Choice) -> list[Result]:
    """Every file that can be made of a sweep; nothing is made yet."""
    return [result_of(export, choice) for export in CHOICE_EXPORTS]


def _refusal(choice: Choice) -> str:
    return "" if choice.found else "No model could be fitted to these points; the table says why."


def _points_sentence(choice: Choice) -> str:
    which = "The points of the sample" if choice.swept.is_sample else "The points"
    return f"{which} as that script reads them{', in the units of their columns' if choice.units else ''}."


CHOICE_EXPORTS: tuple[Export[Choice], ...] = (
    Export(
        "Table of the sweep, CSV",
        "{}-models.csv",
        "text/csv",
        lambda choice: "A row for every model: its criteria to the last digit, or why there is no fit.",
        lambda choice: marked(table_csv(choice_table(choice))),
    ),
    Export(
        "Methods paragraph",
        "{}-methods.txt",
        "text/plain",
        lambda choice: "What was done, with every number and the sources, in plain text.",
        methods_text,
        _refusal,
    ),
    Export(
        "Python of the sweep",
        "{}_sweep.py",
        "text/x-python",
        lambda choice: (
            f"Repeats the sweep from points.csv with gmm_core{'' if choice.units else ', to the last digit'}."
        ),
        choice_code,
        _refusal,
    ),
    Export(
        "points.csv",
        "points.csv",
        "text/csv",
        _points_sentence,
        lambda choice: points_csv(choice),
    ),
)
"""In the order in which they are offered."""
