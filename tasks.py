"""The commands of the site. `invoke --list` shows them, `invoke --help TASK` explains one; docs/tour.md walks through a day."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path[:0] = [entry for entry in (str(ROOT / "plugins"),) if entry not in sys.path]

from funnel.publish.early import as_usual, end_at_once

end_at_once()

from funnel.mailing_list.port import MailingList
from funnel.publish import letters, transaction
from funnel.publish.build import Site, build
from funnel.publish.console import agree, choose, moment, open_list, plain_errors, say, settings_of, stop, tell, whole
from funnel.publish.letter_tasks import letter_tasks
from funnel.publish.looking import REAL, looking_tasks
from funnel.publish.people import people_tasks
from funnel.publish.progress import shown, waiting
from funnel.publish.proof import Proof
from funnel.publish.rollback import roll_back
from funnel.publish.targets import open_target
from funnel.publish.verify import Patience
from funnel.publish.workshop import workshop_tasks
from funnel.settings import Settings
from invoke import Collection, Context, task

as_usual()

SITE = Site(ROOT)
AT_ONCE = 8
"""Seconds in which a rollback must be seen at the live address: whoever rolls back cannot wait."""


def _dry(c: Context, dry_run: bool = False) -> bool:
    """Whether this run may change nothing: --dry-run, or invoke's own --dry."""
    return bool(dry_run or c.config.run.dry)


@task(
    help={
        "type": "post, issue, page, offer, tip, review or request",
        "title": "its title",
    },
    positional=["type", "title"],
)
def new(c: Context, type: str, title: str) -> None:
    """Begin a document: writes a draft with every key explained."""
    with plain_errors():
        try:
            name, text = letters.begin(SITE, settings_of(SITE), type, title, moment())
        except ValueError as fault:
            stop(str(fault), 2)
        path = ROOT / "content" / name
        if path.exists():
            stop(f"There is already a content/{name}. Choose another title.", 2)
        if _dry(c):
            print(f"Would write content/{name}.")
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(f"Wrote content/{name}. It is a draft until it says `status: published`.")


@task
def check(c: Context) -> None:
    """Run everything that `publish` checks, and change nothing."""
    with plain_errors(), transaction.throw_away_folder(SITE) as folder:
        letters.refuse_late_by_ledger(SITE, settings_of(SITE), moment())
        built = build(SITE, REAL, folder / "site", folder / "cache")
        guard = built.record.guard
        print(
            f"All is well: {guard['documents']} documents and {guard['surfaces']} written files judged, {len(built.record.withheld)} held back."
        )


@task(help={"format": "text or json (docs/deploy.md explains the keys)"})
def plan(c: Context, format: str = "text") -> None:
    """Say what `publish` would do, and change nothing."""
    with plain_errors():
        _describe(choose(format, ("text", "json")), with_letters=True)


@task(
    help={
        "dry-run": "say what would happen, and change nothing",
        "yes": "answer yes where a question would be asked at a terminal",
        "yes-delete": "let many pages of the live site vanish",
        "no-letters": "bring the site on-line and leave the letters alone",
        "no-verify": "do not fetch the new pages from the live address (refused when a letter is due)",
        "format": "text or json (an object a line)",
    }
)
def publish(
    c: Context,
    dry_run: bool = False,
    yes: bool = False,
    yes_delete: bool = False,
    no_letters: bool = False,
    no_verify: bool = False,
    format: str = "text",
) -> None:
    """Check, build, bring the site on-line, then prepare the letters. Never sends."""
    with plain_errors():
        choose(format, ("text", "json"))
        if _dry(c, dry_run):
            _describe(format, with_letters=not no_letters)
            return
        _publish("", yes=yes, yes_delete=yes_delete, no_letters=no_letters, no_verify=no_verify, form=format)


@task(
    name="gh-pages",
    help={
        "yes": "answer yes where a question would be asked at a terminal",
        "yes-delete": "let many pages of the live site vanish",
    },
)
def gh_pages(c: Context, yes: bool = False, yes_delete: bool = False) -> None:
    """`publish`, onto the branch that GitHub Pages and its like serve, whatever DEPLOY_TARGET says."""
    with plain_errors():
        if _dry(c):
            print("Would publish onto the branch of DEPLOY_GIT_BRANCH.")
            return
        _publish("gh-pages", yes=yes, yes_delete=yes_delete, no_letters=False, no_verify=False, form="text")


