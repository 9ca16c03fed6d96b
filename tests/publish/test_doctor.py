"""What doctor finds on this machine, what the documentation tells cron to do, and what a disk says."""

from __future__ import annotations

import errno
import re
import shutil
import sqlite3
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from funnel.publish.build import Site
from funnel.publish.console import plain_errors
from funnel.publish.doctor import Check, examine
from funnel.settings import Settings


def private_files(site: Path) -> Check:
    checks = examine(Site(site), Settings(), {}, datetime.now(UTC))
    return next(check for check in checks if check.what.startswith("Private files"))


def test_what_git_would_take_of_private_files_is_named(tmp_path: Path, project: Path) -> None:
    """Addresses of people and the file of secrets: each line that .gitignore lacks, and none with our own .gitignore."""
    assert private_files(tmp_path).well
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    assert "var/, .env" in private_files(tmp_path).mend
    (tmp_path / ".gitignore").write_text("var/\n", encoding="utf-8")
    mend = private_files(tmp_path).mend
    assert ".env" in mend and "var/" not in mend
    shutil.copy(project / ".gitignore", tmp_path)
    assert private_files(tmp_path).well


def test_what_is_the_samples_own_is_told_until_it_is_yours(project: Path) -> None:
    """Names, postal address, sender, and the mailbox in which answers, and without a desk the wish to leave, would be lost."""
    site, now = Site(project), datetime.now(UTC)
    begun = ("Names", "Postal", "Sender", "Replies")
    sample = Settings(
        newsletter_from_address="letters@two-funnels.example", newsletter_reply_to="hello@two-funnels.example"
    )
    told = [check for check in examine(site, sample, {}, now) if check.what.startswith(begun)]
    assert [check.well for check in told] == [False] * 4
    assert "SITENAME" in told[0].mend and "NEWSLETTER_REPLY_TO" in told[3].mend
    own = replace(
        sample,
        sitename="A. Miller",
        newsletter_postal_address=("1 Mill Lane",),
        newsletter_from_address="a@miller.a",
        newsletter_reply_to="",
    )
    told = [check for check in examine(site, own, {}, now) if check.what.startswith(begun)]
    assert [check.mend for check in told] == [""] * 4
    assert told[3].what.endswith("a@miller.a")


def test_whether_people_can_join_is_told(tmp_path: Path) -> None:
    """No form, a desk without words of consent, and words that name the sample's letter are told with the mend."""
    words = tmp_path / "content/extra/consent/newsletter.md"
    words.parent.mkdir(parents=True)

    def mend(url: str) -> str:
        settings = Settings(newsletter_from_address="a@miller.a", subscribe_url=url)
        checks = examine(Site(tmp_path), settings, {}, datetime.now(UTC))
        return next(check for check in checks if check.what.startswith("Subscription form")).mend

    assert "docs/desk.md" in mend("")
    assert mend("https://a.us21.list-manage.com/subscribe/post?u=1&id=2") == ""
    assert "words of consent cannot be read" in mend("https://desk.miller.a/subscribe")
    words.write_text("Yes, send me The Two Funnels Letter.\n", encoding="utf-8")
    assert "content/extra/consent/newsletter.md" in mend("https://desk.miller.a/subscribe")
    words.write_text("Yes, send me a letter a month.\n", encoding="utf-8")
    assert mend("https://desk.miller.a/subscribe") == ""


@pytest.mark.parametrize("page", ["deploy.md", "mailing-list.md"])
@pytest.mark.parametrize(
    "line", ["SMTP_URL='smtps://me:a%40b@mail.example.com'", "export SMTP_URL=smtps://me:a%40b@mail.example.com"]
)
def test_the_line_for_cron_hands_the_secrets_on(page: str, line: str, tmp_path: Path, project: Path) -> None:
    """With a file .env, exporting or not, the documented line gives SMTP_URL to each command: else letters would become files."""
    (shown,) = re.findall(r"\*/15 \* \* \* \* +([^`\n]+)", (project / "docs" / page).read_text(encoding="utf-8"))
    (tmp_path / ".env").write_text(f"{line}\n", encoding="utf-8")
    program = tmp_path / ".venv/bin/python"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\necho "$SMTP_URL"\n', encoding="utf-8")
    program.chmod(0o755)
    shutil.copy(program, program.with_name("invoke"))
    typed = re.sub(r"cd \S+", f"cd {tmp_path}", shown)
    done = subprocess.run(
        ["sh", "-c", typed], env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=True
    )
    assert set(done.stdout.splitlines()) == {"smtps://me:a%40b@mail.example.com"}


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "var/x"), "var/x: No space left on device. Free some space"),
        (OSError(errno.EROFS, "Read-only file system", "var/x"), "var/x: Read-only file system. Make that disk"),
        (
            sqlite3.OperationalError("database or disk is full"),
            "database or disk is full. Look at the disk's free space",
        ),
    ],
)
def test_what_a_disk_says_is_told_in_words(fault: Exception, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Wherever it happens, a full or locked disk ends with 2 and what to do."""
    with pytest.raises(SystemExit) as ended, plain_errors():
        raise fault
    assert ended.value.code == 2 and words in capsys.readouterr().err


def test_a_fault_of_ours_stays_one() -> None:
    """What no disk says and no person can mend is shown whole, to be reported."""
    with pytest.raises(FileNotFoundError), plain_errors():
        raise FileNotFoundError(errno.ENOENT, "No such file", "x")
