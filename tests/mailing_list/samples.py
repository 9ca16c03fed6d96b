"""Editions and lists for the tests of this room: real records, no mocks."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from funnel.mailing_list.carry_out import Watch, apply_letters
from funnel.mailing_list.ledger import Ledger
from funnel.mailing_list.local import LocalList
from funnel.mailing_list.message import Sender
from funnel.mailing_list.plan import plan_letters
from funnel.mailing_list.port import Campaign, Status, Truth
from funnel.mailing_list.smtp_url import SmtpUrl
from funnel.newsletter.edition import Edition

NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


def edition(
    number: int = 1, *, words: str = "Good words.", send_at: datetime | None = None, interests: tuple[str, ...] = ()
) -> Edition:
    body = (
        f"<html><body><p>Hello %%funnel:name|friend%%</p><p>{words}</p>"
        "<p>%%funnel:consent%% %%funnel:address%%</p>"
        '<p><a href="%%funnel:unsubscribe%%">Leave</a> <a href="%%funnel:preferences%%">Choose</a></p></body></html>'
    )
    text = (
        f"Hello %%funnel:name|friend%%\n\n{words}\n\n%%funnel:consent%%\n%%funnel:address%%\n"
        "Leave: %%funnel:unsubscribe%%\nChoose: %%funnel:preferences%%\n"
    )
    return Edition(
        key=f"site/{number}",
        number=number,
        title=f"Issue {number}",
        subject=f"What we learnt, part {number}",
        preheader="In short",
        html=body,
        text=text,
        date=NOW,
        send_at=send_at,
        interests=interests,
        from_name="The Desk",
        reply_to="desk@example.com",
        archive_url=f"https://www.example.com/newsletter/{number}/",
        links=(f"https://www.example.com/newsletter/{number}/",),
    )


def truth(*campaigns: Campaign, settle: float = 0, by_itself: bool = True, grid: int = 1) -> Truth:
    return Truth(
        "local",
        "everybody",
        3,
        {one.key: one for one in campaigns},
        {},
        timedelta(seconds=settle),
        by_itself,
        timedelta(minutes=grid),
    )


def campaign(number: int = 1, status: Status = Status.DRAFT, **more: object) -> Campaign:
    return Campaign(key=f"site/{number}", id=f"c{number}", status=status, **more)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Person:
    address: str
    name: str
    consented_at: datetime = NOW
    token: str = "token"


@dataclass
class ListedRoll:
    """A roll of confirmed people kept in a file, so that a second process sees who left.

    As strict as the contact book.
    """

    path: Path

    def write(self, people: dict[str, str]) -> None:
        self.path.write_text(json.dumps(people))

    def leave(self, address: str) -> None:
        self.write({one: name for one, name in self._people().items() if one != address})

    def _people(self) -> dict[str, str]:
        return dict(json.loads(self.path.read_text()))

    def recipients(self, purpose: str, interests: Collection[str]) -> Sequence[Person]:
        assert purpose == "newsletter"
        wanted = set(interests)
        return [
            Person(address, name, token=f"token-of-{address.partition('@')[0]}")
            for address, name in self._people().items()
            if not wanted or wanted & set(name.lower().split())
        ]

    def may_receive(self, address: str, purpose: str) -> bool:
        assert purpose == "newsletter"
        return address in self._people()

    def complain(self, address: str) -> None:
        with self.path.with_suffix(".complaints").open("a") as file:
            file.write(f"{address}\n")
        self.leave(address)

    def complaints(self, purpose: str) -> int:
        assert purpose == "newsletter"
        file = self.path.with_suffix(".complaints")
        return len(file.read_text().splitlines()) if file.exists() else 0

    def bounce(self, address: str, purpose: str, *, when: datetime, source: str) -> None:
        assert when.tzinfo is not None and source and purpose == "newsletter"
        self.leave(address)


SENDER = Sender(
    "The Desk",
    "desk@example.com",
    "",
    "Letters",
    ("1 Street", "Town"),
    "https://www.example.com",
    "https://desk.example.com",
)


def local_list(folder: Path, smtp: SmtpUrl | None = None, **more: object) -> LocalList:
    """A local list in a folder, without pauses."""
    watch = Watch(sleep=lambda _seconds: None)
    roll = ListedRoll(folder / "roll.json")
    return LocalList("site", folder / "var", lambda: roll, SENDER, smtp, watch=watch, **more)  # type: ignore[arg-type]


def people(count: int) -> dict[str, str]:
    return {f"reader{number}@example.com": f"Reader {number}" for number in range(count)}


def publish(mailing_list: LocalList, ledger: Ledger, *editions: Edition) -> list[str]:
    """What a publish does with these editions: each action and how it ended."""
    steps = plan_letters(editions, mailing_list.truth(), ledger.events(), NOW)
    return [f"{event.action}:{event.phase}" for event in apply_letters(steps, mailing_list, ledger)]
