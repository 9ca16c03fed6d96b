"""The laws of the house, on a real build (../shared design, laws 1 to 5)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .conftest import POST, SmallSite

CANARY = "zebrafinch"


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("draft", ("status: published", "status: draft")),
        ("no status", ("status: published\n", "")),
        ("future", ("date: 2026-05-04", "date: 2031-01-01")),
    ],
)
def test_what_is_withheld_leaves_no_trace(small_site: SmallSite, name: str, change: tuple[str, str]) -> None:
    """Law 1: no file, title, slug or word of a draft or a future document is in the output, and the plan says why."""
    text = POST.format(title=f"The {CANARY} story").replace(
        "summary:", f"tags: {CANARY}-tag\ncategory: {CANARY} matters\nsummary:"
    )
    small_site.write(f"content/posts/{CANARY}.md", text.replace(*change))
    assert small_site.pelican("-o", "output").code == 0
    for path, data in small_site.files("output").items():
        assert CANARY not in path
        assert CANARY.encode() not in data.lower(), path
    plan = small_site.invoke("plan")
    assert plan.code == 0
    assert f"posts/{CANARY}.md" in plan.words


def test_a_withheld_issue_has_no_page_and_no_letter(small_site: SmallSite) -> None:
    """Law 1 holds for issues too, and for their letters."""
    small_site.edit("content/newsletter/001-lists.md", "status: published", "status: draft")
    assert small_site.pelican("-o", "output").code == 0
    assert not [path for path in small_site.files("output") if path.startswith("newsletter/1/")]
    assert not [path for path in small_site.files("output.record") if path.startswith("editions/")]


@pytest.mark.parametrize(
    ("path", "text", "place"),
    [
        ("content/posts/bad.md", b"---\ntitle: x\nstatus: published\n", "content/posts/bad.md:"),
        ("content/posts/bad.md", b"---\ntitle: caf\xe9\ndate: 2026-05-04\n---\nx\n", "content/posts/bad.md:2:"),
        ("content/posts/bad.rst", b"Title\n=====\n", "content/posts/bad.rst:"),
        ("content/pots/good.md", POST.format(title="Lost").encode(), "content/pots:"),
        ("content/posts/bad.md", b"", "content/posts/bad.md:"),
    ],
)
def test_a_file_that_cannot_be_read_fails_the_build_at_its_place(
    small_site: SmallSite, path: str, text: bytes, place: str
) -> None:
    """Law 2: nothing vanishes in silence, and nothing is written."""
    small_site.write(path, text)
    ran = small_site.pelican("-o", "output")
    assert ran.code == 3
    assert place in ran.words
    assert "Traceback" not in ran.words
    assert not (small_site.root / "output").exists()


def test_a_cta_in_an_issue_stops_a_stock_build_with_nothing_written(small_site: SmallSite) -> None:
    """A plain `pelican` run judges too, before the first byte."""
    small_site.edit("content/newsletter/001-lists.md", "[More]", "Book your free strategy call with me today. [More]")
    ran = small_site.pelican("-o", "output")
    assert ran.code == 3
    assert "content/newsletter/001-lists.md:9:" in ran.words
    assert "Traceback" not in ran.words
    assert [path.name for path in small_site.root.iterdir() if path.name.startswith("output")] == []


def test_a_cta_in_the_theme_throws_the_release_away(small_site: SmallSite) -> None:
    """What is written is judged too: a shared call-to-action in the theme keeps the last good build in its place."""
    assert small_site.pelican("-o", "output").code == 0
    before = small_site.files("output")
    base = small_site.root / "theme/templates/base.html"
    text = base.read_text(encoding="utf-8")
    at = text.rindex("</body>")
    base.write_text(
        text[:at] + '<p><a href="https://calendly.com/x">Book a call with us now</a></p>' + text[at:], encoding="utf-8"
    )
    ran = small_site.pelican("-o", "output")
    assert ran.code == 3
    assert "Book a call" in ran.words
    assert small_site.files("output") == before


BROKEN_GUARDS: dict[str, Callable[[SmallSite], None]] = {
    "left out": lambda site: site.edit("pelicanconf.py", '    "funnel.guard.plugin",', "    # "),
    "misspelt": lambda site: site.edit("pelicanconf.py", '"funnel.guard.plugin"', '"funnel.gaurd.plugin"'),
    "crashing when loaded": lambda site: site.edit(
        "plugins/funnel/guard/plugin.py", "def register()", "1 / 0\n\n\ndef register()"
    ),
    "not registering": lambda site: site.edit(
        "plugins/funnel/guard/plugin.py", "def register() -> None:\n", "def register() -> None:\n    1 / 0\n"
    ),
    "without its check of the settings": lambda site: (
        site.edit("pelicanconf.py", "check_settings_file(__file__", "print(__file__"),
        site.edit("publishconf.py", "check_settings_file(__file__", "print(__file__"),
        site.edit("pelicanconf.py", '    "funnel.guard.plugin",', "    # "),
    )[0],
    "overridden": lambda _site: None,
}


@pytest.mark.parametrize("way", BROKEN_GUARDS)
def test_without_a_working_guard_nothing_is_built_or_published(small_site: SmallSite, way: str) -> None:
    """Law 3: however the guard is lost, the stock build ends with an error, and publish deploys nothing."""
    BROKEN_GUARDS[way](small_site)
    extra = ["-e", "PLUGINS=[]"] if way == "overridden" else []
    ran = small_site.pelican("-o", "output", *extra)
    assert ran.code != 0
    assert not (small_site.root / "output.record/stamp.json").exists()
    if not extra:
        assert small_site.invoke("publish").code != 0
        assert not (small_site.root / "var/site/current").exists()
        assert "deploy" not in small_site.ledger()


def test_publishing_twice_does_nothing_the_second_time(small_site: SmallSite) -> None:
    """Law 4: the same plan twice, and after publishing an empty one."""
    assert small_site.invoke("plan").words == small_site.invoke("plan").words
    first = small_site.invoke("publish")
    assert first.code == 0, first.words
    ledger, files = small_site.ledger(), small_site.files("var/site/current")
    assert str(small_site.root) not in ledger
    second = small_site.invoke("publish")
    assert second.code == 0
    assert "Nothing to do" in second.words
    assert (small_site.ledger(), small_site.files("var/site/current")) == (ledger, files)


def test_a_dry_run_changes_nothing_anywhere(small_site: SmallSite) -> None:
    """--dry-run, plan, check and invoke's own --dry leave every file as it was."""
    small_site.invoke("publish")
    small_site.edit("content/posts/first.md", "The first", "The very first")

    def everything() -> dict[str, bytes]:
        return {path: data for path, data in small_site.files(".").items() if "__pycache__" not in path}

    before = everything()
    for command in (
        "publish --dry-run",
        "plan",
        "check",
        "--dry publish",
        "--dry build",
        "--dry send 1",
        "--dry clean",
        "--dry golden",
    ):
        assert small_site.invoke(*command.split()).code == 0, command
        assert everything() == before, command


