"""Finds the pictures of a letter among the site's files and makes their mail versions, each once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from funnel.newsletter.drawing import BadImage, Look
from funnel.newsletter.images import Derived, derive
from funnel.newsletter.letter_body import MailImage

FOLDER = "images/mail"
RECIPE = "2"
"""Counts up when the way of making changes, so that no old picture is taken from the cache."""


@dataclass
class Pictures:
    """The mail pictures of one build. `sources` maps a file's absolute address to the file it is copied from."""

    siteurl: str
    sources: Mapping[str, Path]
    look: Look
    cache: Path | None
    made: dict[str, Derived] = field(default_factory=dict)

    def image(self, address: str) -> MailImage:
        """The mail version of the picture at an address. Raises BadImage if there is none."""
        if address not in self.made:
            self.made[address] = self._make(address)
        found = self.made[address]
        return MailImage(f"{self.siteurl}/{FOLDER}/{found.name}", found.width)

    def bytes_of(self, address: str) -> int:
        """How many bytes a reader's mail program loads for it."""
        return len(self.made[address].data)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """The name and the bytes of every picture made."""
        return ((found.name, found.data) for found in self.made.values())

    def _make(self, address: str) -> Derived:
        source = self.sources.get(address)
        if source is None:
            raise BadImage("a letter shows only pictures of our own site; put the file into content/images and link it")
        data = source.read_bytes()
        key = hashlib.sha256(f"{RECIPE} {self.look.ground} {source.name} ".encode() + data).hexdigest()
        return self._cached(key) or self._keep(key, derive(source.name, data, self.look))

    def _cached(self, key: str) -> Derived | None:
        """What was kept, if all of it is there: a build that was cut off may have left half of it, which is made anew."""
        note = self.cache / f"{key}.json" if self.cache else None
        if note is None or not note.is_file():
            return None
        try:
            facts = json.loads(note.read_text(encoding="utf-8"))
            data = note.with_suffix(".bin").read_bytes()
            whole = hashlib.sha256(data).hexdigest() == facts["sha256"]
            return Derived(facts["name"], data, facts["width"], facts["height"]) if whole else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _keep(self, key: str, made: Derived) -> Derived:
        if self.cache:
            self.cache.mkdir(parents=True, exist_ok=True)
            (self.cache / f"{key}.bin").write_bytes(made.data)
            facts = {"name": made.name, "width": made.width, "height": made.height}
            facts_page = json.dumps({**facts, "sha256": hashlib.sha256(made.data).hexdigest()})
            (self.cache / f"{key}.json").write_text(facts_page, encoding="utf-8")
        return made
