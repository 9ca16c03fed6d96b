"""Hands letters to a mail server through a witness: a process that lives on when this one is killed (witness.py)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from funnel.mailing_list.faults import MailingListFault, SetupFault
from funnel.mailing_list.letters import person_of
from funnel.mailing_list.smtp import TIMEOUT, Answer, Receipt, parcel_of
from funnel.mailing_list.smtp_url import SmtpUrl
from funnel.mailing_list.witness import GO

PLUGINS = Path(__file__).resolve().parents[2]


class _Gone(Exception):
    """The witness ended."""


class WitnessedCarrier:
    """Carries the letters of one sending; `record` is the file of `Letters`, `key` the sending's name in it. `say` tells the
    owner what is waited for.
    """

    def __init__(self, where: SmtpUrl, record: Path, key: str, say: Callable[[str], None]) -> None:
        self._where, self._record, self._key, self._say = where, record, key, say
        self._witness: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> WitnessedCarrier:
        """Call the witness. One that a killed sending left has ended, and written what it knew, when this returns."""
        self._call()
        return self

    def __exit__(self, *_: object) -> None:
        self._dismiss()

    def carry(self, message: EmailMessage, before_last_byte: Callable[[], None]) -> Receipt:
        """Hand one letter over. Raises SetupFault where the server cannot be used at all."""
        parcel = parcel_of(message)
        named = {"person": person_of(parcel.reader), "sender": parcel.sender, "reader": parcel.reader}
        try:
            self._tell(json.dumps({**named, "size": len(parcel.content)}).encode() + b"\n" + parcel.content)
            heard = self._hear()
            if "ready" in heard:
                before_last_byte()
                self._tell(GO)
        except _Gone:
            self._call()
            return Receipt(Answer.LATER, 0, "the witness ended before the last byte")
        if "ready" in heard:
            try:
                heard = self._hear()
            except _Gone:
                self._call()
                return Receipt(Answer.UNKNOWN, 0, "the witness ended before the answer")
        if "setup" in heard:
            raise SetupFault(heard["setup"])
        answer, code, words = heard["receipt"]
        return Receipt(Answer(answer), code, words)

    def _call(self) -> None:
        self._dismiss()
        # a session of its own: Ctrl-C and a closed window reach the sender alone
        self._witness = subprocess.Popen(
            [sys.executable, "-m", "funnel.mailing_list.witness"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(PLUGINS)},
            start_new_session=True,
        )
        where = self._where
        task = {"host": where.host, "port": where.port, "tls": where.tls, "user": where.user}
        more = {"password": where.password.reveal(), "record": str(self._record.resolve()), "key": self._key}
        try:
            self._tell(json.dumps(task | more).encode() + b"\n")
            while "tell" in (heard := self._hear()):
                self._say(heard["tell"])
        except _Gone:
            raise MailingListFault(
                "The second process, which hears the mail server's answers, could not be started. Nothing was sent. "
                "Is there memory left? Then please report it."
            ) from None

    def _dismiss(self) -> None:
        """Let it end: it has a last answer to hear at most, and ends by itself if that takes longer."""
        if self._witness is None:
            return
        witness, self._witness = self._witness, None
        for pipe in (witness.stdin, witness.stdout):
            if pipe is not None:
                _close(pipe)
        try:
            witness.wait(timeout=2 * TIMEOUT)
        except subprocess.TimeoutExpired:
            return

    def _tell(self, what: bytes) -> None:
        if self._witness is None or self._witness.stdin is None:
            raise _Gone
        try:
            self._witness.stdin.write(what)
            self._witness.stdin.flush()
        except BrokenPipeError:
            raise _Gone from None

    def _hear(self) -> Mapping[str, Any]:
        line = self._witness.stdout.readline() if self._witness and self._witness.stdout else b""
        if not line.endswith(b"\n"):
            raise _Gone
        heard: Mapping[str, Any] = json.loads(line)
        return heard


def _close(pipe: Any) -> None:
    try:
        pipe.close()
    except BrokenPipeError:
        return  # what was not written any more was for a witness that is gone
