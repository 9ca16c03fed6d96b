"""What the tests of hidden asks share: an ask, and whether it is found."""

from __future__ import annotations

from funnel.guard import Config, check_html, check_markdown, check_text

CHECKS = {"text": check_text, "md": check_markdown, "html": check_html}
ENGLISH = Config(language="en")
ASK = "Book a free call with our team today"
TEACHING = "Moss grows in shade.\n\n" * 6
DRAWN = f'<svg xmlns="http://www.w3.org/2000/svg"><text>{ASK}</text></svg>'


def sells(surface: str, source: str) -> bool:
    """Whether a sales CTA or pressure is found in an English text."""
    return any(one.label in ("sales-cta", "pressure") for one in CHECKS[surface]("a.md", source, config=ENGLISH))
