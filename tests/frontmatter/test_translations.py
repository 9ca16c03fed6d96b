"""Which claims to be a translation are refused."""

from __future__ import annotations

import pytest

from .conftest import Reads

ONE = "---\ntitle: One\ndate: 2026-05-04\nstatus: published\n---\nText.\n"
HEAD = "---\ntitle: Zwei\ndate: 2026-05-04\nstatus: published\nlang: {lang}\ntranslates: {target}\n---\nText.\n"


def test_a_translation_names_its_original(reads: Reads) -> None:
    """Several languages of one document in its folder are read without a fault."""
    files = {"posts/one.md": ONE, "posts/de.md": HEAD.format(lang="de", target="one.md")}
    files["posts/fr.md"] = HEAD.format(lang="fr", target="'{filename}/posts/one.md'")
    assert reads(files).problems == ()


@pytest.mark.parametrize(
    ("path", "lang", "target", "message", "advice"),
    [
        ("posts/x.md", "fr", "de.md", "posts/de.md is itself a translation", "posts/one.md"),
        ("tips/x.md", "fr", "'{filename}/posts/one.md'", "a tip cannot translate a post", "into posts/"),
        ("posts/x.md", "de", "one.md", "posts/de.md is in the same language", "Correct lang"),
        ("posts/x.md", "fr", "x.md", "translates leads to this same document", "another"),
        ("posts/x.md", "fr", "gone.md", "gone.md", ""),
    ],
)
def test_a_claim_that_cannot_be_true_is_refused(
    reads: Reads, path: str, lang: str, target: str, message: str, advice: str
) -> None:
    """A translation of a translation, of another type, into a language that is there, of itself or of nothing is refused."""
    files = {"posts/one.md": ONE, "posts/de.md": HEAD.format(lang="de", target="one.md")}
    problems = reads({**files, path: HEAD.format(lang=lang, target=target)}).problems
    (said,) = [str(problem) for problem in problems if f"content/{path}:6:13" in str(problem)] or [str(problems)]
    assert message in said and advice in said


def test_two_new_translations_into_one_language_are_refused_once(reads: Reads) -> None:
    """Of two German versions the second in the order of paths is named, and the first in it."""
    files = {"posts/one.md": ONE} | {f"posts/{name}.md": HEAD.format(lang="de", target="one.md") for name in "ab"}
    (problem,) = reads(files).problems
    assert problem.path == "content/posts/b.md" and "posts/a.md is in the same language" in problem.message
