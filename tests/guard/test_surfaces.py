"""An ask is found on every surface and in every disguise, at its place."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from funnel.guard import Config, CouldNotJudge, check_html, check_markdown, check_text
from funnel.guard.built import Allowed, bare_words, check_surface, once, surfaces, with_drawings
from funnel.guard.files import check_sources
from funnel.guard.records import Finding, Kind
from funnel.guard.walk import Source, sources
from funnel.guard.words import sentences

DISGUISES = [
    "Вооk a frее call with me today.",
    "Bo\u200bok a free ca\u00adll with me today.",
    "B<b>oo</b>k a free c<i>all</i> with me today.",
    "&#66;ook a free c&#97;ll with me today.",
    "Ｂｏｏｋ a free call with me today.",
    "B00k a fr3e call with me today.",
    "B.o.o.k a free call with me today.",
    "Böök a free cäll with me today.",
    "ʙᴏᴏᴋ a free call with me today.",
    '<a href="/x" aria-label="Book a free call with me today">go</a>',
    '<img src="x.png" alt="Book a free call with me today">',
    "[![Book a free call with me today](b.png)](/x)",
    "<p hidden>Book a free call with me today.</p>",
    '<style>.a::before { content: "Book a free call with me today"; }</style>',
    "<!--[if mso]><p>Book a free call with me today.</p><![endif]-->",
    '<meta name="description" content="Book a free call with me today.">',
    "<svg><title>Book a free call with me today</title></svg>",
    "<span onclick=\"window.location='/checkout'\">go on</span>",
    '<script type="application/ld+json">{"@type": "Offer", "price": "90"}</script>',
]


def check_paths(paths: list[Path], config: Config, refused: Callable[[CouldNotJudge], object]) -> list[Finding]:
    """What `check` finds under the paths."""
    return list(check_sources(list(sources(paths, refused)), config, refused))


@pytest.mark.parametrize("text", DISGUISES)
def test_a_disguise_is_seen_through(text: str) -> None:
    """Look-alikes, unseen marks, split words, hidden places: what the reader or a client sees is judged."""
    assert [finding.label for finding in check_html("a.html", text)] == ["sales-cta"]


@pytest.mark.parametrize(
    "text",
    [
        "`Book a call with me`",
        "```\nBook a free call with me today.\n```",
        'He said: "Book a call with me." I did not.',
    ],
)
def test_code_and_quotations_are_not_asks(text: str) -> None:
    """Code, and what somebody else is quoted with, is mentioned and not used."""
    assert check_markdown("a.md", text) == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("One.\n\n- two\n- Call us today for a free estimate.\n", (4, 3)),
        ("One\ntwo, and so: call us today for a free estimate.\n", (2, 14)),
        ("---\ntitle: A\ncta: Book a free call with me today\n---\n\nOne.\n", (3, 6)),
        ("> One\n> Call us today for a free estimate.\n", (2, 3)),
        ("<div>\n  <p>Call us today for a free estimate.</p>\n</div>\n", (2, 6)),
    ],
)
def test_the_place_is_exact(text: str, place: tuple[int, int]) -> None:
    """Line and column are those of the first word of the ask in the source."""
    (finding,) = check_markdown("a.md", text)
    assert (finding.line, finding.column) == place


def test_a_shortcode_and_a_component_are_known_by_their_names() -> None:
    """A placeholder is judged by what it renders to."""
    assert check_markdown("a.md", "{{< booking-widget >}}\n")
    assert check_markdown("a.mdx", "<PricingTable plan='pro' />\n")
    assert check_markdown("a.md", "{{< newsletter-form >}}\n") == []
    assert check_markdown("a.mdx", "<HarvestBox />\n") == []
    assert check_markdown("a.mdx", "<HarvestBox />\n", config=Config(components=("HarvestBox",)))


def test_a_comment_in_front_matter_is_shown_to_nobody_and_is_not_judged() -> None:
    """What stands behind a # at the left edge sells to nobody, in YAML or TOML, unless a quotation is open over it."""
    ask = "Book your free strategy call today"
    assert check_markdown("a.md", f"---\ntitle: Bread\n# {ask}\n---\n\nBread is slow.\n") == []
    assert check_markdown("a.md", f'+++\ntitle = "Bread"\n# {ask}\n+++\n\nBread is slow.\n') == []
    for quoted in (f'---\nsummary: "Bread\n#\n  {ask}"\n---\n', f'+++\nsummary = """\n# {ask}\n"""\n+++\n'):
        assert [finding.label for finding in check_markdown("a.md", f"{quoted}\nBread is slow.\n")] == ["sales-cta"]


