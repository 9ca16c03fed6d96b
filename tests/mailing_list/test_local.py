"""The embedded list: drafts as files, letters by SMTP or as files, each at most once."""

from __future__ import annotations

import shutil
import sqlite3
import threading
import time
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from funnel.mailing_list import send
from funnel.mailing_list.carry_out import apply_letters
from funnel.mailing_list.delivery import Pace
from funnel.mailing_list.event import Phase
from funnel.mailing_list.faults import MailingListFault, NothingToSend, Refused, SetupFault, Unfinished
from funnel.mailing_list.ledger import Ledger
from funnel.mailing_list.letters import Letters, State
from funnel.mailing_list.local import LocalList
from funnel.mailing_list.plan import has_effect, plan_letters
from funnel.mailing_list.port import Status
from funnel.mailing_list.secret import Secret
from funnel.mailing_list.smtp_url import read_smtp_url
from funnel.mailing_list.witness import alone

from .mail_server import mail_server
from .samples import NOW, ListedRoll, edition, local_list, people


def publish(mailing_list: LocalList, ledger: Ledger, *editions: object) -> list[str]:
    steps = plan_letters(editions, mailing_list.truth(), ledger.events(), NOW)  # type: ignore[arg-type]
    return [f"{event.action}:{event.phase}" for event in apply_letters(steps, mailing_list, ledger)]


def test_publish_drafts_once_and_sends_nothing(tmp_path: Path) -> None:
    """A first publish leaves a draft that a mail program opens, a second one finds nothing to do, and no letter
    leaves."""
    ListedRoll(tmp_path / "roll.json").write(people(3))
    mailing_list, ledger = local_list(tmp_path), Ledger(tmp_path / "ledger.jsonl")
    assert publish(mailing_list, ledger, edition()) == ["draft:intent", "draft:done"]
    assert publish(mailing_list, ledger, edition()) == []
    assert b"Hello friend" in (tmp_path / "var/outbox/1.eml").read_bytes()
    assert not (tmp_path / "var/outbox/sent").exists()


@pytest.mark.parametrize("change", [{"address": "new@example.com"}, {"postal_address": ("2 Example Street",)}])
def test_a_new_sender_stands_in_the_draft(tmp_path: Path, change: dict[str, object]) -> None:
    """When only the sender or an address in it changes, the draft that the owner looks at is written anew, once."""
    ListedRoll(tmp_path / "roll.json").write({})
    mailing_list, ledger = local_list(tmp_path), Ledger(tmp_path / "ledger.jsonl")
    publish(mailing_list, ledger, edition())
    moved = replace(mailing_list, sender=replace(mailing_list.sender, **change))
    assert publish(moved, ledger, edition()) == ["update:intent", "update:done"]
    (value,) = change.values()
    assert (value if isinstance(value, str) else value[0]) in (tmp_path / "var/outbox/1.eml").read_text()  # type: ignore[index]
    assert publish(moved, ledger, edition()) == []


def test_without_a_mail_server_letters_become_files_and_that_is_said(tmp_path: Path) -> None:
    """Without SMTP_URL each reader's letter is a file, and the words say that nobody was mailed."""
    ListedRoll(tmp_path / "roll.json").write(people(3))
    mailing_list, ledger = local_list(tmp_path), Ledger(tmp_path / "ledger.jsonl")
    words = send.send_issue(1, [edition()], mailing_list, ledger).words
    assert len(list((tmp_path / "var/outbox/sent/1").glob("*.eml"))) == 3
    assert words.startswith("Issue 1: sent, 3 letters (3 written to ") and "nobody was mailed" in words
    assert "nothing was sent now; sent to 3" in send.send_issue(1, [edition()], mailing_list, ledger).words


def test_written_letters_can_be_sent_after_the_owner_says_so(tmp_path: Path) -> None:
    """Letters that only became files go out for real after `resolve ... not sent`, and only once."""
    ListedRoll(tmp_path / "roll.json").write(people(2))
    ledger = Ledger(tmp_path / "ledger.jsonl")
    send.send_issue(1, [edition()], local_list(tmp_path), ledger)
    with mail_server() as room:
        mailing_list = local_list(tmp_path, room.url)
        send.send_issue(1, [edition()], mailing_list, ledger)
        assert not room.took
        send.resolve(1, [edition()], mailing_list, ledger, sent=False)
        send.send_issue(1, [edition()], mailing_list, ledger)
        send.send_issue(1, [edition()], mailing_list, ledger)
        assert room.counts == {"reader0@example.com": 1, "reader1@example.com": 1}


