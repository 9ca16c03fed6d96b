"""The tasks about letters: `invoke send 3` and the rest. Each works on the letters of the live release, or says what it would do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from invoke import Context, task

from funnel.publish import letters
from funnel.publish.build import Site
from funnel.publish.console import choose, open_list, plain_errors, settings_of, tell, whole
from funnel.publish.progress import sending
from funnel.publish.targets import open_target
from funnel.publish.transaction import Event

Action = Callable[..., Iterator[Event]]
NUMBER = {"number": "the number of the issue"}


def letter_tasks(site: Site) -> tuple[Any, ...]:
    """The tasks on the letters of a site."""
    return tuple(make(site) for make in (_send, _send_due, _test_send, _unschedule, _resolve))


def _send(site: Site) -> Any:
    @task(help=NUMBER, positional=["number"])
    def send(c: Context, number: str) -> None:
        """Send issue NUMBER to everybody who gave permission. Once, and for good."""
        _with_list(
            site, c, f"send issue {number} to everybody who gave permission", _placed(letters.send), _whole(number)
        )

    return send


def _send_due(site: Site) -> Any:
    @task(name="send-due")
    def send_due(c: Context) -> None:
        """Send the letters whose `send_at` has come (local list; for cron)."""
        _with_list(site, c, "send the letters that are due", _placed(letters.send_due))

    return send_due


def _test_send(site: Site) -> Any:
    @task(name="test-send", help={**NUMBER, "address": "where to"}, positional=["number", "address"])
    def test_send(c: Context, number: str, address: str) -> None:
        """Send issue NUMBER to one address, to look at it."""
        what = f"send issue {number} to that one address"
        _with_list(site, c, what, _placed(letters.test_send), _whole(number), address)

    return test_send


def _unschedule(site: Site) -> Any:
    @task(help=NUMBER, positional=["number"])
    def unschedule(c: Context, number: str) -> None:
        """Take the schedule of issue NUMBER back."""
        _with_list(site, c, f"take the schedule of issue {number} back", _anywhere(letters.unschedule), _whole(number))

    return unschedule


def _resolve(site: Site) -> Any:
    @task(help={**NUMBER, "outcome": "sent or not-sent"}, positional=["number", "outcome"])
    def resolve(c: Context, number: str, outcome: str) -> None:
        """Write down what you found out about a send whose outcome was unknown: `sent` or `not-sent`."""
        with plain_errors():
            choose(outcome, ("sent", "not-sent"), "resolve")
        what = f"write down that issue {number} was {outcome}"
        _with_list(site, c, what, _anywhere(letters.resolve), _whole(number), sent=outcome == "sent")

    return resolve


def _whole(number: str) -> int:
    return whole(number, "NUMBER")


def _placed(action: Action) -> Action:
    """An action on the letters of what is on-line: it is handed the place where that is."""
    return lambda site, settings, *rest, **more: action(site, open_target(settings, site), *rest, **more)


def _anywhere(action: Action) -> Action:
    """An action that asks nothing of the site, so that it works whatever DEPLOY_TARGET says."""
    return lambda site, _, *rest, **more: action(site, *rest, **more)


def _with_list(site: Site, c: Context, what: str, action: Action, *arguments: object, **more: object) -> None:
    """Run an action on letters and their list, or say what it would do."""
    with plain_errors():
        if c.config.run.dry:
            print(f"Would {what}.")
            return
        settings = settings_of(site)
        with sending() as progress:
            mailing_list = open_list(site, settings, progress=progress)
            tell(action(site, settings, mailing_list, *arguments, **more))
