"""Front matter that is refused: at which place, why, and with which advice."""

from __future__ import annotations

import pytest
from funnel.frontmatter import Problem

from .conftest import Reads

YAML = [
    ("title: Sales: a story", "2:13", "must stand in quotes", 'title: "Sales: a story"'),
    ("title:My post", "2:7", "a space is missing after the colon", "title: My post"),
    ("title: “Sales: a story”", "2:14", "must stand in quotes", 'title: "Sales: a story"'),
    ("title: We are #1", "2:15", "drops everything after this #", 'title: "We are #1"'),
    ('title: "Hello" he said', "2:15", "text stands after the closing quote", "inside of the quotes"),
    ("title: 'don't'", "2:13", "text stands after the closing quote", ""),
    ('title: "Hello', "2:8", "this quote is not closed", "Close it"),
    ("title: *bold* words", "2:8", "cannot begin with *", 'title: "*bold* words"'),
    ("title: @home", "2:8", "cannot begin with @", 'title: "@home"'),
    ("title: [a", "2:", "cannot be read as YAML", "closed"),
    ("title: !!python/object:os.system x", "2:8", "cannot begin with !", ""),
    ("title: T\n<<: x", "3:1", 'unknown key "<<"', ""),
    ("title: T\ndraft: false", "3:1", 'unknown key "draft"', "status: published"),
    ("title: T\nredirect_from: /old/", "3:1", 'unknown key "redirect_from"', "aliases:"),
    ("title: T\nlayout: post", "3:1", 'unknown key "layout"', "Take this line out"),
    ("title: T\nstaus: draft", "3:1", 'unknown key "staus"', '"status"'),
    ("Title: T", "2:1", 'unknown key "Title"', '"title"'),
    ("title: T\ntitle: U", "3:1", '"title" is given twice, first on line 2', "one of the two"),
    ("title:\tT", "2:7", "a tab stands in the front matter", "spaces"),
    ("title: T\ntags:\n\t- a", "4:1", "a tab stands in the front matter", "spaces"),
    ("title: T\n#date: 2027-01-01", "3:1", 'the # takes the key "date" away', "# date"),
    ("title: T\njust words", "3:1", 'this line is not "key: value"', ""),
    ("title: T\nstatus:\u00a0draft", "3:8", "only looks like a space", "type a space"),
    ("title: ''", "2:1", '"title" has no value', "such as title:"),
    ("title:", "2:1", '"title" has no value', ""),
    ('title: "a\\nb"', "2:8", "invisible character: U+000A", ""),
    ("title: T\nsummary: [a, b]", "3:10", "takes one value, not a list", ""),
    ("title: T\nstatus: Published", "3:9", 'status cannot be "Published"', '"published"'),
    ("title: T\nstatus: “published”", "3:9", "status cannot be", "Take the quotes “ away"),
    ("title: T\nstatus: publіshed", "3:9", "status cannot be", "CYRILLIC"),
    ("title: T\ndate: 03/04/2026", "3:7", "is not a date", "2026-05-04"),
    ("title: T\ndate: Monday", "3:7", "is not a date", "2026-05-04"),
    ("title: T\ndate: 2O26-01-01", "3:7", "is not a date", "letter"),
    ("title: T\ndate: 2026-02-30", "3:7", "is not in the calendar", ""),
    ("title: T\ndate: 2026-05-04 25:00", "3:7", "no such time of day", ""),
    ("title: T\ndate: 2026-05-04 09:30+99:00", "3:7", "no such offset", ""),
    ("title: T\ndate: 2026-03-29 02:30", "3:7", "does not exist in Europe/Berlin", "before or after"),
    ("title: T\ndate: 2026-10-25 02:30", "3:7", "comes twice in Europe/Berlin", "2026-10-25 02:30+02:00 (first)"),
    ("title: T\ndate: 2026-5-4", "3:7", "is not a date", ""),
    ("title: T\ndate: ２０２６-05-04", "3:7", "is not a date", "FULLWIDTH"),
    ("title: T\ndate: 2026-05-04\nmodified: 2026-05-03", "4:11", "modified before its date", ""),
    ("title: T\nslug: My Post", "3:7", "cannot be part of an address", "my-first-post"),
    ("title: T\ntags: [a, a]", "3:11", '"a" is listed twice', ""),
    ("title: T\ntags: [a, '!']", "3:11", "neither a letter nor a digit", ""),
    ("title: T\nlang: english", "3:7", "is not a language tag", "pt-BR"),
    ("title: T\nimage: https://a.example/x.png", "3:8", "is not a picture of this site", "{static}"),
    ("title: T\nimage: images/x.svg", "3:8", "a picture needs a text", "image_alt"),
    ("title: T\ntranslates: x.md", "3:13", "a translation needs its language", "lang: de"),
    ("title: T\naliases: [/%2e%2e/x/]", "3:11", "is not an address on this site", "/old-address/"),
    ("title: T\naliases: [https://a.example/]", "3:11", "is not an address on this site", "/old-address/"),
    ("title: WP &#8211; T", "2:8", "readers would see &#8211; as it stands here", "the sign itself: \u2013"),
    ("title: T\nsummary: A **bold** word", "3:10", "readers would see **bold** as it stands here", "take the signs"),
    ("title: T\nsummary: See [this](/posts/x/) one", "3:10", "see [this](/posts/x/) as it", "take the signs"),
    ("title: T\nmenu: perhaps", "3:7", "is neither yes nor no", ""),
    ("title: T\norder: ten", "3:8", "is not a whole number", ""),
    ("title: T\nkind: sale", "3:7", 'kind cannot be "sale"', '"sales"'),
    ("status: draft", "1:1", 'the key "title" is missing', "title:"),
    ("title: T\n...\nstatus: published", "3:1", 'this line is not "key: value"', ""),
    ("{title: T}", "2:1", 'this line is not "key: value"', ""),
    ("title: &a T", "2:8", "cannot begin with &", ""),
    ("title: T\ntags: [&a x, *a]", "3:8", "& * and ! at the beginning", "quotes"),
    ("title: |\n  One\n  two", "2:8", "takes one line only", ""),
    ("title: T\nsummary: 'a\n\n  date: 2027-01-01'", "3:10", "this quote is not closed on its line", ""),
]
WHOLE = [
    ("title: T\n---\nText", "2:1", "does not begin with it", "before the first key"),
    ("--\ntitle: T\n---\n", "1:1", "exactly three hyphens", "---"),
    ("—\ntitle: T\n---\n", "1:1", "exactly three hyphens", "---"),
    ("---\ntitle: T\n----\nText", "3:1", "exactly three hyphens", "---"),
    ("---\ntitle: T\n\nText", "1:1", "the second line of three hyphens is missing", ""),
    ("Hello world, this is a text.", "1:1", "there is no front matter", "---"),
    ("   \n \n", "1:1", "this file is empty", ""),
    ("", "1:1", "this file is empty", ""),
    (b"---\ntitle: caf\xe9\n---\n", "2:11", "byte 0xe9 is not UTF-8", "UTF-8"),
    ("---\ntitle: T\n---\n".encode("utf-16"), "1:1", "UTF-16", "UTF-8"),
    ("---\ntitle: T\n---\n".encode("utf-16-le"), "1:1", "UTF-16", "UTF-8"),
    ("---\ntitle: T\n---\n".encode("utf-32"), "1:1", "UTF-32", "UTF-8"),
    (b"\0" * 40, "1:1", "nothing but empty bytes", "from a copy"),
    ('+++\ntitle = "T"\n+++\n', "1:1", "written in TOML", "title: and the other keys"),
    ('{\n"title": "T"\n}\n', "1:1", "written in JSON", "title: and the other keys"),
    ('{"title": "T"}\n', "1:1", "written in JSON", "a line ---"),
    ("---\ntitle: T\0\n---\n", "2:9", "U+0000", ""),
    ("---\ntitle: T\u2028\n---\n", "2:9", "LINE SEPARATOR", ""),
    ("---\rtitle: T\r---\r", "1:4", "very old Macs", ""),
    ("---\ntitle: T\n---\n" + "x" * 2_100_000, "1:1", "larger than 2 MB", ""),
    ("Title: T\n  and more\n\nText", "2:1", "this line is set in", "one line"),
    ("Title: T\nText at once", "2:1", 'this line is not "Key: value"', "blank line"),
    ("Title: T\n\nDate: 2027-01-01\n\nText", "3:1", '"Date:" stands after a blank line', ""),
    ("Title: TDate: 2027-01-01\n\nText", "1:9", "a second key stands on this line", "line of its own"),
    ("Title: T\nTITLE: U\n\nText", "2:1", "given twice", ""),
    ("Title:\tT\n\nText", "1:7", "a tab stands in the front matter", ""),
    ("Titel: T\n\nText", "1:1", 'unknown key "titel"', '"title"'),
]