def test_what_a_mail_server_took_is_never_called_not_sent(tmp_path: Path) -> None:
    """An issue that is wholly sent is refused in words and stays so in the ledger; of a half unclear one, only the unclear letters
    may go out again, even if the record is lost later."""
    ListedRoll(tmp_path / "roll.json").write(people(2))
    ledger, var = Ledger(tmp_path / "ledger.jsonl"), tmp_path / "var"
    with mail_server() as room:
        mailing_list = local_list(tmp_path, room.url)
        send.send_issue(1, [edition()], mailing_list, ledger)
        before = ledger.events()
        with pytest.raises(Refused, match=r"took 2 letters of issue 1.*cannot be called not sent"):
            send.resolve(1, [edition()], mailing_list, ledger, sent=False)
        assert ledger.events() == before
        Letters(var / "letters.sqlite3").mark("site/1", "reader1@example.com", State.HANDING)
        words = send.resolve(1, [edition()], mailing_list, ledger, sent=False)
        assert words == "Issue 1 counts as partly sent. 1 letter counts as not sent now; send sends it. 1 went out."
        assert mailing_list.truth().campaigns["site/1"].status is Status.SENDING
        shutil.move(var, tmp_path / "lost")
        send.send_issue(1, [edition()], mailing_list, ledger)
        assert room.counts == {"reader0@example.com": 1, "reader1@example.com": 1}
        shutil.rmtree(var, ignore_errors=True)
        shutil.move(tmp_path / "lost", var)
        send.send_issue(1, [edition()], mailing_list, ledger)
        assert room.counts == {"reader0@example.com": 1, "reader1@example.com": 2}


def test_nobody_there_is_no_fault_and_no_sent(tmp_path: Path) -> None:
    """Without subscribers nothing counts as sent, and the ledger says that it failed."""
    ListedRoll(tmp_path / "roll.json").write({})
    mailing_list, ledger = local_list(tmp_path), Ledger(tmp_path / "ledger.jsonl")
    with pytest.raises(NothingToSend, match="sent to nobody"):
        send.send_issue(1, [edition()], mailing_list, ledger)
    assert ledger.events()[-1].phase is Phase.FAILED and mailing_list.truth().campaigns["site/1"].status is Status.DRAFT


def test_interests_choose_the_readers(tmp_path: Path) -> None:
    """An issue for an interest goes to those who chose it, and if nobody did, to nobody."""
    ListedRoll(tmp_path / "roll.json").write({"a@example.com": "gardens", "b@example.com": "kitchens"})
    ledger = Ledger(tmp_path / "ledger.jsonl")
    with mail_server() as room:
        mailing_list = local_list(tmp_path, room.url)
        send.send_issue(1, [edition(interests=("gardens",))], mailing_list, ledger)
        assert list(room.took) == ["a@example.com"]
        with pytest.raises(NothingToSend, match="interests boats"):
            send.send_issue(2, [edition(2, interests=("boats",))], mailing_list, ledger)


def test_the_server_says_later_never_and_nothing(tmp_path: Path) -> None:
    """4xx is tried again, a mailbox that does not exist is reported to the book, a lost answer is never repeated."""
    roll = ListedRoll(tmp_path / "roll.json")
    roll.write(people(4))
    ledger = Ledger(tmp_path / "ledger.jsonl")
    with mail_server() as room:
        room.answers = {
            "reader0@example.com": ["450 4.2.0 greylisted", "450 4.2.0 greylisted"],
            "reader1@example.com": ["550 5.1.1 no such user <reader1@example.com>"],
        }
        room.drop_after = {"reader2@example.com"}
        mailing_list = local_list(tmp_path, room.url)
        campaign = send.send_issue(1, [edition()], mailing_list, ledger).campaign
        words = send.send_issue(1, [edition()], mailing_list, ledger).words
        assert room.counts == {f"reader{one}@example.com": 1 for one in (0, 2, 3)}
        assert room.letter("reader2@example.com")["Message-ID"] in words and words.count("<issue-") == 1
    assert campaign is not None and campaign.sent_count == 2
    assert "1 refused by the mail server" in campaign.detail and "1 unclear" in campaign.detail
    assert not roll.may_receive("reader1@example.com", "newsletter")
    assert "@" not in ledger.path.read_text()


