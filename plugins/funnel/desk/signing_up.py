"""Coming: the form, the letter, the button."""

from __future__ import annotations

import logging
from datetime import timedelta

from werkzeug.exceptions import TooManyRequests
from werkzeug.wrappers import Response

from funnel.desk.form import DeskRequest, SignUp, out_of_date, read_sign_up
from funnel.desk.limits import Limit, admit, network_of
from funnel.desk.post_room import Kind, ask
from funnel.desk.visit import PURPOSE, Desk
from funnel.people import GONE, How, State
from funnel.people.address import read_address
from funnel.people.tokens import Ticket, Use

log = logging.getLogger("funnel.desk")


class SigningUp:
    """The pages for people who come."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        limits = desk.options.limits
        self._network = Limit("network", limits.signups_per_network_an_hour, timedelta(hours=1))
        self._address = Limit("address", limits.signups_per_address_a_day, timedelta(days=1))
        self._all = Limit("all", limits.signups_an_hour, timedelta(hours=1))

    def form(self, _request: DeskRequest, token: str = "") -> Response:  # noqa: ARG002
        """The desk's own form, for owners who link to it and for people whose form was out of date."""
        return self._desk.pages.show("subscribe", stale=False)

    def subscribe(self, request: DeskRequest, token: str = "") -> Response:  # noqa: ARG002
        """Take a sign-up. The answer is the same whether the address is known, unknown, confirmed or gone."""
        desk = self._desk
        sign_up = read_sign_up(request, desk.options)
        if sign_up.stale:
            return desk.pages.show("subscribe", 409, stale=True)
        if not sign_up.trapped:
            with desk.book.writing():
                self._take(request, sign_up)
            desk.wake()
        return desk.pages.show("sent")

    def _take(self, request: DeskRequest, sign_up: SignUp) -> None:
        desk, now = self._desk, self._desk.now()
        network = network_of(request.remote_addr or "")
        if network and not admit(desk.book, self._network, network, now):
            raise TooManyRequests("Too many sign-ups from your network. Try again in an hour.", retry_after=3600)
        if not admit(desk.book, self._all, "all", now):
            log.warning("more than %d sign-ups in this hour: people are asked to come back", self._all.count)
            raise TooManyRequests("Too many people sign up just now. Try again in an hour.", retry_after=3600)
        if not admit(desk.book, self._address, read_address(sign_up.address).mailbox, now):
            return
        desk.book.record(
            sign_up.address,
            PURPOSE,
            State.PENDING,
            How.FORM,
            now,
            desk.options.words,
            "form",
            name=sign_up.name,
            interests=sign_up.interests,
            request=(request.remote_addr or "") if desk.options.keep_requests else "",
        )
        self._ask(sign_up.address)

    def _ask(self, address: str) -> None:
        desk, now = self._desk, self._desk.now()
        contact = desk.book.contacts.exact(read_address(address))
        standing = desk.book.standing(address, PURPOSE)
        if contact is None or standing is None or standing.state is not State.PENDING:
            return
        seq = desk.book.consents.entries(contact.subject)[-1].seq
        ask(desk.book, contact, Kind.CONFIRM, Ticket(contact.subject, PURPOSE, seq), now)

    def ask_to_confirm(self, _request: DeskRequest, token: str = "") -> Response:
        """The page behind the link in the letter. Looking at it, as mail scanners do, changes nothing."""
        found = self._desk.ticket(Use.CONFIRM, token)
        if isinstance(found, Response):
            return found
        ticket, contact = found
        return self._state_page(ticket, contact.address) or self._desk.pages.show("confirm", token=token, stale=False)

    def confirm(self, request: DeskRequest, token: str = "") -> Response:
        """The button was pressed: she is in."""
        desk = self._desk
        found = desk.ticket(Use.CONFIRM, token)
        if isinstance(found, Response):
            return found
        ticket, contact = found
        if page := self._state_page(ticket, contact.address):
            return page
        if out_of_date(request.form, desk.options):
            return desk.pages.show("confirm", 409, token=token, stale=True)
        where = (request.remote_addr or "") if desk.options.keep_requests else ""
        desk.book.record(
            contact.address,
            PURPOSE,
            State.CONFIRMED,
            How.MAILBOX,
            desk.now(),
            desk.options.words,
            "letter",
            request=where,
        )
        return desk.pages.show("confirmed", token=desk.book.tokens.unsubscribe(contact.subject))

    def _state_page(self, ticket: Ticket, address: str) -> Response | None:
        """What to say to a link whose work is done or undone; None while it may confirm."""
        desk = self._desk
        standing = desk.book.standing(address, PURPOSE)
        if standing and standing.state is State.CONFIRMED:
            return desk.pages.show("confirmed", token=desk.book.tokens.unsubscribe(ticket.subject))
        later = [entry for entry in desk.book.consents.entries(ticket.subject) if entry.seq > ticket.seq]
        if any(entry.state in GONE for entry in later) or standing is None or standing.state is not State.PENDING:
            return desk.pages.show(
                "message",
                410,
                title="This link is used up",
                words="You left since it was sent. You are welcome to sign up again.",
            )
        return None
