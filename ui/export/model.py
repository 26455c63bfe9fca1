"""The fitted model as a file, with its parameters in the columns' own units beside those of the picture."""

import json

import gmm_core
from ui.export.outcome import Outcome


def model_text(outcome: Outcome) -> str:
    """JSON text that `gmm_core.load_model` reads. Where the points are not the columns' own numbers, it ends
    with what the parameters are in those, which `load_model` passes over."""
    text = gmm_core.save_model(outcome.model)
    if outcome.units is None:
        return text
    own = json.dumps(outcome.units.as_values(outcome.run.mixture), allow_nan=False)
    return f'{text.rstrip().removesuffix("}").rstrip()},\n "own_units": {own}\n}}\n'