def test_who_leaves_while_letters_go_out_gets_none(tmp_path: Path) -> None:
    """Opt-outs are read again immediately before each letter."""
    roll = ListedRoll(tmp_path / "roll.json")
    roll.write(people(4))
    with mail_server() as room:
        mailing_list = local_list(tmp_path, room.url, progress=lambda _done, _all: roll.leave("reader3@example.com"))
        send.send_issue(1, [edition()], mailing_list, Ledger(tmp_path / "ledger.jsonl"))
        assert sorted(room.took) == ["reader0@example.com", "reader1@example.com", "reader2@example.com"]


def test_who_joins_after_the_start_does_not_get_the_rest(tmp_path: Path) -> None:
    """The audience is fixed when sending begins: going on later reaches nobody new."""
    roll = ListedRoll(tmp_path / "roll.json")
    roll.write(people(2))
    ledger = Ledger(tmp_path / "ledger.jsonl")
    with mail_server() as room:
        mailing_list = local_list(tmp_path, room.url)
        room.answers = {"reader1@example.com": ["450 later"] * 4}
        with pytest.raises(Unfinished, match=r"`send 1` goes on with the 1 that are left"):
            send.send_issue(1, [edition()], mailing_list, ledger)
        roll.write(people(3))
        send.send_issue(1, [edition(words="Changed meanwhile.")], mailing_list, ledger)
        assert room.counts == {"reader0@example.com": 1, "reader1@example.com": 1}
        assert b"Changed" not in room.took["reader1@example.com"][0]


def test_too_many_dead_mailboxes_stop_the_sending(tmp_path: Path) -> None:
    """A list of which too many mailboxes do not exist is not mailed to the end."""
    ListedRoll(tmp_path / "roll.json").write(people(40))
    with mail_server() as room:
        room.answers = {f"reader{one}@example.com": ["550 5.1.1 unknown"] for one in range(0, 40, 2)}
        mailing_list = local_list(tmp_path, room.url, pace=Pace(stop_after=10))
        with pytest.raises(Unfinished, match=r"5 of 10 mailboxes do not exist"):
            send.send_issue(1, [edition()], mailing_list, Ledger(tmp_path / "ledger.jsonl"))
        assert len(room.took) == 5


@pytest.mark.parametrize("taken", [0, 12])
def test_a_server_that_wants_no_letters_costs_nobody_hers(tmp_path: Path, taken: int) -> None:
    """A server that refuses relaying, or all beyond a daily quota, stops the sending; who was refused gets her letter later, once."""
    ListedRoll(tmp_path / "roll.json").write(people(30))
    ledger = Ledger(tmp_path / "ledger.jsonl")
    with mail_server() as room:
        room.answers = {f"reader{one}@example.com": ["550 5.4.5 daily quota exceeded"] for one in range(taken, 30)}
        mailing_list = local_list(tmp_path, room.url)
        with pytest.raises(
            Unfinished, match=r"30 still .*refuses letter after letter.*550 5\.4\.5" if not taken else "18 still"
        ):
            send.send_issue(1, [edition()], mailing_list, ledger)
        assert len(room.took) == taken
        room.answers = {}
        send.send_issue(1, [edition()], mailing_list, ledger)
        assert room.counts == dict.fromkeys(people(30), 1)


def test_a_server_that_wants_nobody_of_a_small_list_stops_it_too(tmp_path: Path) -> None:
    """Where not one letter was taken, none counts as refused for its reader's sake, however short the list is."""
    ListedRoll(tmp_path / "roll.json").write(people(2))
    with mail_server() as room:
        room.answers = {one: ["554 5.7.1 relay access denied"] for one in people(2)}
        with pytest.raises(Unfinished, match="2 still to be sent"):
            send.send_issue(1, [edition()], local_list(tmp_path, room.url), Ledger(tmp_path / "ledger.jsonl"))


