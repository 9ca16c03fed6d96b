"""One's own data: seen, taken along, erased (GDPR Art. 15, 17, 20). The key comes in a fresh letter: a forwarded
newsletter is no key.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from werkzeug.wrappers import Response

from funnel.desk.form import DeskRequest, Refused, read_form
from funnel.desk.post_room import Kind, ask
from funnel.desk.visit import PURPOSE, Desk
from funnel.people import How, Purpose, State
from funnel.people.dossier import dossier
from funnel.people.tokens import Ticket, Use

NAMED: Mapping[str, str] = {
    Purpose.NEWSLETTER: "newsletter",
    Purpose.POST: "post",
    Purpose.ALERTS: "alerts",
    State.PENDING: "not confirmed yet",
    State.CONFIRMED: "confirmed",
    State.WITHDRAWN: "withdrawn",
    State.BOUNCED: "stopped, because the mailbox refused a letter",
    State.COMPLAINED: "stopped, because a letter was called abuse",
    State.ERASED: "erased",
    How.FORM: "by a form",
    How.MAILBOX: "from your own mailbox",
    How.UNDO: "taken back by you",
    How.PAPER: "on paper",
    How.OWNER: "by us, on your word",
    How.IMPORT: "from a list that we brought along",
    How.PROVIDER: "said by the service that sent our letters",
    How.PROVIDER_OPT_IN: "confirmed at the service that sent our letters",
    How.REPORT: "reported by a mail server",
    How.RESTORE: "kept when an older copy was put back",
}
"""What the words of the ledger are called on the page that shows a person her own data."""


class OwnData:
    """The pages for people who ask what is kept about them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def ask_for_key(self, _request: DeskRequest, token: str = "") -> Response:
        """Send a letter with a key that opens her data for a day."""
        desk = self._desk
        contact = desk.owner_of(token)
        if contact is None:
            return desk.unknown()
        with desk.book.writing():
            ask(desk.book, contact, Kind.DATA, Ticket(contact.subject, PURPOSE), desk.now())
        desk.wake()
        return desk.pages.show("sent")

    def show(self, _request: DeskRequest, token: str = "") -> Response:
        """Everything that is kept about her."""
        found = self._desk.ticket(Use.MANAGE, token)
        if isinstance(found, Response):
            return found
        record, called = dossier(self._desk.book, found[1]), self._desk.options.interest_keys
        return self._desk.pages.show(
            "data",
            token=token,
            record=record,
            named=NAMED,
            topics=[called.get(key, key) for key in record["interests"]],
            paused_until=self._desk.paused_until(found[1]),
        )

    def export(self, _request: DeskRequest, token: str = "") -> Response:
        """The same as a file."""
        found = self._desk.ticket(Use.MANAGE, token)
        if isinstance(found, Response):
            return found
        text = json.dumps(dossier(self._desk.book, found[1]), ensure_ascii=False, indent=1)
        response = Response(text + "\n", mimetype="application/json")
        response.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
        return response

    def erase(self, request: DeskRequest, token: str = "") -> Response:
        """Delete her for good; the box has to be ticked."""
        desk = self._desk
        found = desk.ticket(Use.MANAGE, token)
        if isinstance(found, Response):
            return found
        if read_form(request).get("sure") != "yes":
            raise Refused("Tick the box to erase your data. Nothing was erased.")
        receipt = desk.book.erase(found[1].address, when=desk.now(), how=How.MAILBOX, source="own page")
        return desk.pages.show("erased", number=receipt.number, at=f"{receipt.at:%Y-%m-%d %H:%M} UTC")
