"""The pages of documentation that are made from the program itself: docs/settings.md and docs/commands.md."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from invoke import Task

from funnel.settings import Settings

ENVIRONMENT = {
    "SITEURL": "the address of the real site; stronger than publishconf.py",
    "MAILING_LIST_PROVIDER": "local or mailchimp; stronger than the setting",
    "SMTP_URL": "how the local list sends: smtps://NAME:PASSWORD@mail.example.com; empty: letters become files",
    "MAILCHIMP_API_KEY": "the key of your Mailchimp account",
    "MAILCHIMP_SERVER_PREFIX": "the data centre, such as us21; needed only when the key does not end with it",
    "MAILCHIMP_LIST_ID": "the audience; MAILCHIMP_AUDIENCE_ID is the same, and they must not differ",
    "MAILCHIMP_BASE_URL": "a stand-in for Mailchimp on this machine, for tests",
    "MAILCHIMP_SETTLE_SECONDS": "how long Mailchimp's list of campaigns may lag behind (10)",
    "MAILCHIMP_DEADLINE_SECONDS": "how long one answer of Mailchimp may take (20)",
    "FUNNEL_SECRET": "the secret that links in letters are signed with; empty: a private file in var/",
    "FUNNEL_NOW": "a moment that stands in for the clock, for tests, such as 2026-05-04T09:30+01:00 (without an offset: UTC); "
    "what sends, and the desk, go by the real one",
}
"""What is read from the environment and from nowhere else. Secrets stand nowhere else."""


def settings_page() -> str:
    """docs/settings.md, from the record of settings."""
    lines = [
        "# Settings",
        "",
        "They stand in `pelicanconf.py`; `publishconf.py` holds what differs on the real site. A name that is nearly one of these",
        "is refused with its place, and all wrong values are told at once. These names are our own. `GUARD` is explained in",
        "[the guard](guard.md#configuration). Pelican's settings, such as those in the lower part of `pelicanconf.py`, keep their",
        "meaning ([Pelican's documentation](https://docs.getpelican.com/)).",
        "This page is made from the program: `invoke golden` writes it anew.",
        "",
        "| name | default | what it is for |",
        "|---|---|---|",
        *(
            f"| `{item.name.upper()}` | `{_default(item.default)}` | {item.metadata['help']} |"
            for item in fields(Settings)
        ),
        "",
        "## From the environment",
        "Secrets are read from the environment and are never printed.",
        "",
        "| name | what it is for |",
        "|---|---|",
        *(f"| `{name}` | {words} |" for name, words in ENVIRONMENT.items()),
    ]
    return "\n".join(lines) + "\n"


def commands_page(tasks: Iterable[tuple[str, Task[Any]]]) -> str:
    """docs/commands.md, from the tasks: name, what it does, its options."""
    lines = [
        "# Commands",
        "",
        "`invoke --list` shows them, `invoke --help TASK` explains one. In a fresh clone `python3 bootstrap.py TASK` does the same.",
        "Under `invoke --dry TASK` nothing is changed anywhere. This page is made from the program: `invoke golden` writes it anew.",
    ]
    for name, task in sorted(tasks):
        lines += ["", f"## {name}", " ".join((task.__doc__ or "").split())]
        options = [argument for argument in task.get_arguments() if argument.help]
        lines += ["", *(f"- `{_typed(argument, task)}` {argument.help}" for argument in options)] if options else []
    return "\n".join(lines) + "\n"


def _typed(argument: object, task: Task[Any]) -> str:
    name = str(argument.name).replace("_", "-")  # type: ignore[attr-defined]
    return name.upper() if name.replace("-", "_") in (task.positional or ()) else f"--{name}"


def _default(value: object) -> str:
    return "[]" if value == () else repr(value)
