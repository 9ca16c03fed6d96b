"""Issue -> edition -> archive: one Markdown source, five faces."""

from funnel.newsletter.edition import Edition

__all__ = ["Edition"]
