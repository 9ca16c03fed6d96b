"""What cannot be judged is said with its place: never a traceback, never a pass, never minutes."""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from pathlib import Path

import pytest
from funnel.guard import CouldNotJudge, check_html, check_markdown
from funnel.guard.cli import main
from funnel.guard.rulebook import rulebook
from funnel.guard.walk import PASSED_BY, VENDORED

SELLS = "Book a free consultation with me today.\n"
RULE = "id: x, role: ask, because: b, ground: guide"


def said(folder: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str, str]:
    """The exit code, and what the command line wrote to either stream."""
    code = main(["check", str(folder), *more])
    told = capsys.readouterr()
    return code, told.out, told.err


@pytest.mark.parametrize(
    ("name", "written", "line", "what"),
    [
        ("en", "signs: 3\n", 1, "`signs` must be a list"),
        ("en", "classes: [a]\n", 1, "must be a table"),
        ("en", "\nclasses: {appointment: 3}\n", 2, "`appointment` must be a list"),
        ("en", "typo: [a]\n", 1, "`typo` is no key of this file"),
        ("en", f"signs:\n  - {{{RULE}, match: hello}}\n", 2, "`match` must be a list"),
        ("en", f"signs:\n  - {{{RULE}, sales: lots, match: [hello]}}\n", 2, "`sales` must be a number"),
        ("en", f"signs:\n  - {{{RULE}, match: ['~99999999999 hello']}}\n", 2, "up to 20"),
        ("en", f"signs:\n\n  - {{{RULE}, match: ['{{nosuch}}']}}\n", 3, "no word class `nosuch`"),
        ("en", f"signs:\n  - {{{RULE}, test: place last}}\n", 2, "`en.x` has no `match`"),
        ("structure", f"signs:\n  - {{{RULE}, match: [hello]}}\n", 2, "`x` has no `test`"),
        ("en", f"signs:\n  - {{{RULE}, match: ['(buy|{{book}}) now']}}\n", 2, "is no group"),
        ("en", f"signs:\n  - {{{RULE}, match: ['(buy now']}}\n", 2, "is no group"),
        ("en", "signs: 2027-99-99\n", 1, "`signs` must be a list"),
        ("it", "classes: {a: [b]}\n", 1, "a language needs `stopwords`"),
        ("en", f"signs:\n  - {{{RULE}, match: [hello]}}\n  - {{{RULE}, match: [bye]}}\n", 2, "two rules of this file"),
        ("structure", "threshold: high\n", 1, "`threshold` must be a number"),
        ("structure", "slugs: {shop: '(a+'}\n", 1, "no regular expression"),
        ("structure", "slugs: {shop: '^(a+)+$'}\n", 1, "may take for ever"),
        ("structure", "slugs: {shop: '^(a|a)+$'}\n", 1, "may take for ever"),
        ("hosts", "hosts: 3\n", 1, "`hosts` must be a table"),
    ],
)
def test_a_rule_file_of_the_wrong_shape_is_refused_at_its_line(
    name: str, written: str, line: int, what: str, tmp_path: Path
) -> None:
    """Whoever writes a rule amiss is told the file, the line and what it should be."""
    (tmp_path / f"{name}.yml").write_text(written)
    with pytest.raises(CouldNotJudge, match=what) as refused:
        rulebook((str(tmp_path),))
    assert (refused.value.path, refused.value.line) == (str(tmp_path / f"{name}.yml"), line)


def test_small_words_of_a_rule_file_are_words() -> None:
    """Spanish `no` and French `on` are words of their languages, not truth values of YAML."""
    assert "no" in rulebook().languages["es"].stopwords


