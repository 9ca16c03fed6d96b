"""A letter through a real mail server and a real mailbox, on this machine alone."""

from __future__ import annotations

import contextlib
import imaplib
import os
import pwd
import shutil
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

import pytest
from funnel.mailing_list.message import letter
from funnel.newsletter.edition import Edition

from .test_clients import READER, SENDER, SENT

SMTPD = """
table readers {{ "@" = "nobody" }}
listen on 127.0.0.1 port {smtp}
action "keep" maildir "{mail}" virtual <readers>
match from any for any action "keep"
"""
DOVECOT = """
protocols = imap
listen = 127.0.0.1
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/dovecot.log
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{mail}
first_valid_uid = 1
passdb {{
  driver = static
  args = password=open
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={root} allow_all_users=yes
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""


@dataclass(frozen=True)
class Mailbox:
    """Where letters go in, and where they are read."""

    smtp: int
    imap: int

    def newest(self) -> bytes | None:
        """The newest letter; None while there is none."""
        with imaplib.IMAP4("127.0.0.1", self.imap) as client:
            client.login("nobody", "open")
            client.select("INBOX", readonly=True)
            found = client.search(None, "ALL")[1][0].split()
            if not found:
                return None
            part = client.fetch(found[-1].decode(), "(BODY.PEEK[])")[1][0]
            assert isinstance(part, tuple)
            return part[1]


@pytest.fixture(scope="module")
def mailbox(need: Callable[[str], str]) -> Iterator[Mailbox]:
    """Debian's opensmtpd and dovecot, on ports of their own."""
    programs = {"smtpd": need("smtpd"), "dovecot": need("dovecot")}
    if os.geteuid() != 0:
        pytest.skip("not run: opensmtpd and dovecot start as root only")
    root = Path(tempfile.mkdtemp(prefix="letters-"))
    box = Mailbox(_free_port(), _free_port())
    mail = root / "mail"
    mail.mkdir()
    owner = pwd.getpwnam("nobody")
    os.chown(mail, owner.pw_uid, owner.pw_gid)
    root.chmod(0o755)
    with contextlib.ExitStack() as running:
        running.callback(shutil.rmtree, root, ignore_errors=True)
        for program, words, flags in (("smtpd", SMTPD, ["-d", "-f"]), ("dovecot", DOVECOT, ["-F", "-c"])):
            conf = root / f"{program}.conf"
            conf.write_text(words.format(root=root, mail=mail, smtp=box.smtp, imap=box.imap), encoding="utf-8")
            with (root / f"{program}.out").open("wb") as out:
                server = subprocess.Popen([programs[program], *flags, str(conf)], stdout=out, stderr=out)
            running.callback(_stop, server)
        _wait_for(box.smtp)
        _wait_for(box.imap)
        yield box


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    server.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise TimeoutError(f"no server on port {port}")


def arrived(mailbox: Mailbox, message: EmailMessage) -> EmailMessage:
    """The letter as it lies in the mailbox after it was sent."""
    with smtplib.SMTP("127.0.0.1", mailbox.smtp) as client:
        client.sendmail(SENDER.address, [READER.address], message.as_bytes())
    for _ in range(200):
        if raw := mailbox.newest():
            return BytesParser(policy=policy.default).parsebytes(raw)
        time.sleep(0.1)
    raise TimeoutError("the letter did not arrive")


def test_round_trip(mailbox: Mailbox, edition: Edition) -> None:
    """What lies in the mailbox is what was sent: both forms to the letter, and every header that a machine reads."""
    sent = letter(edition, SENDER, READER, SENT)
    found = arrived(mailbox, sent)
    for kind in ("html", "plain"):
        before, after = sent.get_body((kind,)), found.get_body((kind,))
        assert before is not None
        assert after is not None
        assert _lines(after) == _lines(before)
    for name in ("From", "Reply-To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "List-Unsubscribe-Post"):
        assert str(found[name]) == str(sent[name]), name
    assert found["Precedence"] is None
    assert [part.defects for part in found.walk()] == [[]] * 3


def _lines(part: EmailMessage) -> list[str]:
    return str(part.get_content()).splitlines()
