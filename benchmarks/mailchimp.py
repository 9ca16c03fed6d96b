"""Counts what the commands ask of Mailchimp: `python benchmarks/mailchimp.py` prints requests and time beside what is promised.

The commands are the real ones, in a project of their own, against the tests' stand-in on loopback.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "plugins")]

from tests.house.conftest import ISSUE, SmallSite, make_site  # noqa: E402
from tests.mailing_list.standin.clock import RunningClock  # noqa: E402
from tests.mailing_list.standin.server import KEY, Account, standing_in  # noqa: E402

SENT, PEOPLE = 500, 10_000


@dataclass(frozen=True)
class Bench:
    """A project and the account that it sends through."""

    site: SmallSite
    account: Account
    environ: dict[str, str]

    def measure(self, name: str, promised: str, *command: str) -> None:
        """Run a command and print how many requests it made, of which kinds, and how long it took."""
        self.account.calls.clear()
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "invoke", *command],
            cwd=self.site.root,
            env=self.environ,
            capture_output=True,
            text=True,
        )
        took, calls = time.monotonic() - began, Counter(f"{method} {path}" for method, path in self.account.calls)
        print(f"{name}: {calls.total()} requests (promised: {promised}), {took:.1f} s, exit code {done.returncode}")
        print("\n".join(f"    {count:3} {call}" for call, count in sorted(calls.items())))
        if done.returncode:
            print(done.stdout[-2000:], done.stderr[-2000:])


def write_issue(site: SmallSite, number: int, more: str = "") -> None:
    day = datetime(2015, 1, 1, tzinfo=UTC) + timedelta(days=number)
    text = ISSUE.replace("number: 1", f"number: {number}").replace("2026-05-05", f"{day:%Y-%m-%d}")
    text = text.replace("The first letter", f"Letter {number}").replace("preheader:", f"{more}preheader:")
    site.write(f"content/newsletter/{number:03}-lists.md", text)


def publish_one_more(bench: Bench) -> None:
    """One new issue, scheduled and for an interest, among SENT that are out."""
    audience, campaigns = bench.account.readers, bench.account.campaigns
    campaigns.verified_domains = ("two-funnels.example", "example.com")
    audience.group("Topics", "Gardens")
    audience.add("reader@example.com", interests=[audience.interest("Gardens")])
    for number in range(1, SENT + 1):
        write_issue(bench.site, number)
        settings = {"title": f"Letter {number} [nl:two-funnels:{number}]"}
        one = campaigns.create({"type": "regular", "settings": settings, "recipients": {"list_id": audience.id}})
        one.status, one.emails_sent, one.send_time = "sent", 1, one.created
    bench.measure(f"`publish` for the first time, {SENT} issues that are out", "no figure", "publish")
    at = datetime.now(UTC) + timedelta(days=2)
    write_issue(bench.site, SENT + 1, f"send_at: {at:%Y-%m-%d %H:%M}\ninterests: [Gardens]\n")
    bench.measure(f"`publish` of one new issue among {SENT}", "12 at most", "publish")
    print(f"    {[one.status for one in campaigns.known.values()].count('schedule')} campaign is scheduled now")
    bench.measure("`publish` with nothing to do", "no figure", "publish")
    bench.measure("`status`", "no figure", "status")


def bring_people(bench: Bench) -> None:
    """PEOPLE who confirmed, brought to an audience that has none of them, and once more."""
    rows = "".join(f"new{number}@example.com,New {number},2025-03-01 10:00\n" for number in range(PEOPLE))
    bench.site.write("people.csv", f"Email,First Name,Consent date\n{rows}")
    bench.measure(f"`people.import` of {PEOPLE}", "none", "people.import", "people.csv")
    bench.measure(f"`people.push` of {PEOPLE}", "60 at most", "people.push")
    print(f"    {len(bench.account.readers.members)} members are there now")
    bench.measure("`people.push` again", "no figure", "people.push")
    bench.measure("`people.pull`", "no figure", "people.pull")


def main(*parts: Callable[[Bench], None]) -> None:
    for part in parts:
        with (
            tempfile.TemporaryDirectory() as folder,
            standing_in(Account(clock=RunningClock())) as (account, url),
        ):
            environ = {
                **os.environ, "MAILING_LIST_PROVIDER": "mailchimp", "MAILCHIMP_API_KEY": KEY, "MAILCHIMP_LIST_ID": account.readers.id,
                "MAILCHIMP_BASE_URL": url, "MAILCHIMP_SETTLE_SECONDS": "1",
            }  # fmt: skip
            part(Bench(make_site(Path(folder) / "site", ROOT), account, environ))


if __name__ == "__main__":
    main(publish_one_more, bring_people)
