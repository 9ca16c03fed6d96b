"""One connection to a mail server, which may end it whenever it likes."""

from __future__ import annotations

import socket
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress

import pytest
from funnel.mailing_list import smtp
from funnel.mailing_list.faults import SetupFault
from funnel.mailing_list.secret import Secret
from funnel.mailing_list.smtp import Answer, Parcel, Receipt, SmtpCarrier
from funnel.mailing_list.smtp_url import SmtpUrl

LETTER = Parcel("sender@example.com", "reader@example.com", b"Subject: x\r\n\r\nWords.\r\n")
USUAL = {"DATA": "354 go on"}
PLAIN = "250-here\r\n250 AUTH PLAIN"


class Server:
    """Answers each command as `answers` says, else with 250; after 421 it ends the line, and where `impatient` after each
    letter too. It thinks about a letter for `thinks` seconds."""

    def __init__(self, answers: Mapping[str, str], impatient: bool, thinks: float) -> None:
        self.answers, self.impatient, self.lines, self.took = dict(answers), impatient, 0, 0
        self.thinks = thinks
        self.expected: dict[str, str] = {}
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._door.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._door.close()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._door.accept()
            except OSError:
                return  # the test is over
            self.lines += 1
            with suppress(ConnectionError), line, line.makefile("rwb", 0) as talk:
                talk.write(f"{self.answers.get('HELLO', '220 here')}\r\n".encode())
                self._talk(iter(talk.readline, b""), talk.write)

    def _talk(self, said: Iterator[bytes], write: Callable[[bytes], object]) -> None:
        for command in said:
            word = command.split()[0].upper().decode("latin-1")
            answer = self.expected.get(command.decode("latin-1").strip()) or self.answers.pop(
                word, USUAL.get(word, "250 yes")
            )
            write(f"{answer}\r\n".encode())
            if answer.startswith("421"):
                return
            if word == "DATA" and answer.startswith("354"):
                while next(said) != b".\r\n":
                    pass
                time.sleep(self.thinks)
                self.took += 1
                write(f"{self.answers.get('LETTER', '250 taken')}\r\n".encode())
                if self.impatient:
                    return


@contextmanager
def serving(
    impatient: bool = False,
    thinks: float = 0,
    user: str = "",
    password: str = "word",
    tls: str = "none",
    **answers: str,
) -> Iterator[tuple[Server, Callable[[], Receipt]]]:
    with ExitStack() as stack:
        server = Server(answers, impatient, thinks)
        stack.callback(server.close)
        carrier = stack.enter_context(SmtpCarrier(SmtpUrl("127.0.0.1", server.port, tls, user, Secret(password))))
        yield server, lambda: carrier.hand_over(LETTER, lambda: None)


@pytest.mark.parametrize("word", ["MAIL", "RCPT", "DATA"])
def test_a_server_that_has_enough_is_come_back_to(word: str) -> None:
    """Where the server says 421 and ends the line (RFC 5321, 3.8), the letter waits, and the next one gets a new line."""
    with serving(**{word: "421 4.7.0 too many errors"}) as (server, send):
        assert send() == Receipt(Answer.LATER, 421, "4.7.0 too many errors")
        assert send().answer is Answer.TAKEN
        assert (server.lines, server.took) == (2, 1)


def test_an_idle_line_that_was_ended_costs_no_letter_its_turn() -> None:
    """Where the server ended the line after the last letter, the next one goes over a new line, once."""
    with serving(impatient=True) as (server, send):
        assert [send().answer for _ in range(3)] == [Answer.TAKEN] * 3
        assert (server.lines, server.took) == (3, 3)


