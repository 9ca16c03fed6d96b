"""What can go wrong with letters.

The text of each is whole and ready for the person; none of them holds an address of a person.
"""

from __future__ import annotations


class MailingListFault(Exception):
    """A letter could not be dealt with. `exitcode` is the exit code of the task (docs/architecture.md)."""

    exitcode = 5


class SetupFault(MailingListFault):
    """Something is missing or wrong in the set-up: nothing was tried. The text names the mend."""

    exitcode = 2


class Refused(MailingListFault):
    """The provider said no, for sure: nothing was changed by this step."""


class Unreachable(MailingListFault):
    """The provider gave no usable answer to a question that changes nothing: nothing was changed."""


class OutcomeUnknown(MailingListFault):
    """A change was asked for and no answer can be had: it may have happened or not. Never to be read as either."""


class LedgerFault(MailingListFault):
    """The ledger cannot be trusted or written; the text names file and line."""

    exitcode = 2


class NothingToSend(MailingListFault):
    """Nobody is there to be sent a letter: no fault, but it must be said, and nothing counts as sent."""

    exitcode = 0


class Unfinished(MailingListFault):
    """Some letters are out and some are not yet; it is known which, and the same command goes on."""
