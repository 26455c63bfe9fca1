"""What a browser is told about every answer, and which addresses are for this machine alone."""

import re
from ipaddress import ip_address

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Streamlit's page sets styles and one line of script inline, and runs a component as a module from a blob;
# Plotly compiles what it draws on the graphics card. Nothing may come from, or go to, another machine.
CONTENT_SECURITY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    ]
)

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": CONTENT_SECURITY,
}

VERSIONED = re.compile(r"/component/[\w.]+\.(?:files_[0-9a-f]+|plotly_[0-9_]+)/")
"""Addresses that hold a version: what lies there never changes, so a browser need not ask for it again."""

FOR_GOOD = "public, max-age=31536000, immutable"

LOCAL = ("/_stcore/metrics", "/_stcore/script-health-check", "/_stcore/agent")
"""Streamlit's measurements, and its ways to drive the app without a browser."""


class SafeHeaders:
    """Streamlit's app, with those headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                if message["status"] == 200 and VERSIONED.search(scope["path"]):
                    headers["Cache-Control"] = FOR_GOOD
            await send(message)

        if any(path in scope["path"] for path in LOCAL) and not _is_this_machine(scope):
            await PlainTextResponse("For this machine alone.", 403)(scope, receive, send_with_headers)
        else:
            await self._app(scope, receive, send_with_headers)


def _is_this_machine(scope: Scope) -> bool:
    """Whether the question comes from here. Uvicorn has put the sender a proxy names in the proxy's place."""
    host = scope["client"][0] if scope["client"] else ""
    try:
        return ip_address(host.removeprefix("::ffff:")).is_loopback
    except ValueError:
        return False
