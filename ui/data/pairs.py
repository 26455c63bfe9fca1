"""Of more columns than two the pair that is shown: the one place that takes it out of the data."""

from dataclasses import replace

from ui.data.data import Data


def pair_alone(data: Data) -> Data:
    """The data in the two columns that are shown, and a sentence about it if there were more."""
    if data.points.shape[1] <= 2:
        return data
    n_columns = data.points.shape[1]
    plane = _in_the_plane(data)
    shown = " and ".join(plane.columns)
    said = (
        f"Two pictures side by side: {shown} alone, of {n_columns} columns; no hand changes points or means."
    )
    among = data.start_among and _in_the_plane(data.start_among)
    return replace(plane, start_among=among, dropped=(*data.dropped, said))


def _in_the_plane(data: Data) -> Data:
    places, units, source = list(data.pair), data.units, data.source
    if units is not None:
        units = replace(
            units,
            names=tuple(units.names[i] for i in places),
            logs=tuple(units.logs[i] for i in places),
            centre=units.centre[places],
            unit=units.unit[places],
        )
    if source is not None:
        source = replace(source, used_columns=tuple(source.used_columns[i] for i in places))
    return replace(
        data,
        points=data.points[:, places],
        columns=tuple(data.columns[i] for i in places),
        extent=tuple(data.extent[i] for i in places),
        units=units,
        source=source,
        pair=(0, 1),
    )