def _publish(kind: str, *, yes: bool, yes_delete: bool, no_letters: bool, no_verify: bool, form: str) -> None:
    settings = settings_of(SITE)
    mailing_list = _checked_list(settings) if not no_letters else None
    proof = Proof(settings.siteurl, Patience(settings.deploy_patience), waiting())
    options = transaction.Options(
        timezone=settings.timezone,
        yes_delete=yes_delete,
        proof=None if no_verify else proof,
        agree=agree if not yes and form == "text" else lambda _: True,
    )
    with shown(form) as progress:
        target = open_target(settings, SITE, kind, progress)
        tell(transaction.publish(SITE, target, mailing_list, moment(), options), form)
    if form == "text":
        provider = mailing_list.provider if mailing_list else settings.mailing_list_provider
        ours = mailing_list is not None and provider == "local"  # Mailchimp is not asked once more for a hint
        reachable = mailing_list.truth().reachable if mailing_list and ours else 1
        address = "" if target.name == "local" else settings.siteurl
        say(letters.what_next(provider, reachable, address, drafted=not no_letters))


def _checked_list(settings: Settings) -> MailingList:
    """The list, once it is sure that every `send_at` can still be kept."""
    mailing_list = open_list(SITE, settings)
    letters.refuse_late(SITE, settings, mailing_list, moment())
    return mailing_list


def _describe(form: str, *, with_letters: bool) -> None:
    settings = settings_of(SITE)
    mailing_list = _checked_list(settings) if with_letters else None
    say(transaction.describe(SITE, open_target(settings, SITE), mailing_list, moment(), settings.timezone, form))


@task
def status(c: Context) -> None:
    """Show what is on-line, what became of the letters, and what differs from what it should be."""
    with plain_errors():
        settings = settings_of(SITE)
        for line in letters.status(SITE, settings, open_target(settings, SITE), open_list(SITE, settings), moment()):
            say(line)


@task(help={"release": "which one; without it, the one before"})
def rollback(c: Context, release: str = "") -> None:
    """Bring back an earlier release of the site, in one step."""
    with plain_errors():
        settings = settings_of(SITE)
        target = open_target(settings, SITE)
        if _dry(c):
            print(f"Would bring back release {release or 'before the live one'}. Kept: {', '.join(target.kept())}")
            return
        proof = Proof(settings.siteurl, Patience(min(settings.deploy_patience, AT_ONCE), pause=0.5), waiting())
        tell(roll_back(SITE, target, release or None, moment(), proof))


@task(
    help={
        "host": "the address to listen on",
        "port": "the port to listen on",
        "proxy": "the address of the reverse proxy whose X-Forwarded-For is believed; empty: none",
    }
)
def desk(c: Context, host: str = "127.0.0.1", port: str = "8090", proxy: str = "127.0.0.1") -> None:
    """Run the subscription desk, where people join, confirm, choose and leave (local list; docs/desk.md)."""
    from funnel.desk import Listening
    from funnel.publish.desk import run_desk

    with plain_errors():
        if _dry(c):
            print(f"Would run the subscription desk on {host}:{port}.")
            return
        run_desk(SITE, settings_of(SITE), os.environ, Listening(host, whole(port, "--port"), proxy), say)


@task
def doctor(c: Context) -> None:
    """Explain what is missing or odd in the set-up, each with its mend."""
    from funnel.publish.doctor import examine

    with plain_errors():
        for found in examine(SITE, settings_of(SITE), os.environ, moment()):
            say(f"{'ok  ' if found.well else 'mend'}  {found.what}")
            if not found.well:
                say(f"      -> {found.mend}")


namespace = Collection.from_module(sys.modules[__name__])
namespace.add_collection(people_tasks(SITE))
for made in (*looking_tasks(SITE), *letter_tasks(SITE), *workshop_tasks(SITE)):
    namespace.add_task(made)
