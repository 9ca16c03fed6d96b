"""Leaving, pausing, choosing, and one's own data."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from tests.desk.conftest import OPTIONS, Counter


def test_looking_at_the_link_changes_nothing(counter: Counter) -> None:
    """Scanners open every link: GET and HEAD of the unsubscribe page leave her subscribed."""
    token = counter.subscribe()
    assert counter.client.get(f"/unsubscribe/{token}").status_code == 200
    assert counter.client.head(f"/unsubscribe/{token}").data == b""
    assert counter.receives()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"),
        ('--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n', "multipart/form-data; boundary=b"),
        ("", "application/x-www-form-urlencoded"),
        ("\xff\xfe broken", "text/plain"),
    ],
    ids=["RFC 8058", "RFC 8058 multipart", "button", "anything"],
)  # fmt: skip
def test_one_post_is_enough(counter: Counter, body: str, kind: str) -> None:
    """One POST withdraws at once: 200, no redirect, no cookie, no question, whatever its body."""
    token = counter.subscribe()
    answer = counter.client.post(f"/unsubscribe/{token}", data=body.encode("latin-1"), content_type=kind)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers and "Location" not in answer.headers
    assert not counter.receives()


def test_the_link_in_a_letter_works_for_years(counter: Counter) -> None:
    """CASL asks for 60 days; ours works after three years, and a second time."""
    token = counter.subscribe()
    counter.later(days=3 * 365)
    for _ in range(2):
        assert counter.client.post(f"/unsubscribe/{token}").status_code == 200
    assert not counter.receives()
    assert [line.state for line in counter.book.consents.every_entry()][-2:] == ["confirmed", "withdrawn"]


def undo_path(page: str) -> str:
    found = re.search(r'action="(/undo/[^"]+)"', page)
    return found[1] if found else ""


def test_a_wrong_click_is_taken_back_on_the_same_page(counter: Counter) -> None:
    """The page that says she left has a button that undoes it; it works once, and only for an hour."""
    token = counter.subscribe()
    path = undo_path(counter.client.post(f"/unsubscribe/{token}").text)
    assert counter.client.get(path).status_code == 405, "a scanner's GET brings nobody back"
    assert counter.client.post(path).status_code == 200
    assert counter.receives()
    late = undo_path(counter.client.post(f"/unsubscribe/{token}").text)
    assert counter.client.post(path).status_code == 410, "the first undo does not undo the second leaving"
    counter.later(hours=1, minutes=1)
    assert counter.client.post(late).status_code == 410
    assert not counter.receives()


def test_a_complaint_cannot_be_undone_by_the_page(counter: Counter) -> None:
    """If a complaint came after leaving, the undo button does nothing."""
    token = counter.subscribe()
    path = undo_path(counter.client.post(f"/unsubscribe/{token}").text)
    counter.book.complain("ann@example.com", "newsletter", when=counter.now)
    assert counter.client.post(path).status_code == 410
    assert not counter.receives()


def test_who_never_was_in_gets_no_way_back(counter: Counter) -> None:
    """Leaving before ever confirming offers no undo: it would confirm her."""
    counter.sign_up()
    contact = next(iter(counter.book.contacts.all()))
    page = counter.client.post(f"/unsubscribe/{counter.book.tokens.unsubscribe(contact.subject)}")
    assert page.status_code == 200 and undo_path(page.text) == ""


def test_choosing_topics_and_pausing(counter: Counter) -> None:
    """She chooses topics and pauses for some weeks; letters follow, and the page shows what is saved."""
    token = counter.subscribe()
    path = f"/preferences/{token}"
    assert "checked" not in counter.client.get(path).text
    page = counter.client.post(path, data={"interest": ["talks"], "pause": "4"})
    assert page.status_code == 200 and 'value="talks" checked' in page.text and "pause until 2026-03-29" in page.text
    assert not counter.receives()
    counter.later(weeks=4)
    assert counter.receives()
    assert [one.address for one in counter.book.recipients("newsletter", ["Talks"], at=counter.now)] == [
        "ann@example.com"
    ]
    assert counter.book.recipients("newsletter", ["Birthday cards"], at=counter.now) == []


def test_saving_topics_does_not_end_a_pause(counter: Counter) -> None:
    """Who pauses and saves something else still pauses until the day that she chose; she ends it by choosing so."""
    path = f"/preferences/{counter.subscribe()}"
    page = counter.client.post(path, data={"pause": "12"}).text
    (kept,) = re.findall(r'<option value="([\w-]+)" selected>', page)
    counter.later(weeks=1)
    page = counter.client.post(path, data={"pause": kept, "interest": ["talks"]}).text
    assert "pause until 2026-05-24" in page and 'value="talks" checked' in page and not counter.receives()
    assert "selected" not in counter.client.post(path, data={"pause": "0"}).text
    assert counter.receives()


@pytest.mark.parametrize("wrong", [{"interest": "sailing"}, {"pause": "9999"}, {"pause": "-1"}, {"pause": ""}])
def test_only_what_is_on_the_page_can_be_chosen(counter: Counter, wrong: dict[str, str]) -> None:
    """Topics and pauses that the page does not offer are refused and nothing is saved."""
    token = counter.subscribe()
    assert counter.client.post(f"/preferences/{token}", data=wrong).status_code == 400
    assert counter.receives()


def key_page(counter: Counter, token: str) -> str:
    counter.client.post(f"/preferences/{token}/data")
    return counter.link()


def test_the_key_to_her_data_comes_by_letter(counter: Counter) -> None:
    """The link in a newsletter, which people forward, does not show her data; a fresh letter's does, for a day."""
    token = counter.subscribe()
    assert "ann@example.com" not in counter.client.get(f"/preferences/{token}").text
    path = key_page(counter, token)
    page = counter.client.get(path)
    assert page.status_code == 200 and "ann@example.com" in page.text
    record = json.loads(counter.client.get(f"{path}/export").data)
    assert record["address"] == "ann@example.com" and len(record["history"]) == 2
    counter.later(days=1, minutes=1)
    assert counter.client.get(path).status_code == 410


