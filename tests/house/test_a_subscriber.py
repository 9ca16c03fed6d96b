"""One subscriber from end to end: the built site in a real browser, the desk, a real mail server, a real mailbox."""

from __future__ import annotations

import imaplib
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Protocol, cast
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener, urlopen

import pytest
from funnel.publish.serve import server
from playwright.sync_api import Browser, Page, sync_playwright

from tests.mailing_list.mail_server import Mailroom, free_port, mail_server
from tests.newsletter.test_round_trip import Mailbox, mailbox  # noqa: F401

from .conftest import CLEAN, SmallSite
from .test_browser import QUIET

WORDS = "I agree to get the letter once a month. I can leave at any time, with one click."
ANN, BEA = "ann@example.com", "bea@example.com"


class Post(Protocol):
    """A mail server, and the mailboxes behind it."""

    port: int

    def letters(self) -> list[EmailMessage]: ...


@dataclass
class Aiosmtpd:
    """A mail server in Python that keeps what it takes."""

    room: Mailroom

    @property
    def port(self) -> int:
        return self.room.port

    def letters(self) -> list[EmailMessage]:
        return [_parsed(raw) for address in sorted(self.room.took) for raw in self.room.took[address]]


@dataclass
class Opensmtpd:
    """Debian's mail server, and Dovecot, which the mailbox is read from."""

    box: Mailbox

    @property
    def port(self) -> int:
        return self.box.smtp

    def letters(self) -> list[EmailMessage]:
        with imaplib.IMAP4("127.0.0.1", self.box.imap) as client:
            client.login("nobody", "open")
            client.select("INBOX", readonly=True)
            numbers = client.search(None, "ALL")[1][0].split()
            parts = [client.fetch(number.decode(), "(BODY.PEEK[])")[1][0] for number in numbers]
        return [_parsed(part[1]) for part in parts if isinstance(part, tuple)]


def _parsed(raw: bytes) -> EmailMessage:
    return cast(EmailMessage, message_from_bytes(raw, policy=policy.default))


@pytest.fixture(params=["aiosmtpd", pytest.param("opensmtpd and dovecot", marks=pytest.mark.heavy)])
def post(request: pytest.FixtureRequest) -> Iterator[Post]:
    if request.param == "aiosmtpd":
        with mail_server() as room:
            yield Aiosmtpd(room)
    else:
        yield Opensmtpd(request.getfixturevalue("mailbox"))


@pytest.fixture(scope="module")
def browser(need: Callable[[str], str]) -> Iterator[Browser]:
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=need("chromium"), args=QUIET)
        yield started
        started.close()


@dataclass
class House:
    """A site with its desk, on this machine."""

    site: SmallSite
    post: Post
    desk: str
    environ: dict[str, str] = field(default_factory=dict)

    def does(self, *command: str) -> str:
        done = self.site.invoke(*command, environ=self.environ)
        assert done.code == 0, done.words
        return done.words

    def letter(self, to: str, subject: str) -> EmailMessage:
        """The one letter to her with that subject, as soon as it is in the mailbox."""
        for _ in range(200):
            if found := self.letters(to, subject):
                assert len(found) == 1
                return found[0]
            time.sleep(0.1)
        raise TimeoutError(f"no letter about {subject!r} came")

    def letters(self, to: str, subject: str) -> list[EmailMessage]:
        return [one for one in self.post.letters() if to in str(one["To"]) and subject in str(one["Subject"])]


@pytest.fixture
def house(small_site: SmallSite, post: Post) -> Iterator[House]:
    port = free_port()
    desk = f"http://127.0.0.1:{port}"
    small_site.write("content/extra/consent/newsletter.md", WORDS)
    small_site.edit("pelicanconf.py", 'SUBSCRIBE_URL = ""', f'SUBSCRIBE_URL = "{desk}/subscribe"')
    home = House(small_site, post, desk, {"SMTP_URL": f"smtp://127.0.0.1:{post.port}"})
    environ = {**CLEAN, **home.environ, "PYTHONPATH": str(small_site.root / "plugins"), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "invoke", "desk", "--port", str(port)]
    with subprocess.Popen(command, cwd=small_site.root, env=environ, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert "listens" in running.stdout.readline()
        yield home
        running.send_signal(signal.SIGINT)
        try:
            running.communicate(timeout=20)
        finally:
            running.kill()  # where the tests were started with interrupts ignored


@contextmanager
def on_line(site: SmallSite, browser: Browser) -> Iterator[Page]:
    """The site that is live, in a browser that runs no script."""
    with server(site.root / "var/site/current", port=0) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{running.server_address[1]}/")
        yield page
        context.close()
        running.shutdown()


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """RFC 8058 allows no redirect: leave the answer as it is."""


def one_click(letter: EmailMessage) -> int:
    """What a mail program does: POST to the address in the header, with no cookie (RFC 8058, 3.2)."""
    address = str(letter["List-Unsubscribe"]).strip("<>")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    asked = Request(address, b"List-Unsubscribe=One-Click", {"Content-Type": "application/x-www-form-urlencoded"})
    with build_opener(_NoRedirect).open(asked) as answer:
        assert answer.headers["Set-Cookie"] is None
        return int(answer.status)


def issue(number: int, site: SmallSite) -> None:
    text = (site.root / "content/newsletter/001-lists.md").read_text(encoding="utf-8")
    text = text.replace("number: 1", f"number: {number}").replace("A letter about lists", f"Letter number {number}")
    site.write(f"content/newsletter/{number:03}-next.md", text.replace("The first letter", f"Letter number {number}"))


@pytest.mark.browser
def test_she_comes_reads_and_leaves(house: House, browser: Browser) -> None:
    """Form on the built site, confirmation letter, button, issue, one-click unsubscribe: the next issue does not go to
    her, and goes to somebody who stayed.
    """
    site = house.site
    site.write("var/list.csv", f"email,consented_at\n{BEA},2026-02-01\n")
    house.does("people.import", "var/list.csv")
    house.does("publish")
    with on_line(site, browser) as page:
        page.get_by_label("Your e-mail address").fill(ANN)
        page.get_by_role("button", name="Subscribe").click()
        page.wait_for_url(f"{house.desk}/subscribe")
        asked = house.letter(ANN, "Please confirm")
        (link,) = re.findall(rf"{house.desk}/confirm/\S+", asked.get_content())
        with urlopen(link) as seen:  # a scanner looks at the link, and that is no consent
            assert seen.status == 200
        assert "1 letter" in house.does("send", "1") and house.letters(ANN, "A letter about lists") == []
        page.goto(link)
        page.get_by_role("button", name="Yes, subscribe me").click()
        page.get_by_role("heading", name="You are subscribed").wait_for()
    issue(2, site)
    house.does("publish")
    assert "2 letters" in house.does("send", "2")
    assert one_click(house.letter(ANN, "Letter number 2")) == 200
    issue(3, site)
    house.does("publish")
    assert "1 letter" in house.does("send", "3")
    house.letter(BEA, "Letter number 3")
    assert house.letters(ANN, "Letter number 3") == []
    assert "newsletter: withdrawn" in house.does("people.proof", ANN)
    assert "Sound" in house.does("people.verify")
    assert urlsplit(house.desk).port and ANN not in site.ledger()