def test_a_foreign_tongue_is_reported() -> None:
    """A document in a language without rules is never passed in silence."""
    text = "Questo articolo spiega che il pane non è una cosa che si compra, ma una cosa che si fa con le mani.\n"
    assert [finding.label for finding in check_markdown("a.md", text)] == ["unguarded"]


@pytest.mark.parametrize("check", [check_markdown, check_html, check_text])
@pytest.mark.parametrize("text", ["a\0b", "x" * 300_000])
def test_what_is_no_text_cannot_be_judged(check: object, text: str) -> None:
    """Binary files and endless lines are refused, with their place."""
    with pytest.raises(CouldNotJudge):
        check("a", text)  # type: ignore[operator]


@pytest.mark.parametrize("text", ["<div <p", "[a](", "{{< x", "---\na: b", "<a href='", "](", "\\"])
def test_broken_markup_is_judged_as_it_stands(text: str) -> None:
    """An unclosed tag or bracket neither crashes nor hides what stands before it."""
    assert check_markdown("a.md", f"Call us today for a free estimate.\n\n{text}")


def surface(tmp_path: Path, name: str, text: str) -> Source:
    (tmp_path / name).write_text(text)
    return Source(name, str(tmp_path / name), "")


def test_the_navigation_may_name_an_offer_by_its_title(tmp_path: Path) -> None:
    """A link in the navigation whose text is the offer's title is allowed; nothing more is."""
    allowed = Allowed(titles=frozenset({bare_words("Work with me")}))
    config = Config()
    page = "<nav><a href='/'>Home</a><a href='/with-me/'>{}</a></nav>"
    assert check_surface(surface(tmp_path, "a.html", page.format("Work with me")), config, allowed) == []
    assert check_surface(
        surface(tmp_path, "b.html", page.format("Work with me: book a free call today")), config, allowed
    )


def test_feeds_and_search_data_are_judged(tmp_path: Path) -> None:
    """What a feed or a JSON file hands on is judged like a page."""
    feed = (
        "<feed><entry><summary type='html'>&lt;p&gt;Book a free call with me today.&lt;/p&gt;</summary></entry></feed>"
    )
    assert check_surface(surface(tmp_path, "all.atom", feed), Config(), Allowed())
    assert check_surface(
        surface(tmp_path, "search.json", '[{"text": "Book a free call with me today."}]'), Config(), Allowed()
    )


@pytest.mark.parametrize("name", ["terms.txt", "consent/terms.md", "terms.markdown"])
def test_a_text_that_is_published_as_it_is_is_judged(tmp_path: Path, name: str) -> None:
    """What `extra/` carries to the site has readers too, in Markdown as in plain text."""
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("Terms.\n\nBook a free call with me today.\n")
    (source,) = surfaces(tmp_path)
    assert [finding.line for finding in check_surface(source, Config(), Allowed())] == [3]


@pytest.mark.parametrize(("rest", "found"), [("", 0), (" Buy the course now for 20 euros.", 1)])
def test_what_is_waived_stays_waived_in_the_middle_of_a_description(tmp_path: Path, rest: str, found: int) -> None:
    """A summary prints a waived sentence among others, and cuts it short; whatever else sells beside it is still found."""
    allowed = Allowed(waived=frozenset({bare_words("Ready for more clients? Book your free strategy call.")}))
    for said in (
        f"I walk. Ready for more clients? Book your free strategy call.{rest}",
        f"I walk.{rest} Ready for more clients? Book your free…",
    ):
        page = surface(tmp_path, "a.html", f'<html><head><meta name="description" content="{said}"></head></html>')
        assert len(check_surface(page, Config(), allowed)) == found, said
        assert check_surface(page, Config(), Allowed())


def test_a_sales_page_may_sell(tmp_path: Path) -> None:
    """The page of an offer is judged as a sales document."""
    allowed = Allowed(kinds={"work/index.html": Kind.SALES})
    (tmp_path / "work").mkdir()
    source = surface(tmp_path, "work/index.html", "<p>Book a free call with me today.</p>")
    assert check_surface(source, Config(), allowed) == []


