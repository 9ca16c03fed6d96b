"""The commands themselves in front of Mailchimp's stand-in: how much they ask, and what they say when it says no."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.mailing_list.standin.clock import RunningClock
from tests.mailing_list.standin.members import hash_of
from tests.mailing_list.standin.refusal import Refusal
from tests.mailing_list.standin.server import KEY, Account, standing_in

from .conftest import ISSUE, SmallSite


@pytest.fixture
def account() -> Iterator[tuple[Account, dict[str, str]]]:
    with standing_in(Account(clock=RunningClock())) as (account, url):
        account.readers.add("reader@example.com")
        account.campaigns.verified_domains = ("two-funnels.example",)
        account.campaigns.sending_takes = timedelta(seconds=0.2)  # in real time: the commands look after half a second
        yield account, {
            "MAILING_LIST_PROVIDER": "mailchimp", "MAILCHIMP_API_KEY": KEY, "MAILCHIMP_LIST_ID": account.readers.id,
            "MAILCHIMP_BASE_URL": url, "MAILCHIMP_SETTLE_SECONDS": "1", "FUNNEL_NOW": "",
        }  # fmt: skip


def test_a_new_issue_costs_twelve_requests(small_site: SmallSite, account: tuple[Account, dict[str, str]]) -> None:
    """`publish` of a new issue, scheduled and for an interest, after one that is out, asks Mailchimp at most 12 times; then
    `send` says what was sent, `status` what is there, and no key is in anything that was written or said."""
    there, environ = account
    there.readers.group("Topics", "Gardens")
    there.readers.add("g@example.com", interests=[there.readers.interest("Gardens")])
    said = [small_site.invoke("publish", environ=environ), small_site.invoke("send", "1", environ=environ)]
    assert "Issue 1: sent, 2 letters." in said[-1].words, said
    at = datetime.now(UTC) + timedelta(days=2)
    more = f"number: 2\nsend_at: {at:%Y-%m-%d %H:%M}\ninterests: [Gardens]"
    small_site.write(
        "content/newsletter/002-more.md", ISSUE.replace("number: 1", more).replace("The first", "The second")
    )
    there.calls.clear()
    said.append(small_site.invoke("publish", environ=environ))
    assert said[-1].code == 0 and len(there.calls) <= 12, (said[-1].words, there.calls)
    assert sorted(one.status for one in there.campaigns.known.values()) == ["schedule", "sent"]
    said.append(small_site.invoke("status", environ=environ))
    assert "Letter 1: sent, 2 letters" in said[-1].words and "Letter 2: scheduled for " in said[-1].words
    said.append(small_site.invoke("plan", "--format", "json", environ=environ))
    assert json.loads(said[-1].words)["empty"] is True
    assert KEY not in small_site.ledger() + "".join(one.words for one in said)


NOS = {
    "a wrong key": (Refusal(401, "API Key Invalid", "Your API key may be invalid."), {}, 2, "Make a new one in Mailchimp"),
    "a revoked key": (Refusal(403, "API Key Revoked", "The key is no longer active."), {}, 2, "Make a new one in Mailchimp"),
    "a key of another data centre": (
        Refusal(403, "Wrong Datacenter", "Your key belongs to another datacenter."), {}, 2, "belongs to another data centre"
    ),
    "a quota that is reached": (Refusal(403, "Forbidden", "Your send quota is exceeded."), {}, 5, "its quota is reached"),
    "a wrong audience": (None, {"MAILCHIMP_LIST_ID": "nosuchlist"}, 2, "It sees: a1b2c3d4e5 (Readers)"),
    "no key": (None, {"MAILCHIMP_API_KEY": ""}, 2, "MAILCHIMP_API_KEY is not set"),
    "nobody there": (None, {"MAILCHIMP_BASE_URL": "http://127.0.0.1:9"}, 5, "cannot be reached"),
    "no provider of that name": (None, {"MAILING_LIST_PROVIDER": "pigeons"}, 2, "must be one of: local, mailchimp"),
}  # fmt: skip


@pytest.mark.parametrize("no", NOS.values(), ids=NOS.keys())
def test_a_no_stops_before_anything_is_built(
    small_site: SmallSite, account: tuple[Account, dict[str, str]], no: tuple[Refusal | None, dict[str, str], int, str]
) -> None:
    """Each is said with its mend and its exit code; nothing is built, put on-line or written into the ledger."""
    there, environ = account
    there.revoked, more, code, words = no
    ran = small_site.invoke("publish", environ=environ | more)
    assert ran.code == code and words in ran.words and KEY not in ran.words, ran.words
    assert "Traceback" not in ran.words
    assert not (small_site.root / "var/build").exists() and not small_site.ledger() and not there.campaigns.known


HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m"


@pytest.mark.parametrize("task", ["publish", "plan", "status", "doctor", "send 1", "people.push", "people.pull"])
def test_nothing_that_mailchimp_says_steers_the_terminal(
    small_site: SmallSite, account: tuple[Account, dict[str, str]], task: str
) -> None:
    """Names and refusals are printed without the signs that clear a screen or rename a window."""
    there, environ = account
    there.readers.name = f"Readers{HOSTILE}"
    there.readers.double_optin = task in ("status", "doctor")
    ran = small_site.invoke(*task.split(), environ=environ)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", ran.words), ran.words
    there.revoked = Refusal(403, f"Forbidden{HOSTILE}", f"No.{HOSTILE}")
    ran = small_site.invoke(*task.split(), environ=environ)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", ran.words), ran.words


def test_a_push_says_who_was_not_taken_and_why(small_site: SmallSite, account: tuple[Account, dict[str, str]]) -> None:
    """`people.push` ends with what Mailchimp did: how many came, and for each reason how many did not. A second one, with only
    people whom Mailchimp may not have, changes nothing and says so."""
    there, environ = account
    people = (
        "email,consented_at\nann@example.com,2025-06-01\ngone@example.com,2025-06-01\nleft@example.com,2025-06-01\n"
    )
    small_site.write("var/list.csv", people)
    assert small_site.invoke("people.import", "var/list.csv").code == 0
    there.readers.add("left@example.com", "unsubscribed", compliance=True)
    there.readers.forgotten.add(hash_of("gone@example.com"))
    ran = small_site.invoke("people.push", environ=environ)
    assert ran.code == 0 and "1 added as pending" in ran.words, ran.words
    assert "1 not taken: was deleted for good at Mailchimp" in ran.words and "@" not in ran.words
    there.readers.add("gone@example.com", "cleaned")
    before = small_site.ledger()
    ran = small_site.invoke("people.push", environ=environ)
    assert ran.code == 0 and "Nothing to do" in ran.words and "1 left alone: left at Mailchimp" in ran.words, ran.words
    assert small_site.ledger() == before


def test_what_comes_next_speaks_of_the_list_that_is_used(
    small_site: SmallSite, account: tuple[Account, dict[str, str]]
) -> None:
    """Who is connected with Mailchimp is not told to connect it, nor to look for drafts in a folder."""
    _there, environ = account
    ran = small_site.invoke("publish", environ=environ)
    assert "at Mailchimp, under Campaigns" in ran.words and "connect Mailchimp" not in ran.words, ran.words


def test_a_single_opt_in_audience_gets_no_letters(
    small_site: SmallSite, account: tuple[Account, dict[str, str]]
) -> None:
    """`publish` says how to switch double opt-in on, ends with 2, and has changed nothing."""
    there, environ = account
    there.readers.double_optin = False
    ran = small_site.invoke("publish", environ=environ)
    assert ran.code == 2 and "Switch double opt-in on" in ran.words and not small_site.ledger()


def test_what_mailchimp_sent_by_itself_is_in_the_ledger(
    small_site: SmallSite, account: tuple[Account, dict[str, str]]
) -> None:
    """The next publish writes down, once, that a scheduled letter went out, so that the local list never sends it again."""
    there, environ = account
    at = datetime.now(UTC) + timedelta(days=2)
    small_site.edit("content/newsletter/001-lists.md", "number: 1", f"number: 1\nsend_at: {at:%Y-%m-%d %H:%M}")
    assert small_site.invoke("publish", environ=environ).code == 0
    (one,) = there.campaigns.known.values()
    one.status, one.emails_sent, one.send_time = "sent", 1, there.clock.now()
    ran = small_site.invoke("publish", environ=environ)
    before = small_site.ledger()
    assert ran.code == 0 and before.count('"action":"send","phase":"done"') == 1, ran.words
    assert small_site.invoke("publish", environ=environ).code == 0 and small_site.ledger() == before
    ran = small_site.invoke("publish", environ=environ | {"MAILING_LIST_PROVIDER": "local"})
    assert ran.code == 0 and small_site.ledger() == before, ran.words
    ran = small_site.invoke("send", "1", environ=environ | {"MAILING_LIST_PROVIDER": "local"})
    assert "nothing was sent now; sent on" in ran.words and "by mailchimp, says the ledger" in ran.words, ran.words


def test_without_a_sender_nothing_is_begun(small_site: SmallSite, account: tuple[Account, dict[str, str]]) -> None:
    """Mailchimp sends nothing without an address for replies: `publish` says which setting is missing, and ends with 2."""
    there, environ = account
    conf = (small_site.root / "pelicanconf.py").read_text()
    small_site.write("pelicanconf.py", re.sub(r"(?m)^(NEWSLETTER_(?:FROM_ADDRESS|REPLY_TO)) = .*$", r'\1 = ""', conf))
    ran = small_site.invoke("publish", environ=environ)
    assert ran.code == 2 and "set NEWSLETTER_REPLY_TO or NEWSLETTER_FROM_ADDRESS" in ran.words, ran.words
    assert not there.calls and not small_site.ledger() and not (small_site.root / "var/build").exists()


def test_an_interest_that_does_not_exist_is_told_by_the_plan(
    small_site: SmallSite, account: tuple[Account, dict[str, str]]
) -> None:
    """The plan says that the letter cannot be made and why; `publish` brings the site on-line, makes nothing at Mailchimp, and
    ends with 5 each time until the interest is there."""
    there, environ = account
    small_site.edit("content/newsletter/001-lists.md", "number: 1", "number: 1\ninterests: [Gardens]")
    planned = small_site.invoke("plan", environ=environ)
    assert planned.code == 0 and "cannot be done (The interest 'Gardens' does not exist" in planned.words, planned.words
    for _ in range(2):
        ran = small_site.invoke("publish", environ=environ)
        assert ran.code == 5 and "goes to nobody rather than to everybody" in ran.words, ran.words
        assert (small_site.root / "var/site/current/newsletter/1/index.html").exists() and not there.campaigns.known
    there.readers.group("Topics", "Gardens")
    assert small_site.invoke("publish", environ=environ).code == 0 and len(there.campaigns.known) == 1
