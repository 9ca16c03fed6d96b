"""Coming: the same answer for all, one letter a day, and a button that only a person presses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage

import pytest
from funnel.desk.letters import write_letter
from funnel.desk.limits import network_of
from funnel.desk.options import Limits
from funnel.desk.post_room import PostRoom
from funnel.desk.serve import Work
from funnel.people import State
from funnel.settings.consent import words_digest

from tests.desk.conftest import OPTIONS, WORDS, Counter


def test_the_whole_way_in(counter: Counter) -> None:
    """Form, letter, link, button: only then does she receive, and the ledger holds the words of both moments."""
    assert counter.sign_up(name="Ann", interest=["talks"]).status_code == 200
    assert not counter.receives()
    page = counter.client.get(counter.link())
    assert page.status_code == 200 and WORDS in page.text
    assert not counter.receives(), "looking at the link is no consent"
    assert counter.client.post(counter.link()).status_code == 200
    assert counter.receives()
    contact = next(iter(counter.book.contacts.all()))
    assert (contact.name, counter.book.contacts.interests(contact)) == ("Ann", {"talks"})
    lines = counter.book.consents.entries(contact.subject)
    assert [(line.state, line.how) for line in lines] == [("pending", "form"), ("confirmed", "mailbox")]
    assert {counter.book.consents.words(line.words_digest) for line in lines} == {WORDS}


def test_the_letter_says_who_what_and_how_to_do_nothing(counter: Counter) -> None:
    """The letter names its sender with the postal address, quotes the words, and says that nothing happens without the
    button.
    """
    counter.sign_up(name="Ann")
    (letter,) = counter.post
    assert letter["To"] == "ann@example.com" and letter["From"] == "Plain Words <letter@example.com>"
    assert letter["Auto-Submitted"] == "auto-replied" and letter["Date"] and letter["Message-ID"]
    text = letter.get_content()
    for part in (WORDS, "1 Example Street", "do nothing", "seven days"):
        assert part in text


@pytest.mark.parametrize("before", ["unknown", "pending", "confirmed", "withdrawn", "complained", "erased", "trapped"])
def test_the_answer_tells_nothing(counter: Counter, before: str) -> None:
    """The answer to a sign-up is the same to the byte, whoever stands behind the address."""
    blank = counter.sign_up("nobody@example.com")
    if before in ("confirmed", "withdrawn", "complained", "erased"):
        counter.subscribe()
    if before == "pending":
        counter.sign_up()
    if before == "withdrawn":
        counter.book.withdraw("ann@example.com", "newsletter", when=counter.now)
    if before == "complained":
        counter.book.complain("ann@example.com", "newsletter", when=counter.now)
    if before == "erased":
        counter.book.erase("ann@example.com", when=counter.now)
    answer = counter.sign_up(website="spam" if before == "trapped" else "")
    assert (answer.status, answer.data, sorted(answer.headers)) == (blank.status, blank.data, sorted(blank.headers))


def test_one_letter_a_day(counter: Counter) -> None:
    """However often an address is typed, it gets one confirmation letter a day; the next day it may get another."""
    for _ in range(3):
        counter.sign_up()
    assert len(counter.post) == 1
    counter.later(hours=23)
    counter.sign_up()
    assert len(counter.post) == 1
    counter.later(hours=2)
    counter.sign_up()
    assert len(counter.post) == 2


def test_a_clock_that_ran_ahead_keeps_nobody_out(counter: Counter) -> None:
    """Who asked while the clock stood a year ahead gets a letter when she asks again by the right one."""
    counter.later(days=365)
    counter.broken = True
    counter.sign_up()
    assert counter.post == []
    counter.later(days=-365)
    counter.broken = False
    counter.sign_up()
    assert counter.client.post(counter.link()).status_code == 200 and counter.receives()


def test_the_desk_tidies_after_the_clock_was_set_back(counter: Counter) -> None:
    """Who never confirmed is forgotten after a month, also when the desk began by a clock that stood a year ahead."""
    counter.sign_up()
    counter.later(days=365)
    work = Work(counter.book, counter.room, lambda: counter.now)
    counter.later(days=-324)
    work.once()
    assert counter.book.contacts.by_who(counter.book.keys.who("ann@example.com")) == []


def test_one_letter_a_day_however_it_is_spelt(counter: Counter) -> None:
    """Capitals make no second letter: nobody can be mailed five times a day under five spellings of her address."""
    for spelling in ("ann@example.com", "Ann@example.com", "ANN@example.com", "aNN@Example.com"):
        counter.sign_up(spelling)
    assert len(counter.post) == 1
    counter.later(days=1, minutes=1)
    counter.sign_up("Ann@example.com")
    assert len(counter.post) == 2


def test_a_strangers_words_stand_in_no_letter(counter: Counter) -> None:
    """The name that was typed is not in the confirmation letter: anybody can write to anybody by it."""
    counter.sign_up(name="Win at prize.example/win")
    assert "prize" not in counter.post[0].as_string()


@pytest.mark.parametrize("domain", ["müller.example", "xn--mller-kva.example", "例え.example"])
def test_domains_in_every_script_are_taken(counter: Counter, domain: str) -> None:
    """An address at a domain that is not written in Latin letters gets its letter, typed in either form."""
    assert counter.sign_up(f"ann@{domain}").status_code == 200
    assert counter.post[0]["To"] == f"ann@{domain.encode('idna').decode()}"


SPELT = ["मीरा", "ณัฐ", "محمّد", "Zoe\u0301", "Gal·la", "O’Neill", "Ng\u0303oc", "ジョン・スミス"]
JOINED = ["علی\u200cرضا", "क\u094d\u200cष", "രാജന\u0d4d\u200d", "র\u200d\u09cdযামন", "ශ\u0dca\u200dරී"]


@pytest.mark.parametrize("name", SPELT + JOINED)
def test_names_in_every_script_are_taken(counter: Counter, name: str) -> None:
    """A name is kept whatever script and marks it is written with, in its composed form."""
    assert counter.sign_up(name=name).status_code == 200
    (contact,) = counter.book.contacts.all()
    assert contact.name == unicodedata.normalize("NFC", name)


def test_a_wide_blank_parts_names(counter: Counter) -> None:
    """A name is taken with the wide blank that keyboards in Japan write, and kept with a plain one."""
    assert counter.sign_up(name="山田\u3000太郎").status_code == 200
    assert [contact.name for contact in counter.book.contacts.all()] == ["山田 太郎"]


@pytest.mark.parametrize(
    "name", ["An\u200dn", "\u200cعلی", "علی\u200c", "Ann\u202e", "\u2066Ann", "Ann\u200b", "A\x1b[1m"]
)
def test_signs_that_are_not_seen_are_no_part_of_a_name(counter: Counter, name: str) -> None:
    """A joiner where no spelling asks for one, and whatever turns or steers the text, is refused."""
    assert counter.sign_up(name=name).status_code == 400
    assert list(counter.book.contacts.all()) == []


def test_a_confirmed_person_gets_no_letter(counter: Counter) -> None:
    """Typing the address of a subscriber sends her nothing and changes nothing."""
    counter.subscribe()
    counter.later(days=3)
    counter.sign_up(name="Mallory", interest=["talks"])
    assert len(counter.post) == 1
    assert counter.receives()
    assert counter.recipients()[0].name == ""


def test_who_left_comes_back_by_asking(counter: Counter) -> None:
    """Somebody who left signs up again, confirms, and receives."""
    token = counter.subscribe()
    counter.client.post(f"/unsubscribe/{token}")
    counter.later(days=2)
    counter.sign_up()
    assert not counter.receives()
    counter.client.post(counter.link())
    assert counter.receives()


def test_a_link_ends_after_seven_days(counter: Counter) -> None:
    """The confirmation link works for seven days and not a minute longer."""
    counter.sign_up()
    counter.later(days=7, minutes=1)
    assert counter.client.get(counter.link()).status_code == 410
    assert counter.client.post(counter.link()).status_code == 410
    assert not counter.receives()


def test_an_old_link_does_not_undo_leaving(counter: Counter) -> None:
    """After she left, the confirmation link from before does not bring her back."""
    token = counter.subscribe()
    counter.client.post(f"/unsubscribe/{token}")
    assert counter.client.post(counter.link()).status_code == 410
    counter.later(days=2)
    counter.sign_up()
    assert counter.client.post(counter.link(0)).status_code == 410
    assert not counter.receives()


def test_confirming_twice_is_fine(counter: Counter) -> None:
    """Pressing the button twice says twice that she is in, and writes one line."""
    counter.subscribe()
    assert counter.client.post(counter.link()).status_code == 200
    assert len(list(counter.book.consents.every_entry())) == 2


def test_links_serve_one_purpose(counter: Counter) -> None:
    """A confirmation key neither unsubscribes nor opens data, and an unsubscribe key does not confirm."""
    token = counter.subscribe()
    key = counter.link().rpartition("/")[2]
    for path in (f"/unsubscribe/{key}", f"/undo/{key}", f"/preferences/{key}"):
        assert counter.client.post(path, data={"pause": "0"}).status_code == 404
    for path in (f"/data/{key}", f"/data/{token}", f"/confirm/{token}", "/confirm/x.y.z", f"/confirm/{key}x"):
        assert counter.client.get(path).status_code == 404
    assert counter.receives()


def test_out_of_date_words_are_not_agreed_to(counter: Counter) -> None:
    """A form that shows other words than today's is answered with today's words, and nothing is stored."""
    answer = counter.sign_up(consent=words_digest("I agree to anything."))
    assert answer.status_code == 409 and WORDS in answer.text
    assert list(counter.book.contacts.all()) == []
    assert counter.sign_up(consent=words_digest(WORDS)).status_code == 200
    assert len(counter.post) == 1


def test_the_button_agrees_to_the_words_above_it(counter: Counter) -> None:
    """A page of confirmation that shows other words than today's is answered with today's, and nothing is confirmed."""
    counter.sign_up()
    form = re.findall(r'name="consent" value="(\w+)"', counter.client.get(counter.link()).text)
    assert form == [words_digest(WORDS)]
    changed = Counter(counter.book, options=replace(OPTIONS, words="I agree to a letter every day."))
    answer = changed.client.post(counter.link(), data={"consent": form[0]})
    assert answer.status_code == 409 and "a letter every day" in answer.text and not counter.receives()
    assert counter.client.post(counter.link(), data={"consent": form[0]}).status_code == 200
    assert counter.receives()


def test_no_box_is_ticked_beforehand(counter: Counter) -> None:
    """The desk's own form shows the words, and its boxes are empty."""
    page = counter.client.get("/subscribe").text
    assert WORDS in page and page.count('type="checkbox"') == 2 and "checked" not in page


