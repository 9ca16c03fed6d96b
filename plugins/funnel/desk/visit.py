"""What every page of the desk needs: the book, the owner's options, the pages, the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from werkzeug.wrappers import Response

from funnel.desk.form import DeskRequest
from funnel.desk.options import DeskOptions
from funnel.desk.pages import Pages
from funnel.people import Book, Contact, Purpose
from funnel.people.tokens import BadToken, ExpiredToken, Ticket, Use


@dataclass(frozen=True)
class Desk:
    """One open desk. `now` gives an aware moment; `wake` tells the post room that a letter was asked for."""

    book: Book
    options: DeskOptions
    pages: Pages
    now: Callable[[], datetime]
    wake: Callable[[], None]

    def unknown(self) -> Response:
        """A link that nobody here made, or of somebody who was erased: the same page for both."""
        return self.pages.show(
            "message", 404, title="This link does not work", words="It may have been cut off when it was copied."
        )

    def owner_of(self, token: str) -> Contact | None:
        """Whose unsubscribe link this is."""
        try:
            return self.book.contacts.by_subject(self.book.tokens.read_unsubscribe(token))
        except BadToken:
            return None

    def paused_until(self, contact: Contact) -> str:
        """The day on which her pause ends; empty: she does not pause."""
        until = contact.paused_until
        return f"{until:%Y-%m-%d}" if until and until > self.now() else ""

    def ticket(self, use: Use, token: str) -> tuple[Ticket, Contact] | Response:
        """What a link with an end carries, and whose it is; or the page that says why it does not work."""
        try:
            ticket = self.book.tokens.read(use, token, self.now())
        except ExpiredToken:
            return self.pages.show(
                "message", 410, title="This link is too old", words="Ask for a new one where you got it."
            )
        except BadToken:
            return self.unknown()
        contact = self.book.contacts.by_subject(ticket.subject)
        return (ticket, contact) if contact else self.unknown()


class Handler(Protocol):
    """Answers one kind of request; `token` is the key in the address, where there is one."""

    def __call__(self, request: DeskRequest, token: str = "") -> Response: ...


PURPOSE = Purpose.NEWSLETTER
"""What people sign up for at this desk."""
