"""From what a person has to the message that their stage is sent."""

from dataclasses import replace
from typing import Any

from gmm_core import ALGORITHMS
from ui.analysis.algorithms import OFFERED, has_prior
from ui.analysis.page_fit import page_change_of, page_fit_of
from ui.data import Data, frame_of
from ui.experiment import UPLOADED, Experiment, View, choices_in, digest_of
from ui.experiment.address import VIEW_DEFAULTS, to_address
from ui.experiment.view import VIEW_CHOICES
from ui.export.finished import labels_of
from ui.export.names import file_stem
from ui.stage.codec import Scene, encode
from ui.workspace.fit_result import COMPARISON, SHOWN, FitResult, result_of
from ui.workspace.presenting import offered
from ui.workspace.workspace import Workspace

# Where one of these or a column changes, the view is fitted anew.
FRAMED = ("data", "n_points", "data_seed", "knobs", "turn", "stretch")


def message_of(current: Workspace, kind: str) -> bytes:
    """What the stage of that kind is to show now."""
    with current.lock:
        result, stage = result_of(current, kind), current.stage(kind)
        version = (result.key, current.experiment, current.restart_count, current.opening)
        version += (current.acknowledged, current.upload_error, current.listening)
        if stage.message is None or stage.message[0] != version:
            stage.message = version, encode(scene_of(current, kind, result))
        return stage.message[1]


def scene_as_seen(current: Workspace, kind: str) -> Scene:
    """What a stage of that kind shows that opens on what is seen now."""
    with current.lock:
        scene = scene_of(current, kind, result_of(current, kind))
        return replace(scene, **as_drawn(current.view(kind)), listens=False)


def scene_of(current: Workspace, kind: str, result: FitResult) -> Scene:
    """The outcome on the stage of that kind, and how to open on it."""
    experiment, data, file = current.experiment, result.data, current.file
    labels = labels_of(experiment, data)
    fingerprint = file.fingerprint if file else ""
    # An empty picture of one file must not go on about it when the next could not be read.
    unread = current.upload_error if experiment.data == UPLOADED and data.notice else ""
    return Scene(
        points=data.points,
        run=result.run,
        identity=digest_of(experiment, choices_in(*SHOWN[kind]), kind, fingerprint),
        beginning=current.restart_count,
        data_identity=digest_of(experiment, FRAMED, *data.columns, *map(str, data.pair), fingerprint),
        extent=frame_of(data.extent),
        columns=data.columns,
        pair=data.pair,
        start_placed=bool(experiment.start_mixture),
        title=_title(data.title, experiment),
        name=f"{file_stem(data.title)}-k{experiment.n_components}",
        notice=unread or result.problem,
        labels=data.labels,
        label_names=data.label_names,
        label_rest=labels.rest if labels else "",
        truth_is_gaussian=data.truth_is_gaussian,
        point_weights=data.weights,
        **_answers(data),
        **as_drawn(current.opening),
        view_defaults=VIEW_DEFAULTS,
        address=to_address(current.experiment),
        file=file.name if file else "",
        acknowledged=current.acknowledged,
        resumes=current.resumed == current.restart_count,
        listens=current.listening,
        sentence=result.sentence,
        cures=_cures(result),
        # Beside K-Means the mixture is that of the pair alone, which is no start for all columns.
        locked="controls" in experiment.hide or (kind == COMPARISON and bool(experiment.more)),
        fit=page_fit_of(experiment, data) if result.comparison is None else None,
        family=experiment.family,
        algorithm=experiment.algorithm,
        m_step=_m_step(experiment),
        controls=offered(experiment, data.points.shape[1]),
        comparison=result.comparison,
    )


def _cures(result: FitResult) -> tuple[tuple[str, str, dict[str, Any] | None], ...]:
    """The field of a scene that tells what can be done about how the run ended."""
    made_of = result.experiment, result.data
    return tuple((cure.name, cure.title, page_change_of(cure.experiment, *made_of)) for cure in result.cures)


def _m_step(experiment: Experiment) -> dict[str, float | bool]:
    """The field of a scene that tells what else has a say in its M-steps."""
    if not OFFERED[experiment.algorithm].is_em:
        return {}
    prior = experiment.prior and has_prior(experiment.family)
    said = {"reg": experiment.reg_covar, "prior": prior, "equal": experiment.equal}
    return {name: value for name, value in said.items() if value}


def _answers(data: Data) -> dict[str, Any]:
    """The fields of a scene that tell of a yes/no column."""
    column = data.yes_no
    if column is None:
        return {}
    return {"answers": column.values, "answer_column": column.name, "answer_names": column.said}


def _title(data: str, experiment: Experiment) -> str:
    """What is seen, in a line; what everybody knows, EM, is not said."""
    algorithm = [] if experiment.algorithm == "em" else [ALGORITHMS[experiment.algorithm].title]
    return ", ".join([data, *algorithm, f"K = {experiment.n_components}", experiment.family])


def as_drawn(view: View) -> dict[str, Any]:
    """The fields of a scene that say how it is drawn."""
    rows = [row for row in VIEW_CHOICES.values() if row.name != "half_step"]
    return {"half_step": view.half_step, "view": {row.key: getattr(view, row.name) for row in rows}}
