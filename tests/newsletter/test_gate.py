"""What a build refuses about issues, and where it says the fault stands."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pytest
from funnel.frontmatter import Refused
from PIL import Image

from .site_builder import build, issue, lay_out

POST = "---\ntitle: A post\ndate: 2026-01-02\nstatus: published\n---\nWords.\n"
TIP = "---\ntitle: A tip\ndate: 2026-01-02\nstatus: {status}\n---\nAsk twice.\n"
LONG = "\n\n".join(f"Paragraph {number} of a letter that is far too long for anybody." for number in range(1500))


def noise(side: int) -> bytes:
    """A picture that cannot be made small."""
    out = io.BytesIO()
    Image.frombytes("RGB", (side, side), random.Random(1).randbytes(side * side * 3)).save(out, "PNG")
    return out.getvalue()


CASES = {
    "no text": ("", {}, "newsletter/1.md:9:1: this issue has no text"),
    "a merge field of ours": (
        "One.\n\nTwo %%funnel:name|x%%.",
        {},
        "newsletter/1.md:11:5: %%funnel: is for the machine",
    ),
    "a merge field in the subject": (
        "Words.",
        {"subject": "Hi %%funnel:name|you%%"},
        "newsletter/1.md:5:10: %%funnel:",
    ),
    "a name in the subject": (
        "Words.",
        {"subject": "'Dear {name|friend}'"},
        "newsletter/1.md:5:10: the subject cannot hold the reader's name",
    ),
    "a broken name": ("Dear {name}, hello.", {}, "newsletter/1.md:9:6: this mark for the reader's name is broken"),
    "a script": ("Hi\n\n<script>alert(1)</script>", {}, "newsletter/1.md:11:1: <script> cannot go into a letter"),
    "a frame": ("<iframe src='https://example.org/'></iframe>", {}, "newsletter/1.md:9:1: <iframe> cannot go"),
    "an address that runs": ("[x](javascript:alert)", {}, "newsletter/1.md:9:5: this link would run a program"),
    "an unsafe address": ("[x](ftp://a.example/x)", {}, "newsletter/1.md:9:5: an address that begins with ftp:"),
    "this machine": ("[x](http://localhost:8000/a)", {}, "is an address of one machine"),
    "a private address": ("[x](http://192.168.0.7/a)", {}, "newsletter/1.md:9:5: the link http://192.168.0.7/a is"),
    "a stranger's picture": (
        "![x](https://example.org/p.png)",
        {},
        "newsletter/1.md:9:6: this picture is not for mail",
    ),
    "a text as picture": ("![x]({static}/images/p.bmp)", {}, "this picture is not for mail: .bmp is no picture"),
    "a broken picture": ("![x]({static}/images/p.png)", {}, "this picture is not for mail: this file is no picture"),
    "a heavy picture": ("![x]({static}/images/heavy.png)", {}, "the pictures of this letter have"),
    "a short preheader": ("Words.", {"preheader": "Too short"}, "newsletter/1.md:6:12: the preheader has 9 characters"),
    "a long preheader": ("Words.", {"preheader": "long " * 30}, "mailboxes show 130 at most"),
    "the subject again": (
        "Words.",
        {"preheader": "What the letter 1 says, once more and longer"},
        "the preheader begins like the subject",
    ),
    "the first words again": (
        "Here is the beginning of it all. And more.",
        {"preheader": "Here is the beginning, and so on and on"},
        "the preheader begins like the letter",
    ),
    "a letter without end": (LONG, {}, "Gmail cuts a letter off at 102"),
    "a number like a year": ("Words.", {"number": 2026}, "newsletter/1.md:3:9: the number 2026 could be a year"),
    "an unknown tip": ("Hi\n\n{tip}/tips/none.md", {}, "newsletter/1.md:11:1: there is no tips/none.md in content/"),
    "a tip that is none": ("{tip}/posts/a.md", {}, "posts/a.md is no tip but a post; a tip is in tips/"),
    "a withheld tip": ("{tip}/tips/draft.md", {}, "tips/draft.md is not on the site (draft)"),
    "a whole address of a draft": (
        "One.\n\n[x](https://site.example/tips/draft/?a=1#b)",
        {},
        "newsletter/1.md:11:5: the link https://site.example/tips/draft/?a=1#b leads to tips/draft.md, which is not on the site (draft)",
    ),
    "a topic that nobody can choose": (
        "Words.",
        {"interests": "[gardens, cats]"},
        "newsletter/1.md:8:12: nobody can have chosen the topic 'cats'",
    ),
    "no subject": ("Words.", {"subject": ""}, 'newsletter/1.md:1:1: the key "subject" is missing'),
    "no number": ("Words.", {"number": ""}, 'newsletter/1.md:1:1: the key "number" is missing'),
    "a send_at that no clock shows": (
        "Words.",
        {"send_at": "2026-03-29 02:30"},
        'newsletter/1.md:8:10: "2026-03-29 02:30" does not exist in Europe/Berlin',
    ),
    "a send_at that comes twice": (
        "Words.",
        {"send_at": "2026-10-25 02:30"},
        'newsletter/1.md:8:10: "2026-10-25 02:30" comes twice in Europe/Berlin',
    ),
    "a picture that is missing": (
        "![x]({static}/images/none.png)",
        {},
        'newsletter/1.md:9:6: there is no file "images/none.png"',
    ),
    "a link to a draft": ("[x]({filename}/tips/draft.md)", {}, "newsletter/1.md:9:5: "),
    "a link to nothing": ("[x]({filename}/posts/none.md)", {}, "newsletter/1.md:9:5: "),
    "a relative link to nothing": ("[x](../posts/none.md)", {}, "newsletter/1.md:9:5: "),
    "a tip without a name": ("{tip}", {}, "which tip? Write its file behind the mark: {tip}/tips/NAME.md"),
    "a block in raw HTML": (
        "<div>\n{digest}\n</div>",
        {},
        "newsletter/1.md:10:1: {digest} does nothing here",
    ),
    "thanks in a sentence": ("We say {thanks}Ada: the fish.", {}, "newsletter/1.md:9:8: {thanks} does nothing here"),
    "a name that is a sign": ("Dear {name|50%}", {}, "newsletter/1.md:9:6: this mark for the reader's name is broken"),
    "thanks for nothing": ("{thanks}Everybody", {}, "newsletter/1.md:9:1: thanks for what?"),
    "nothing new": ("{digest}", {"date": "2026-01-01"}, "there is no post since the last issue"),
}


@pytest.mark.parametrize("case", sorted(CASES))
def test_refused(case: str, tmp_path: Path) -> None:
    """Each fault of an issue stops the build before its first page, with file, line and column."""
    body, front, message = CASES[case]
    files: dict[str, str | bytes] = {
        "newsletter/1.md": issue(1, body, **front),
        "posts/a.md": POST,
        "tips/draft.md": TIP.format(status="draft"),
        "images/p.bmp": "no picture",
        "images/p.png": b"no picture",
        "images/heavy.png": noise(900),
    }
    lay_out(tmp_path, files)
    with pytest.raises(Refused) as refused:
        build(tmp_path, NEWSLETTER_INTERESTS=["Gardens"])
    assert message in str(refused.value)
    assert refused.value.exitcode == 3
    assert not (tmp_path / "output/newsletter").exists()


def test_a_post_may_speak_of_a_funnel_block(tmp_path: Path) -> None:
    """Words that are also the name of our class are words, and code that shows a mark is code."""
    words = '\n\nWhat is a funnel-block? See `<div class="funnel-block funnel-block-digest">` and `{digest}`.\n'
    lay_out(tmp_path, {"posts/a.md": POST + words, "newsletter/1.md": issue(1)})
    assert "funnel-block?" in (build(tmp_path) / "posts/a/index.html").read_text(encoding="utf-8")


def test_all_at_once(tmp_path: Path) -> None:
    """Faults of several issues are said together."""
    lay_out(
        tmp_path,
        {"newsletter/1.md": issue(1, "{name}"), "newsletter/2.md": issue(2, "{tip}/tips/none.md\n\n{thanks}x")},
    )
    with pytest.raises(Refused) as refused:
        build(tmp_path)
    assert "3 problems in 2 files" in str(refused.value)


def test_two_issues_with_one_number(tmp_path: Path) -> None:
    """The second issue of a number is refused at its number, and the first is named."""
    lay_out(tmp_path, {"newsletter/1.md": issue(1), "newsletter/2.md": issue(2, number=1)})
    with pytest.raises(Refused, match=r"newsletter/2\.md:3:9: issue 1 is also newsletter/1\.md"):
        build(tmp_path)


def test_block_in_a_post(tmp_path: Path) -> None:
    """A block line in a post is refused: it would stay empty there."""
    lay_out(tmp_path, {"posts/a.md": POST + "\n\n{digest}\n", "newsletter/1.md": issue(1)})
    with pytest.raises(Refused, match=r"posts/a.md:9:1: blocks such as this one"):
        build(tmp_path)
