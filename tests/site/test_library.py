"""What belongs together: related documents, series, years, the menu, and small files for machines."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from funnel.site.entry import Entry, plain, shortened
from funnel.site.here import Places, _long_enough
from funnel.site.library import Library, by_year
from funnel.site.navigation import menu, shown
from funnel.site.options import read_options
from funnel.site.sitemap import security
from funnel.words import ENGLISH
from hypothesis import given
from hypothesis import strategies as st

DAY = datetime(2026, 1, 1, tzinfo=UTC)


def _entry(name: str, day: int = 0, **more: object) -> Entry:
    given = {"type": "post", "title": name, "address": f"posts/{name}/", "summary": "", "html": "", "language": "en"}
    return Entry(**{**given, "published": DAY + timedelta(days=day), **more})  # type: ignore[arg-type]


ENTRIES = st.lists(
    st.builds(
        _entry,
        st.sampled_from([f"p{number}" for number in range(12)]),
        st.integers(0, 900),
        tags=st.lists(st.sampled_from("abcd"), unique=True).map(tuple),
        section=st.sampled_from(["x", "y", ""]),
        series=st.sampled_from(["s", ""]),
    ),
    unique_by=lambda entry: entry.address,
)


@given(ENTRIES, st.randoms())
def test_what_is_related_does_not_depend_on_order(entries: list[Entry], chance: object) -> None:
    """The same documents in another order have the same neighbours: three at most, never itself or its own series."""
    mixed = list(entries)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    one, other = Library(entries), Library(mixed)
    assert one.entries == other.entries
    for entry in entries:
        near = one.related(entry)
        assert near == other.related(entry) and len(near) <= 3 and entry not in near
        assert not [item for item in near if entry.series and item.series == entry.series]


def test_a_rare_tag_brings_closer_than_a_common_one() -> None:
    """Of two documents that share one tag each, the one with the rarer tag stands first."""
    rest = [_entry(f"c{number}", tags=("common",)) for number in range(8)]
    own, rare = _entry("own", 9, tags=("common", "rare")), _entry("rare", tags=("rare",))
    assert Library([own, rare, *rest]).related(own)[0] is rare


def test_a_series_stands_in_its_order() -> None:
    """Parts stand by their number; those without one follow by day."""
    parts = [_entry("b", 5, series="S"), _entry("c", 1, series="S"), _entry("a", 9, series="S", series_index=1)]
    assert [part.title for part in Library(parts).series["S"].parts] == ["a", "c", "b"]


def test_years_run_backwards() -> None:
    """The newest year comes first, and nothing is lost."""
    entries = [_entry(str(day), day) for day in (0, 400, 10)]
    assert [(year, len(found)) for year, found in by_year(entries)] == [(2027, 1), (2026, 2)]


@given(st.text(max_size=300), st.integers(2, 200))
def test_a_shortened_text_fits(text: str, most: int) -> None:
    """No cut text is longer than asked, and a text that fits is left alone."""
    assert len(shortened(text, most)) <= most
    assert shortened(text, 300) == text


@given(st.text())
def test_plain_text_has_no_tags(text: str) -> None:
    """A text that was escaped for HTML comes back as it was, but for spaces."""
    from html import escape

    assert plain(f"<p>{escape(text)}</p>") == " ".join(text.split())


def test_plain_text_reads_as_the_line_does() -> None:
    """No gap opens before a comma or inside of a word, the mark of a note is no word, and blocks stay apart."""
    html = (
        '<h2>One</h2><p>A <b>bold</b>, <a href="/x">linked</a> H<sub>2</sub>O<sup id="fnref:1"><a href="#fn:1">1</a></sup>.'
        "<br>New</p><ul><li>a</li><li>b</li></ul>"
    )
    assert plain(html) == "One A bold, linked H2O. New a b"
    assert (
        plain("<p>\u3053\u308c\u306f<strong>\u592a\u5b57</strong>\u3067\u3059\u3002</p>")
        == "\u3053\u308c\u306f\u592a\u5b57\u3067\u3059\u3002"
    )


def test_a_text_without_spaces_is_long_too() -> None:
    """Two Chinese or Japanese signs count as a word, and such a text is cut at a sign, not at its only space."""
    text = "\u4fe1\u983c " + "\u6587" * 998
    assert replace(_entry("a", 1), html=f"<p>{text}</p>").words == 500
    assert len(shortened(text, 100)) == 100


def test_a_short_text_is_not_said_twice() -> None:
    """A short summary goes on with the text; a text that is its own summary stands alone."""
    entry = replace(_entry("a", 1), html="<p>The only post.</p>")
    assert _long_enough("The only post.", entry) == "The only post."
    assert _long_enough("Short", entry) == "Short \u00b7 The only post."
    assert _long_enough("Short.", entry) == "Short. The only post."


def test_the_menu_is_made_from_the_documents() -> None:
    """Articles and Newsletter stand among the documents by their order; the page's own entry and its parents are marked."""
    items = menu([(30, "Work with me", "work/"), (10, "Start", "start/")], Places(), ENGLISH)
    assert [label for label, _ in items] == ["Start", "Articles", "Newsletter", "Work with me"]
    marked = shown([*items, ("Elsewhere", "https://example.org/")], "newsletter/3/", "/club")
    assert [item.current for item in marked] == ["", "", "true", "", ""]
    assert marked[0].address == "/club/start/" and marked[-1].address == "https://example.org/"


def test_security_txt_is_dated_by_the_documents() -> None:
    """It names the contact and expires a year after the newest document (RFC 9116)."""
    text = security(read_options({"SITENAME": "x", "SECURITY_CONTACT": "a@example.com"}), DAY)
    assert "Contact: mailto:a@example.com\n" in text and "Expires: 2027-01-01T00:00:00+00:00\n" in text
