"""Leaving: a page with a button, one click from the mail program (RFC 8058), and a way back on the same page."""

from __future__ import annotations

from datetime import timedelta

from werkzeug.wrappers import Response

from funnel.desk.form import PAUSES, DeskRequest, read_preferences
from funnel.desk.visit import PURPOSE, Desk
from funnel.people import How, State
from funnel.people.tokens import Ticket, Use


class Leaving:
    """The pages for people who leave, pause, or choose."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def ask_to_leave(self, _request: DeskRequest, token: str = "") -> Response:
        """The page behind the link in a letter. Looking at it changes nothing: scanners look at every link."""
        if self._desk.owner_of(token) is None:
            return self._desk.unknown()
        return self._desk.pages.show("unsubscribe", token=token)

    def leave(self, _request: DeskRequest, token: str = "") -> Response:
        """Withdraw at once: for the button and for the mail program's one click alike. The body is not looked at."""
        desk = self._desk
        contact = desk.owner_of(token)
        if contact is None:
            return desk.unknown()
        now = desk.now()
        for purpose in sorted({PURPOSE, *desk.book.consents.all_standings(contact)}):
            desk.book.record(contact.address, purpose, State.WITHDRAWN, How.MAILBOX, now, "", "link in a letter")
        return desk.pages.show("left", token=token, undo=self._undo_key(contact.subject))

    def _undo_key(self, subject: str) -> str:
        lines = [entry for entry in self._desk.book.consents.entries(subject) if entry.purpose is PURPOSE]
        if len(lines) < 2 or lines[-1].state is not State.WITHDRAWN or lines[-2].state is not State.CONFIRMED:
            return ""
        ticket = Ticket(subject, PURPOSE, lines[-1].seq)
        return self._desk.book.tokens.make(Use.UNDO, ticket, self._desk.now())

    def undo(self, _request: DeskRequest, token: str = "") -> Response:
        """She pressed the wrong button: all is as before, if nothing happened since."""
        desk = self._desk
        found = desk.ticket(Use.UNDO, token)
        if isinstance(found, Response):
            return found
        ticket, contact = found
        outcome = desk.book.undo(contact.subject, ticket.purpose, ticket.seq, when=desk.now())
        if not outcome.changed and outcome.state is not State.CONFIRMED:
            return desk.pages.show(
                "message", 410, title="It is too late to take that back", words="You are welcome to sign up again."
            )
        return desk.pages.show("confirmed", token=desk.book.tokens.unsubscribe(contact.subject))

    def choose(self, _request: DeskRequest, token: str = "") -> Response:
        """Topics as boxes, none ticked but those she chose; a pause; ways to leave and to see her data."""
        return self._preferences(token, saved=False)

    def save(self, request: DeskRequest, token: str = "") -> Response:
        """Keep what she chose."""
        desk = self._desk
        interests, weeks = read_preferences(request, desk.options)
        contact = desk.owner_of(token)
        if contact is None:
            return desk.unknown()
        with desk.book.writing():
            desk.book.contacts.choose(contact, interests)
            if weeks is not None:
                desk.book.contacts.pause(contact, desk.now() + timedelta(weeks=weeks) if weeks else None)
        return self._preferences(token, saved=True)

    def _preferences(self, token: str, *, saved: bool) -> Response:
        desk = self._desk
        contact = desk.owner_of(token)
        if contact is None:
            return desk.unknown()
        standing = desk.book.consents.all_standings(contact).get(PURPOSE)
        return desk.pages.show(
            "preferences",
            token=token,
            saved=saved,
            chosen=desk.book.contacts.interests(contact),
            receives=standing is not None and standing.state is State.CONFIRMED,
            paused_until=desk.paused_until(contact),
            pauses=[weeks for weeks in PAUSES if weeks != "0"],
        )