def test_a_shared_ask_is_told_once_at_the_template(tmp_path: Path) -> None:
    """A passage that stands on many pages is one finding, at the line of the theme that makes it."""
    theme = tmp_path / "theme"
    theme.mkdir()
    (theme / "base.html").write_text("<html>\n<footer>Book a free call with me today</footer>\n</html>\n")
    findings = []
    for name in ("a.html", "b.html", "c.html"):
        findings += check_surface(
            surface(tmp_path, name, "<footer>Book a free call with me today</footer>"), Config(), Allowed()
        )
    (told,) = once(findings, theme)
    assert (told.path, told.line) == ("theme/base.html", 2)
    assert "3 pages" in told.message


def test_a_feed_is_read_through_its_character_data(tmp_path: Path) -> None:
    """What a feed holds in CDATA is read as the HTML it is, tag by tag, to its end."""
    held = "<p>Bread.</p>\n<p>It takes time.</p><p>Book a free consultation with me today.</p>"
    feed = f"<rss><channel><item><content:encoded><![CDATA[{held}]]></content:encoded></item></channel></rss>"
    (finding,) = check_surface(surface(tmp_path, "feed.xml", feed), Config(), Allowed())
    assert (finding.kind, finding.rule) == ("book-a-call", "en.free-first")
    innocent = feed.replace("Book a free consultation with me today.", "Book a loaf.")
    assert check_surface(surface(tmp_path, "feed.xml", innocent), Config(), Allowed()) == []


def test_a_comment_over_blank_lines_is_not_read_to_anybody() -> None:
    """A comment goes on over blank lines and tags up to its end, as CommonMark has it; what follows is judged."""
    ask = "<p>Book a free consultation with us today.</p>"
    commented = f"One.\n\n<div>\n<!-- a draft\n\n{ask}\n{ask}\n\n{ask} -->\n"
    assert check_markdown("a.md", commented) == []
    assert [finding.line for finding in check_markdown("a.md", f"{commented}{ask}\n")] == [10]


def test_a_comment_that_is_never_closed_is_refused() -> None:
    """What follows it would be printed by nobody, and is judged by nobody: that is said at its line."""
    with pytest.raises(CouldNotJudge, match="comment is never closed") as refused:
        check_markdown("a.md", "One.\n\n<!-- a draft\n\nTwo.\n")
    assert refused.value.line == 3


def test_an_article_on_prices_is_no_price_list() -> None:
    """What stands below a blog's address tells, whatever its last word; the same word elsewhere leads to the shop."""
    assert check_markdown("a.md", "Moss grows.\n\nSee [what we wrote](/blog/prices).\n") == []
    assert len(check_markdown("a.md", "Moss grows.\n\nSee [what we wrote](/prices).\n")) == 1
    assert len(check_markdown("a.md", "Moss grows.\n\nSee [what we wrote](/blog/checkout).\n")) == 1


def test_the_front_matter_of_a_template_s_page_is_read_key_by_key(tmp_path: Path) -> None:
    """What a page's front matter keeps to itself is no ask, and what it shows is one, at its line."""
    (tmp_path / "a.html").write_text(
        "---\nrelated: Book a free call with me today\ncta: Book a free visit with us today\n---\n<p>Moss grows in shade.</p>\n"
    )
    found = list(check_paths([tmp_path], Config(), pytest.fail))
    assert [(finding.label, finding.line, finding.column) for finding in found] == [("sales-cta", 3, 6)]


def test_a_sentence_ends_after_a_sum() -> None:
    """The full stop after a sum is no part of it: what follows begins a sentence."""
    asks = check_markdown("a.md", "Most roofs cost $500. Hire our roofers for your roof today.")
    assert [finding.column for finding in asks] == [23]


END = "Moss.\n\nFern.\n\nIvy.\n\nReed.\n\nSedge.\n\n"


@pytest.mark.parametrize(
    ("last", "asks"),
    [
        ("Your wall may like [some of it](/some).", True),
        ("Your wall may like [the free sheet](/some).", False),
        ("Your wall may like [some of it](/docs/some).", False),
        ("Your wall may like [some of it](https://elsewhere.example/some).", False),
        ("[Plan the moss](/some)", True),
        ("[Plan the moss]({{ site.url }}{{ post.url }})", False),
        ("[^1]: On your wall, [some of it](/some).", False),
    ],
)
def test_the_end_of_a_text_leads_on(last: str, asks: bool) -> None:
    """A text that sells and ends in a page of the publisher's own asks there too, but not for what is free or told, nor for other houses."""
    sale = "Call us today for a free quote.\n\n"
    assert len(check_markdown("a.md", sale + END + last)) == 1 + asks
    assert len(check_markdown("a.md", f"{sale}{END}{last}\n\n{END}")) == 1
    assert check_markdown("a.md", END + last) == []


