"""Checks on the merge fields of a letter, before any value is put in (funnel.newsletter.merge says what they are)."""

from __future__ import annotations

from funnel.mailing_list.faults import Refused
from funnel.newsletter.edition import Edition
from funnel.newsletter.merge import AUTHORED, FIELD, Field, fields_in


def check_letter(edition: Edition) -> None:
    """Raise Refused for a field that is unknown or broken, or a letter that offers no way to unsubscribe in both
    its forms."""
    for part in (edition.subject, edition.preheader, edition.html, edition.text):
        if AUTHORED.search(FIELD.sub("", part)):
            raise Refused(
                f"Issue {edition.number}: the letter holds a merge field that nobody knows, or a broken one. "
                f"Known are: {', '.join(Field)}."
            )
    if not all(_can_leave(part) for part in (edition.html, edition.text)):
        raise Refused(f"Issue {edition.number}: the letter has no way to unsubscribe in both of its forms.")


def _can_leave(text: str) -> bool:
    return any(name is Field.UNSUBSCRIBE for name, _fallback in fields_in(text))
