"""What stops a send of the embedded list before its end, and what does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from funnel.mailing_list import send
from funnel.mailing_list.delivery import Pace
from funnel.mailing_list.faults import Unfinished
from funnel.mailing_list.ledger import Ledger

from .mail_server import mail_server
from .samples import ListedRoll, edition, local_list, people


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


def test_a_letter_that_is_wanted_in_the_end_does_not_count_as_refused(tmp_path: Path) -> None:
    """What a server said to the first try of a letter is not held against the second one, be that taken or put off."""
    ListedRoll(tmp_path / "roll.json").write(people(3))
    with mail_server() as room:
        first, second, third = people(3)
        room.answers = {
            first: ["554 5.7.1 no"],
            second: ["554 5.7.1 no", *["450 4.2.0 greylisted"] * 2],
            third: ["450 4.2.0 greylisted"] * 2,
        }
        mailing_list = local_list(tmp_path, room.url)
        send.send_issue(1, [edition()], mailing_list, Ledger(tmp_path / "ledger.jsonl"))
        assert room.counts == dict.fromkeys(people(3), 1)
        assert "refused" not in mailing_list.truth().campaigns["site/1"].detail


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
