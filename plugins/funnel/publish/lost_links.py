"""Links of letters that are out, to pages of our own site that are not there any more: nobody can mend a letter."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from funnel.newsletter.edition import Edition
from funnel.publish.verify import path_of


@dataclass(frozen=True)
class LostLink:
    """A link in the letter of issue `number` whose page a reader does not find."""

    number: int
    link: str


def lost_links(editions: Iterable[Edition], site_url: str, is_gone: Callable[[str], bool]) -> tuple[LostLink, ...]:
    """The links of these letters to files of the site at `site_url` that are gone."""
    ours = ((one.number, link, path_of(link, site_url)) for one in editions for link in dict.fromkeys(one.links))
    return tuple(LostLink(number, link) for number, link, path in ours if path is not None and is_gone(path))