@pytest.mark.parametrize(
    ("address", "asks"),
    [
        ("https://www.cliniko.com/", False),
        ("https://calendly.com/blog/moss", False),
        ("https://calendly.com/moss-walls", True),
        ("https://www.airbnb.co.uk/rooms/1", True),
        ("https://airbnb.com.au/rooms/1", True),
        ("https://www.airbnb.co.uk/help", False),
    ],
)
def test_a_house_that_serves_others_is_told_from_its_customers(address: str, asks: bool) -> None:
    """The address of a customer's page asks, in every country; that of the house itself, or of its blog, only tells of it."""
    assert bool(check_markdown("a.md", f"We compared [this]({address}) with a diary on paper.")) is asks


def test_the_furniture_of_a_page_only_leads_about() -> None:
    """A page as a browser shows it ends in links that stand on every page, and ask for nothing by standing there."""
    page = "<main>" + "<p>Moss.</p>" * 6 + "<p>Your wall: <a href='/some'>some of it</a></p></main>"
    assert check_html("a.html", page) == []


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Karten zu 45,- an der Kasse", "karten zu #money an der kasse"),
        ("Der Kurs kostet 45,-- € inkl. Tee.", "der kurs kostet #money inkl tee"),
        ("CHF 1'200.– oder 45.– Franken", "#money , oder #money"),
        ("vom 10.- 12. Mai", "vom #number #number mai"),
        ("Bestellung unter Tel. 0451 555 0116", "bestellung unter tel #phone"),
    ],
)
def test_german_sums_and_abbreviations(text: str, read: str) -> None:
    """A sum without cents is money, with its currency or without; what is cut short by a full stop ends no sentence."""
    (sentence,) = sentences(text)
    assert sentence.stream == read


def test_a_german_date_ends_no_sentence() -> None:
    """The full stop of an ordinal before a month is none of a sentence's."""
    assert [one.stream for one in sentences("Bis zum 10. Mai buchen. Danach nicht.")] == [
        "bis zum #number mai buchen",
        "danach nicht",
    ]


def test_a_text_that_ends_in_another_of_the_site_s_posts_asks_for_nothing(tmp_path: Path) -> None:
    """A post is known by its file's name, whatever address its generator gives it; other pages are not."""
    (tmp_path / "_posts").mkdir()
    (tmp_path / "_posts" / "2024-05-01-shady-moss.md").write_text("Moss grows.\n")
    for target, asks in (("/shady-moss/", 0), ("/moss-walls/", 1)):
        (tmp_path / "_posts" / "2024-06-01-ferns.md").write_text(
            f"Call us today for a free quote.\n\n{END}Your wall may like [some moss]({target}).\n"
        )
        assert len(list(check_paths([tmp_path], Config(), pytest.fail))) == 1 + asks


JSON_FRONT = '{\n  "title": "Moss",\n  "cta": {\n    "text": "Book a free call with me today"\n  }\n}\n'


@pytest.mark.parametrize(
    ("front", "line"),
    [
        (JSON_FRONT, 4),
        (f"---json\n{JSON_FRONT}---\n", 5),
        (f";;;\n{JSON_FRONT};;;\n", 5),
        ('---toml\ncta = "Book a free call with me today"\n---\n', 2),
        ('---js\n{\n  cta: "Book a free call with me today",\n}\n---\n', 3),
        ("---\ncta: &ask Book a free call with me today\n---\n", 2),
        ("---\ncta: !!str Book a free call with me today\n---\n", 2),
        ('+++\ncta = """Book a free \\\n  call with me today"""\n+++\n', 2),
    ],
)
def test_front_matter_is_read_in_every_dress(front: str, line: int) -> None:
    """JSON, with a fence or without, a fence that names its syntax, anchors, types and lines that go on are front matter."""
    (finding,) = check_markdown("a.md", f"{front}\nMoss grows in shade.\n")
    assert (finding.label, finding.line) == ("sales-cta", line)