def test_letters_that_are_put_off_are_waited_for_beside_one_that_is_not_wanted(tmp_path: Path) -> None:
    """Greylisting of all the others is no refusal of them: they are tried again, and go out."""
    ListedRoll(tmp_path / "roll.json").write(people(4))
    with mail_server() as room:
        first, *others = people(4)
        room.answers = {first: ["554 5.7.1 no"] * 9, **{one: ["450 4.2.0 greylisted"] for one in others}}
        send.send_issue(1, [edition()], local_list(tmp_path, room.url), Ledger(tmp_path / "ledger.jsonl"))
        assert room.counts == dict.fromkeys(others, 1)


def test_a_few_unwanted_letters_stop_no_other(tmp_path: Path) -> None:
    """Letters refused here and there, or at the end, are refused for good, and the issue counts as sent."""
    ListedRoll(tmp_path / "roll.json").write(people(12))
    with mail_server() as room:
        room.answers = {f"reader{one}@example.com": ["550 5.7.1 no"] for one in (0, 4, 5, 11)}
        mailing_list = local_list(tmp_path, room.url)
        send.send_issue(1, [edition()], mailing_list, Ledger(tmp_path / "ledger.jsonl"))
        assert len(room.took) == 8
        assert "4 refused" in mailing_list.truth().campaigns["site/1"].detail


def test_too_many_complaints_stop_the_sending(tmp_path: Path) -> None:
    """When readers call the letter abuse while it goes out, the rest is not sent; one complaint alone stops nothing."""
    roll = ListedRoll(tmp_path / "roll.json")
    roll.write(people(60))

    def complain(done: int, _all: int) -> None:
        if done in (3, 25):
            roll.complain(f"reader{done - 1}@example.com")

    with mail_server() as room:
        mailing_list = local_list(tmp_path, room.url, progress=complain)
        with pytest.raises(Unfinished, match=r"2 people complained while 40 letters went out"):
            send.send_issue(1, [edition()], mailing_list, Ledger(tmp_path / "ledger.jsonl"))
        assert len(room.took) == 40


def test_a_server_that_is_gone_stops_early(tmp_path: Path) -> None:
    """When nothing answers, sending stops after a few tries and says what was met, and how to go on."""
    ListedRoll(tmp_path / "roll.json").write(people(50))
    with mail_server() as room:
        url = room.url
    with pytest.raises(Unfinished, match=r"No usable answer .*\(the mail server does not answer:.*refused\)"):
        send.send_issue(1, [edition()], local_list(tmp_path, url), Ledger(tmp_path / "ledger.jsonl"))


def test_a_server_that_breaks_off_leaves_few_letters_unclear(tmp_path: Path) -> None:
    """When the answers to whole letters are lost one after the other, sending stops: three are unclear, and not the whole list."""
    ListedRoll(tmp_path / "roll.json").write(people(50))
    with mail_server() as room:
        room.drop_after = set(people(50))
        with pytest.raises(
            Unfinished, match=r"No usable answer .*broke before the answer.*goes on with the 47 that are left"
        ):
            send.send_issue(1, [edition()], local_list(tmp_path, room.url), Ledger(tmp_path / "ledger.jsonl"))
        room.drop_after = set()
        send.send_issue(1, [edition()], local_list(tmp_path, room.url), Ledger(tmp_path / "ledger.jsonl"))
    assert len(room.took) == 50 and set(room.counts.values()) == {1}


def test_a_test_letter_goes_to_its_addresses_only(tmp_path: Path) -> None:
    """`test-send` reaches the given addresses and leaves the campaign a draft."""
    ListedRoll(tmp_path / "roll.json").write(people(2))
    ledger = Ledger(tmp_path / "ledger.jsonl")
    with mail_server() as room:
        mailing_list = local_list(tmp_path, room.url)
        told = send.test_send(1, ["me@example.com"], [edition()], mailing_list, ledger)
        assert list(room.took) == ["me@example.com"] and "handed over" in told
    assert mailing_list.truth().campaigns["site/1"].status is Status.DRAFT and "@" not in ledger.path.read_text()


