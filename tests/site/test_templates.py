"""Templates rendered alone, for what a build would not let through."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from funnel.people.contacts import interest_key
from funnel.site.assets import read_assets
from funnel.site.body import Body, Picture, Source
from funnel.site.cards import make_cards
from funnel.site.entry import Entry
from funnel.site.furniture import Furniture
from funnel.site.here import Places
from funnel.site.keeping import Larder
from funnel.site.options import SiteRefused, missing_pictures, read_options
from funnel.site.subscription import Form, form_of
from funnel.site.template_names import locale_of, policy, template_names
from funnel.words import ENGLISH
from jinja2 import Environment, FileSystemLoader, UndefinedError

THEME = Path(__file__).parents[2] / "theme"
HOSTED = "https://small.us1.list-manage.com/subscribe/post?u=aa&id=bb"
SEAL = SimpleNamespace(seal=lambda: "<!-- sealed -->")


def test_half_a_title_is_on_no_card(tmp_path: Path) -> None:
    """A document whose title the font cannot write whole gets no picture; an emoji that it lacks is only left out."""
    options, day = read_options({"SITENAME": "Small"}), datetime(2026, 1, 1, tzinfo=UTC)
    titles = ("S\u0142owo", "\u624b\u7d19 1", "\u0631\u0633\u0627\u0644\u0629", "\u00c0 vous \U0001f642", "Plain")
    entries = [Entry("post", title, f"{at}/", "", "", "en", published=day) for at, title in enumerate(titles)]
    cards, _ = make_cards(entries, options, ENGLISH, THEME / "static/fonts/literata.woff2", Larder(tmp_path))
    assert sorted(cards) == ["", "3/", "4/"]


def _render(template: str, settings: dict[str, Any] | None = None, guard: object = SEAL, **context: Any) -> str:
    raw = {"SITENAME": "Small", "SITEURL": "https://www.example.com", **(settings or {})}
    options = read_options(raw)
    furniture = Furniture(options, THEME / "words", assets=read_assets(THEME / "static", options, ENGLISH))
    environment = Environment(loader=FileSystemLoader(THEME / "templates"), autoescape=True)
    environment.globals.update(template_names(furniture))
    environment.globals["consent"] = {"words": "Yes, send it.", "digest": "d1"}
    if guard is not None:
        environment.globals["guard"] = guard
    places = {
        "ARCHIVES_SAVE_AS": "archive/index.html",
        "CATEGORIES_SAVE_AS": "t/index.html",
        "TAGS_SAVE_AS": "tags/index.html",
    }
    assert Places.of(places).articles == "archive/"
    return environment.get_template(template).render({**raw, **places, **context})


def _form(address: str, **settings: Any) -> Form:
    return form_of(read_options({"SITENAME": "x", "SUBSCRIBE_URL": address, **settings}))


def _article(**more: Any) -> SimpleNamespace:
    given = {"title": "A title", "lang": "en", "url": "posts/a/", "type": "post", "tags": (), "relative_dir": "posts"}
    article = SimpleNamespace(**{**given, "date": datetime(2026, 3, 1, tzinfo=UTC), "metadata": {}, **more})
    article.category = SimpleNamespace(url="c/")
    article.content = "<p>Words</p>"
    article.get_content = lambda _url: article.content
    return article


def test_text_from_right_to_left_says_so() -> None:
    """A document in Arabic, Hebrew or Pashto is marked with its language and direction; one in English or Arapaho is not."""
    said = {
        lang: _render("post.html", article=_article(lang=lang), output_file="posts/a/index.html")
        for lang in ("ar", "he", "ps", "en", "arp")
    }
    assert all(f'<html lang="{lang}" dir="rtl" class="upright">' in said[lang] for lang in ("ar", "he", "ps"))
    assert all(f'<html lang="{lang}">' in said[lang] for lang in ("en", "arp"))


def test_no_script_slants_that_knows_no_slanted_letters() -> None:
    """A document in Arabic, Hindi, Japanese or Thai is marked as upright, one in German or Greek is not."""
    said = {
        lang: _render("post.html", article=_article(lang=lang), output_file="posts/a/index.html")
        for lang in ("ar", "hi", "ja-JP", "th", "de", "el")
    }
    assert [lang for lang, page in said.items() if 'class="upright"' in page] == ["ar", "hi", "ja-JP", "th"]


def test_a_page_speaks_the_language_of_its_document() -> None:
    """A German document on an English site has German furniture."""
    text = _render("post.html", article=_article(lang="de"), output_file="posts/a/index.html")
    assert "Zum Text springen" in text and "1. März 2026" in text


def test_no_page_without_the_seal_of_the_guard() -> None:
    """A build without the guard fails at the first page."""
    with pytest.raises(UndefinedError, match="guard"):
        _render("post.html", guard=None, article=_article(), output_file="posts/a/index.html")


def test_a_review_shows_verdict_and_disclosure_and_marks_a_paid_link() -> None:
    """The box of a review says what it is, for whom, and that the link pays."""
    review = {"type": "review", "reviewed": "book", "item_title": "B", "verdict": "Read it.", "for_whom": "All"}
    review |= {
        "link": "https://shop.example/b",
        "paid_link": "yes",
        "disclosure": "We are paid.",
        "isbn": "9780684856360",
    }
    text = _render("review.html", article=_article(**review), output_file="reviews/a/index.html")
    assert 'rel="sponsored nofollow"' in text and "We are paid." in text
    assert '"@type":"Book"' in text and '"@type":"Review"' in text and '"@type":"Offer"' not in text


def test_only_an_offer_is_an_offer_to_machines() -> None:
    """Structured data of an offer names the offer and its price in words."""
    offer = {"type": "offer", "offer_name": "A talk", "price": "100 euros", "url": "talk/"}
    text = _render("offer.html", page=_article(**offer), output_file="talk/index.html")
    assert '"@type":"Offer"' in text and "100 euros" in text


def test_the_form_fits_the_list_that_it_posts_to() -> None:
    """Our desk gets its fields, Mailchimp its own and its trap for robots, and without a list there is no form."""
    hosted = _form(HOSTED)
    assert (hosted.email, hosted.trap) == ("EMAIL", "b_aa_bb")
    assert _form("https://desk.example/subscribe").email == "email"
    shown = _render("404.html", view="404", output_file="404.html")
    assert "<form" not in shown
    listed = _render("kind.html", view="kind", heading="Tips", listed=(), output_file="tips/index.html")
    assert "not connected yet" in listed and "<form" not in listed
    posted = _render(
        "kind.html",
        {"SUBSCRIBE_URL": "https://desk.example/subscribe", "NEWSLETTER_CADENCE": "monthly"},
        view="kind", heading="Tips", listed=(), output_file="tips/index.html",
    )  # fmt: skip
    assert 'action="https://desk.example/subscribe"' in posted and "It comes monthly." in posted
    assert "form-action &#39;self&#39; https://desk.example" in posted
    assert "Yes, send it." in posted and 'name="consent" value="d1"' in posted


def test_topics_are_offered_and_none_is_ticked() -> None:
    """With NEWSLETTER_INTERESTS the form has a named group of boxes that send what the desk knows each topic by."""
    shown = _render(
        "kind.html",
        {"SUBSCRIBE_URL": "https://desk.example/subscribe", "NEWSLETTER_INTERESTS": ["Birthday cards", "Q & A"]},
        view="kind", heading="Tips", listed=(), output_file="tips/index.html",
    )  # fmt: skip
    boxes = shown.partition("<fieldset><legend>What would you like to hear about?</legend>")[2].partition(
        "</fieldset>"
    )[0]
    assert '<label class="box"><input name="interest" type="checkbox" value="birthday-cards"> Birthday cards' in boxes
    assert 'value="q-a"> Q &amp; A' in boxes and "checked" not in boxes
    assert [interest_key(label) for label in ("Birthday cards", "Q & A")] == ["birthday-cards", "q-a"]
    assert not _form("https://desk.example/subscribe").topics


def test_mailchimp_hears_of_topics_by_its_own_field_names() -> None:
    """A topic whose field is not known cannot be sent to Mailchimp, so that the form does not offer it."""
    known = _form(HOSTED, NEWSLETTER_INTERESTS=["Talks", "Cards"], MAILCHIMP_GROUP_FIELDS=[("Cards", "group[12][4]")])
    assert [(topic.field, topic.value, topic.label) for topic in known.topics] == [("group[12][4]", "4", "Cards")]
    assert not _form(HOSTED, NEWSLETTER_INTERESTS=["Talks"]).topics


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [([("Walks", "group[1][1]")], "Walks"), ([("Talks", "interest")], "interest"), ([("Talks", "group[1]")], "group")],
)
def test_a_field_that_mailchimp_would_not_understand_is_refused(fields: list[tuple[str, str]], wrong: str) -> None:
    """A box for a topic that is none, or with a name that Mailchimp gives to no check box, is named with the mend."""
    with pytest.raises(SiteRefused, match=f"MAILCHIMP_GROUP_FIELDS.*{wrong}"):
        _form(HOSTED, NEWSLETTER_INTERESTS=["Talks"], MAILCHIMP_GROUP_FIELDS=fields)


def test_a_topic_without_a_letter_is_refused() -> None:
    """A topic of marks alone has no key, so that nobody could be on its list."""
    with pytest.raises(SiteRefused, match="NEWSLETTER_INTERESTS"):
        _form("https://desk.example/subscribe", NEWSLETTER_INTERESTS=["!?"])


@pytest.mark.parametrize(
    ("name", "value", "mend"),
    [
        ("SOCIAL", [("Elsewhere", "https://social.example/@me"), "x"], "'x' is no pair"),
        ("SOCIAL", "x", "'x' is no pair"),
        ("SOCIAL", [("Bad", "javascript:alert(1)")], "Begin it with https"),
        ("PUBLISHER", "company", "neither person nor organization"),
    ],
)
def test_settings_of_another_form_are_named_with_the_mend(name: str, value: object, mend: str) -> None:
    """What an owner writes in a form that the theme cannot use is refused by the name of the setting."""
    with pytest.raises(SiteRefused, match=f"{name}.*{mend}"):
        read_options({"SITENAME": "x", name: value})


def test_a_logo_and_a_portrait_must_be_there() -> None:
    """A picture that is set and not in content/ is named by its setting, rather than left out in silence."""
    options = read_options({"SITENAME": "x", "LOGO": "images/a.svg", "PORTRAIT": "/images/me.jpg"})
    assert missing_pictures(options, {"images/a.svg", "images/me.jpg"}) == []
    (line,) = missing_pictures(options, {"images/a.svg"})
    assert line.startswith("PORTRAIT (pelicanconf.py): there is no content/images/me.jpg.")


def test_only_the_search_page_may_compile() -> None:
    """WebAssembly is allowed where the index is read, and nowhere else; nothing inline is allowed anywhere."""
    options = read_options({"SITENAME": "x"})
    assert "wasm-unsafe-eval" in policy(options, "p{}", search=True)
    assert "unsafe" not in policy(options, "p{}", search=False)


def test_language_tags_become_locales() -> None:
    """OpenGraph wants a territory with an underscore."""
    assert (locale_of("de"), locale_of("pt-BR")) == ("de_DE", "pt_BR")


def test_a_picture_is_shown_once() -> None:
    """The picture of a document opens the page, unless the text shows it anyway; it is loaded first of all."""
    picture = Picture("/images/a.jpg", 800, 400, (Source("image/avif", "/images/a-400.avif 400w"),))
    furniture = Furniture(read_options({"SITENAME": "x"}), THEME / "words", pictures={"/images/a.jpg": picture})
    article = _article(image="{static}/images/a.jpg", image_alt="A & B")
    shown = furniture.hero(article, Body("<p>x</p>", ()))
    assert 'alt="A &amp; B" fetchpriority="high"' in shown and 'width="800" height="400"' in shown
    assert 'type="image/avif"' in shown
    assert furniture.hero(article, Body('<img src="/images/a.jpg">', ())) == ""
    assert furniture.hero(_article(), Body("", ())) == ""