def test_json_front_matter_says_the_kind_and_its_faults(tmp_path: Path) -> None:
    """A document of kind sales may sell in JSON too, and JSON that no generator can read is told at its line."""
    (tmp_path / "a.md").write_text('{\n  "kind": "sales"\n}\n\nBook a free call with me today.\n')
    assert list(check_paths([tmp_path], Config(), pytest.fail)) == []
    (tmp_path / "a.md").write_text('{\n  "title": "Moss",,\n}\n\nMoss grows.\n')
    refused: list[CouldNotJudge] = []
    assert list(check_paths([tmp_path], Config(), refused.append)) == []
    assert [(one.line, one.column, "not JSON" in one.reason) for one in refused] == [(2, 19, True)]


@pytest.mark.parametrize("text", ["{\n  moss\n}\n\nMoss grows.\n", "---\n\nMoss grows.\n\n---\n\nFern.\n", "{moss}\n"])
def test_braces_and_rules_that_begin_a_text_are_no_front_matter(text: str, tmp_path: Path) -> None:
    """An expression of MDX, or a line across the page, is no JSON that cannot be read."""
    (tmp_path / "a.mdx").write_text(text)
    assert list(check_paths([tmp_path], Config(), pytest.fail)) == []


@pytest.mark.parametrize(
    ("pages", "found"),
    [({"post": "marketing"}, 1), ({"offer": "sales"}, 0), ({"offer": "sales", "post": "marketing"}, 1), ({}, 1)],
)
def test_words_in_a_drawing_are_judged_where_it_is_shown(tmp_path: Path, pages: dict[str, str], found: int) -> None:
    """What is written in an .svg is read by whoever sees the picture: only a drawing that no page but sales pages shows may sell."""
    words = "Book your free <tspan>call with me today</tspan>"
    drawing = f'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><text x="1" y="9">{words}</text></svg>'
    (tmp_path / "images").mkdir()
    (tmp_path / "images/steps.svg").write_text(drawing)
    for name in pages:
        (tmp_path / f"{name}.html").write_text(
            '<p>Bread is slow.</p><img src="../images/steps.svg" alt="Four steps of baking">'
        )
    allowed = with_drawings(tmp_path, Allowed({f"{name}.html": Kind(kind) for name, kind in pages.items()}))
    findings = [finding for source in surfaces(tmp_path) for finding in check_surface(source, Config(), allowed)]
    assert [(finding.path, finding.line) for finding in findings] == [("images/steps.svg", 2)] * found


def test_a_copy_of_a_document_does_not_judge_its_waivers(tmp_path: Path) -> None:
    """The source that is kept beside a letter was judged as a document: a waiver that was used there is not called unused in the copy."""
    text = "---\nwaivers: ['language: I read it myself']\n---\n\n\u0646\u0635 \u0642\u0635\u064a\u0631 \u062c\u062f\u0627.\n"
    assert check_markdown("a.md", text) == []
    (tmp_path / "source.md").write_text(text, encoding="utf-8")
    assert check_surface(Source("1/source.md", str(tmp_path / "source.md"), ""), Config(), Allowed()) == []


def test_the_address_of_a_document_itself_leads_nowhere() -> None:
    """A key that says where the document stands is no link that anybody follows, whatever the address is called."""
    page = "---\ntitle: Moss\ncanonical: https://example.com/four-questions-about-a-painting-estimate/\n---\n\nMoss.\n"
    assert check_markdown("a.md", page, config=Config(language="en")) == []


def test_a_bare_way_to_the_publisher_is_no_sale() -> None:
    """A line that only leads to where one writes names no service: the guide has it for a soft ask."""
    sale = "Call us today for a free quote.\n\n" + "Moss grows.\n\n" * 5
    assert [
        one.line for one in check_markdown("a.md", sale + "[Get in touch](/contact)", config=Config(language="en"))
    ] == [1]


def test_a_page_without_spaces_is_searched_for_drawings_in_one_go(tmp_path: Path) -> None:
    """A long text without a gap (Chinese has none) holds no build up: each name is tried from its beginning."""
    surface(tmp_path, "a.html", "\u5b57" * 50_000 + " 'b.svg'")  # ten seconds, if each sign were tried
    surface(tmp_path, "b.svg", "<svg></svg>")
    began = time.process_time()
    assert with_drawings(tmp_path, Allowed(kinds={"a.html": Kind.SALES})).kinds["b.svg"] is Kind.SALES
    assert time.process_time() - began < 2
