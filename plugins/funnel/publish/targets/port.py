"""What publishing asks of a place where sites live, and what `doctor` asks of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from funnel.publish.build import Built
from funnel.publish.faults import NotDeployed as NotDeployed
from funnel.publish.manifest import Manifest


@dataclass(frozen=True)
class Release:
    """One complete site at a target.

    `id` is the name that its content gives it. A release that was interrupted half-way has a name of the form `OLD..NEW`,
    which no build ever has, so that the next publish completes it. `known` is false when what is live was put there by a
    machine that left us no list of its files: then `manifest` is empty, and nobody can tell what would vanish.
    """

    id: str
    manifest: Manifest
    known: bool = True


Progress = Callable[[int, int], None]
"""Told during a long upload: how many files are done, and of how many."""


def quiet(_done: int, _of: int) -> None:
    """Progress that nobody wants to see."""


class Target(Protocol):
    """A place where releases live, one of them on-line. Every method raises NotDeployed when the place cannot be used."""

    @property
    def name(self) -> str:
        """The word of DEPLOY_TARGET, for the ledger."""

    def live(self) -> Release | None:
        """The release that is on-line now, or None where nothing is."""

    def deploy(self, built: Built, onto: str | None) -> Release:
        """Put a build on-line in one step: a reader sees the old site or the new one, never a mixture.

        `onto` is the id of the release that was live when the plan was made. When another one is live by now, somebody
        else has published meanwhile, and this deploy is refused with nothing changed.
        """

    def restore(self, release: str) -> Release:
        """Put a kept release on-line again, in one step."""

    def kept(self) -> Sequence[str]:
        """The ids of the releases that a rollback can bring back, newest first, the live one among them."""

    def drift(self) -> Sequence[str]:
        """The paths at which the live site is not what its release says, read back from the place itself."""


@dataclass(frozen=True)
class Finding:
    """One thing that `doctor` looked at in a target. `mend` says what to do, and is empty when all is well."""

    what: str
    mend: str = ""


class Examined(Protocol):
    """A target that can be looked at before its first use. Changes nothing that a reader could see."""

    def examine(self) -> Sequence[Finding]:
        """Reachable, writable, the right folder, the clock: what applies to this kind of place. Never raises NotDeployed."""


def refuse_stale(onto: str | None, live: str | None) -> None:
    """Raise NotDeployed when what is live is not what the plan was made for."""
    if onto != live:
        raise NotDeployed(
            f"Somebody else published meanwhile: the plan was made when {onto or 'nothing'} was live, and now it is "
            f"{live or 'nothing'}.\nNothing was changed. Fetch their changes, then publish again."
        )


def not_kept(release: str, kept: Sequence[str]) -> NotDeployed:
    """The refusal to bring back a release that is not here, or not whole."""
    return NotDeployed(f"There is no whole release {release!r} here. Kept are: {', '.join(kept) or 'none'}.")