def test_no_mailbox_takes_a_test_letter_for_a_copy(tmp_path: Path) -> None:
    """Two tests and the letter itself have a Message-ID each: mailboxes throw away what they have under the same one."""
    readers = people(1)
    ListedRoll(tmp_path / "roll.json").write(readers)
    ledger = Ledger(tmp_path / "ledger.jsonl")
    with mail_server() as room:
        mailing_list = local_list(tmp_path, room.url)
        for hour in (1, 2):
            mailing_list = replace(
                mailing_list, watch=replace(mailing_list.watch, now=lambda at=hour: NOW + timedelta(hours=at))
            )
            send.test_send(1, list(readers), [edition()], mailing_list, ledger)
        send.send_issue(1, [edition()], mailing_list, ledger)
        names = [message_from_bytes(one)["Message-ID"] for one in room.took[next(iter(readers))]]
    assert len(set(names)) == 3 and all(name.endswith("@www.example.com>") for name in names)


def test_a_test_letter_that_no_server_got_says_where_it_lies(tmp_path: Path) -> None:
    """Without SMTP_URL nobody waits for a letter that became a file: the folder is told, and that nobody was mailed."""
    ListedRoll(tmp_path / "roll.json").write(people(1))
    ledger = Ledger(tmp_path / "ledger.jsonl")
    told = send.test_send(1, ["me@example.com"], [edition()], local_list(tmp_path), ledger)
    assert "written to var/outbox/test" in told and "nobody was mailed" in told
    assert len(list(tmp_path.rglob("outbox/test/*.eml"))) == 1


def test_what_is_due_is_sent_by_its_own_command(tmp_path: Path) -> None:
    """A scheduled letter waits for its moment, `publish` never sends it, `send-due` does, once."""
    ListedRoll(tmp_path / "roll.json").write(people(2))
    issue = edition(send_at=NOW + timedelta(hours=1))
    ledger = Ledger(tmp_path / "ledger.jsonl")
    mailing_list = local_list(tmp_path)
    assert publish(mailing_list, ledger, issue)[-1] == "schedule:done"
    early = send.Watch(now=lambda: NOW, sleep=lambda _s: None)
    late = send.Watch(now=lambda: NOW + timedelta(hours=2), sleep=lambda _s: None)
    assert list(send.send_due([issue], mailing_list, ledger, early)) == []
    steps = plan_letters([issue], mailing_list.truth(), ledger.events(), late.now())
    assert not has_effect(steps) and "send-due" in steps[0].why
    assert len(list(send.send_due([issue], mailing_list, ledger, late))) == 1
    assert list(send.send_due([issue], mailing_list, ledger, late)) == []


def test_what_was_due_first_goes_first(tmp_path: Path) -> None:
    """Of two letters that are due, the one with the earlier moment goes out first, whatever their numbers."""
    ListedRoll(tmp_path / "roll.json").write(people(1))
    issues = [edition(1, send_at=NOW + timedelta(hours=2)), edition(2, send_at=NOW + timedelta(hours=1))]
    mailing_list, ledger = local_list(tmp_path), Ledger(tmp_path / "ledger.jsonl")
    publish(mailing_list, ledger, *issues)
    late = send.Watch(now=lambda: NOW + timedelta(hours=3), sleep=lambda _s: None)
    sent = [one.words for one in send.send_due(issues, mailing_list, ledger, late)]
    assert [words[:8] for words in sent] == ["Issue 2:", "Issue 1:"]


@pytest.mark.parametrize("moved", [NOW + timedelta(days=7), None])
def test_a_letter_that_was_put_off_on_line_waits(tmp_path: Path, moved: datetime | None) -> None:
    """When a publish died between the page and the letter, `send-due` does not send what the live document puts off."""
    ListedRoll(tmp_path / "roll.json").write(people(1))
    mailing_list, ledger = local_list(tmp_path), Ledger(tmp_path / "ledger.jsonl")
    publish(mailing_list, ledger, edition(send_at=NOW + timedelta(hours=1)))
    late = send.Watch(now=lambda: NOW + timedelta(hours=2), sleep=lambda _s: None)
    assert list(send.send_due([edition(send_at=moved)], mailing_list, ledger, late)) == []


