"""The outbox of the local list: drafts and written letters as files that any mail program opens."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from funnel.disk import to_disk
from funnel.mailing_list.faults import MailingListFault
from funnel.mailing_list.smtp import Answer, Receipt
from funnel.newsletter.edition import Edition, as_record, from_record


@dataclass(frozen=True, slots=True)
class Draft:
    """A drafted edition, when it is due (aware), if it is, and the digest of the sender whom its sample letter shows."""

    edition: Edition
    send_at: datetime | None
    sender: str

    def outdated(self, sender: str) -> str:
        """Why the sample does not show what would go out now from this sender (its digest); empty: it does."""
        return "" if self.sender == sender else "the sender, or an address that letters hold, changed"


class Outbox:
    """A folder: `NUMBER.json` is a draft, `NUMBER.eml` the same to look at, `sent/NUMBER/` and `test/` letters
    written out."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def drafts(self) -> Iterator[Draft]:
        """All drafts. Raises MailingListFault where one is damaged: it is never taken for one that is not there."""
        for path in sorted(self.folder.glob("*.json")):
            yield _read(path)

    def draft(self, number: int) -> Draft | None:
        """One draft, or None where there is none."""
        path = self.folder / f"{number}.json"
        return _read(path) if path.exists() else None

    def keep(self, draft: Draft, sample: EmailMessage) -> None:
        """Write a draft and its sample letter, whole or not at all."""
        number = draft.edition.number
        send_at = draft.send_at.isoformat() if draft.send_at else None
        record = {"edition": as_record(draft.edition), "send_at": send_at, "sender": draft.sender}
        write_whole(self.folder / f"{number}.eml", sample.as_bytes())
        write_whole(self.folder / f"{number}.json", json.dumps(record, ensure_ascii=False, indent=1).encode())


@dataclass(frozen=True, slots=True)
class OutboxCarrier:
    """Carries letters into a folder, a file each, under a name that is the same for the same letter."""

    folder: Path

    def carry(self, message: EmailMessage, before_last_byte: Callable[[], None]) -> Receipt:
        """Write one letter, whole or not at all."""
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        write_whole(self.folder / f"{name}.eml", message.as_bytes(), before_last_byte)
        return Receipt(Answer.TAKEN)


def write_whole(path: Path, content: bytes, before_rename: Callable[[], None] = lambda: None) -> None:
    """Put a file in place, readable by its owner only, whole or not at all, and force it to disk."""
    try:
        part = _written(path, content)
        before_rename()
        part.replace(path)
    except OSError as fault:
        raise MailingListFault(
            f"{path} cannot be written: {fault.strerror}. Look at the disk's free space and at who may write there, then run it again."
        ) from fault
    to_disk(path.parent)


def _written(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(path.name + ".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return part


def _read(path: Path) -> Draft:
    try:
        record = json.loads(path.read_bytes())
        send_at = record["send_at"]
        due = datetime.fromisoformat(send_at) if send_at else None
        return Draft(from_record(record["edition"]), due, str(record.get("sender", "")))
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise MailingListFault(
            f"{path}: this draft is damaged ({type(fault).__name__}). If its letter is not out (see status), "
            "delete the "
            "file, and the next publish makes it anew."
        ) from fault
