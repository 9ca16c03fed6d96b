"""What the embedded list says of the letters of one issue: how many came how far, and what an owner's word changes."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from funnel.mailing_list.letters import OPEN, State
from funnel.mailing_list.port import Campaign, Status


def reopened_words(count: int) -> str:
    """How many letters may go out again."""
    return f"{count} letter{' counts' if count == 1 else 's count'} as not sent now; send sends {'it' if count == 1 else 'them'}."


def known_words(out: int, campaign: Campaign) -> str:
    """That what a mail server took cannot be called not sent."""
    number = campaign.key.rpartition("/")[2]
    return (
        f"The mail server took {out} letter{'' if out == 1 else 's'} of issue {number}, says the record of this list, and no "
        "letter is unclear: it cannot be called not sent. Nothing was changed. "
        + (f"`send {number}` goes on with those that are left." if campaign.status is Status.SENDING else "")
    ).strip()


def _in_project(folder: Path | None) -> str:
    """A folder by its place in the project: the ledger is kept in git, where a home folder would name a person."""
    return (
        "/".join(("var", *folder.parts[folder.parts.index("outbox") :]))
        if folder and "outbox" in folder.parts
        else "the outbox"
    )


def written_words(folder: Path | None) -> str:
    """Where letters are that no mail server got."""
    return f"written to {_in_project(folder)} (SMTP_URL is not set, so nobody was mailed)"


def counts_words(counts: Counter[State], folder: Path | None = None) -> str:
    """The counts as one line, without what is zero."""
    named = {
        "sent": counts[State.SENT],
        written_words(folder): counts[State.WRITTEN],
        "still to be sent": sum(counts[state] for state in OPEN),
        "refused by the mail server": counts[State.REFUSED],
        "left meanwhile": counts[State.LEFT],
        "unclear: may have gone out or not (use resolve)": counts[State.HANDING],
    }
    return ", ".join(f"{count} {name}" for name, count in named.items() if count)
