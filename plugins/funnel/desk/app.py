"""The subscription desk: a WSGI application. Which address is answered by what, and what every answer has in common."""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.exceptions import HTTPException, InternalServerError, TooManyRequests, UnsupportedMediaType
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Response

from funnel.desk.form import DeskRequest, Refused
from funnel.desk.leaving import Leaving
from funnel.desk.own_data import OwnData
from funnel.desk.signing_up import SigningUp
from funnel.desk.visit import Desk, Handler

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = logging.getLogger("funnel.desk")


class DeskApp:
    """Answers requests, one after the other: SQLite has one writer, and the whole answer takes about two milliseconds."""

    def __init__(self, desk: Desk) -> None:
        self._pages = desk.pages
        self._handlers = _handlers(desk)
        self._turn = threading.Lock()
        rules = [Rule(_path(place), endpoint=place, methods=[place.split()[0]]) for place in self._handlers]
        self._map = Map(rules, merge_slashes=False)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        began = time.monotonic()
        place, response = self._answer(DeskRequest(environ))
        # the place is the pattern of the address, never the address itself: that holds a person's key
        log.info("%s %d %.0f ms", place, response.status_code, (time.monotonic() - began) * 1000)
        return response(environ, start_response)

    def _answer(self, request: DeskRequest) -> tuple[str, Response]:
        place = "no such page"
        try:
            place, values = self._map.bind_to_environ(request.environ).match()
            request.get_data()  # a slow body is waited for before the turn is taken
            with self._turn:
                return place, self._pages.dress(self._handlers[place](request, **values))
        except HTTPException as error:
            return place, self._error(error)
        except Exception as error:
            # a fault of ours: its kind and place are enough to mend it, its text could hold personal data
            log.error("%s: %s at %s", place, error.__class__.__name__, _where(error))
            return place, self._error(InternalServerError())

    def _error(self, error: HTTPException) -> Response:
        code = error.code or 500
        said_by_us = isinstance(error, Refused | TooManyRequests | UnsupportedMediaType)
        words = error.description if said_by_us else _WORDS.get(code, _OTHERWISE)
        response = self._pages.show("message", code, title=_TITLES.get(code, "That did not work"), words=words)
        for name, value in error.get_headers():
            if name in ("Allow", "Retry-After"):
                response.headers[name] = value
        return response


_OTHERWISE = "What was sent cannot be understood. Nothing was changed."
_TITLES = {404: "There is no such page", 405: "That is not possible here", 413: "That is too much", 500: "Our fault"}
_WORDS = {
    404: "The address may have been cut off when it was copied.",
    405: "This page cannot be asked that way.",
    413: "The form is larger than this desk takes.",
    500: "Something went wrong here. Nothing was changed. Please try again later.",
}


def _handlers(desk: Desk) -> dict[str, Handler]:
    """Every page of the desk: `METHOD /path`. GET also answers HEAD. No GET changes anything."""
    coming, leaving, own = SigningUp(desk), Leaving(desk), OwnData(desk)
    return {
        "GET /": coming.form,
        "GET /subscribe": coming.form,
        "POST /subscribe": coming.subscribe,
        "GET /confirm/<token>": coming.ask_to_confirm,
        "POST /confirm/<token>": coming.confirm,
        "GET /unsubscribe/<token>": leaving.ask_to_leave,
        "POST /unsubscribe/<token>": leaving.leave,
        "POST /undo/<token>": leaving.undo,
        "GET /preferences/<token>": leaving.choose,
        "POST /preferences/<token>": leaving.save,
        "POST /preferences/<token>/data": own.ask_for_key,
        "GET /data/<token>": own.show,
        "GET /data/<token>/export": own.export,
        "POST /data/<token>/erase": own.erase,
        "GET /health": lambda _request, token="": Response("ok\n", mimetype="text/plain"),  # noqa: ARG005
    }


def _path(place: str) -> str:
    return place.split()[1]


def _where(error: Exception) -> str:
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"
