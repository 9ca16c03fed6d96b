"""The record of letters of the embedded list: what it settles, and what becomes of it on a bad disk."""

from __future__ import annotations

import sqlite3
import threading
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from funnel.mailing_list import send
from funnel.mailing_list.event import Phase
from funnel.mailing_list.faults import MailingListFault, Refused, Unfinished
from funnel.mailing_list.ledger import Ledger
from funnel.mailing_list.letters import Letters, State
from funnel.mailing_list.witness import alone

from .mail_server import mail_server
from .samples import NOW, ListedRoll, edition, local_list, people, publish


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
