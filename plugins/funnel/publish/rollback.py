"""The way back: an earlier release on-line again, in one step, and the truth about letters that are out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from funnel.mailing_list.event import Event as Entry
from funnel.mailing_list.event import Phase
from funnel.mailing_list.ledger import Ledger
from funnel.newsletter.load import load_editions
from funnel.publish.build import Site
from funnel.publish.lock import only_one
from funnel.publish.lost_links import LostLink, lost_links
from funnel.publish.manifest import Manifest
from funnel.publish.proof import Proof
from funnel.publish.stamp import BadStamp, read_record
from funnel.publish.targets import NotDeployed, Release, Target
from funnel.publish.transaction import Event
from funnel.publish.verify import can_be_read, prove, to_be_proved


def roll_back(
    site: Site, target: Target, release: str | None, now: datetime, proof: Proof | None = None
) -> Iterator[Event]:
    """Bring back an earlier release: the one named, or the one before the live one.

    Letters that are out stay out; the words say so, and name what they link to that is gone now. With a `proof` what came
    back is also fetched from the live address. Raises NotDeployed where there is nothing to go back to, or a reader does not
    see it yet.
    """
    with only_one(site.var / "publish.lock"):
        ledger = Ledger.open(site.ledger)
        live = target.live()
        if live is None:
            raise NotDeployed("Nothing is on-line yet, so there is nothing to go back to.")
        wanted = release or _before(ledger, live.id, target.kept())
        restored = _restore(target, wanted, live, ledger, now)
        yield Event("rolled-back", "\n".join(_changes(live.manifest, restored)))
        yield Event(
            "letters", "Letters that were sent stay sent; scheduled ones stay scheduled. `invoke status` shows them."
        )
        for lost in _lost(site, ledger, restored.manifest):
            words = f"The letter of issue {lost.number} is out and links to {lost.link}, which is gone now."
            yield Event("lost", words, {"number": lost.number})
        if proof and can_be_read(proof.site_url):
            yield _seen(live.manifest, restored, proof)


def _seen(before: Manifest, restored: Release, proof: Proof) -> Event:
    """What changed, as a reader gets it from the live address."""
    pages = to_be_proved(restored.manifest, before)
    try:
        count = prove(proof.site_url, restored.manifest, pages, proof.patience, proof.waiting)
    except NotDeployed as fault:
        raise NotDeployed(
            f"Release {restored.id} is back in its place, but a reader does not see it yet; a cache may keep the other one for a "
            f"while. {fault}"
        ) from fault
    return Event("proved", f"Read back from {proof.site_url}: {count} pages and feeds are as they were.")


def _restore(target: Target, wanted: str, live: Release, ledger: Ledger, now: datetime) -> Release:
    facts = {"before": live.id}
    ledger.append(Entry(now, "rollback", Phase.INTENT, wanted, target.name, facts))
    try:
        restored = target.restore(wanted)
        if wrong := target.drift():
            raise NotDeployed(
                f"Release {wanted} is on-line again, but {len(wrong)} file(s) read back differ from it, the first is {wrong[0]}."
            )
    except NotDeployed:
        after = Phase.FAILED if _is_live(target, live.id) else Phase.UNKNOWN
        ledger.append(Entry(now, "rollback", after, wanted, target.name, facts))
        raise
    ledger.append(Entry(now, "rollback", Phase.DONE, restored.id, target.name, facts))
    return restored


def _is_live(target: Target, release: str) -> bool:
    try:
        live = target.live()
    except NotDeployed:
        return False
    return live is not None and live.id == release


def _changes(before: Manifest, restored: Release) -> Iterator[str]:
    """What a reader finds changed, in words."""
    pages = {path: entry for path, entry in restored.manifest.items() if path.endswith(".html")}
    back = [entry.title or path for path, entry in pages.items() if path not in before]
    gone = [entry.title or path for path, entry in before.items() if path.endswith(".html") and path not in pages]
    changed = sum(before[path] != entry for path, entry in pages.items() if path in before)
    yield f"On-line again: release {restored.id}. {len(back)} pages back, {changed} as they were before, {len(gone)} gone."
    yield from (f"  + {title}" for title in back[:20])
    yield from (f"  - {title}" for title in gone[:20])
    yield "The next publish, by hand or by cron, puts on-line what content/ says: mend it there first."


def _lost(site: Site, ledger: Ledger, manifest: Manifest) -> tuple[LostLink, ...]:
    """The links of letters that are out, or will be, to pages of our own site that are not there any more."""
    folder = site.var / "build" / "site.record"
    out = {entry.key for entry in ledger.events() if entry.action in _LEAVES and entry.phase is not Phase.FAILED}
    try:
        site_url, editions = read_record(folder).site_url, load_editions(folder)
    except BadStamp:
        return ()  # this machine built nothing, so it knows no letters
    leaving = (edition for edition in editions if edition.key in out)
    return lost_links(leaving, site_url, lambda path: path not in manifest)


_LEAVES = ("send", "schedule", "reschedule")
"""The actions by which a letter leaves, or will."""


def _before(ledger: Ledger, live: str, kept: Sequence[str]) -> str:
    """The release that was live before this one, by the ledger; else the newest other one that is kept."""
    others = [name for name in kept if name != live]
    for entry in reversed(ledger.events()):
        if (
            entry.action == "deploy"
            and entry.phase is Phase.DONE
            and entry.key == live
            and entry.facts.get("before") in others
        ):
            return str(entry.facts["before"])
    if not others:
        raise NotDeployed("No earlier release is kept, so there is nothing to go back to.")
    return others[0]
