"""The points of every label in every group of a fit, as a table whose rows follow the labels."""

from collections.abc import Sequence
from html import escape

from ui import palette
from ui.export.agreement import MOST_LETTERS, Agreement
from ui.export.html import chip, escaped, shortened

# Of 255: how strongly a cell is tinted that holds all of its group.
_STRONGEST = 110


def agreement_table(found: Agreement, what: str = "component", colours: Sequence[int] = ()) -> str:
    """HTML: a row for each group, in the order of the labels they are named after, then the noise.

    Cells are tinted by the share of the group that they hold, and framed where the group is named after the
    label. `what` the groups are called; `colours` (K,) are the colour and number of each, from 0, by default
    their own.
    """
    colours = colours or range(found.n_groups)
    n_labels = len(found.names)
    shown = [*range(n_labels), *([n_labels] if found.n_unlabelled else [])]
    names = [shortened(name, MOST_LETTERS) for name in (*found.names, found.rest or "no label")]
    heads = [what, *(names[j] for j in shown), "all", "named after"]
    body = [
        _row(chip(colours[k]), found, k, shown, names, f"{what} {colours[k] + 1}", colours[k])
        for k in found.order
    ]
    if found.has_noise:
        body.append(_row("noise", found, found.n_groups, shown, names, "the noise", None))
    head = "".join(f'<th scope="col">{escaped(name, 80)}</th>' for name in heads)
    return f'<table class="parameters"><thead><tr>{head}</tr></thead><tbody>{"".join(body)}</tbody></table>'


def _row(
    heading: str,
    found: Agreement,
    k: int,
    shown: Sequence[int],
    names: Sequence[str],
    called: str,
    colour: int | None,
) -> str:
    counts = found.counts[k]
    n_all, paired = int(counts.sum()), _paired(found, k)
    hue = "#808080" if colour is None else palette.colour_of(colour)
    cells = "".join(
        _cell(int(counts[j]), n_all, int(found.counts[:, j].sum()), called, names[j], hue, j == paired)
        for j in shown
    )
    after = "–" if paired is None else escape(names[paired])
    return f'<tr><th scope="row">{heading}</th>{cells}<td>{n_all:,}</td><td>{after}</td></tr>'


def _paired(found: Agreement, k: int) -> int | None:
    """The column that a row is right about: the noise about the rest, if that is a group of its own."""
    if k < found.n_groups:
        return int(found.paired[k]) if found.paired[k] >= 0 else None
    return len(found.names) if found.rest else None


def _cell(count: int, n_row: int, n_column: int, called: str, name: str, hue: str, is_paired: bool) -> str:
    of_row, of_column = count / max(n_row, 1), count / max(n_column, 1)
    style = f"background:{hue}{round(_STRONGEST * of_row):02x}"
    if is_paired:
        style += f";box-shadow:inset 0 0 0 2px {hue};font-weight:700"
    title = f"{count:,} points: {100 * of_row:.1f} % of {called}, {100 * of_column:.1f} % of {name}"
    return f'<td style="{style}" title="{escape(title)}">{count:,}</td>'