def test_the_trap_stores_nothing(counter: Counter) -> None:
    """A filled trap field is answered as usual; nothing is stored and nothing sent."""
    counter.sign_up(website="https://spam.example")
    assert (list(counter.book.contacts.all()), counter.post) == ([], [])


def limited(counter: Counter, limits: Limits) -> Counter:
    return Counter(counter.book, options=replace(OPTIONS, limits=limits))


def test_a_network_has_a_limit(counter: Counter) -> None:
    """Beyond the limit a network is told to wait, with Retry-After; another network and the next hour are free."""
    strict = limited(counter, Limits(signups_per_network_an_hour=2))

    def knock(number: int, remote: str) -> int:
        return strict.client.post(
            "/subscribe", data={"email": f"p{number}@example.com"}, environ_base={"REMOTE_ADDR": remote}
        ).status_code

    assert [knock(number, f"192.0.2.{number}") for number in range(4)] == [200, 200, 429, 429]
    assert knock(5, "198.51.100.7") == 200
    assert len(list(strict.book.contacts.all())) == 3
    strict.later(hours=1)
    assert knock(6, "192.0.2.9") == 200


@pytest.mark.parametrize("remote", ["::ffff:192.0.2.1", "192.0.2.1"])
def test_one_network_has_one_name(remote: str) -> None:
    """An IPv4 address counts by its own network, also where a socket for both families writes it as IPv6."""
    assert network_of(remote) == "192.0.2.0/24"
    assert network_of("::ffff:127.0.0.1") == network_of("127.0.0.1") == ""


