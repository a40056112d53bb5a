"""Serves the review page on loopback until Ctrl-C."""

import secrets
import socket
from collections.abc import Callable

import uvicorn
from starlette.applications import Starlette


def serve(make: Callable[[str], Starlette], port: int, tell: Callable[[str], None]) -> None:
    """Serve the app that `make` gives for a token, on this machine's own address.

    Args:
        make: makes the app; its addresses begin with the token it is given.
        port: 0 takes a free one.
        tell: is given the address to open, once somebody answers there.

    Raises:
        OSError: the port is taken.
    """
    token = secrets.token_urlsafe(16)
    with socket.create_server(("127.0.0.1", port)) as listening:
        tell(f"http://127.0.0.1:{listening.getsockname()[1]}/{token}/")
        # Addresses bear the token, so none is logged.
        config = uvicorn.Config(make(token), log_level="warning", access_log=False, server_header=False)
        uvicorn.Server(config).run(sockets=[listening])
