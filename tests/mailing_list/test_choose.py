"""Opening the list that settings and environment name, with the real settings and the real contact book."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from funnel.mailing_list import send
from funnel.mailing_list.carry_out import Watch
from funnel.mailing_list.choose import BOOK, open_list
from funnel.mailing_list.faults import SetupFault
from funnel.mailing_list.ledger import Ledger
from funnel.people import Book
from funnel.settings import Settings

from .mail_server import mail_server
from .samples import edition

SETTINGS = Settings(newsletter_from_address="desk@example.com", subscribe_url="https://desk.example.com/subscribe")
WATCH = Watch(sleep=lambda _seconds: None)


def test_a_fresh_site_has_a_list_without_anybody(tmp_path: Path) -> None:
    """Without a contact book the local list reaches nobody, and looking at it makes no file."""
    assert open_list(SETTINGS, {}, tmp_path / "var").truth().reachable == 0
    assert not (tmp_path / "var").exists()


def test_the_real_book_decides_who_gets_a_letter(tmp_path: Path) -> None:
    """Only confirmed people of the contact book get the letter, each with her own link for leaving."""
    now = datetime.now(UTC)
    with Book.open(tmp_path / BOOK, environment={}) as book:
        for name in ("ada", "eve", "kim"):
            book.sign_up(f"{name}@example.com", "newsletter", words="Yes, write to me.", when=now)
        book.confirm("ada@example.com", "newsletter", when=now)
        book.confirm("eve@example.com", "newsletter", when=now)
        book.withdraw("eve@example.com", "newsletter", when=now)
    with mail_server() as room:
        environ = {"SMTP_URL": f"smtp://127.0.0.1:{room.port}"}
        mailing_list = open_list(SETTINGS, environ, tmp_path, watch=WATCH)
        send.send_issue(1, [edition()], mailing_list, Ledger(tmp_path / "ledger.jsonl"), WATCH)
        assert list(room.took) == ["ada@example.com"]
        link = room.letter("ada@example.com")["List-Unsubscribe"].strip("<>")
    with Book.open(tmp_path / BOOK, environment={}) as book:
        assert link == f"https://desk.example.com/unsubscribe/{book.recipients('newsletter')[0].token}"


def test_the_environment_wins() -> None:
    """MAILING_LIST_PROVIDER in the environment wins over the settings, and a wrong one is told."""
    with pytest.raises(SetupFault, match="'mailchip', which is no list that we know"):
        open_list(SETTINGS, {"MAILING_LIST_PROVIDER": "mailchip"}, Path("var"))
