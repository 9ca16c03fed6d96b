"""What the tasks about letters do: each reads the editions of the release that is live, and lets the mailing list work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from funnel.frontmatter import Refused, read_tree, skeleton
from funnel.mailing_list import send as sending
from funnel.mailing_list.history import histories
from funnel.mailing_list.ledger import Ledger
from funnel.mailing_list.port import MailingList, Status
from funnel.mailing_list.status import Level, whole_truth
from funnel.mailing_list.status import status as standing
from funnel.newsletter.edition import Edition
from funnel.newsletter.load import load_editions
from funnel.newsletter.preview import NothingToShow, write_preview
from funnel.newsletter.schedule import late_schedules
from funnel.publish.build import Site, build
from funnel.publish.history import held_back, last_publishes, overdue_words
from funnel.publish.keeping import keep_what_was_sent
from funnel.publish.lock import only_one
from funnel.publish.proof import Proof, prove_live
from funnel.publish.stamp import BadStamp, read_record
from funnel.publish.targets import NotDeployed, Target
from funnel.publish.transaction import Event
from funnel.publish.verify import Patience
from funnel.settings import Settings


def live_editions(site: Site, target: Target) -> tuple[Edition, ...]:
    """The editions of the release that is live, once every page that one of them links to is seen there (law 7).

    Raises NotDeployed when the last build is not what is on-line, or a linked page is not.
    """
    folder = site.var / "build" / "site.record"
    live = target.live()
    try:
        record = read_record(folder)
    except BadStamp:
        record = None
    if record is None or live is None or live.id != record.release:
        raise NotDeployed(
            "The last build is not what is on-line, so its letters may lead to pages that are not there. First: invoke publish"
        )
    editions = load_editions(folder)
    proof = Proof(record.site_url, Patience(_PATIENCE))
    prove_live(target, record.manifest, record.manifest, editions, proof)
    return editions


def built_editions(site: Site) -> tuple[Edition, ...]:
    """The editions of the last build, whatever is on-line: to hold a letter back must be possible when nothing else is.

    Raises NotDeployed where nothing was built on this machine.
    """
    folder = site.var / "build" / "site.record"
    if not folder.is_dir():
        raise NotDeployed("Nothing was built on this machine yet, so it knows of no letters. First: invoke publish")
    return load_editions(folder)


_PATIENCE = 30.0
"""Seconds: the site was proved when it was published, so this looks again rather than waits."""


def send(site: Site, target: Target, mailing_list: MailingList, number: int) -> Iterator[Event]:
    """Send one issue to everybody who gave permission, once. Raises what the list raises, and NotDeployed."""
    with only_one(site.var / "publish.lock"):
        sent = sending.send_issue(number, live_editions(site, target), mailing_list, Ledger.open(site.ledger))
        yield Event("sent", sent.words, {"number": number})  # before anything else can go wrong
        keep_what_was_sent(site, mailing_list.truth)


def send_due(site: Site, target: Target, mailing_list: MailingList) -> Iterator[Event]:
    """Send every letter whose scheduled moment has come."""
    with only_one(site.var / "publish.lock"):
        done = False
        for sent in sending.send_due(live_editions(site, target), mailing_list, Ledger.open(site.ledger)):
            done = True
            yield Event("sent", sent.words)
        if not done:
            yield Event("nothing", "No letter is due.")
        keep_what_was_sent(site, mailing_list.truth)


def test_send(site: Site, target: Target, mailing_list: MailingList, number: int, address: str) -> Iterator[Event]:
    """Send one issue to one address, to look at it."""
    with only_one(site.var / "publish.lock"):
        words = sending.test_send(
            number, [address], live_editions(site, target), mailing_list, Ledger.open(site.ledger)
        )
        yield Event("test-sent", words, {"number": number})


def unschedule(site: Site, mailing_list: MailingList, number: int) -> Iterator[Event]:
    """Take the schedule of one issue back. Asks nothing of the site: it may be down, or rolled back."""
    with only_one(site.var / "publish.lock"):
        words = sending.unschedule(number, built_editions(site), mailing_list, Ledger.open(site.ledger))
        yield Event("unscheduled", words, {"number": number})


def resolve(site: Site, mailing_list: MailingList, number: int, *, sent: bool) -> Iterator[Event]:
    """Write down what the owner found out about a send of which nobody could say whether it went out."""
    with only_one(site.var / "publish.lock"):
        words = sending.resolve(number, built_editions(site), mailing_list, Ledger.open(site.ledger), sent=sent)
        yield Event("resolved", words, {"number": number})


def status(site: Site, settings: Settings, target: Target, mailing_list: MailingList, now: datetime) -> Iterator[str]:
    """What is on-line, what became of the letters, and what differs from what it should be."""
    live = target.live()
    yield (
        f"Site: release {live.id} is on-line, {len(live.manifest)} files." if live else "Site: nothing is on-line yet."
    )
    drift = target.drift() if live else ()
    if drift:
        yield f"  The live site differs from its release in {len(drift)} file(s), the first is {drift[0]}. Mend: invoke publish"
    yield f"Kept for rollback: {', '.join(target.kept()) or 'none'}."
    yield from last_publishes(Ledger.open(site.ledger).events())
    yield from overdue_words(held_back(site.var / "build" / "site.record"), now, settings.timezone)
    truth = whole_truth(mailing_list)
    yield f"List: {truth.provider}, {truth.audience}; {truth.reachable} can be reached."
    if truth.note:
        yield f"! {truth.note}"
    editions = load_editions(site.var / "build" / "site.record")
    lines = standing(editions, truth, Ledger.open(site.ledger).events(), now, settings.timezone)
    earlier = [line for line in lines if line.level is Level.FINE][:-RECENT]
    if earlier:
        yield f"  {len(earlier)} earlier letters are as they should be."
    yield from (f"{_MARKS[line.level]} Letter {line.number}: {line.words}" for line in lines if line not in earlier)


RECENT = 12
"""How many letters of which there is nothing odd to tell are named one by one, the last ones."""

_MARKS = {Level.FINE: " ", Level.WATCH: "!", Level.WRONG: "!!"}


def what_next(provider: str, reachable: int, address: str = "", *, drafted: bool = True) -> str:
    """What a person can do after a publish. `reachable` counts where the provider is the local list; `address` is where the site is
    to be seen, empty where it lies on this machine. `drafted`: the letters were looked after too.
    """
    people = (
        ""
        if reachable or provider != "local"
        else "\n  - nobody has subscribed yet, so letters would reach nobody: docs/permission.md says how people join"
    )
    drafts = f"the drafts lie {_DRAFTS[provider]}" if drafted else "no draft was made: --no-letters"
    return (
        "What you can do next:\n"
        f"  - look at the site:           {address or 'invoke serve --live'}\n"
        f"  - look at a letter:           invoke preview --issue 1   ({drafts})\n"
        "  - make it your own:           invoke doctor   says what is missing"
        f"{'' if provider == 'mailchimp' else _CONNECT}{people}\n"
        "(In a new terminal first:  . .venv/bin/activate)"
    )


_DRAFTS = {"local": "in var/outbox", "mailchimp": "at Mailchimp, under Campaigns"}
_CONNECT = "\n  - connect Mailchimp:          docs/mailing-list.md (MAILCHIMP_API_KEY, MAILING_LIST_PROVIDER=mailchimp)"


def preview(site: Site, settings: Settings, number: int, now: datetime) -> Path:
    """Build the site with issue NUMBER let in, draft or not, and a page that shows it in all its faces.

    Gives the folder to serve. Raises NothingToShow for a number that no issue has, and what `build` raises.
    """
    path = _path_of(site, settings, number, now)
    output = site.var / "preview" / "site"
    built = build(site, "publishconf.py", output, drafts=path)
    write_preview(
        built.record_folder, output, number, site.root / "theme", settings.siteurl, settings.newsletter_postal_address
    )
    return output


def _path_of(site: Site, settings: Settings, number: int, now: datetime) -> str:
    tree = read_tree(site.root / "content", timezone=settings.timezone, now=now)
    if tree.problems:
        raise Refused.because(tree.problems)
    document = tree.by_number.get(number)
    if document is None:
        raise NothingToShow(f"There is no issue {number}. Look at `number:` in content/newsletter/.")
    return document.path


def begin(site: Site, settings: Settings, kind: str, title: str, now: datetime) -> tuple[str, str]:
    """The path in content/ and the text of a new draft, dated in the time zone of the site. Raises ValueError as `skeleton` does.

    A new issue never takes the number of a letter that went out, even if that issue was deleted: it could not be sent.
    """
    tree = read_tree(site.root / "content", timezone=settings.timezone, now=now)
    kept = (int(folder.name) for folder in site.kept_letters.glob("*") if folder.name.isdecimal())
    number = max(tree.next_number, *(sent + 1 for sent in kept), 1)
    return skeleton(kind, title, now.astimezone(ZoneInfo(settings.timezone)).date(), number, tree.taken)


def refuse_late(site: Site, settings: Settings, mailing_list: MailingList, now: datetime) -> None:
    """Raise Refused for each issue whose `send_at` has just passed, is too near for the site to be proved live before it, or can never
    be kept.
    """
    _refuse_late(site, settings, lambda: _not_drafts(mailing_list), now)


def refuse_late_by_ledger(site: Site, settings: Settings, now: datetime) -> None:
    """The same where no list may be asked: the ledger says which letters are scheduled or out."""
    _refuse_late(site, settings, lambda: _settled(Ledger.open(site.ledger)), now)


def _refuse_late(site: Site, settings: Settings, settled: Callable[[], set[int]], now: datetime) -> None:
    tree = read_tree(site.root / "content", timezone=settings.timezone, now=now)
    issues = (*tree.published, *(held.document for held in tree.withheld if held.due))
    if tree.problems or not late_schedules(issues, (), now):
        return  # the usual case: the provider is not asked
    if problems := late_schedules(issues, settled(), now):
        raise Refused.because(problems)


def _not_drafts(mailing_list: MailingList) -> set[int]:
    campaigns = mailing_list.truth().campaigns.items()
    return {int(key.rpartition("/")[2]) for key, campaign in campaigns if campaign.status is not Status.DRAFT}


def _settled(ledger: Ledger) -> set[int]:
    known = histories(ledger.events()).items()
    return {int(key.rpartition("/")[2]) for key, past in known if past.scheduled or past.sent_at or past.open_send}
