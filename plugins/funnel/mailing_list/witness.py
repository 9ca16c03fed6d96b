"""A second process that speaks with the mail server, so that the end of the first one leaves no letter in doubt.

Whoever dies between the last byte of a letter and the server's answer takes the answer with him (RFC 5321, 4.1.1.4 and
4.2.5: from then on the server alone knows). So the one who writes the record, and the one who hears the answer, are two.
If the sender is killed before it gave its word to go on, the witness breaks off without the last dot: the server must
not deliver. If it is killed later, the witness waits for the answer and writes it into the record itself. Only when both
die in that one moment (power, the whole machine) is the letter in hand unclear.

Run as a program; `witnessed.py` holds the other end. One JSON object a line in and out; a letter follows its line.
"""

from __future__ import annotations

import fcntl
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from funnel.mailing_list.faults import SetupFault
from funnel.mailing_list.letters import WITNESS, Letters, State
from funnel.mailing_list.secret import Secret
from funnel.mailing_list.smtp import LAST_TIMEOUT, Answer, Parcel, Receipt, SmtpCarrier
from funnel.mailing_list.smtp_url import SmtpUrl

GO = b"go\n"
"""The sender's word that its record says: the last byte goes out now."""

CONCLUSIONS: Mapping[Answer, State] = {
    Answer.TAKEN: State.SENT,
    Answer.LATER: State.LATER,
    Answer.REFUSED: State.REFUSED,
}
"""What an answer makes of a letter whose sender is gone. `UNKNOWN` makes nothing of it: it stays unclear."""


class Orphaned(Exception):
    """The sender ended before it gave its word: the letter must not go out."""


class Witness:
    """Hands letters over as it is told, and at the end of the sender concludes the last one."""

    def __init__(self, heard: BinaryIO, said: BinaryIO, record: Path, key: str) -> None:
        self._heard, self._said = heard, said
        self._record, self._key = record, key
        self._last: tuple[str, Receipt] | None = None

    def stand_by(self, where: SmtpUrl) -> None:
        """Serve until the sender ends, in whatever way it does."""
        self._say({"here": True})
        with SmtpCarrier(where) as carrier:
            while line := self._heard.readline():
                self._one(carrier, json.loads(line))
            self._conclude()

    def call_out(self, words: str) -> None:
        """Have the sender tell the owner."""
        self._say({"tell": words})

    def _one(self, carrier: SmtpCarrier, letter: Mapping[str, Any]) -> None:
        self._last = None
        content = self._heard.read(letter["size"])
        if len(content) < letter["size"]:
            return  # the sender ended in the middle; nothing was begun
        try:
            receipt = carrier.hand_over(Parcel(letter["sender"], letter["reader"], content), self._wait_for_the_word)
        except SetupFault as fault:
            self._say({"setup": str(fault)})
            return
        except Orphaned:
            receipt = Receipt(Answer.LATER, 0, "the program ended before the last byte")
        self._last = letter["person"], receipt
        self._say({"receipt": [receipt.answer, receipt.code, receipt.words]})

    def _wait_for_the_word(self) -> None:
        self._say({"ready": True})
        if self._heard.readline() != GO:
            raise Orphaned

    def _say(self, what: Mapping[str, Any]) -> None:
        try:
            self._said.write(json.dumps(what).encode() + b"\n")
            self._said.flush()
        except BrokenPipeError:
            # The sender is gone. The end of what is heard says so too, and is acted on; what could not be said must not
            # be tried again when Python ends, which would complain into the owner's terminal.
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._said.fileno())

    def _conclude(self) -> None:
        """Write down the last answer, in case the sender could not. Where it did, nothing changes."""
        if self._last and (state := CONCLUSIONS.get(self._last[1].answer)):
            letters = Letters(self._record)
            try:
                letters.conclude(self._key, self._last[0], state, self._last[1].words)
            finally:
                letters.close()


WAITS = (
    "A send was cut off while the mail server still had to answer about its last letter. That answer is waited for, which may take "
    f"{LAST_TIMEOUT / 60:.0f} minutes from then on and no longer; without it nobody could say whether that letter is out. "
    "Ctrl-C ends the waiting and spoils nothing."
)


@contextmanager
def alone(record: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Wait until no other witness stands by this record: one that is left over may still have something to write. Who has to
    wait is told so.
    """
    with record.with_name(record.name + WITNESS).open("wb") as place:
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(WAITS)
            fcntl.flock(place, fcntl.LOCK_EX)
        yield


def main() -> None:
    """Hear where the mail server and the record are, then stand by."""
    heard, said = sys.stdin.buffer, sys.stdout.buffer
    if not (line := heard.readline()):
        return
    task = json.loads(line)
    record = Path(task["record"])
    where = SmtpUrl(task["host"], task["port"], task["tls"], task["user"], Secret(task["password"]))
    witness = Witness(heard, said, record, task["key"])
    with alone(record, witness.call_out):
        witness.stand_by(where)


if __name__ == "__main__":
    main()
