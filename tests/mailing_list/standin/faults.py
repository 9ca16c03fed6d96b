"""The ways in which a call can fail.

`before`: nothing happened at Mailchimp; `after`: it happened, and the answer is lost.
"""

from __future__ import annotations

from enum import StrEnum


class Fault(StrEnum):
    NONE = "none"
    RESET_BEFORE = "reset before"
    RESET_AFTER = "reset after"
    EMPTY_429 = "empty 429"
    TOLD_429 = "told 429"
    EMPTY_500_BEFORE = "empty 500 before"
    EMPTY_500_AFTER = "empty 500 after"
    EMPTY_503 = "empty 503"
    EMPTY_403 = "empty 403"
    HTML_502_BEFORE = "html 502 before"
    HTML_502_AFTER = "html 502 after"
    TRUNCATED = "truncated json after"
    EMPTY_200 = "empty 200 after"
    CUT_OFF = "connection cut in the answer, after"
    DRIP = "slow drip after"
    SILENCE = "no answer, after"

    @property
    def happens(self) -> bool:
        """Whether the call was carried out."""
        return self in (
            Fault.NONE, Fault.RESET_AFTER, Fault.EMPTY_500_AFTER, Fault.HTML_502_AFTER, Fault.TRUNCATED, Fault.EMPTY_200,
            Fault.CUT_OFF, Fault.DRIP, Fault.SILENCE,
        )  # fmt: skip

    @property
    def slow(self) -> bool:
        """Whether a client notices only by its deadline."""
        return self in (Fault.DRIP, Fault.SILENCE)
