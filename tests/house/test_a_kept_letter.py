"""The whole way of a letter into the archive, by the commands that a person types."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mailing_list.mail_server import mail_server

from .conftest import SmallSite, make_site

READER = "bea@example.com"


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory, project: Path) -> SmallSite:
    """A site whose first letter went to one reader through a mail server, and was published again since."""
    site = make_site(tmp_path_factory.mktemp("sent") / "site", project)
    site.write("var/list.csv", f"email,consented_at\n{READER},2026-02-01\n")
    with mail_server() as room:
        for command in (("people.import", "var/list.csv"), ("publish",), ("send", "1"), ("publish",)):
            done = site.invoke(*command, environ={"SMTP_URL": f"smtp://127.0.0.1:{room.port}"})
            assert done.code == 0, done.words
        site.write("took.eml", room.took[READER][0])
    return site


def test_what_was_mailed_is_on_the_site(sent: SmallSite) -> None:
    """After sending, the letter is kept under its seal, and the live site shows it without a word about its reader."""
    assert {"letter.html", "letter.txt", "edition.json", "source.md", "SHA256SUMS"} <= set(sent.files("editions/1"))
    live = sent.files("var/site/current")
    assert b'href="/newsletter/1/as-sent/"' in live["newsletter/1/index.html"]
    page = live["newsletter/1/as-sent/index.html"].decode()
    assert "A small list of people who asked for it" in page
    mailed = (sent.root / "took.eml").read_text()
    assert READER in mailed and "2026-02-01" in mailed
    for name, data in live.items():
        assert READER.encode() not in data, name
        assert b"2026-02-01" not in data or not name.startswith("newsletter/1/as-sent"), name


def test_a_correction_after_the_letter(sent: SmallSite) -> None:
    """A sent issue that changes without its day is refused; with it, `plan` says that the letter is out and cannot be
    called back, the page says what was corrected, and the letter is shown as it was."""
    sent.edit("content/newsletter/001-lists.md", "is worth more than a large one", "is worth less than a large one")
    refused = sent.invoke("plan")
    assert refused.code == 3
    assert (
        "content/newsletter/001-lists.md:1:1: the letter of issue 1 is out, and its text has been changed"
        in refused.words
    )
    sent.edit("content/newsletter/001-lists.md", "status: published", "modified: 2026-11-19\nstatus: published")
    plan = sent.invoke("plan")
    assert "issue 1" in plan.words and "it changed since, and the letter cannot be called back" in plan.words, (
        plan.words
    )
    assert sent.invoke("publish").code == 0
    live = sent.files("var/site/current")
    page = live["newsletter/1/index.html"].decode()
    assert "Corrected on 19 November 2026" in page
    assert "is worth more than a large one" in page and "is worth less than a large one" in page
    assert "is worth more than a large one" in live["newsletter/1/as-sent/letter/index.html"].decode()
    assert "is worth less" not in live["newsletter/1/as-sent/letter/index.html"].decode()


def test_what_went_out_is_said_even_where_it_cannot_be_kept(tmp_path: Path, project: Path) -> None:
    """Where the sent letter cannot be kept, `send` says first that it went out, and then what to do; no traceback."""
    site = make_site(tmp_path / "site", project)
    site.write("var/list.csv", f"email,consented_at\n{READER},2026-02-01\n")
    with mail_server() as room:
        smtp = {"SMTP_URL": f"smtp://127.0.0.1:{room.port}"}
        for command in (("people.import", "var/list.csv"), ("publish",)):
            assert site.invoke(*command, environ=smtp).code == 0
        site.write("editions", "a file where a folder should be")
        done = site.invoke("send", "1", environ=smtp)
    assert done.code == 3
    assert done.words.index("Issue 1: sent, 1 letter.") < done.words.index("it cannot be kept here")
    assert "Traceback" not in done.words
