"""Editions and lists for the tests of this room: real records, no mocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from funnel.mailing_list.port import Campaign, Status, Truth
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
