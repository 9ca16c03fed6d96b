"""The client library with a wire of our own under it: one total deadline, no redirects, and every answer looked at.

The library returns a raw response for an empty or unreadable body whatever its status, keeps only a per-read time
limit,
follows redirects with a GET in place of a POST, and replaces the word "server" anywhere in an address
(mailchimp-marketing 3.0.80, api_client.py lines 66, 97 and 110-119). Here none of that can happen.
"""

from __future__ import annotations

import json
import queue
import re
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from typing import Any

import requests
from mailchimp_marketing import Client
from mailchimp_marketing.api_client import ApiClient, ApiClientError

from funnel.mailing_list.mailchimp.account import Account
from funnel.mailing_list.mailchimp.problem import Certainty, Problem, problem_of

AT_ONCE = 4
"""Calls at the same time. Mailchimp allows 10 to a user, and calls that timed out go on to hold theirs."""

LARGEST = 64 * 1024 * 1024
"""Bytes of an answer that are read at most."""


class TooLate(requests.Timeout):
    """No whole answer within the total deadline; whoever waits for it still waits."""


Work = Callable[[], requests.Response]
Outcome = requests.Response | Exception
_Todo = queue.SimpleQueue[tuple[Work, queue.SimpleQueue[Outcome]] | None]


class Wire(ApiClient):  # type: ignore[misc]
    """Does the calls of the client library. `date` is the last Date header seen, for the clock check."""

    def __init__(self, account: Account) -> None:
        super().__init__({"server": "", "api_key": account.key.reveal()})
        self.host = account.base_url
        self.date = ""
        self.calls = 0
        self._account = account
        self._idle: list[_Worker] = []
        self._slots = threading.BoundedSemaphore(AT_ONCE)

    def __repr__(self) -> str:
        return f"Wire({self.host!r})"

    def request(
        self,
        method: str,
        url: str,
        query_params: Any = None,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
    ) -> requests.Response:
        """Do one call. Raises Problem for everything that is no success with a readable body (204 has none)."""
        if body is None and method == "POST":
            body = {}  # an action takes no body; the library would post the word null
        data = None if body is None else json.dumps(body).encode()

        with self._slots:
            self.calls += 1
            response = self._within(lambda: self._exchange(method, url, query_params, dict(headers or {}), data))
        self.date = response.headers.get("Date", "")
        lower = {name.lower(): value for name, value in response.headers.items()}
        if response.status_code == 204:
            return response
        if not 200 <= response.status_code < 300 or not _readable(response.content):
            raise problem_of(response.status_code, response.content, lower)
        response.headers["content-type"] = "application/json"
        return response

    def _within(self, exchange: Work) -> requests.Response:
        """Do an exchange within the total deadline: an answer that drips byte by byte cannot hold us up."""
        worker = self._idle.pop() if self._idle else _Worker()
        try:
            response = worker.within(self._account.deadline, exchange)
        except TooLate:
            raise
        except Exception:
            self._idle.append(worker)
            raise
        self._idle.append(worker)
        return response

    def _exchange(
        self, method: str, url: str, query: Any, headers: dict[str, str], data: bytes | None
    ) -> requests.Response:
        """One call on a line of its own: on a kept one it might go out just before the other side hangs up. No cookie outlives it."""
        end = time.monotonic() + self._account.deadline
        with requests.Session() as session:
            session.trust_env = not self._account.on_this_machine
            response = session.request(
                method,
                url,
                params=query,
                headers={**headers, "Connection": "close"},
                data=data,
                auth=("key", self._account.key.reveal()),
                timeout=(min(10.0, self._account.deadline), self._account.deadline),
                allow_redirects=False,
                stream=True,
            )
            content = bytearray()
            for chunk in response.iter_content(65536):
                content += chunk
                if time.monotonic() > end or len(content) > LARGEST:
                    raise requests.Timeout("the answer took too long")
        response._content = _well_formed(bytes(content))
        response.encoding = "utf-8"  # whatever a proxy says: JSON is always so (RFC 8259, 8.1)
        return response


def open_client(account: Account) -> tuple[Client, Wire]:
    """The client library, with our wire under every one of its parts."""
    client, wire = Client(), Wire(account)
    client.api_client = wire
    for part in vars(client).values():
        if hasattr(part, "api_client"):
            part.api_client = wire
    return client, wire


def call(function: Callable[..., Any], *args: Any, **more: Any) -> dict[str, Any]:
    """Call a method of the client library.

    Gives the answer's object ({} for 204); raises Problem for everything else.
    """
    try:
        answer = function(*args, **more)
    except ApiClientError as fault:
        raise _unwrapped(fault) from None
    if isinstance(answer, requests.Response):
        return {}  # what the library does with a 204, and with an object that is empty
    if not isinstance(answer, dict):
        raise Problem(Certainty.UNCLEAR, 200, detail="the answer is no object")
    return answer


_ESCAPED_HALF = re.compile(rb"\\u[dD][89a-fA-F]")


def _well_formed(content: bytes) -> bytes:
    """The answer in plain UTF-8, which alone the library reads: no mark before it, no zero bytes (UTF-16, UTF-32).

    And without half letters (lone surrogates), which JSON can spell, and no file and no terminal takes.
    """
    if not (content.startswith(b"\xef\xbb\xbf") or b"\0" in content or _ESCAPED_HALF.search(content)):
        return content
    try:
        return json.dumps(json.loads(content), ensure_ascii=False).encode("utf-8", "replace")
    except (ValueError, RecursionError):
        return content


def _readable(content: bytes) -> bool:
    try:
        return isinstance(json.loads(content), dict)
    except (ValueError, RecursionError):
        return False


def _unwrapped(fault: ApiClientError) -> Problem:
    """The library wraps whatever the wire raises."""
    inner = fault.text
    if isinstance(inner, Problem):
        return inner
    if isinstance(inner, requests.exceptions.ConnectionError) and _never_reached(inner):
        return Problem(Certainty.UNSTARTED, 0, detail="Mailchimp cannot be reached")
    if isinstance(inner, requests.exceptions.SSLError) and "CERTIFICATE_VERIFY" in str(inner):
        return Problem(Certainty.UNSTARTED, 0, detail="no trusted TLS connection could be made")
    if isinstance(inner, OSError | requests.RequestException):
        return Problem(Certainty.UNCLEAR, 0, detail=f"the connection failed ({type(inner).__name__})")
    raise fault


def _never_reached(fault: requests.exceptions.ConnectionError) -> bool:
    """Whether not even a connection was made: then nothing can have been done."""
    reason = getattr(fault.args[0], "reason", None) if fault.args else None
    return type(reason).__name__ in ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError")


class _Worker:
    """A thread that does one exchange after the other, and ends when nobody holds its worker any more.

    One that is held up by a dripping answer is left behind.
    """

    def __init__(self) -> None:
        self._todo: _Todo = queue.SimpleQueue()
        threading.Thread(target=_work, args=(self._todo,), daemon=True).start()
        weakref.finalize(self, self._todo.put, None)

    def within(self, seconds: float, work: Work) -> requests.Response:
        """Do the work, but wait for it only so long in all.

        Raises TooLate, after which this worker is not to be used again.
        """
        box: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
        self._todo.put((work, box))
        try:
            outcome = box.get(timeout=seconds)
        except queue.Empty:
            raise TooLate("no whole answer in time") from None
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def _work(todo: _Todo) -> None:
    while (given := todo.get()) is not None:
        work, box = given
        try:
            box.put(work())
        except Exception as fault:  # handed over to the caller, who raises it
            box.put(fault)
        del given, work, box  # what is done is not held while waiting for the next