def place(problem: Problem) -> str:
    return f"{problem.line}:{problem.column}"


@pytest.mark.parametrize(("front", "where", "message", "advice"), YAML)
def test_yaml_that_does_not_say_one_plain_thing_is_refused(
    reads: Reads, front: str, where: str, message: str, advice: str
) -> None:
    """The fault is told once, in plain words, at its line and column, with what to write instead."""
    problems = reads({"pages/x.md": f"---\n{front}\n---\nText.\n"}).problems
    assert len(problems) == 1, list(map(str, problems))
    assert place(problems[0]).startswith(where)
    assert message in problems[0].message
    assert advice in problems[0].help


@pytest.mark.parametrize(("text", "where", "message", "advice"), WHOLE)
def test_a_file_that_is_no_document_is_refused(
    reads: Reads, text: str | bytes, where: str, message: str, advice: str
) -> None:
    """Fences, encodings, line ends and the second dialect are judged as strictly as values."""
    problems = reads({"pages/x.md": text}).problems
    assert place(problems[0]) == where
    assert message in problems[0].message
    assert advice in problems[0].help


def test_all_faults_of_all_files_are_told_at_once(reads: Reads) -> None:
    """Three faults in one file and one in another make four problems, sorted by file and line."""
    bad = "---\ntitel: T\ndate: Monday\nstatus: maybe\n---\n"
    problems = reads({"pages/b.md": bad, "pages/a.md": "Staus: x\nTitle: T\n\nText"}).problems
    assert [(one.path, one.line) for one in problems] == [
        ("content/pages/a.md", 1),
        ("content/pages/b.md", 2),
        ("content/pages/b.md", 3),
        ("content/pages/b.md", 4),
    ]


def test_a_problem_shows_the_line_and_a_caret(reads: Reads) -> None:
    """What a person reads: where, what, the line, a mark below the place, and what to do."""
    problem = reads({"pages/x.md": "---\ntitle: T\nstatus: publised\n---\n"}).problems[0]
    assert str(problem) == (
        'content/pages/x.md:3:9: status cannot be "publised"\n'
        "    status: publised\n"
        "            ^\n"
        '  Did you mean "published"?'
    )
