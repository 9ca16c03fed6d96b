"""The labelled documents and pages keep to their own rules, whatever the guard makes of them."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from funnel.guard.links import listed_as
from funnel.guard.markdown import read_markdown
from funnel.guard.rulebook import rulebook
from funnel.guard.score_documents import Document, documents

HERE = Path(__file__).parent
FOLDERS = ("documents", "pages")
LABELS = json.loads((HERE / "corpus" / "labels.json").read_text(encoding="utf-8"))
HOST = re.compile(r"(?:https?://|www\.|@)([A-Za-z0-9.-]+\.[a-z]{2,})")
OURS = re.compile(r"(^|\.)(example|example\.(com|org|net)|schema\.org)$")
PLATFORMS = (
    "facebook.com",
    "instagram.com",
    "youtube.com",
    "youtu.be",
    "github.com",
    "discord.gg",
    "play.google.com",
    "t.me",
)


@pytest.fixture(scope="module", params=FOLDERS)
def everything(request: pytest.FixtureRequest) -> list[Document]:
    """Every document of every language, in either folder."""
    return list(documents(HERE / request.param))


def test_vocabulary(everything: list[Document]) -> None:
    """Each document has a known page, split and language, and each label a place in the text."""
    for one in everything:
        assert one.page in {"marketing", "sales"}, one.path
        assert one.split in {"tune", "test"}, one.path
        assert one.lang in rulebook().languages, one.path
        count = one.text.count("\n") + 1
        assert all(label in LABELS and 1 <= line <= count for line, (label, _, _) in one.labels.items()), one.path


def test_sales_kinds(everything: list[Document]) -> None:
    """Each sales CTA has a kind of the guide."""
    for one in everything:
        assert all(kind in LABELS["sales-cta"] for label, kind, _ in one.labels.values() if label == "sales-cta"), (
            one.path
        )


def test_every_ask_stands_in_a_passage(everything: list[Document]) -> None:
    """Every sales CTA stands at a block that the guard reads, so that it could be found."""
    for one in everything:
        read = [range(passage.line, passage.end_line + 1) for passage in read_markdown(one.path, one.text)]
        assert [line for line in one.asks if not any(line in lines for lines in read)] == [], (one.site, one.path)


def test_identity(everything: list[Document]) -> None:
    """No two documents share a text, or a path within their site."""
    assert [text for text, count in Counter(one.text for one in everything).items() if count > 1] == []
    assert [key for key, count in Counter((one.site, one.path) for one in everything).items() if count > 1] == []


def test_addresses(everything: list[Document]) -> None:
    """Every address lies under an example domain, or at a platform that many use."""
    known = {entry.split("/")[0] for entries in rulebook().data["hosts"].values() for entry in entries}
    for one in everything:
        for host in HOST.findall(one.text.lower()):
            labels = host.split(".")
            ends = {name for at in range(len(labels) - 1) for name in listed_as(labels[at:])}
            assert OURS.search(host) or ends & {*known, *PLATFORMS}, (one.site, one.path, host)


def test_a_site_is_of_one_split(everything: list[Document]) -> None:
    """No site has documents in both splits: who has read one document of a site knows its voice."""
    splits: dict[str, set[str]] = {}
    for one in everything:
        splits.setdefault(one.site, set()).add(one.split)
    assert [site for site, found in splits.items() if len(found) > 1] == []