def test_a_server_may_think_about_a_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer to a whole letter may take longer than any other: nobody calls a letter unclear that is looked at for viruses."""
    assert smtp.LAST_TIMEOUT >= 600, "RFC 5321, 4.5.3.2.6"
    monkeypatch.setattr(smtp, "TIMEOUT", 0.3)
    with serving(thinks=0.8) as (server, send):
        assert [send().answer for _ in range(2)] == [Answer.TAKEN] * 2
        assert (server.lines, server.took) == (1, 2)


def test_a_password_may_hold_any_letter() -> None:
    """A password with an umlaut logs in, in UTF-8 (RFC 4616)."""
    plain = b64encode("\0ada\0pässword".encode()).decode()
    with serving(user="ada", password="pässword", AUTH="535 no") as (server, send):
        server.expected[f"AUTH PLAIN {plain}"] = "235 welcome"
        assert send().answer is Answer.TAKEN


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            {"EHLO": PLAIN, "AUTH": "535 5.7.139 SMTP is switched off"},
            "refused the name and password .*5.7.139 SMTP is switched off",
        ),
        ({"EHLO": PLAIN, "AUTH": "454 4.7.0 too many logins"}, "lets nobody log in just now .*too many logins"),
        ({"MAIL": "530 5.7.0 STARTTLS first"}, r"only after STARTTLS or a login .*smtp\+starttls://"),
        ({"MAIL": "553 5.7.1 not yours"}, "553 5.7.1 not yours.*NEWSLETTER_FROM_ADDRESS"),
        ({"EHLO": "502 no", "HELO": "550 go away"}, "550 go away"),
    ],
)
def test_what_the_server_said_is_told(said: dict[str, str], told: str) -> None:
    """Whoever cannot use the server learns its own words, which often hold the mend, and which of the settings to look at."""
    with serving(user="ada" if "AUTH" in said else "", **said) as (server, send):
        with pytest.raises(SetupFault, match=told):
            send()
        assert server.took == 0


def test_a_server_without_a_login_by_password_is_no_silent_one() -> None:
    """A server that offers only logins of other kinds is told as such, and is not called one that does not answer."""
    oauth = serving(user="ada", EHLO="250-here\r\n250 AUTH XOAUTH2")
    with oauth as (_, send), pytest.raises(SetupFault, match="no login with a name and a password"):
        send()
    with (
        serving(user="ada", EHLO="250-here\r\n250 STARTTLS") as (_, send),
        pytest.raises(SetupFault, match=r"over TLS only.*smtp\+starttls://"),
    ):
        send()


def test_tls_where_there_is_none_names_the_mend() -> None:
    """smtps:// to a port that begins without TLS says which of the two ways to write."""
    with serving(tls="whole") as (_, send), pytest.raises(SetupFault, match="does not begin with TLS on port"):
        send()


@pytest.mark.parametrize("hello", ["554 5.7.1 your network is on a list", "421 4.3.2 too busy"])
def test_a_server_that_turns_us_away_is_cited(hello: str) -> None:
    """What a server says in the place of a welcome is told as it said it."""
    with serving(HELLO=hello) as (_, send):
        assert send() == Receipt(Answer.LATER, 0, f"the mail server turned us away: {hello}")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ({"RCPT": "252 will try"}, Answer.TAKEN),
        ({"DATA": "250 what"}, Answer.LATER),
        ({"MAIL": "354 what"}, Answer.LATER),
    ],
)
def test_a_letter_counts_as_taken_only_after_it_was_given(said: dict[str, str], answer: Answer) -> None:
    """An odd answer before the letter never makes it a letter that is out."""
    with serving(**said) as (server, send):
        assert send().answer is answer
        assert server.took == (answer is Answer.TAKEN)


@pytest.mark.parametrize("odd", ["354 go on", "hello"])
def test_an_odd_answer_to_a_letter_leaves_it_unclear(odd: str) -> None:
    """After the last byte, what is neither yes nor no tells nothing: the letter is not sent a second time by itself."""
    with serving(LETTER=odd) as (_, send):
        receipt = send()
        assert receipt.answer is Answer.UNKNOWN and receipt.silence


def test_a_sender_who_is_refused_is_no_readers_fault() -> None:
    """Where the server refuses the sender for good, sending stops with a mend, and no mailbox counts as dead."""
    with serving(MAIL="550 5.1.8 sender unknown") as (server, send):
        with pytest.raises(SetupFault, match="NEWSLETTER_FROM_ADDRESS"):
            send()
        assert server.took == 0
    assert not Receipt(Answer.REFUSED, 550, "5.1.8 bad sender").no_such_mailbox
    assert not Receipt(Answer.REFUSED, 550, "5.1.7 bad sender").no_such_mailbox
    assert Receipt(Answer.REFUSED, 550, "5.1.1 unknown").no_such_mailbox
    assert Receipt(Answer.REFUSED, 556, "5.1.10 null MX").no_such_mailbox


@pytest.mark.parametrize(
    ("words", "unwanted"),
    [
        ("5.1.1 unknown", False),
        ("5.2.2 mailbox full", False),
        ("No such user here", False),
        ("Requested action not taken: mailbox unavailable", False),
        ("User ann does not exist", False),
        ("Relay access denied", True),
        ("Daily sending quota exceeded", True),
        ("5.7.1 recipient address rejected: unknown sender", True),
        ("5.3.4 message too big", True),
    ],
)
def test_a_letter_refused_for_its_mailbox_is_told_from_one_that_the_server_does_not_want(
    words: str, unwanted: bool
) -> None:
    """The code says it (RFC 3463), and where there is none, the words."""
    assert Receipt(Answer.REFUSED, 550, words).unwanted is unwanted
