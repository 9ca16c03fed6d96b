"""The desk's letters on their way to the mail server that the settings name."""

from __future__ import annotations

import logging
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from funnel.desk import Listening
from funnel.publish import console, desk
from funnel.publish.build import Site
from funnel.publish.desk import NotHandedOver, by_smtp, run_desk
from funnel.settings import Settings
from invoke import Context

from tests.desk.conftest import OPTIONS
from tests.mailing_list.mail_server import mail_server


def test_a_wrong_set_up_loses_no_letter_of_the_desk() -> None:
    """Where the mail server takes no letters as it is set up, the letter is put off, not lost, and the owner is told why."""
    message = EmailMessage()
    message["From"], message["To"] = "desk@example.com", "reader@example.com"
    message.set_content("Please confirm.")
    told: list[str] = []
    with mail_server() as room:
        with pytest.raises(NotHandedOver):
            by_smtp(replace(room.url, user="somebody"), told.append)(message, lambda: None)
        assert len(told) == 1 and "were not sent" in told[0] and "reader" not in told[0]
        assert not room.took
        by_smtp(room.url, told.append)(message, lambda: None)
        assert room.counts == {"reader@example.com": 1}
    assert len(told) == 1


@pytest.mark.parametrize("answer", ["550 5.1.1 reader is unknown", "drop"])
def test_a_lost_letter_of_the_desk_is_told(answer: str) -> None:
    """A letter that the mail server refused, or broke off at, is told to the owner, without a word about the reader."""
    message = EmailMessage()
    message["From"], message["To"] = "desk@example.com", "reader@example.com"
    message.set_content("Please confirm.")
    told: list[str] = []
    with mail_server() as room:
        if answer == "drop":
            room.drop_after = {"reader@example.com"}
        else:
            room.answers = {"reader@example.com": [answer]}
        by_smtp(room.url, told.append)(message, lambda: None)
    assert len(told) == 1 and "a letter of the desk" in told[0] and "reader" not in told[0]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("550 5.4.5 daily quota of reader", "550 5.4.5"),
        ("554 reader is listed", "554"),
        ("450 4.2.0 later", "450 4.2.0"),
    ],
)
def test_a_letter_that_the_server_does_not_want_just_now_waits(answer: str, told: str) -> None:
    """A daily quota, a list of spammers or greylisting costs nobody the letter that she waits for: it is tried again."""
    message = EmailMessage()
    message["From"], message["To"] = "desk@example.com", "reader@example.com"
    message.set_content("Please confirm.")
    heard: list[str] = []
    with mail_server() as room:
        room.answers = {"reader@example.com": [answer]}
        with pytest.raises(NotHandedOver):
            by_smtp(room.url, heard.append)(message, lambda: None)
        assert len(heard) == 1 and f"({told})" in heard[0] and "reader" not in heard[0]
        by_smtp(room.url, heard.append)(message, lambda: None)
    assert room.counts == {"reader@example.com": 1}


def test_what_the_desk_tells_is_heard_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the owner is told of a letter is not kept back until the desk ends, also where systemd listens."""
    import tasks

    heard: list[object] = []
    monkeypatch.setattr(desk, "run_desk", lambda *given: heard.append(given[-1]))
    tasks.desk(Context())
    assert heard == [console.say]


def test_the_desk_keeps_its_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the desk runs, what it writes down about each request is heard; other programs' small talk is not."""
    heard: list[bool] = []
    for name in ("funnel.desk", "waitress"):
        monkeypatch.setattr(logging.getLogger(name), "level", logging.NOTSET)

    def listen(*_: object) -> None:
        heard.extend(logging.getLogger(name).isEnabledFor(logging.INFO) for name in ("funnel.desk", "waitress"))

    monkeypatch.setattr(desk, "serve", listen)
    monkeypatch.setattr(desk, "desk_options", lambda *_: OPTIONS)
    run_desk(Site(tmp_path), Settings(), {}, Listening(), lambda _words: None)
    assert heard == [True, False]
