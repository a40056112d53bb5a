"""The page on which a person codes: what it shows, what it takes, and who may ask for it."""

import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import jinja2
from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from gossi.analysis.review.codings import PersonsCoding
from gossi.analysis.review.desk import Answer, Desk, Refused
from gossi.analysis.review.queue import Task, differ
from gossi.analysis.review.texts import ArticleText

_TEMPLATES = Path(__file__).parent / "templates"

KEYS = "abcdefghijklmoprstvABCDEFGHIJKLMNOPQRSTUVWXYZ"
"""A key a claim. The small letters left out say the stance (w, x, z), the topic (y, n), or go back (u) and
leave out (q)."""

_HEADERS = {
    # The page needs nothing but its own script and style; nothing can be sent elsewhere or frame it.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

CANNOT = {
    "incomplete": "the text is incomplete",
    "no_article": "it is no article",
    "language": "nobody here reads the language",
    "other": "another reason (say it in the note)",
}
"""Why an article cannot be judged, as the coder reads it."""

STANCES = {
    "attributed": ("attributed", "z"),
    "asserted": ("own words", "w"),
    "disputed": ("disputed", "x"),
}
"""How a claim is reported, as the coder reads it, and its key."""


def review_app(desk: Desk, token: str, study: str, rules: str) -> Starlette:
    """The page of a coder's desk, under /`token`/; whoever does not know the token gets nothing.

    Args:
        desk: the coder's.
        token: part of every address.
        study: its name, for the head of the page.
        rules: the text by which people code.
    """
    page = _environment().get_template("review.html")

    async def show(_: Request) -> Response:
        lying = desk.task()
        return HTMLResponse(
            page.render(
                study=study,
                coder=desk.coder,
                mode=lying[0].mode if lying else desk.mode,
                progress=desk.progress(),
                can_undo=desk.can_undo(),
                rules=rules,
                lying=lying and _lying(*lying),
                text=lying[1] if lying else None,
                unreadable=desk.unreadable,
                questions=list(zip(KEYS, desk.questions, strict=False)),
                cannot=CANNOT,
                stances=STANCES,
            )
        )

    async def code(request: Request) -> Response:
        try:
            desk.answer(Answer.model_validate_json(await request.body()))
        except ValidationError as error:
            return JSONResponse({"problem": f"not understood: {error.errors()[0]['msg']}"}, 422)
        except Refused as refusal:
            return JSONResponse({"problem": str(refusal)}, 409)
        return JSONResponse({})

    async def undo(_: Request) -> Response:
        desk.undo()
        return JSONResponse({})

    async def forward(_: Request) -> Response:
        desk.forward()
        return JSONResponse({})

    app = Starlette(
        routes=[
            Mount(
                f"/{token}",
                routes=[
                    Route("/", show),
                    Route("/code", code, methods=["POST"]),
                    Route("/undo", undo, methods=["POST"]),
                    Route("/forward", forward, methods=["POST"]),
                    Mount("/static", StaticFiles(directory=_TEMPLATES / "static")),
                ],
            )
        ]
    )
    app.add_middleware(BaseHTTPMiddleware, dispatch=_guard)
    # Another name for this machine would be another site's, made to point here.
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])
    return app


async def _guard(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
    # A page of another site may send, though it can't read: browsers say whose page it is.
    origin = request.headers.get("origin")
    if request.method != "GET" and origin != f"http://{request.headers.get('host')}":
        return Response("another site's request", 403)
    response = await answer(request)
    response.headers.update(_HEADERS)
    return response


def _lying(task: Task, text: ArticleText) -> dict[str, object]:
    """What the script begins with: the article, what is coded of it so far, and the two that differ."""
    return {
        "article": task.article,
        "version": task.version,
        "mode": task.mode,
        "sentences": len(text.sentences),
        "coded": task.before and _as_coded(task.before),
        "pair": [{"coder": coding.coder} | _as_coded(coding) for coding in task.pair],
        "differ": differ(task.pair[0], task.pair[1]) if len(task.pair) > 1 else [],
    }


def _as_coded(coding: PersonsCoding) -> dict[str, object]:
    whole: dict[str, object] = json.loads(
        coding.model_dump_json(include={"on_topic", "labels", "cannot", "note"})
    )
    return whole


def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
