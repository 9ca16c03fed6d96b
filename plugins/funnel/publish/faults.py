"""What can go wrong between a build and its readers."""

from __future__ import annotations


class NotDeployed(Exception):
    """The site did not go on-line as it should. The text says why, what is live now, and what to do."""

    exitcode = 4
