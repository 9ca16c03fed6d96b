"""The guard: trusted judgement about sales calls-to-action, on every surface that a reader sees."""

from funnel.guard.check import check_html, check_markdown, check_text
from funnel.guard.config import Config, Offer
from funnel.guard.records import CouldNotJudge, Finding, Kind, Label

__all__ = ["Config", "CouldNotJudge", "Finding", "Kind", "Label", "Offer", "check_html", "check_markdown", "check_text"]
