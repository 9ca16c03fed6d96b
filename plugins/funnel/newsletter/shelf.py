"""The documents that the blocks of one issue can show, as Pelican read them."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from funnel.frontmatter import Tree
from funnel.newsletter.blocks import BadBlock, Piece
from funnel.newsletter.forms import Block
from funnel.newsletter.fragment import tree, words_of

FOLDERS = {Block.TIP: "tips", Block.REVIEW: "reviews", Block.REQUEST: "requests"}


@dataclass(frozen=True)
class PelicanShelf:
    """What one issue, at `path`, can point at. `since` is the moment of the issue before it, None for the first."""

    contents: Mapping[str, Any]
    documents: Tree
    siteurl: str
    path: str
    since: datetime | None
    until: datetime

    def piece(self, kind: Block, target: str) -> Piece | None:
        """The document that a block line names; None for a request that is closed. Raises BadBlock."""
        path = self._path(target)
        document = self.documents.by_path.get(path)
        if document is None:
            raise BadBlock(f"there is no {path} in content/; look at the name of the file", kind, target)
        if document.type != kind:
            raise BadBlock(f"{path} is no {kind} but a {document.type}; a {kind} is in {FOLDERS[kind]}/", kind, target)
        held = self.documents.held(path)
        if held and held.reason == "expired":
            return None
        if held:
            raise BadBlock(
                f"{path} is not on the site ({held.reason}); publish it first, or leave it out", kind, target
            )
        return self._piece(self.contents[path])

    def new_posts(self) -> Sequence[Piece]:
        """Posts after the last issue and not after this one, newest first."""
        posts = [found for found in self.contents.values() if found is not None and self._is_new(found)]
        return [self._piece(post) for post in sorted(posts, key=lambda post: (post.date, post.slug), reverse=True)]

    def _is_new(self, content: Any) -> bool:
        if content.metadata.get("type") != "post":
            return False
        moment: datetime = content.date
        return moment <= self.until and (self.since is None or moment > self.since)

    def _path(self, target: str) -> str:
        if target.startswith("/"):
            return posixpath.normpath(target.lstrip("/"))
        return posixpath.normpath(posixpath.join(posixpath.dirname(self.path), target))

    def _piece(self, content: Any) -> Piece:
        body = content.get_content(self.siteurl) if content.metadata.get("type") == Block.TIP else ""
        summary = content.metadata.get("summary") or ""
        return Piece(
            title=words_of(tree(content.title)),
            address=f"{self.siteurl}/{content.url}",
            summary=words_of(tree(summary)) if summary else "",
            body=_without_names(body) if 'class="footnote' not in body else "",
            facts=content.metadata,
        )


def _without_names(html: str) -> str:
    """Two documents on one page must not have the same ids."""
    root = tree(html)
    for element in root.select("[id]"):
        del element.attrs["id"]
    return root.inner_html