def test_the_page_of_her_data_calls_things_as_the_form_does(counter: Counter) -> None:
    """Her data shows the names of her topics, also of one that is offered no more as far as it is known, and her pause."""
    token = counter.subscribe()
    counter.client.post(f"/preferences/{token}", data={"interest": ["birthday-cards"], "pause": "4"})
    path = key_page(counter, token)
    page = counter.client.get(path).text
    assert "Birthday cards" in page and "birthday-cards" not in page and "You pause until 2026-03-29." in page
    fewer = Counter(counter.book, options=replace(OPTIONS, interests=("Talks",)))
    assert "birthday-cards" in fewer.client.get(path).text
    counter.client.post(f"/preferences/{token}", data={"pause": "0"})
    assert "You pause" not in counter.client.get(path).text


def test_one_key_a_day(counter: Counter) -> None:
    """Asking again and again for the key sends one letter a day."""
    token = counter.subscribe()
    for _ in range(4):
        assert counter.client.post(f"/preferences/{token}/data").status_code == 200
    assert len(counter.post) == 2


def test_she_erases_herself(counter: Counter) -> None:
    """With the box ticked everything is deleted, her links end, and no import brings her back."""
    token = counter.subscribe()
    path = key_page(counter, token)
    assert counter.client.post(f"{path}/erase", data={"sure": "no"}).status_code == 400
    assert counter.receives()
    page = counter.client.post(f"{path}/erase", data={"sure": "yes"})
    assert page.status_code == 200 and "ann@" not in page.text
    assert list(counter.book.contacts.all()) == []
    for gone in (path, f"/preferences/{token}", f"/unsubscribe/{token}"):
        assert counter.client.get(gone).status_code == 404
    assert not counter.book.record("ann@example.com", "newsletter", "confirmed", "import", counter.now).changed
