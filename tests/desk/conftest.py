"""A desk on a fresh book, a clock that only the test moves, and a mailbox for its letters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import cast

import pytest
from funnel.desk.app import DeskApp
from funnel.desk.letters import write_letter
from funnel.desk.options import DeskOptions
from funnel.desk.pages import Pages
from funnel.desk.post_room import PostRoom
from funnel.desk.visit import Desk
from funnel.people import Book
from werkzeug.test import Client, TestResponse

WORDS = "I agree to get the letter once a month. I can leave at any time, with one click."
OPTIONS = DeskOptions(
    url="https://desk.example.com",
    site_name="Plain Words",
    site_url="https://www.example.com",
    newsletter="The Plain Letter",
    sender_name="Plain Words",
    sender_address="letter@example.com",
    words=WORDS,
    cadence="once a month",
    postal_address=("1 Example Street", "Exampleton"),
    interests=("Birthday cards", "Talks"),
)


@dataclass
class Counter:
    """The desk as a visitor meets it. `post` holds the letters that left."""

    book: Book
    options: DeskOptions = OPTIONS
    now: datetime = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    post: list[EmailMessage] = field(default_factory=list)
    broken: bool = False

    def __post_init__(self) -> None:
        desk = Desk(self.book, self.options, Pages(self.options), lambda: self.now, self.deliver)
        self.app = DeskApp(desk)
        self.room = PostRoom(self.book, self.options, write_letter, self._take)
        self.client = Client(self.app)

    def _take(self, message: EmailMessage, before_last_byte: Callable[[], None]) -> None:
        if self.broken:
            raise ConnectionRefusedError("no mail server")
        before_last_byte()
        self.post.append(cast(EmailMessage, message_from_bytes(bytes(message), policy=default)))

    def deliver(self) -> int:
        return self.room.send_due(self.now)

    def later(self, **much: float) -> None:
        self.now += timedelta(**much)

    def sign_up(self, email: str = "ann@example.com", **more: object) -> TestResponse:
        return self.client.post("/subscribe", data={"email": email, "name": "", "website": "", **more})

    def link(self, number: int = -1) -> str:
        """The path of the one link to the desk in a letter."""
        text = self.post[number].get_content()
        (found,) = re.findall(rf"{re.escape(self.options.url)}(/\S+)", text)
        return str(found)

    def subscribe(self, email: str = "ann@example.com") -> str:
        """All the way in; the key in her letters."""
        self.sign_up(email)
        assert self.client.post(self.link()).status_code == 200
        return next(one.token for one in self.recipients() if one.address == email)

    def recipients(self) -> list:
        return self.book.recipients("newsletter", at=self.now)

    def receives(self, email: str = "ann@example.com") -> bool:
        return self.book.may_receive(email, "newsletter", at=self.now)


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    with Book.open(tmp_path / "var" / "people.sqlite", environment={}, quick=True) as book:
        yield Counter(book)
