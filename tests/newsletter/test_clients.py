"""Mail programs and filters judge a letter that holds every form there is. Their tools come from npm and Debian."""

from __future__ import annotations

import json
import os
import subprocess
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from email import policy
from email.parser import BytesParser
from pathlib import Path

import pytest
from funnel.mailing_list.mailchimp.content import content_of
from funnel.mailing_list.message import Reader, Sender, letter, preferences_url
from funnel.newsletter.edition import Edition
from funnel.newsletter.merge import FIELD, Field, fill
from funnel.newsletter.preview import readers_of

HERE = Path(__file__).parent
CANIEMAIL = "caniemail@2.0.2"
SENDER = Sender(
    name="Example",
    address="letters@site.example",
    reply_to="hello@site.example",
    list_name="The Example Letter",
    postal_address=("Example", "1 Example Street", "Exampleton EX1 1EX"),
    siteurl="https://site.example",
    desk_url="https://site.example/desk",
)
READER = Reader("ada@example.net", "Ada", datetime(2026, 5, 4, tzinfo=UTC), "token")
SENT = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def message(edition: Edition) -> bytes:
    """The letter as it goes over the wire."""
    return letter(edition, SENDER, READER, SENT).as_bytes()


def missing_features(edition: Edition, folder: Path, npm: str) -> tuple[set[str], dict[str, list[str]]]:
    """Declared fallbacks that the letter needs no more, and what some program lacks that has no fallback."""
    tools = _caniemail(npm)
    page = folder / "letter.html"
    page.write_text(edition.html, encoding="utf-8")
    done = subprocess.run(
        ["node", str(HERE / "clients.mjs"), str(tools), str(page)], capture_output=True, text=True, check=True
    )
    declared = tomllib.loads((HERE / "fallbacks.toml").read_text(encoding="utf-8"))["fallbacks"]
    missing = json.loads(done.stdout)
    unused = set(declared) - set(missing)
    return unused, {feature: programs for feature, programs in missing.items() if feature not in declared}


def test_mail_programs(edition: Edition, tmp_path: Path, need: Callable[[str], str]) -> None:
    """What some mail program does not support has a declared fallback, and no declared fallback is out of date."""
    unused, undeclared = missing_features(edition, tmp_path, need("npm"))
    assert not undeclared
    assert not unused


def _caniemail(npm: str) -> Path:
    tools = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "two-funnels-tests"
    if not (tools / "node_modules" / "caniemail").is_dir():
        tools.mkdir(parents=True, exist_ok=True)
        command = [npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(tools), CANIEMAIL]
        if subprocess.run(command, capture_output=True, timeout=120, check=False).returncode:
            pytest.skip(f"not run: npm could not install {CANIEMAIL}; is there a network?")
    return tools


def spam_score(message: bytes, home: Path, program: str) -> tuple[float, str]:
    """SpamAssassin's points by its local tests, and what it said."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C"}
    done = subprocess.run(
        [program, "-L", "-t"], input=message, capture_output=True, env=environment, check=True, timeout=120
    )
    status = str(BytesParser(policy=policy.default).parsebytes(done.stdout)["X-Spam-Status"])
    return float(" ".join(status.split()).partition("score=")[2].split()[0]), status


def test_spam_filter(message: bytes, tmp_path: Path, need: Callable[[str], str]) -> None:
    """SpamAssassin, with its local tests only, gives the letter at most one point."""
    score, status = spam_score(message, tmp_path, need("spamassassin"))
    assert score <= 1.0, status


def test_preview_is_what_is_sent(edition: Edition, message: bytes) -> None:
    """The letter in the mailbox is the edition's bytes with the reader's values, and so is the preview."""
    parsed = BytesParser(policy=policy.default).parsebytes(message)
    address = preferences_url(edition, SENDER, READER)
    values = {
        Field.NAME: "Ada",
        Field.CONSENT: "2026-05-04",
        Field.ADDRESS: "\n".join(SENDER.postal_address),
        Field.PREFERENCES: address,
        Field.UNSUBSCRIBE: address.replace("preferences", "unsubscribe"),
    }
    html, text = (parsed.get_body((kind,)) for kind in ("html", "plain"))
    assert html is not None
    assert text is not None
    assert html.get_content().replace("\r\n", "\n") == fill(edition.html, values, as_html=True)
    assert text.get_content().replace("\r\n", "\n") == fill(edition.text, values, as_html=False)
    shown = readers_of(edition, SENDER.postal_address)[0]
    for kind in ("unsubscribe", "preferences"):
        values[Field(kind)] = f"https://example.org/{kind}"
    assert shown.html == fill(edition.html, values, as_html=True)
    assert shown.text == fill(edition.text, values, as_html=False)


@pytest.mark.parametrize("kind", ["html", "plain_text"])
def test_provider_gets_the_same_bytes(edition: Edition, kind: str) -> None:
    """What Mailchimp is handed is the edition's bytes, but for its own words in the place of our fields."""
    ours = edition.html if kind == "html" else edition.text
    theirs, at = content_of(edition)[kind], 0
    ends = [(found.start(), found.end()) for found in FIELD.finditer(ours)]
    for start, end in zip([0, *(end for _, end in ends)], [*(start for start, _ in ends), len(ours)], strict=True):
        words, tag = ours[start:end], theirs[at : theirs.index(ours[start:end], at)]
        assert not tag or (tag.startswith("*|") and tag.endswith("|*")), tag
        at += len(tag) + len(words)
    assert at == len(theirs)


def test_no_mime_defects(message: bytes) -> None:
    """The letter opens without defects, its headers are 7-bit clean, and no line is too long."""
    parsed = BytesParser(policy=policy.default).parsebytes(message)
    assert [part.defects for part in parsed.walk()] == [[]] * 3
    assert all(not header.defects for part in parsed.walk() for header in part.values())
    message.decode("ascii")
    assert max(map(len, message.split(b"\r\n"))) <= 998


def test_small(edition: Edition) -> None:
    """A letter with every form stays well below what Gmail shows."""
    assert len(edition.html.encode()) < 60 * 1024