def test_a_full_desk_says_so(counter: Counter) -> None:
    """Beyond the sign-ups that a desk takes in an hour, people are asked to come back: none is told that a letter is coming."""
    strict = limited(counter, Limits(signups_an_hour=2))
    answers = [strict.sign_up(f"p{number}@example.com") for number in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    assert len(strict.post) == 2 and int(answers[-1].headers["Retry-After"]) > 0
    strict.later(hours=1)
    assert strict.sign_up("p3@example.com").status_code == 200 and len(strict.post) == 3


def test_the_limits_survive_a_restart_and_hold_no_address(counter: Counter) -> None:
    """The counters are in the store, under names from which no address can be read."""
    strict = limited(counter, Limits(signups_per_network_an_hour=1))
    strict.client.post("/subscribe", data={"email": "a@example.com"}, environ_base={"REMOTE_ADDR": "192.0.2.1"})
    again = limited(counter, Limits(signups_per_network_an_hour=1))
    answer = again.client.post("/subscribe", data={"email": "b@example.com"}, environ_base={"REMOTE_ADDR": "192.0.2.1"})
    assert answer.status_code == 429 and int(answer.headers["Retry-After"]) > 0
    kept = counter.book.store.connection.execute("SELECT group_concat(bucket) FROM attempts").fetchone()[0]
    assert "192" not in kept and "example" not in kept


def test_an_address_has_a_limit_that_does_not_show(counter: Counter) -> None:
    """Typing one address again and again stops growing the ledger, with the same answer."""
    strict = limited(counter, Limits(signups_per_address_a_day=2))
    answers = {strict.sign_up().data for _ in range(5)}
    assert len(answers) == 1
    assert len(list(strict.book.consents.every_entry())) == 2


def test_one_mailbox_is_not_flooded_by_its_many_addresses(counter: Counter) -> None:
    """What stands behind a +, dots at Gmail and capitals make no new mailbox: all of them share the limit of one address."""
    plus = [counter.sign_up(f"ann+{number}@example.com").data for number in range(8)]
    dots = [
        counter.sign_up(f"{name}@{host}.com").data
        for name in ("bo.b", "b.ob", "B.O.B", "bob+x")
        for host in ("gmail", "googlemail")
    ]
    assert len(set(plus + dots)) == 1
    assert [letter["To"].partition("@")[2] for letter in counter.post].count("example.com") == 5
    assert len(counter.post) == 10
    assert counter.sign_up("b.o.b@example.com").status_code == 200 and len(counter.post) == 11


def test_the_address_of_the_request_is_kept_only_if_wanted(counter: Counter) -> None:
    """By default no network address is kept; an owner who wants it in the proof gets it, until the person is erased."""
    counter.sign_up()
    keeping = Counter(counter.book, options=replace(OPTIONS, keep_requests=True))
    keeping.client.post("/subscribe", data={"email": "b@example.com"}, environ_base={"REMOTE_ADDR": "192.0.2.9"})
    rows = counter.book.store.connection.execute("SELECT address FROM requests").fetchall()
    assert rows == [("192.0.2.9",)]
    counter.book.erase("b@example.com", when=counter.now)
    assert counter.book.store.connection.execute("SELECT count(*) FROM requests").fetchone() == (0,)


def test_a_mail_server_that_is_down_delays_the_letter(counter: Counter) -> None:
    """When the letter cannot be handed over, it is tried again with growing pauses; it leaves once."""
    counter.broken = True
    assert counter.sign_up().status_code == 200
    counter.deliver()
    counter.broken = False
    assert (counter.deliver(), counter.post) == (0, [])
    counter.later(minutes=2)
    assert counter.deliver() == 1
    counter.later(days=1)
    assert (counter.deliver(), len(counter.post)) == (0, 1)


def test_the_last_try_of_a_letter_is_told(counter: Counter, caplog: pytest.LogCaptureFixture) -> None:
    """A letter that no try handed over is given up after half a day, and the log says at the last one that it was the last."""
    counter.broken = True
    counter.sign_up()
    for _ in range(8):
        counter.deliver()
        counter.later(hours=11)
    told = [line for line in caplog.messages if "could not be handed over" in line]
    assert len(told) == 6 and ["last try" in line for line in told] == [False] * 5 + [True]


def test_a_letter_in_hand_is_not_lost_in_a_crash(counter: Counter) -> None:
    """A desk that dies before the last byte of a letter is out leaves it to the next try, and another desk that took it
    meanwhile sends it alone.
    """
    counter.broken = True
    counter.sign_up()
    counter.broken = False
    counter.later(minutes=2)

    def another_desk(_message: EmailMessage, before_last_byte: Callable[[], None]) -> None:
        counter.later(minutes=31)
        assert counter.deliver() == 1
        before_last_byte()
        pytest.fail("this letter went out twice")

    def crash(*_: object) -> None:
        raise MemoryError

    with pytest.raises(MemoryError):
        PostRoom(counter.book, counter.options, write_letter, crash).send_due(counter.now)
    counter.later(minutes=6)
    assert PostRoom(counter.book, counter.options, write_letter, another_desk).send_due(counter.now) == 0
    counter.later(days=1)
    assert (counter.deliver(), len(counter.post)) == (0, 1)


def test_who_is_erased_gets_no_letter_that_was_in_hand(counter: Counter) -> None:
    """Somebody who is erased while her letter is handed over is not written to any more."""
    counter.broken = True
    counter.sign_up()
    counter.later(minutes=2)

    def erased(_message: EmailMessage, before_last_byte: Callable[[], None]) -> None:
        counter.book.erase("ann@example.com", when=counter.now)
        before_last_byte()
        pytest.fail("it went out")

    assert PostRoom(counter.book, counter.options, write_letter, erased).send_due(counter.now) == 0


def test_a_letter_is_given_up_in_the_end(counter: Counter) -> None:
    """After the last pause nothing is tried any more, and the next day she may ask again."""
    counter.broken = True
    counter.sign_up()
    for _ in range(10):
        counter.later(hours=11)
        counter.deliver()
    counter.broken = False
    counter.later(days=2)
    assert counter.deliver() == 0
    counter.sign_up()
    assert len(counter.post) == 1
    assert counter.book.standing("ann@example.com", "newsletter").state is State.PENDING  # type: ignore[union-attr]
