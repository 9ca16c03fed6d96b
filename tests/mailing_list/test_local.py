"""The embedded list: drafts as files, letters by SMTP or as files, each at most once."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from funnel.mailing_list import send
from funnel.mailing_list.event import Phase
from funnel.mailing_list.faults import NothingToSend, Refused, SetupFault, Unfinished
from funnel.mailing_list.ledger import Ledger
from funnel.mailing_list.letters import Letters, State
from funnel.mailing_list.port import Status
from funnel.mailing_list.secret import Secret
from funnel.mailing_list.smtp_url import read_smtp_url

from .mail_server import mail_server
from .samples import NOW, ListedRoll, edition, local_list, people, publish


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
