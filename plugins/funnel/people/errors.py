"""What can go wrong with the contact book, said so that the owner can mend it."""

from __future__ import annotations


class PeopleError(Exception):
    """Wrong use or something missing; the text is the whole message for the person. `exitcode` is for the task that
    caught it.
    """

    exitcode = 2


class DamagedBook(PeopleError):
    """The contact book cannot be read, or was changed by something else than this program."""


class BadAddress(PeopleError):
    """Not an e-mail address. The text never repeats the address, because texts end up in logs."""
