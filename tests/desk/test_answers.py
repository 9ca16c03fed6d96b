"""What every answer has in common: headers, methods, sizes, errors as pages, and logs that know nobody."""

from __future__ import annotations

import base64
import hashlib
import logging
import re

import pytest
from funnel.desk.options import desk_options
from funnel.people import PeopleError
from funnel.settings import Settings

from tests.desk.conftest import OPTIONS, Counter

PATHS = ["/", "/subscribe", "/confirm/x", "/unsubscribe/x", "/preferences/x", "/data/x", "/nowhere", "/health"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_headers(counter: Counter, path: str) -> None:
    """Also errors: no referrer, no store, nothing from elsewhere, no frame, no index, no cookie."""
    for answer in (counter.client.get(path), counter.client.post(path), counter.client.head(path)):
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none';")
        assert "Set-Cookie" not in answer.headers


def test_the_style_is_the_one_that_the_policy_allows(counter: Counter) -> None:
    """The hash in the policy is that of the style in the page, and the page asks nobody else for anything."""
    answer = counter.client.get("/subscribe")
    (style,) = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in answer.headers["Content-Security-Policy"]
    assert not re.search(r"<(script|link|img|iframe|form[^>]+https?:)|\sstyle=|\son\w+=", answer.text)


@pytest.mark.parametrize("path", PATHS)
def test_head_is_get_without_a_body(counter: Counter, path: str) -> None:
    """HEAD answers with the status and length of GET and no body."""
    get, head = counter.client.get(path), counter.client.head(path)
    assert (head.status_code, head.data) == (get.status_code, b"")
    assert head.headers["Content-Length"] == get.headers["Content-Length"]


def test_wrong_methods_are_told_the_right_ones(counter: Counter) -> None:
    """A method that a page does not know is 405 with Allow."""
    answer = counter.client.put("/subscribe")
    assert answer.status_code == 405 and set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "POST"}


def test_big_bodies_are_refused(counter: Counter) -> None:
    """More than a form needs is 413, in one field, in many, and in a file."""
    assert counter.client.post("/subscribe", data={"email": "a" * 20_000}).status_code == 413
    assert counter.client.post("/subscribe", data={f"f{n}": "x" * 500 for n in range(60)}).status_code == 413
    many = {f"f{n}": "x" for n in range(200)}
    assert counter.client.post("/subscribe", data=many, content_type="multipart/form-data").status_code == 413


def test_no_log_line_knows_a_person(counter: Counter, caplog: pytest.LogCaptureFixture) -> None:
    """Address, name, network and keys are in no log line, on any way through the desk, not even when it breaks."""
    caplog.set_level(logging.DEBUG)
    counter.client.post(
        "/subscribe",
        data={"email": "canary@example.com", "name": "Canary Bird"},
        environ_base={"REMOTE_ADDR": "192.0.2.77"},
    )
    path = counter.link()
    counter.client.post(path)
    token = counter.recipients()[0].token
    for visit in (f"/unsubscribe/{token}", f"/preferences/{token}", f"/preferences/{token}/data", f"/nowhere/{token}"):
        counter.client.post(visit, data={"pause": "0", "name": "Canary Bird"})
    counter.client.get(counter.link())
    counter.broken = True
    counter.sign_up("canary@example.org", name="Canary Bird")
    counter.book.close()
    assert counter.sign_up("canary@example.net", name="Canary Bird").status_code == 500
    assert len(caplog.records) > 8
    said = caplog.text + "".join(str(record.args) for record in caplog.records)
    for part in ("canary", "Canary", "192.0.2", token, path.rpartition("/")[2]):
        assert part not in said


def test_a_fault_of_ours_is_a_page(counter: Counter) -> None:
    """When the book is closed under its feet, the desk answers 500 with a page that repeats nothing."""
    counter.book.close()
    answer = counter.sign_up("canary@example.com")
    assert answer.status_code == 500 and "Our fault" in answer.text and "canary" not in answer.text


def test_what_a_desk_cannot_do_without(tmp_path) -> None:
    """Without an address of its own, a sender or words of consent, the desk says what is missing."""
    good = Settings(subscribe_url="https://desk.example.com/subscribe", newsletter_from_address="letter@example.com")
    with pytest.raises(PeopleError, match="SUBSCRIBE_URL"):
        desk_options(Settings(newsletter_from_address="letter@example.com"), tmp_path)
    with pytest.raises(PeopleError, match="NEWSLETTER_FROM_ADDRESS"):
        desk_options(Settings(subscribe_url="https://desk.example.com/subscribe"), tmp_path)
    with pytest.raises(PeopleError, match=r"newsletter\.md"):
        desk_options(good, tmp_path)
    words = tmp_path / "extra" / "consent" / "newsletter.md"
    words.parent.mkdir(parents=True)
    words.write_text("I agree\nto this.\n", encoding="utf-8")
    options = desk_options(good, tmp_path)
    assert (options.url, options.words) == ("https://desk.example.com", "I agree to this.")


def test_the_pages_speak_the_owners_words_only_as_text() -> None:
    """Settings with markup in them come out as text."""
    from dataclasses import replace

    from funnel.desk.pages import Pages

    page = Pages(replace(OPTIONS, newsletter="<b>Letter</b>", words="<script>1</script>")).show(
        "subscribe", stale=False
    )
    assert "<script>" not in page.get_data(as_text=True) and "<b>Letter" not in page.get_data(as_text=True)
