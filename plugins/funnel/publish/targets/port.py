"""What publishing asks of a place where sites live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from funnel.publish.build import Built
from funnel.publish.manifest import Manifest


class NotDeployed(Exception):
    """The site did not go on-line; what was live before is live still. The text says why, and what to do."""

    exitcode = 4


@dataclass(frozen=True)
class Release:
    """One complete site at a target."""

    id: str
    manifest: Manifest


class Target(Protocol):
    """A place where releases live, one of them on-line. Every method raises NotDeployed when the place cannot be used."""

    @property
    def name(self) -> str:
        """The word of DEPLOY_TARGET, for the ledger."""

    def live(self) -> Release | None:
        """The release that is on-line now, or None where nothing is."""

    def deploy(self, built: Built) -> Release:
        """Put a build on-line in one step: a reader sees the old site or the new one, never a mixture."""

    def restore(self, release: str) -> Release:
        """Put a kept release on-line again, in one step."""

    def kept(self) -> Sequence[Release]:
        """The releases that a rollback can bring back, newest first, the live one among them."""

    def drift(self) -> Sequence[str]:
        """The paths at which the live site is not what its release says."""
