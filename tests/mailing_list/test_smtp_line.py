"""One connection to a mail server, which may end it whenever it likes."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager

import pytest
from funnel.mailing_list import smtp
from funnel.mailing_list.faults import SetupFault
from funnel.mailing_list.secret import Secret
from funnel.mailing_list.smtp import Answer, Parcel, Receipt, SmtpCarrier
from funnel.mailing_list.smtp_url import SmtpUrl

LETTER = Parcel("sender@example.com", "reader@example.com", b"Subject: x\r\n\r\nWords.\r\n")
USUAL = {"DATA": "354 go on"}


class Server:
    """Answers each command as `answers` says, else with 250; after 421 it ends the line, and where `impatient` after each
    letter too. It thinks about a letter for `thinks` seconds."""

    def __init__(self, answers: Mapping[str, str], impatient: bool, thinks: float) -> None:
        self.answers, self.impatient, self.lines, self.took = dict(answers), impatient, 0, 0
        self.thinks = thinks
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
            with line, line.makefile("rwb", 0) as talk:
                talk.write(b"220 here\r\n")
                self._talk(iter(talk.readline, b""), talk.write)

    def _talk(self, said: Iterator[bytes], write: Callable[[bytes], object]) -> None:
        for command in said:
            word = command.split()[0].upper().decode()
            answer = self.answers.pop(word, USUAL.get(word, "250 yes"))
            write(f"{answer}\r\n".encode())
            if answer.startswith("421"):
                return
            if answer.startswith("354"):
                while next(said) != b".\r\n":
                    pass
                time.sleep(self.thinks)
                self.took += 1
                write(b"250 taken\r\n")
                if self.impatient:
                    return


@contextmanager
def serving(
    impatient: bool = False, thinks: float = 0, **answers: str
) -> Iterator[tuple[Server, Callable[[], Receipt]]]:
    with ExitStack() as stack:
        server = Server(answers, impatient, thinks)
        stack.callback(server.close)
        carrier = stack.enter_context(SmtpCarrier(SmtpUrl("127.0.0.1", server.port, "none", "", Secret(""))))
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
