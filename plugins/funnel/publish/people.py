"""The tasks about people: `invoke people.import FILE` and the rest. Each calls one function of funnel.people and prints its lines."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from invoke import Collection, Context, task

from funnel.people import commands
from funnel.publish.console import moment, plain_errors


def people_tasks(var: Path) -> Collection:
    """The collection of tasks on the contact book in `var`."""
    tasks = Collection("people")
    for made in (
        _import(var),
        _export(var),
        _show(var),
        _erase(var),
        _proof(var),
        _verify(var),
        _bounces(var),
        _backup(var),
    ):
        tasks.add_task(made)
    return tasks


def _say(lines: Sequence[str]) -> None:
    print("\n".join(lines))


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
    def import_(context: Context, file: str, map: Sequence[str] = (), dry_run: bool = False) -> None:
        """Take people in from a file. Nobody becomes a subscriber without dated proof of consent."""
        with plain_errors():
            dry = bool(dry_run or context.config.run.dry)
            _say(commands.import_people(var, Path(file), now=moment(), mapping=tuple(map), dry_run=dry))

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
    @task(positional=["address"])
    def show(_context: Context, address: str) -> None:
        """Show what the book knows about one person."""
        with plain_errors():
            _say(commands.show_person(var, address))

    return show


def _erase(var: Path) -> Any:
    @task(positional=["address"])
    def erase(context: Context, address: str) -> None:
        """Delete a person for good; prints a receipt without the address."""
        with plain_errors():
            if not _dry(context, "delete that person"):
                _say(commands.erase_person(var, address, now=moment()))

    return erase


def _proof(var: Path) -> Any:
    @task(positional=["address"])
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