def test_a_letter_without_readers_holds_up_no_other(tmp_path: Path) -> None:
    """Of letters that are due, one for a topic that nobody chose waits without a line in the ledger, and the next one goes out."""
    ListedRoll(tmp_path / "roll.json").write({"a@example.com": "gardens"})
    at = NOW + timedelta(hours=1)
    issues = [edition(1, send_at=at, interests=("boats",)), edition(2, send_at=at)]
    ledger = Ledger(tmp_path / "ledger.jsonl")
    late = send.Watch(now=lambda: at, sleep=lambda _s: None)
    with mail_server() as room:
        mailing_list = local_list(tmp_path, room.url)
        publish(mailing_list, ledger, *issues)
        waits, goes = send.send_due(issues, mailing_list, ledger, late)
        assert "interests boats" in waits.words and "sent, 1 letter" in goes.words
        assert room.counts == {"a@example.com": 1}
        known = len(ledger.events())
        assert len(list(send.send_due(issues, mailing_list, ledger, late))) == 1 and len(ledger.events()) == known
        ListedRoll(tmp_path / "roll.json").write({"a@example.com": "gardens", "b@example.com": "boats"})
        assert "sent, 1 letter" in next(send.send_due(issues, mailing_list, ledger, late)).words
    assert room.counts == {"a@example.com": 1, "b@example.com": 1}


def test_a_letter_that_is_refused_holds_up_no_other(tmp_path: Path) -> None:
    """Of letters that are due, one that cannot go out is told at the end, after those that can."""
    ListedRoll(tmp_path / "roll.json").write(people(1))
    at = NOW + timedelta(hours=1)
    issues = [edition(1, send_at=at), edition(2, send_at=at)]
    mailing_list, ledger = local_list(tmp_path), Ledger(tmp_path / "ledger.jsonl")
    publish(mailing_list, ledger, *issues)
    due = send.send_due(
        [replace(issues[0], text="No way out."), issues[1]],
        mailing_list, ledger, send.Watch(now=lambda: at, sleep=lambda _s: None),
    )  # fmt: skip
    assert next(due).words.startswith("Issue 2: sent")
    with pytest.raises(Refused, match="ssue 1"):
        next(due)


def test_unscheduling_makes_a_draft_again(tmp_path: Path) -> None:
    """`unschedule` takes the schedule back and warns that send_at still stands."""
    ListedRoll(tmp_path / "roll.json").write(people(1))
    issue = edition(send_at=NOW + timedelta(hours=1))
    mailing_list, ledger = local_list(tmp_path), Ledger(tmp_path / "ledger.jsonl")
    publish(mailing_list, ledger, issue)
    assert "Take send_at out" in send.unschedule(1, [issue], mailing_list, ledger)
    assert mailing_list.truth().campaigns["site/1"].status is Status.DRAFT


def test_what_is_out_is_not_edited(tmp_path: Path) -> None:
    """After a send neither a draft nor a schedule of that issue is taken."""
    ListedRoll(tmp_path / "roll.json").write(people(1))
    mailing_list, ledger = local_list(tmp_path), Ledger(tmp_path / "ledger.jsonl")
    campaign = send.send_issue(1, [edition()], mailing_list, ledger).campaign
    assert campaign is not None
    with pytest.raises(Refused, match="out already"):
        mailing_list.draft(edition(words="New"), campaign)
    with pytest.raises(Refused, match="out already"):
        mailing_list.schedule(campaign, NOW)


@pytest.mark.parametrize("typed", ["1", " 01 ", 1])
def test_a_number_may_be_as_it_was_typed(tmp_path: Path, typed: int | str) -> None:
    """A number from a command line is found however it was typed; one that no issue has is told with those that are."""
    ListedRoll(tmp_path / "roll.json").write(people(1))
    mailing_list, ledger = local_list(tmp_path), Ledger(tmp_path / "ledger.jsonl")
    assert "sent, 1 letter " in send.send_issue(typed, [edition()], mailing_list, ledger).words
    with pytest.raises(SetupFault, match=r"no published issue '2x'. Published are: 1, 3"):
        send.send_issue("2x", [edition(), edition(3)], mailing_list, ledger)


