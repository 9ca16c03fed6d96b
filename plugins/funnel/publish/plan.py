"""What a publish would change. A plan is a value: the dry run prints it, publish carries it out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from funnel.mailing_list.step import Action, LetterStep, moment_words
from funnel.newsletter.edition import Edition
from funnel.publish.lost_links import LostLink, lost_links
from funnel.publish.manifest import Entry, Manifest
from funnel.publish.stamp import Held, Record


@dataclass(frozen=True)
class PageChange:
    """One page that a publish would touch. `what` names the parts that change: title, text, links, or only furniture."""

    path: str
    title: str
    what: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """All that a publish would do: to the site, to the letters; and what it leaves out, with the reason.

    `lost`: where letters that are out lead, and would lead no longer.
    """

    release: str
    live: str | None
    appear: tuple[PageChange, ...]
    change: tuple[PageChange, ...]
    vanish: tuple[PageChange, ...]
    files: int
    letters: tuple[LetterStep, ...]
    withheld: tuple[Held, ...]
    lost: tuple[LostLink, ...] = ()

    @property
    def deploys(self) -> bool:
        """Whether the site changes."""
        return self.release != self.live

    @property
    def due_letters(self) -> tuple[LetterStep, ...]:
        """The letters for which there is something to do, or would be if the provider took them."""
        return tuple(step for step in self.letters if step.action is not Action.NOTHING)

    @property
    def empty(self) -> bool:
        return not self.deploys and not self.due_letters

    def too_many_vanish(self, pages_live: int) -> bool:
        """Whether so much would vanish that it must be said out loud: over 10 pages, or over 5 % of a site that is no handful."""
        gone = len(self.vanish)
        return gone > 10 or (gone > 1 and gone > pages_live * 0.05)


def make_plan(
    record: Record,
    live: Manifest | None,
    live_id: str | None,
    letters: Sequence[LetterStep],
    sent: Callable[[], Iterable[Edition]] = tuple,
) -> Plan:
    """Compare what was built with what is live. `sent` gives the letters that are out; it is asked where a page would vanish."""
    old, new = live or {}, record.manifest
    changed = [path for path in new if path in old and old[path].sha256 != new[path].sha256]
    files = [path for path in (*changed, *(new.keys() ^ old.keys())) if not path.endswith(".html")]
    vanish = _pages(old, (path for path in old if path not in new))
    return Plan(
        release=record.release,
        live=live_id,
        appear=_pages(new, (path for path in new if path not in old)),
        change=tuple(
            PageChange(path, new[path].title, _parts(old[path], new[path]))
            for path in changed
            if path.endswith(".html")
        ),
        vanish=vanish,
        files=len(files),
        letters=tuple(letters),
        withheld=record.withheld,
        lost=lost_links(sent(), record.site_url, lambda path: path in old and path not in new) if vanish else (),
    )


def in_words(plan: Plan, timezone: str) -> Iterator[str]:
    """The plan in sentences that can be read aloud, a line each; moments also in the site's time zone."""
    if not plan.deploys:
        yield "Site: nothing changes."
    else:
        yield (
            f"Site: {_count(len(plan.appear), 'page')} new, {len(plan.change)} changed, {len(plan.vanish)} gone, "
            f"{_count(plan.files, 'other file')}."
        )
        yield from _listed("+", [f"{_name(page)}  ({_address(page.path)})" for page in plan.appear])
        yield from _listed("~", [f"{_name(page)}  ({', '.join(page.what)})" for page in plan.change])
        yield from (f"  - {_name(page)}  ({_address(page.path)})" for page in plan.vanish)
        yield from (f"  The letter of issue {lost.number} is out and links to {lost.link}." for lost in plan.lost)
        yield from _redirects_missing(plan.vanish)
    yield from _letters(plan.letters, timezone)
    if plan.withheld:
        yield f"Held back: {_count(len(plan.withheld), 'document')}."
        yield from (
            f"  . {held.title or held.path}  ({held.path}): {_reason(held, timezone)}" for held in plan.withheld
        )
    if due := [datetime.fromisoformat(held.due) for held in plan.withheld if held.due]:
        yield f"The next held document is due {moment_words(min(due), timezone)}: publish again then."


def _letters(steps: Sequence[LetterStep], timezone: str) -> Iterator[str]:
    """A line for each letter; those that went out long ago, and are as they were, in one."""
    over = [step for step in steps if step.over]
    told_at_once = over[:-RECENT]
    if told_at_once:
        yield f"Letters: {_count(len(told_at_once), 'earlier issue')} went out; nothing to do with them."
    yield from (f"Letter: {step.words(timezone)}" for step in steps if step not in told_at_once)


RECENT = 3
"""How many of the letters that went out are named one by one."""


def _redirects_missing(vanish: Sequence[PageChange]) -> Iterator[str]:
    """How to keep old addresses alive: what others have linked to should lead somewhere."""
    if vanish:
        addresses = ", ".join(_address(page.path) for page in vanish[:3]) + (", ..." if len(vanish) > 3 else "")
        yield "  Whoever follows an old link to them finds nothing. If another page takes the place of one, write there:"
        yield f"    aliases: [{addresses}]"


def as_data(plan: Plan) -> dict[str, Any]:
    """The plan as plain values for JSON. The keys are documented in docs/deploy.md and stay."""
    return {
        "release": plan.release,
        "live": plan.live,
        "empty": plan.empty,
        "pages": {
            "appear": [asdict(page) for page in plan.appear],
            "change": [asdict(page) for page in plan.change],
            "vanish": [asdict(page) for page in plan.vanish],
            "lost": [asdict(lost) for lost in plan.lost],
        },
        "other_files": plan.files,
        "letters": [step.as_record() for step in plan.letters],
        "withheld": [asdict(held) for held in plan.withheld],
    }


def _pages(manifest: Manifest, paths: Iterable[str]) -> tuple[PageChange, ...]:
    return tuple(PageChange(path, manifest[path].title) for path in paths if path.endswith(".html"))


def _parts(old: Entry, new: Entry) -> tuple[str, ...]:
    parts = tuple(part for part in ("title", "text", "links") if getattr(old, part) != getattr(new, part))
    return parts or ("only furniture",)


SHOWN = 30
"""How many new or changed pages are named one by one; nobody reads more aloud. What vanishes is always named."""


def _listed(mark: str, pages: list[str]) -> Iterator[str]:
    yield from (f"  {mark} {page}" for page in pages[:SHOWN])
    if len(pages) > SHOWN:
        yield f"  {mark} and {len(pages) - SHOWN} more (`invoke plan --format json` names them all)"


def _name(page: PageChange) -> str:
    """The title of a page without the name of the site, which the theme sets behind a dot."""
    return page.title.rpartition(" · ")[0] or page.title or page.path


def _address(path: str) -> str:
    return "/" + path.removesuffix("index.html")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _reason(held: Held, timezone: str) -> str:
    due = moment_words(datetime.fromisoformat(held.due), timezone) if held.due else "no date"
    reasons = {
        "draft": "it is a draft; write `status: published` when it is ready",
        "future": f"its date is still to come: {due}",
        "expired": "it has expired",
    }
    return reasons.get(held.reason, held.reason)
