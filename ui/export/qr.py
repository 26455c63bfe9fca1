"""A link as a QR code, for the room to point its phones at."""

import io

import segno

# Read even where a lamp hides a seventh of it; more would need more modules, read from less far away.
_CORRECTION = "m"


class LinkError(ValueError):
    """A link that no QR code can hold; the text says what to do."""


def qr_svg(link: str) -> str:
    """The QR code of `link` as SVG text, black on white in any theme, with the quiet zone that readers need.

    It has no size of its own and fills what it is put into. Raises LinkError for no link, or one of more than
    some 2,300 characters. Source: ISO/IEC 18004; four modules of margin are its section 6.3.8.
    """
    if not link:
        raise LinkError("There is no link to show; make an experiment first.")
    try:
        code = segno.make(link, error=_CORRECTION, boost_error=False, micro=False)
    except (segno.DataOverflowError, UnicodeEncodeError):
        raise LinkError(
            f"A link of {len(link):,} characters is too long for a QR code; hand out a session file instead."
        ) from None
    file = io.BytesIO()
    code.save(
        file,
        kind="svg",
        border=4,
        dark="#000",
        light="#fff",
        omitsize=True,
        xmldecl=False,
        svgclass=None,
        lineclass=None,
        nl=False,
        title="QR code of the link",
    )
    return file.getvalue().decode("utf-8")