@pytest.mark.parametrize(
    "url",
    [
        "relay.example.net",
        "http://relay.example.net",
        "smtp:///",
        "smtp://h:port",
        "smtps://u:p@h:99999",
        "smtp://mail..example.com",
    ],
)
def test_a_wrong_smtp_url_is_told_without_repeating_it(url: str) -> None:
    """SMTP_URL may hold a password, so the message shows how to write it and not what was written."""
    with pytest.raises(SetupFault, match="SMTP_URL cannot be used") as fault:
        read_smtp_url(Secret(url))
    assert url not in str(fault.value)


def test_letters_do_not_go_over_the_net_in_the_open() -> None:
    """Another machine is spoken to by TLS only; plain SMTP is for this machine."""
    assert read_smtp_url(Secret("smtp://mail.example.com")).tls == "start"
    assert read_smtp_url(Secret("smtps://a:b%40c@mail.example.com")).password.reveal() == "b@c"
    assert read_smtp_url(Secret("smtp://localhost:2525")).tls == "none"
    assert "b@c" not in repr(read_smtp_url(Secret("smtps://a:b%40c@mail.example.com")))


def test_the_owners_word_waits_for_what_the_server_said(tmp_path: Path) -> None:
    """While a witness of a killed sending still hears the answer, `resolve` waits: a letter that was taken is not sent again."""
    ListedRoll(tmp_path / "roll.json").write(people(2))
    mailing_list, ledger = local_list(tmp_path), Ledger(tmp_path / "ledger.jsonl")
    campaign = send.send_issue(1, [edition()], mailing_list, ledger).campaign
    assert campaign is not None
    record = tmp_path / "var/letters.sqlite3"
    for address in people(2):
        Letters(record).mark(campaign.key, address, State.HANDING)
    listening = threading.Event()

    def witness() -> None:
        with alone(record, print):
            listening.set()
            time.sleep(0.3)
            for person in Letters(record).people_in(campaign.key, [State.HANDING]):
                Letters(record).conclude(campaign.key, person, State.SENT, "")

    left_over = threading.Thread(target=witness)
    left_over.start()
    assert listening.wait(10)
    with pytest.raises(Refused, match="took 2 letters of issue 1"):
        mailing_list.resolve(campaign, sent=False)
    left_over.join(10)


def test_who_waits_for_an_old_witness_is_told(tmp_path: Path) -> None:
    """A `send` and a `resolve` that have to wait for the answer to a letter of a killed send say so at once, and for how long."""
    ListedRoll(tmp_path / "roll.json").write(people(1))
    ledger, told = Ledger(tmp_path / "ledger.jsonl"), threading.Event()
    heard: list[str] = []

    def say(words: str) -> None:
        heard.append(words)
        told.set()

    def witness() -> None:
        with alone(tmp_path / "var/letters.sqlite3", print):
            listening.set()
            told.wait(10)

    with mail_server() as room:
        mailing_list = local_list(tmp_path, room.url)
        publish(mailing_list, ledger, edition())
        Letters(tmp_path / "var/letters.sqlite3").close()
        mailing_list = replace(mailing_list, watch=replace(mailing_list.watch, say=say))
        campaign = mailing_list.truth().campaigns["site/1"]
        for asked in (
            lambda: send.send_issue(1, [edition()], mailing_list, ledger),
            lambda: mailing_list.resolve(campaign, sent=True),
        ):
            heard.clear()
            told.clear()
            listening = threading.Event()
            left_over = threading.Thread(target=witness)
            left_over.start()
            assert listening.wait(10)
            asked()
            left_over.join(10)
            assert len(heard) == 1 and "10 minutes" in heard[0]
        assert room.counts == {"reader0@example.com": 1}


