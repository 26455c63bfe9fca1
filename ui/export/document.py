"""The frame of every page that people keep: a whole HTML document, and what its browser may take in."""

from html import escape

_DOCUMENT = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
{head}
</head>
<body>
{body}
</body>
</html>
"""


def document(title: str, body: str, *, policy: str, head: str = "", language: str = "en") -> str:
    """The HTML text of a page: `title` is a text; `body`, and what follows the title in the `head`, are HTML.

    `policy` is a Content-Security-Policy. It stands first, since it holds for what comes after it alone.
    """
    heads = f"<title>{escape(title)}</title>\n{head}".rstrip()
    return _DOCUMENT.format(policy=policy, head=heads, body=body, language=language)
