"""What every answer of the console carries, and who may open its socket: a thin ASGI layer around the pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console.settings import ConsoleSettings

SOCKET_PATH = "/_nicegui_ws"


class Guard:
    """Adds the security headers, and turns away sockets that a page of somebody else's opens.

    NiceGUI writes scripts into its pages and compiles templates in the browser, hence `unsafe-inline` and `unsafe-eval`;
    nothing may be asked of any address but our own (and the tile server's, for pictures, where one is set).
    """

    def __init__(self, app: ASGIApp, settings: ConsoleSettings) -> None:
        self.app = app
        self.headers = {
            "Content-Security-Policy": _policy(settings.tile_origin),
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["path"].startswith(SOCKET_PATH) and not same_origin(Headers(scope=scope)):
            await PlainTextResponse("Another site's page may not open this socket.", 403)(scope, receive, send)
        else:
            await self.app(scope, receive, self._with_headers(send))

    def _with_headers(self, send: Send) -> Send:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self.headers)
                headers.setdefault("Cache-Control", "no-cache")
            await send(message)

        return with_headers


def same_origin(headers: Headers) -> bool:
    """Whether a request comes from a page of the very host it goes to; what is no browser names no origin."""
    origin: Any = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")


def _policy(tile_origin: str | None) -> str:
    pictures = f"'self' data: {tile_origin}" if tile_origin else "'self' data:"
    return "; ".join(
        [
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
            "style-src 'self' 'unsafe-inline'",
            f"img-src {pictures}",
            "font-src 'self' data:",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )
