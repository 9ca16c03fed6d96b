"""The tasks about people: `invoke people.import FILE` and the rest. Each calls one function of funnel.people and prints its lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from invoke import Collection, Context, task

from funnel.mailing_list.faults import SetupFault
from funnel.mailing_list.ledger import Ledger
from funnel.people import Book, commands
from funnel.publish.build import Site
from funnel.publish.console import moment, open_list, plain_errors, say, settings_of
from funnel.publish.lock import only_one

if TYPE_CHECKING:  # read where they are used: no other task needs to wait for a provider's library
    from funnel.mailing_list.mailchimp.adapter import MailchimpList


def people_tasks(site: Site) -> Collection:
    """The collection of tasks on the contact book of a site."""
    var = site.var
    tasks = Collection("people")
    on_the_book = (_import, _export, _show, _leave, _erase, _merge, _proof, _verify, _bounces, _backup)
    for made in (*(make(var) for make in on_the_book), *exchange_tasks(site)):
        tasks.add_task(made)
    return tasks


def _say(lines: Sequence[str]) -> None:
    say("\n".join(lines))


def _dry(context: Context, what: str) -> bool:
    """Under invoke's own --dry, say what would be done instead of doing it."""
    if context.config.run.dry:
        print(f"Would {what}.")
    return bool(context.config.run.dry)


def _import(var: Path) -> Any:
    @task(
        name="import",
        positional=["file"],
        iterable=["map"],
        help={
            "file": "CSV or vCard; also as Mailchimp, Ghost, Substack and Buttondown export it",
            "map": "FIELD=COLUMN, as often as needed",
            "dry-run": "say what would happen, row by row, and change nothing",
        },
    )
    def import_(context: Context, file: str, map: Sequence[str] | None = None, dry_run: bool = False) -> None:
        """Take people in from a file. Nobody becomes a subscriber without dated proof of consent."""
        with plain_errors():
            dry = bool(dry_run or context.config.run.dry)
            _say(commands.import_people(var, Path(file), now=moment(), mapping=tuple(map or ()), dry_run=dry))

    return import_


def _export(var: Path) -> Any:
    @task(help={"address": "only this person", "to": "the file to write", "format": "csv or json"})
    def export(context: Context, address: str = "", to: str = "", format: str = "csv") -> None:
        """Write everybody, or one person, to a private file."""
        with plain_errors():
            if not _dry(context, "write an export"):
                _say(
                    commands.export_people(
                        var, now=moment(), address=address, target=Path(to) if to else None, form=format
                    )
                )

    return export


def _show(var: Path) -> Any:
    @task(positional=["address"], help={"address": "the address of that person"})
    def show(_context: Context, address: str) -> None:
        """Show what the book knows about one person."""
        with plain_errors():
            _say(commands.show_person(var, address))

    return show


def _leave(var: Path) -> Any:
    @task(positional=["address"], help={"address": "the address of that person"})
    def leave(context: Context, address: str) -> None:
        """Write down that somebody left, who told you so by mail or on the telephone."""
        with plain_errors():
            if not _dry(context, "write down that she left"):
                _say(commands.let_leave(var, address, now=moment()))

    return leave


def _erase(var: Path) -> Any:
    @task(positional=["address"], help={"address": "the address of that person"})
    def erase(context: Context, address: str) -> None:
        """Delete a person for good; prints a receipt without the address."""
        with plain_errors():
            if not _dry(context, "delete that person"):
                _say(commands.erase_person(var, address, now=moment()))

    return erase


def _proof(var: Path) -> Any:
    @task(positional=["address"], help={"address": "the address of that person"})
    def proof(_context: Context, address: str) -> None:
        """Show the whole story of one person's consent."""
        with plain_errors():
            _say(commands.prove_consent(var, address))

    return proof


def _verify(var: Path) -> Any:
    @task
    def verify(_context: Context) -> None:
        """Check that nobody has tampered with the consent ledger."""
        with plain_errors():
            _say(commands.verify_book(var))

    return verify


def _bounces(var: Path) -> Any:
    @task(positional=["source"], help={"source": "a mailbox (mbox, Maildir) or a file"})
    def bounces(context: Context, source: str) -> None:
        """Read reports of letters that did not arrive, or that were called abuse."""
        with plain_errors():
            if not _dry(context, "read those reports"):
                _say(commands.read_bounces(var, Path(source), now=moment()))

    return bounces


def _backup(var: Path) -> Any:
    @task
    def backup(context: Context) -> None:
        """Make a whole copy of the contact book."""
        with plain_errors():
            if not _dry(context, "copy the contact book"):
                _say(commands.back_up(var, now=moment()))

    return backup


def exchange_tasks(site: Site) -> tuple[Any, Any]:
    """The tasks `people.push` and `people.pull`, between the contact book and Mailchimp."""

    @task
    def push(context: Context) -> None:
        """Bring confirmed subscribers to Mailchimp, as pending; nobody's status is ever raised."""
        from funnel.mailing_list.mailchimp.exchange import push_people, wanted_people
        from funnel.mailing_list.mailchimp.members import plan_sync

        with plain_errors(), _exchange(site) as (mailing_list, book, ledger):
            plan = plan_sync(mailing_list.api, wanted_people(book, settings_of(site).newsletter_interests))
            _say([*plan.words(), *(["Nothing to do: Mailchimp has everybody that it may have."] if plan.empty else [])])
            if not plan.empty and not _dry(context, "do that at Mailchimp"):
                _say(["Done:", *push_people(mailing_list, plan, ledger).words()])

    @task
    def pull(context: Context) -> None:
        """Write into the book who confirmed, left, bounced or complained at Mailchimp."""
        from funnel.mailing_list.mailchimp.exchange import pull_people

        with plain_errors():
            if _dry(context, "ask Mailchimp what happened"):
                return
            with _exchange(site) as (mailing_list, book, ledger):
                counts = pull_people(mailing_list, book, ledger)
                _say([f"{count} {state}" for state, count in counts.items() if count] or ["Nothing new at Mailchimp."])

    return push, pull


@contextmanager
def _exchange(site: Site) -> Iterator[tuple[MailchimpList, Book, Ledger]]:
    """Mailchimp, the book and the ledger, with nobody else at work."""
    from funnel.mailing_list.mailchimp.adapter import MailchimpList

    mailing_list = open_list(site, settings_of(site))
    if not isinstance(mailing_list, MailchimpList):
        raise SetupFault(
            "This is for Mailchimp, and the list is the embedded one. Set MAILING_LIST_PROVIDER=mailchimp for it."
        )
    with only_one(site.var / "publish.lock"), Book.open(site.var / commands.BOOK) as book:
        yield mailing_list, book, Ledger.open(site.ledger)


def _merge(var: Path) -> Any:
    @task(
        positional=["keep", "drop"],
        help={"keep": "the address that stays", "drop": "the other address of the same person"},
    )
    def merge(context: Context, keep: str, drop: str) -> None:
        """Make one record of two of the same person; no consent passes from one address to the other."""
        with plain_errors():
            if not _dry(context, "make one record of the two"):
                _say(commands.merge_people(var, keep, drop, now=moment()))

    return merge
