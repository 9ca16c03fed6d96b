"""The proof that comes between a deploy and the letters: the new site is live, and so is every page that a letter links to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from funnel.newsletter.edition import Edition
from funnel.publish.manifest import Manifest
from funnel.publish.targets import NotDeployed, Target
from funnel.publish.verify import Patience, can_be_read, path_of, prove, to_be_proved


def silent(_left: int, _of: int) -> None:
    """Says nothing while waiting."""


@dataclass(frozen=True)
class Proof:
    """How to prove that a site is live. Without an address of the open net it is read back from its place alone.

    `waiting` is told, before each pause, how many files are not yet seen as they should be, and of how many.
    """

    site_url: str = ""
    patience: Patience = field(default_factory=Patience)
    waiting: Callable[[int, int], None] = silent


def prove_live(target: Target, new: Manifest, old: Manifest, editions: Iterable[Edition], proof: Proof) -> str:
    """Read back from the target's place, then from the live address; give a sentence that says what was read.

    `new` is what should be live, `old` what was live before. Raises NotDeployed that names what is not as it should be.
    """
    if wrong := target.drift():
        raise NotDeployed(
            f"The site went on-line, but {len(wrong)} file(s) read back differ from the build, the first is {wrong[0]}.\n"
            "No letter was touched. Look at that file, then publish again."
        )
    linked = linked_pages(editions, proof.site_url, new)
    if not can_be_read(proof.site_url):
        return "Read back from its place"
    pages = sorted({*to_be_proved(new, old), *linked})
    count = prove(proof.site_url, new, pages, proof.patience, proof.waiting)
    return f"Read back from its place and, {count} pages and feeds, from {proof.site_url}"


def linked_pages(editions: Iterable[Edition], site_url: str, manifest: Manifest) -> list[str]:
    """The files that letters link to on our own site. Raises NotDeployed for a link to what the release does not have (law 7)."""
    pages = []
    for edition in editions:
        for link in edition.links:
            path = path_of(link, site_url)
            if path is not None and path not in manifest:
                raise NotDeployed(
                    f"The letter of issue {edition.number} links to {link}, which is not part of this release. No letter was touched."
                )
            pages += [path] if path else []
    return sorted(set(pages))