def test_the_dry_run_prints_the_plan_that_publish_carries_out(small_site: SmallSite) -> None:
    """The plan is a value: what the dry run says is word for word what the real run begins with."""
    dry = small_site.invoke("publish", "--dry-run").words
    real = small_site.invoke("publish").words
    assert real.startswith(dry.rstrip())


def test_a_build_is_the_same_anywhere_and_on_any_day(new_site: Callable[[str], SmallSite]) -> None:
    """Two folders, two days, two time zones, two hash seeds: the same bytes."""
    one, other = new_site("one"), new_site("a much longer name for a folder")
    assert one.pelican("-o", "output", environ={"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "1"}).code == 0
    day = {"TZ": "America/Lima", "PYTHONHASHSEED": "7", "FUNNEL_NOW": "2026-12-24T23:30:00-05:00", "LANG": "C"}
    assert other.pelican("-o", "output", environ=day).code == 0
    assert one.files("output") == other.files("output")
    assert one.files("output.record") == other.files("output.record")


def test_a_folder_that_is_not_ours_is_never_replaced(small_site: SmallSite) -> None:
    """An output folder with somebody's files in it is refused, and they stay."""
    small_site.write("output/holiday.txt", "mine")
    ran = small_site.pelican("-o", "output")
    assert ran.code == 3
    assert "Move it away" in ran.words
    assert small_site.files("output") == {"holiday.txt": b"mine"}


def test_a_cta_in_the_letter_s_own_furniture_throws_the_release_away(small_site: SmallSite) -> None:
    """The letter is a surface of its own: what its template adds to every issue is judged before anything takes its place."""
    template = next(
        path
        for path in sorted((small_site.root / "theme/email").glob("*.html"))
        if "</body>" in path.read_text(encoding="utf-8")
    )
    text = template.read_text(encoding="utf-8")
    at = text.rindex("</body>")
    template.write_text(f"{text[:at]}<p>Book your free strategy call with us today.</p>{text[at:]}", encoding="utf-8")
    ran = small_site.pelican("-o", "output")
    assert ran.code == 3
    assert "strategy call" in ran.words
    assert not (small_site.root / "output").exists()


def test_a_document_that_sells_is_refused_before_a_picture_is_prepared(small_site: SmallSite) -> None:
    """Nobody waits for the pictures of a large site to hear that a post sells."""
    post = POST.format(title="A walk") + "\nBook a free call with me today: https://calendly.com/two-funnels-example\n"
    small_site.write("content/posts/walk.md", post)
    small_site.write("content/images/broken.jpg", b"no picture")
    ran = small_site.pelican("-o", "output")
    assert ran.code == 3
    assert "content/posts/walk.md:" in ran.words
    assert "broken.jpg" not in ran.words