def test_a_rule_is_switched_off_by_a_configuration(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`off:` works as it is documented, although YAML takes the bare word for a truth value."""
    (tmp_path / "a.md").write_text(SELLS)
    (tmp_path / "g.yml").write_text("off: [en.free-first]\n")
    code, out, _ = said(tmp_path / "a.md", capsys, "--config", str(tmp_path / "g.yml"))
    assert (code, "[en.free-first]" in out, "[en.ask-appointment]" in out) == (1, False, True)


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("names: [Ann]\noff: [en.nosuch]\n", "g.yml:2:7: `off`: there is no rule `en.nosuch`"),
        ("languages: [xx]\n", "g.yml:1:13: `languages`: there are no rules for the language `xx`"),
        ("language: [a]\n", "`language` must be"),
        ("sales: ['']\n", "each entry of `sales` must be words"),
        ("names: 2027-99-99\n", "not YAML that can be read"),
    ],
)
def test_a_configuration_that_says_nothing_of_sense_is_refused(
    written: str, what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A switch that would do nothing, and a value of the wrong kind, are told before anything is judged."""
    (tmp_path / "a.md").write_text(SELLS)
    (tmp_path / "g.yml").write_text(written)
    code, out, err = said(tmp_path, capsys, "--config", str(tmp_path / "g.yml"))
    assert (code, out) == (2, "")
    assert what in err


def test_own_rules_stand_beside_the_configuration_and_replace_by_id(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder of rules is found from its configuration, wherever the command is typed; a rule of a known id takes its place."""
    (tmp_path / "site" / "rules").mkdir(parents=True)
    (tmp_path / "site" / "a.md").write_text("Bread is good.\n")
    (tmp_path / "site" / "g.yml").write_text("rules: [rules]\n")
    rule = "{id: free-first, role: ask, because: speaks of bread, ground: guide, match: [bread], sales: 5}"
    (tmp_path / "site" / "rules" / "en.yml").write_text(f"signs:\n  - {rule}\n")
    monkeypatch.chdir(tmp_path)
    code, out, _ = said(Path("site/a.md"), capsys, "--config", "site/g.yml")
    assert code == 1
    assert "speaks of bread" in out
    english = rulebook((str(Path("site/rules")),)).languages["en"]
    assert [sign.because for sign in english.signs if sign.id == "en.free-first"] == ["speaks of bread"]


@pytest.mark.parametrize(
    ("name", "text", "place", "what"),
    [
        ("a.md", f"# T\n\n```\ncode\n\n{SELLS}", "3:1", "this fence is never closed"),
        ("a.md", f"````\n```\n\n{SELLS}", "1:1", "this fence is never closed"),
        ("a.html", f"<p>Bread\n <!-- never closed <p>{SELLS}", "2:2", "a comment is never closed"),
        ("a.html", f"<p>Bread</p>\n<script>\n<p>{SELLS}</p>", "2:1", "`<script>` is never closed"),
        ("a.html", f"<p>Bread</p>\n<p><code>x</p>\n<p>{SELLS}</p>", "2:4", "`<code>` is never closed"),
        ("a.html", f'<p>Bread</p>\n<a href="x><p>{SELLS}</p>', "2:1", "this tag is never closed"),
        ("a.md", "---\ntitle: Bread\ntags: [a\n---\nBread.\n", "4:1", "the front matter: this is not YAML"),
        ("a.md", '+++\ntitle = "Bread\n+++\nBread.\n', "2:15", "the front matter: this is not TOML"),
        ("a.md", "Bread.\n" + "a" * 300_000, "2:1", "this line has 300000 characters"),
    ],
)
def test_what_would_swallow_a_text_is_no_pass(
    name: str, text: str, place: str, what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is never closed hides what comes after it from the guard, not from the reader: it is told with its place."""
    (tmp_path / name).write_text(text)
    code, _, err = said(tmp_path, capsys)
    assert code == 2
    assert f"{name}:{place}: {what}" in err


def test_a_fence_may_hold_a_shorter_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Code ends with as many marks as it began with, so that a fence which is shown in code closes nothing."""
    (tmp_path / "a.md").write_text(f"````\n```\n{SELLS}```\n````\n\nBread is good.\n")
    assert said(tmp_path, capsys)[0] == 0


def test_bad_front_matter_hides_no_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A document whose front matter cannot be read is judged all the same, and is no pass."""
    (tmp_path / "a.md").write_text(f"---\ntitle: a: b\n---\n{SELLS}")
    code, out, err = said(tmp_path, capsys)
    assert (code, "a.md:4:1: sales-cta" in out, "a.md:2:9" in err) == (2, True, True)


def test_links_in_a_folder_are_followed_once_and_none_is_passed_by(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A linked folder is read, a loop of links ends, and a link that leads nowhere is told."""
    (tmp_path / "site" / "posts").mkdir(parents=True)
    (tmp_path / "else").mkdir()
    (tmp_path / "else" / "a.md").write_text(SELLS)
    (tmp_path / "site" / "linked").symlink_to(tmp_path / "else")
    (tmp_path / "site" / "posts" / "loop").symlink_to(tmp_path / "site")
    (tmp_path / "else" / "back").symlink_to(tmp_path / "site")
    (tmp_path / "site" / "gone.md").symlink_to(tmp_path / "nowhere.md")
    code, out, err = said(tmp_path / "site", capsys, "--format", "jsonl")
    assert code == 2
    assert (out.count('"path"'), '"path": "linked/a.md"' in out) == (1, True)
    assert "gone.md:1:1: the file cannot be read" in err


def test_a_folder_without_documents_is_no_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where nothing was read nothing is clean: more likely the wrong folder was named."""
    (tmp_path / "notes.doc").write_text(SELLS)
    code, out, err = said(tmp_path, capsys)
    assert (code, out) == (2, "")
    assert "nothing in this folder can be judged" in err


@pytest.mark.parametrize(
    "piece",
    [
        "\u0430b",
        "{/* ",
        "{% comment %} ",
        "| a ",
        " ",
        ".",
        '"',
        "]( ",
        "<a ",
        "`a ``b ",
        "a-",
        "**a _b ",
        "a;b",
        "123 ",
        "1'",
        "1.-",
        "45,- ",
        "[box]",
        "B\u2022o\u2022",
    ],
)
def test_a_long_paragraph_takes_no_longer_for_hostile_text(piece: str) -> None:
    """Whatever a paragraph repeats, it is read in a time that grows with its length alone."""
    began = time.process_time()
    check_markdown("a.md", f"Words {piece * (60_000 // len(piece))} words.")
    assert time.process_time() - began < 4


@pytest.mark.parametrize(
    "piece", ["<script ", '<script>"\\"', "<style>/*a", "<script>/*a", "<!-- guard: waive ", "<p style='"]
)
def test_what_is_begun_over_and_over_is_read_in_time(piece: str) -> None:
    """Scripts, styles, comments and waivers that begin without end cost a time that grows with their length alone."""
    began = time.process_time()
    for check in (check_markdown, check_html):
        with suppress(CouldNotJudge):
            check("a.md", piece * (60_000 // len(piece)))
    assert time.process_time() - began < 4


def test_a_long_comment_takes_no_longer_for_the_tags_in_it() -> None:
    """A draft of thousands of paragraphs that is commented out is passed by line after line."""
    began = time.process_time()
    assert check_markdown("a.md", "One.\n\n<!--\n" + "<p>Book a free call with us.</p>\n" * 10_000 + "-->\n") == []
    assert time.process_time() - began < 4


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("a.md", f"---\ntitle: Bread\ndescription:\n  {SELLS}---\nBread.\n", (4, 3)),
        ("a.md", f"Bread.\n\n> \n> {SELLS}", (4, 3)),
        ("a.html", f"<p>Bread &amp; butter &mdash; good. {SELLS}</p>", (1, 37)),
        ("a.html", f"<p>Bread &amp;\n\tbutter &#169; good. {SELLS}</p>", (2, 22)),
        ("a.md", f"\ufeff- one\r\n\t- \U0001f35e e\u0301te\u0301. {SELLS}", (2, 13)),
    ],
)
def test_a_finding_stands_at_its_first_letter(
    name: str, text: str, place: tuple[int, int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Line and column are those of the source, whatever stands before the words or is written otherwise in it."""
    (tmp_path / name).write_text(text, newline="")
    assert "{}:{}:{}: sales-cta".format(name, *place) in said(tmp_path, capsys)[1]


def test_a_body_cannot_call_its_document_an_offer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Only the front matter says what kind a document is of, in YAML as in TOML."""
    (tmp_path / "body.md").write_text(f"---\ntitle: A\n---\nBread.\n\n{SELLS}\nkind: sales\n\n---\n")
    (tmp_path / "offer.md").write_text(f'+++\ntitle = "A"\nkind = "sales"\n+++\n{SELLS}')
    out = said(tmp_path, capsys)[1]
    assert ("body.md:6:1: sales-cta" in out, "offer.md" in out) == (True, False)


@pytest.mark.parametrize(
    "text",
    [
        "Leipä tarvitsee aikaa ja lämpimän huoneen. Varaa ilmainen konsultaatio kanssamme jo tänään, paikkoja on vain kolme.",
        "รนมปังต้องการเวลา จองคำปรึกษาฟรีวันนี้",
        "रोटी को समय चाहिए। आज ही मुफ्त परामर्श बुक करें।",
        "Laibā maizītē ir daudz ūdens, tāpēc tā rūgst ilgāk. Piesakieties šodien bezmaksas konsultācijai pie mums, palikušas trīs"
        " vietas, un atnāciet ciemos rīt agri no rīta pirms brokastīm ģimenē.",
    ],
)
def test_a_language_that_nobody_foresaw_is_told_to_be_unguarded(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A text in a language without rules is never passed in silence, whether its language has a name here or not."""
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    assert ": unguarded" in said(tmp_path, capsys)[1]


def test_a_waiver_that_is_shown_in_code_waives_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever explains waivers has written none, neither one that is unused nor one that is used."""
    waiver = "<!-- guard: waive any because it is quoted -->"
    (tmp_path / "a.md").write_text(f"Write `{waiver}` so:\n\n```html\n{waiver}\n```\n\nBread is good.\n")
    assert said(tmp_path, capsys)[0] == 0
    (tmp_path / "a.md").write_text(f"`{waiver}` {SELLS}")
    assert said(tmp_path, capsys)[0] == 1


def test_one_path_that_cannot_be_read_hides_no_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A path that is not there, an empty folder, a pipe, a name that no disk takes: each is named, and the findings in the rest are told."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "a.md").write_text(SELLS)
    (tmp_path / "site" / "far").symlink_to("x" * 300)
    os.mkfifo(tmp_path / "pipe")
    amiss = [tmp_path / name for name in ("gone", "empty", "pipe", "y" * 300)]
    code = main(["check", *map(str, amiss), str(tmp_path / "site")])
    told = capsys.readouterr()
    assert (code, told.out.count("[en.free-first]")) == (2, 1)
    for path in (*amiss, tmp_path / "site" / "far"):
        assert f"{path}:1:1: " in told.err
    assert "pipe:1:1: this is neither a file nor a folder" in told.err
    assert main(["explain", f"{amiss[-1]}:1"]) == 2 and main(["init", str(amiss[-1])]) == 2


def test_a_return_ends_a_line_in_every_reading(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file with the line ends of old machines keeps its kind, its waivers, and the line that a finding shows."""
    (tmp_path / "a.md").write_bytes(f"---\rkind: sales\r---\r\r{SELLS}".encode())
    assert said(tmp_path, capsys)[0] == 0
    (tmp_path / "a.md").write_bytes(f"Moss.\r\r{SELLS}".encode())
    code, out, _ = said(tmp_path, capsys)
    assert (code, "a.md:3:1: " in out, "    Book a free" in out) == (1, True, True)


@pytest.mark.parametrize(
    ("written", "place"),
    [
        (b"One.\rTwo.\r\xff\n", "3:1"),
        (b"One.\r\nTwo \xff\n", "2:5"),
        ("é é ".encode() + b"\xff\n", "1:5"),
        (b"\xef\xbb\xbfOne.\n\xff\n", "2:1"),
    ],
)
def test_a_byte_that_is_no_utf_8_is_told_where_an_editor_shows_it(
    written: bytes, place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its column counts signs, its line every line end, and the mark at a file's beginning is neither."""
    (tmp_path / "a.md").write_bytes(written)
    code, _, err = said(tmp_path, capsys)
    assert code == 2 and f"a.md:{place}: " in err


@pytest.mark.parametrize(
    ("written", "place", "what"),
    [
        ("names: [a]\n\nofers: []\n", "3:1", "`ofers` is not a key"),
        ("names: [a]\nsoft_asks: -1\n", "2:1", "whole number"),
        ("names: [a]\noff:\n", "2:1", "`off` must be a list"),
        ("names:\n  - a\n  - yes\n", "3:5", "must be words"),
        ("offers:\n  - name: A\n  - nam: B\n", "3:5", "needs a `name`"),
        ("offers:\n  - A\n  - name: B\n    addresses: x\n", "3:5", "`addresses` must be a list"),
        ("names: [a]\nnames: [b]\n", "2:1", "`names` stands here twice"),
        ("offers:\n  - name: A\n    name: B\n", "3:5", "`name` stands here twice"),
        ("names: &a [*a]\n", "1:8", "must be words"),
        ("sales: [shop, .]\n", "1:15", "names no path"),
        ("own_hosts: [a.example, 'https://b.example/']\n", "1:24", "is not the name of a host"),
        ("# off\nnames: ['off']\noff:\n  - en.loud\n  - en.nosuch\n", "5:5", "there is no rule `en.nosuch`"),
        ("names: [a]\n\nno: [en.nosuch]\n", "3:6", "there is no rule `en.nosuch`"),
        ("own_hosts: [a.example/notes]\n", "1:13", "is not the name of a host"),
        ("own_hosts: [.a.example]\n", "1:13", "is not the name of a host"),
        ("# mine\n[a]\n", "2:1", "must be a list of `key: value` lines"),
    ],
)
def test_a_slip_in_the_configuration_is_told_at_its_place(
    written: str, place: str, what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever slips in a configuration is told the line and the column, also where a key would silently replace another, or name nothing."""
    (tmp_path / "a.md").write_text("Moss grows.\n")
    (tmp_path / "guard.yml").write_text(written)
    code, _, err = said(tmp_path, capsys, "--config", str(tmp_path / "guard.yml"))
    assert code == 2 and f"guard.yml:{place}: " in err and what in err


def test_a_configuration_that_repeats_itself_is_read_in_one_go(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Twenty lists, each of which holds the one before twice, are twenty lists, and not a million."""
    lists = "".join(f"  - &a{index} [*a{index - 1}, *a{index - 1}]\n" for index in range(1, 20))
    (tmp_path / "a.md").write_text("Moss grows.\n")
    (tmp_path / "guard.yml").write_text(f"names:\n  - &a0 [moss]\n{lists}")
    began = time.process_time()
    assert said(tmp_path, capsys, "--config", str(tmp_path / "guard.yml"))[0] == 2
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("pattern", "code"),
    [("shop/**", 0), ("shop/", 0), ("**/a.md", 0), ("deep/*.md", 0), ("shop/*.md", 1), ("hop/**", 1), ("{here}/**", 0)],
)
def test_a_pattern_of_sales_paths_reaches_all_folders_below(
    pattern: str, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a pattern `*` stays in its folder, and `**` or a slash at the end reaches all that is below."""
    (tmp_path / "shop" / "very" / "deep").mkdir(parents=True)
    (tmp_path / "shop" / "very" / "deep" / "a.md").write_text(SELLS)
    (tmp_path / "guard.yml").write_text(f"sales: ['{pattern.format(here=tmp_path)}']\n")
    assert said(tmp_path / "shop", capsys, "--config", str(tmp_path / "guard.yml"))[0] == code


def test_own_rules_may_end_in_either_way_of_yaml(tmp_path: Path) -> None:
    """A rule file counts whether it is called en.yml or en.yaml: else it would be passed by in silence."""
    (tmp_path / "de.yml").write_text("classes: {}\n")
    (tmp_path / "en.yaml").write_text("signs: 3\n")
    with pytest.raises(CouldNotJudge, match="`signs` must be a list"):
        rulebook((str(tmp_path),))


def test_what_tools_keep_is_passed_by_and_nothing_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Packages and caches are nobody's documents; a folder `vendor` of one's own, and one that is hidden, are read."""
    kept = ("node_modules/p", "vendor/bundle/p", ".next/server", ".docusaurus", "_vendor", ".pytest_cache")
    read = ("content/vendor", "content/.notes", "posts/bundle")
    for name in (*kept, *read):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "README.md").write_text(SELLS)
    code, out, _ = said(tmp_path, capsys, "--format", "jsonl")
    assert code == 1
    assert sorted(json.loads(row)["path"] for row in out.splitlines()) == [f"{name}/README.md" for name in sorted(read)]
    told = (Path(__file__).parents[2] / "docs" / "guard.md").read_text()
    assert all(f"`{name}`" in told for name in (*PASSED_BY, *(f"vendor/{one}" for one in VENDORED)))
