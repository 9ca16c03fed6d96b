"""A second stand-in for Mailchimp, which shares nothing with the first: other ways of doing what the specification leaves open.

Its `Manners` are the freedoms that a true server has: how much it puts on a page, what it leaves out, how it writes moments,
what it does to a letter, when its lists catch up. What it takes is as strict as Mailchimp's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
LIST = "ff00ee11dd"


@dataclass(frozen=True)
class Manners:
    """The freedoms. `lag` and `slow_status`: seconds after which a list, or a status, shows what was done.

    `slow_to_hang_up`: a line stays open after its answer, but takes no second call.
    """

    largest_page: int = 1000
    counts: bool = True
    newest_first: bool = False
    sparse: bool = False
    moments: str = "%Y-%m-%dT%H:%M:%S+00:00"
    unset: object = ""
    rewrites: bool = False
    actions_answer: int = 204
    lag: float = 0
    slow_status: float = 0
    zipped: bool = False
    plain_json_errors: bool = False
    prefix: str = "/3.0"
    reports: bool = True
    slow_to_hang_up: bool = False


class No(Exception):
    """A refusal."""

    def __init__(self, status: int, title: str, detail: str = "", **more: Any) -> None:
        super().__init__(title)
        self.status = status
        self.document = {
            "type": "about:blank",
            "title": title,
            "status": status,
            "detail": detail,
            "instance": "",
            **more,
        }