def test_a_lost_record_sends_nothing_twice(tmp_path: Path) -> None:
    """Where the record of who got which letter is gone, nothing is sent; what went out to the end stays out by the ledger, and
    what was half sent by the owner's word."""
    ListedRoll(tmp_path / "roll.json").write(people(3))
    at = NOW + timedelta(hours=1)
    issues, ledger = [edition(1, send_at=at), edition(2, send_at=at)], Ledger(tmp_path / "ledger.jsonl")
    watch = send.Watch(now=lambda: at, sleep=lambda _s: None)
    with mail_server() as room:
        mailing_list = local_list(tmp_path, room.url)
        publish(mailing_list, ledger, *issues)
        send.send_issue(1, issues, mailing_list, ledger, watch)
        room.answers = {"reader2@example.com": ["450 4.2.0 later"] * 4}
        with pytest.raises(Unfinished):
            send.send_issue(2, issues, mailing_list, ledger, watch)
        for empty in (True, False):
            for file in (tmp_path / "var").glob("letters.sqlite3"):
                file.write_bytes(b"") if empty else file.unlink()
            for act in (mailing_list.truth, lambda: list(send.send_due(issues, mailing_list, ledger, watch))):
                with pytest.raises(MailingListFault, match="record of who got which letter is gone"):
                    act()
        (tmp_path / "var/letters.sqlite3.witness").unlink()
        send.resolve(2, issues, mailing_list, ledger, sent=True)
        for words in send.send_due(issues, mailing_list, ledger, watch):
            assert "nothing was sent now" in words.words
        publish(mailing_list, ledger, *issues)
        assert list(send.send_due(issues, mailing_list, ledger, watch)) == []
    assert room.counts == {"reader0@example.com": 2, "reader1@example.com": 2, "reader2@example.com": 1}


def test_the_record_is_the_owners_alone(tmp_path: Path) -> None:
    """Other people of the machine cannot read the record, so they cannot try addresses on it."""
    ListedRoll(tmp_path / "roll.json").write(people(1))
    with mail_server() as room:
        send.send_issue(1, [edition()], local_list(tmp_path, room.url), Ledger(tmp_path / "ledger.jsonl"))
    for file in (tmp_path / "var").glob("letters.sqlite3*"):
        assert file.stat().st_mode & 0o077 == 0 or not file.stat().st_size


def test_a_record_that_cannot_be_written_stops_in_words(tmp_path: Path) -> None:
    """Where the record cannot be written any more (a full disk), sending stops with its place and the mend, and later goes on:
    everybody gets one letter."""
    ListedRoll(tmp_path / "roll.json").write(people(5))
    ledger, blocking = Ledger(tmp_path / "ledger.jsonl"), [False, True]

    def fill(number: int, _all: int) -> None:
        if number == 2 and blocking.pop():
            with sqlite3.connect(tmp_path / "var/letters.sqlite3") as record:
                record.execute(
                    "CREATE TRIGGER full BEFORE UPDATE ON letters BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
                )

    with mail_server() as room:
        mailing_list = local_list(tmp_path, room.url, progress=fill)
        with pytest.raises(MailingListFault, match=r"letters\.sqlite3: .*disk is full.*goes on where it stopped"):
            send.send_issue(1, [edition()], mailing_list, ledger)
        with sqlite3.connect(tmp_path / "var/letters.sqlite3") as record:
            record.execute("DROP TRIGGER full")
        send.send_issue(1, [edition()], mailing_list, ledger)
    assert len(room.took) == 5 and set(room.counts.values()) == {1}


def test_a_draft_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """Where the outbox cannot be written, the message names the file and the reason, and the ledger calls the draft failed."""
    ListedRoll(tmp_path / "roll.json").write(people(1))
    (tmp_path / "var").mkdir()
    (tmp_path / "var/outbox").touch()
    ledger = Ledger(tmp_path / "ledger.jsonl")
    with pytest.raises(MailingListFault, match="cannot be written"):
        publish(local_list(tmp_path), ledger, edition())
    assert ledger.events()[-1].phase is Phase.FAILED


def test_a_disk_that_is_full_is_no_damaged_record(tmp_path: Path) -> None:
    """Where the record of letters cannot be opened, nobody is told to put an older one in its place: that would send twice."""
    (tmp_path / "letters.sqlite3").mkdir()
    with pytest.raises(MailingListFault, match="Look at the disk's free space") as told:
        Letters(tmp_path / "letters.sqlite3")
    assert "backup" not in str(told.value)
