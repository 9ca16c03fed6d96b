"""The wire under Mailchimp's client library: what each answer means, and that nothing waits for ever."""

from __future__ import annotations

import gc
import json
import pickle
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from funnel.mailing_list.faults import SetupFault, Unreachable
from funnel.mailing_list.mailchimp.audience import read_audience
from funnel.mailing_list.mailchimp.problem import Certainty, Problem, problem_of
from funnel.mailing_list.mailchimp.wire import call
from funnel.mailing_list.secret import Secret

from .machines import Machine
from .standin.faults import Fault
from .standin.server import standing_in


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    with standing_in() as (account, url):
        account.drip_seconds = 30.0
        yield Machine(tmp_path, account, url, deadline=0.5)


@pytest.mark.parametrize(
    ("fault", "certainty"),
    [
        (Fault.RESET_BEFORE, Certainty.UNCLEAR),
        (Fault.EMPTY_429, Certainty.BUSY),
        (Fault.EMPTY_503, Certainty.BUSY),
        (Fault.EMPTY_403, Certainty.BUSY),
        (Fault.EMPTY_500_AFTER, Certainty.UNCLEAR),
        (Fault.HTML_502_AFTER, Certainty.UNCLEAR),
        (Fault.TRUNCATED, Certainty.UNCLEAR),
        (Fault.EMPTY_200, Certainty.UNCLEAR),
        (Fault.CUT_OFF, Certainty.UNCLEAR),
        (Fault.DRIP, Certainty.UNCLEAR),
        (Fault.SILENCE, Certainty.UNCLEAR),
    ],
)
def test_no_failure_passes_for_an_answer(machine: Machine, fault: Fault, certainty: Certainty) -> None:
    """Each way to fail is a problem with its certainty, within the total deadline.

    The client library returns for some of them.
    """
    machine.account.fate = lambda _n, _m, _t: fault
    began = time.monotonic()
    with pytest.raises(Problem) as problem:
        call(machine.list().api.client.lists.get_list, "a1b2c3d4e5")
    assert problem.value.certainty is certainty and time.monotonic() - began < 5


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_an_answer_is_read_in_whatever_encoding_it_comes(machine: Machine, encoding: str) -> None:
    """An answer in another form of Unicode, whatever its header calls it, is read as it was meant and never as an empty one."""
    words = json.dumps({"name": "Leserinnen und Leser für später", "double_optin": True}, ensure_ascii=False)
    with answering(words.encode(encoding)) as url:
        api = replace(machine, url=url).list().api
        assert read_audience(api)["name"] == "Leserinnen und Leser für später"


def test_an_empty_answer_is_no_audience(machine: Machine) -> None:
    """An answer that says nothing of double opt-in is no audience to write to."""
    with answering(b"{}") as url, pytest.raises(SetupFault, match="does not say that the audience has double opt-in"):
        read_audience(replace(machine, url=url).list().api)


@contextmanager
def answering(body: bytes) -> Iterator[str]:
    """A server that gives one answer to every question, and a wrong name to its encoding."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json; charset=iso-8859-1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/3.0"
        server.shutdown()


def test_a_list_that_nobody_holds_leaves_no_thread(machine: Machine) -> None:
    """The threads that wait for answers end with the list that they belong to, so that a long-lived process bears many lists."""
    names = {thread.name for thread in threading.enumerate()}
    for _ in range(20):
        machine.list().truth()
    gc.collect()
    end = time.monotonic() + 5
    while left := [one for one in threading.enumerate() if one.name not in names and "(_work)" in one.name]:
        assert time.monotonic() < end, left
        time.sleep(0.01)


def test_patience_ends_in_words(machine: Machine) -> None:
    """A question that is never answered ends with a fault that says what to do."""
    machine.account.fate = lambda _n, _m, _t: Fault.EMPTY_503
    with pytest.raises(Unreachable, match=r"is busy \(HTTP 503 .* while reading the audience. Run this again"):
        machine.list().truth()
    assert len(machine.account.calls) == 4


def test_retry_after_is_honoured(machine: Machine) -> None:
    """A 429 that says when to come back is asked again then, and not sooner."""
    machine.account.fate = lambda number, _m, _t: Fault.TOLD_429 if number == 1 else Fault.NONE
    before = machine.account.clock.now()
    machine.list().truth()
    assert (machine.account.clock.now() - before).total_seconds() >= 3


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("7", 7.0),
        ("Mon, 04 May 2026 09:00:30 GMT", 30.0),
        ("Mon, 04 May 2026 08:00:00 GMT", 0.0),
        ("soon", 0.0),
        ("", 0.0),
    ],
)
def test_retry_after_has_two_forms(told: str, seconds: float) -> None:
    """Retry-After is a number of seconds, or a date by the server's own clock; anything else is no wish."""
    headers = {"retry-after": told, "date": "Mon, 04 May 2026 09:00:00 GMT"}
    assert problem_of(429, b"", headers).retry_after == seconds


def test_a_problem_blots_out_addresses() -> None:
    """What Mailchimp says about a person is kept without her address."""
    body = b'{"title": "Member Exists", "detail": "ada@example.com is already a list member."}'
    assert "ada" not in str(problem_of(400, body, {})) and "(address)" in str(problem_of(400, body, {}))


def test_a_secret_is_not_shown() -> None:
    """A secret appears in no text, and is not pickled."""
    secret = Secret("0123-us1")
    assert "0123" not in f"{secret} {secret!r} {[secret]} {secret!s}" and secret.reveal() == "0123-us1"
    with pytest.raises(TypeError, match="not written down"):
        pickle.dumps(secret)
