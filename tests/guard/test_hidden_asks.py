"""An ask that a text tool does not see is found wherever a reader meets it; what only looks so is let pass."""

from __future__ import annotations

from base64 import b64encode
from urllib.parse import quote

import pytest
from funnel.guard import Config, check_html, check_markdown, check_text
from funnel.guard.scripted import embedded, linked_data, written

CHECKS = {"text": check_text, "md": check_markdown, "html": check_html}
ENGLISH = Config(language="en")
ASK = "Book a free call with our team today"
DRAWN = f'<svg xmlns="http://www.w3.org/2000/svg"><text>{ASK}</text></svg>'


def sells(surface: str, source: str) -> bool:
    """Whether a sales CTA or pressure is found in an English text."""
    return any(one.label in ("sales-cta", "pressure") for one in CHECKS[surface]("a.md", source, config=ENGLISH))


SPELT = {
    "phonetic letters": "Bɔɔk ɑ free cɑll with our team",
    "crossed letters": "Ørđer your copy fɍom our shop now",
    "letters of the East": "SꓔART YOUR FR乇乇 丅RI卂L OF OUR 卂PP 丅OD卂Y",
    "Cyrillic capitals": "ОЯDЕЯ YОUЯ CОPY FЯОM OUЯ SHОP NОW",
    "letters in brackets": "⒝⒪⒪⒦ a free ⒞⒜⒧⒧ with our team",
    "upside down": "ʎɐpoʇ ɯɐǝʇ ɹno ɥʇᴉʍ llɐɔ ǝǝɹɟ ɐ ʞooq",
    "many digits": "S74r7 y0ur fr33 7r14l 0f 0ur 4pp",
    "slashes": "B/O/O/K a free C/A/L/L with our team",
    "colons": "O:r:d:e:r your cake from us",
    "equal signs": "O=r=d=e=r your cake from us",
    "a nought at the start": "0rd3r y0ur cake fr0m us",
    "bullets": "B•o•o•k a free c•a•l•l with our team",
    "fixed blanks": "B\u00a0o\u00a0o\u00a0k a free c\u00a0a\u00a0l\u00a0l with our team",
    "blanks all over": "B o o k a f r e e c a l l w i t h o u r t e a m",
    "hyphens between words": "Book-a-free-call-with-our-team-today",
    "hyphens in words": "Bo-ok a fr-ee ca-ll with our team to-day",
    "bars in words": "Do|nate to our shelter",
    "stretched": "Buuuyyy nowwww from our shop",
    "misspelt": "Dontae to our shelter",
    "sounded": "Buk a free kall with our teem today",
    "a tag of words": "Today: #BookAFreeCall with our team",
    "a picture for a word": "📞 us for a 🆓 quote on your roof",
}


@pytest.mark.parametrize("surface", CHECKS)
@pytest.mark.parametrize("trick", SPELT)
def test_asks_are_read_however_they_are_spelt(trick: str, surface: str) -> None:
    """Odd letters, odd marks and odd spelling hide an ask from nobody."""
    assert sells(surface, SPELT[trick])


@pytest.mark.parametrize(
    "source",
    [
        f'<script>document.write("<p>{ASK}</p>")</script>',
        f"<script>box.innerHTML = '<b>{ASK}</b>'</script>",
        '<script>document.write("Book a fr" + "ee call with our team")</script>',
        r'<script>el.textContent = "\x42ook a fr\u0065e call with our team"</script>',
        f'<script>document.write(atob("{b64encode(ASK.encode()).decode()}"))</script>',
        f'<script>document.write(unescape("{quote(ASK)}"))</script>',
        f'<script type="text/template"><p>{ASK}</p></script>',
        '<script>setTimeout(() => location.replace("https://pay.example.com/checkout"), 3000)</script>',
        f'<a href="#" onclick="alert(\'{ASK}\')">x</a>',
        f"<template><p>{ASK}</p></template>",
        f'<img alt="" src="data:image/svg+xml,{quote(DRAWN)}">',
        f'<img alt="" src="data:image/svg+xml;base64,{b64encode(DRAWN.encode()).decode()}">',
        f'<iframe src="data:text/html,<p>{ASK}</p>"></iframe>',
        f"<style>a{{background:url('data:image/svg+xml,{quote(DRAWN)}')}}</style>",
        f'<style>li{{list-style-type:"{ASK}"}}</style>',
        f'<style>@counter-style x{{symbols:"{ASK}"}}</style>',
        '<style>a{--t:"Book a free";--u:" call with our team"}a:after{content:var(--t) var(--u)}</style>',
        '<style>a:after{content:"Book a"/**/" free call with our team"}</style>',
        f'<meta name="twitter:image:alt" content="{ASK}">',
        '<meta property="product:price:amount" content="49.00">',
        f'<script type="application/ld+json">{{"@type":"Article","description":"{ASK}"}}</script>',
        r'<script type="application/ld+json">{"@type":"\u004fffer","price":"9"}</script>',
        '<script type="application/ld+json">{"@type":"Course","offers":[{"price":"9"}]}</script>',
        f'<div data-props=\'{{"label":"{ASK}"}}\'></div>',
        f'<table><tr><th abbr="{ASK}">x</th></tr></table>',
        f"<math><mtext>{ASK}</mtext></math>",
        '<p>Bo<span style="display:none">xx</span>ok a fr<span hidden>q</span>ee call with our team</p>',
        f"<p>A day <span hidden>{ASK}</span> of ours</p>",
        f"<p>A<span hidden>x</p><p>{ASK}</p>",
        "<p>&amp;#66;ook a fr&amp;#101;e call with our team</p>",
        '<button aria-label="Donate"></button>',
        '<div role="button" aria-label="Buy"></div>',
        '<form action="/x"><input type="hidden" name="add-to-cart" value="12"><button>Next</button></form>',
        '<button hx-get="/checkout">x</button>',
    ],
)
def test_a_page_is_read_behind_its_text(source: str) -> None:
    """Scripts, styles, embedded pages, data, labels and hidden elements are judged like the text."""
    assert sells("html", source)


@pytest.mark.parametrize(
    "source",
    [
        "A word.[^1]\n\n[^1]: Order your copy from our shop now.",
        f'[here][1]\n\n[1]: /x/ "{ASK}"',
        f"{{`{ASK}`}}",
        "{'Bo'}{'ok'} a {\"free\"} call with our team",
        f'export const label = "{ASK}";',
        f'!!! note "{ASK}"\n    text',
        f'[here](/x){{: title="{ASK}" }}',
        "~~Don't~~ Book a free call with our team",
        "&#x202e;" + ASK[::-1] + "&#x202c;",
        "B&#111&#111k a free c&#97ll with our team",
        f'---\ntitle: A day\ntags: [dogs, "{ASK}"]\n---\nText of ours.',
        '---\ntitle: A day\nbox: "B\\x6fok a fr\\u0065e call with our team"\n---\nText of ours.',
        f"<p style=\"--say:'{ASK}'\">x</p>",
        f'<script>document.write("<p>{ASK}</p>")</script>',
        '<script type="application/ld+json">{"@type":"Offer","price":"9"}</script>',
        f"![](data:image/svg+xml,{quote(DRAWN)})",
        "[over here](https://s.example/buy-our-book)",
        "[over here](https://s.example/BookACall)",
        "[over here](https://www.example.com/en/x/y/z/checkout/)",
        "[over here](/page?action=buy)",
        "[over here](mailto:hello@example.com?subject=I%20want%20to%20book%20a%20call)",
        "[over here](sms:+15550132?body=BOOK)",
        r"[over here](https:\\pay.example.com\checkout)",
        "Don't you dare miss our sale this weekend.",
        "Never order from anybody but us.",
        'As I always say, "book a free call with our team today".',
        "Yours truly offers private lessons; ask about prices.",
    ],
)
def test_markdown_is_read_behind_its_text(source: str) -> None:
    """Notes, titles, expressions, escapes, addresses and sly grammar are judged like plain words."""
    assert sells("md", source)


def test_words_that_stand_one_below_the_other_are_read() -> None:
    """A plain text that puts a word or a letter on each line is read as its reader reads it."""
    assert sells("text", "Buy\nour\nhoney\nnow\n")
    assert sells("text", "B\nU\nY\n\nN\nO\nW\n")
    assert not sells("text", "Eggs\nFlour\nButter\nSalt\n")


@pytest.mark.parametrize("surface", CHECKS)
@pytest.mark.parametrize(
    "source",
    [
        "The B.B.C. and the U.N. met at 10 a.m. in hall C.",
        "He spelt it out: R-E-S-P-E-C-T.",
        "A/B/C testing needs patience, and so does a cow/calf pair.",
        "The vector a + b + c has length 3, and f(x) = x*y*z.",
        "Wir suchen einen Gesellen (m/w/d) mit Geduld.",
        "Hören, früh, Straße, Ærø, Łódź, Škoda, Đà Nẵng and İstanbul are names.",
        "Москва and Київ are written so, and Ελλάδα is what Greeks call Greece.",
        "The IPA of book is /bʊk/, that of call /kɔːl/.",
        "📅 The diary is full of little drawings. 🛒 Trolleys were invented in 1937.",
        "Yaaaaas, said the child, and Nooooo, said the cat.",
        "Our mother-in-law-to-be stories are happy-go-lucky.",
        "snake_case_is_a_long_name, and kebab-case-is-what-styles-use for theirs.",
        "Re-order points, off-by-one errors, call-by-value: terms of art.",
        "T A B L E  O F  C O N T E N T S",
        "The ﬁrst oﬃce had ﬂoors of oak; Ⅻ is twelve.",
        "#ThrowBackThursday was a habit.",
        'As I always say, "soil first".',
        "The uuid is 3f9e1c7a-11e5-4b7d-a0c4-7d5e0b7e9c11, the colour #FF00AA.",
        "r00t and l33t are slang; W3C, I18N and A11Y are numeronyms.",
    ],
)
def test_honest_spelling_passes(surface: str, source: str) -> None:
    """Abbreviations, formulas, names, slang and decorations are no disguise of an ask."""
    assert not sells(surface, source)


@pytest.mark.parametrize(
    "source",
    [
        '<img src="data:image/svg+xml,%3Csvg%3E%3Cpath d=%22M0 0%22/%3E%3C/svg%3E" alt="">',
        '<script>const order = items.sort(); document.title = "A day"; el.textContent = "Copied to the clipboard";</script>',
        '<script>location.href = "/blog/next/"</script>',
        '<style>td::before{content:"Price"} li{list-style-type:"→ "}</style>',
        "<template><p>Loading the page</p></template>",
        "<div hidden>Menu is closed</div>",
        "<button>Sort by order</button>",
        '<button aria-label="Close">×</button>',
        '<input type="hidden" name="csrf" value="abc">',
        '<script type="application/ld+json">{"@type":"Article","description":"How bees see the world"}</script>',
        "<p>&amp;#111; is the code of the letter o.</p>",
        '<a href="/blog/book-review/">a review</a>',
        '<a href="/blog/how-to-book-a-call/">how</a>',
        '<a href="/buy-nothing-day/">the day</a>',
        '<a href="mailto:a@example.com?subject=A%20question">write</a>',
        '<a href="/posts/orderOfThings">x</a>',
        "<p>The <del>old</del> new road.</p>",
    ],
)
def test_honest_machinery_passes(source: str) -> None:
    """Scripts, styles, hidden parts, data and addresses that sell nothing pass."""
    assert not sells("html", source)


def test_what_is_broken_is_no_text() -> None:
    """Letters that are no base64, data that are no JSON and scripts without an end give nothing, and no error."""
    assert embedded("data:text/html;base64,%%%") == ""
    assert linked_data("{") == ([], False)
    assert linked_data("[" * 100_000) == ([], False)
    assert list(written('document.write("' + "a" * 50_000)) == []


TEACHING = "Moss grows in shade.\n\n" * 6


@pytest.mark.parametrize(
    "address",
    [
        "https://out.example/click?redirect_uri=https%3A%2F%2Fcalendly.com%2Fann",
        "https://www.google.com/url?q=https://buy.stripe.com/abc",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fcalendly.com%2Fann",
        "https://go.example/r/https://calendly.com/ann",
        "https://r.example/?x=aHR0cHM6Ly9jYWxlbmRseS5jb20vYW5u",
        "https://r.example/?to=calendly.com/ann",
        "https://calendly.com./ann",
        "https:calendly.com/ann",
        "https:///calendly.com/ann",
        "https://\uff43alendly.com/ann",
        "intent://calendly.com/ann#Intent;scheme=https;end",
        "https://calendar.google.com/calendar/appointments/schedules/x",
        "/?page=checkout",
        "tg://resolve?domain=ann&text=book+a+call",
    ],
)
def test_a_link_is_judged_by_where_its_reader_arrives(address: str) -> None:
    """A house that only sends on, and an address that is written oddly, hide no till and no diary."""
    assert sells("md", f"{TEACHING}See [moss]({address}).\n\n{TEACHING}")


@pytest.mark.parametrize(
    "address",
    [
        "https://www.facebook.com/sharer/sharer.php?u=https://moss.example/blog/walls",
        "https://twitter.com/intent/tweet?text=Moss&url=https://moss.example/blog/walls",
        "https://web.archive.org/web/2010/https://moss.example/essay",
        "https://validator.example/check?uri=https%3A%2F%2Fmoss.example%2F",
        "https://example.org/login?next=/blog/",
        "https://r.example/?x=aHR0cHM6Ly9tb3NzLmV4YW1wbGUv",
        "https://calendar.google.com/calendar/render?action=TEMPLATE&text=Moss+walk",
        "skype:ann?call",
    ],
)
def test_a_link_that_sends_on_to_an_article_passes(address: str) -> None:
    """Buttons for sharing, archives and calendars lead to what there is to be read."""
    assert not sells("md", f"{TEACHING}See [moss]({address}).\n\n{TEACHING}")


def test_a_picture_that_a_telephone_reads_is_a_link() -> None:
    """A QR code leads where the address says that is drawn in it."""
    code = "![A code of black squares](https://qr.example/create-qr-code/?data=https%3A%2F%2F{})"
    assert sells("md", TEACHING + code.format("buy.stripe.com%2Fabc"))
    assert not sells("md", TEACHING + code.format("moss.example%2Fwalls"))


WORDS = ASK.split(" ")
CUES = f"WEBVTT\n\n00:01.000 --> 00:09.000\n{ASK}"
SVG = f'<svg><text x="1">{ASK}</text></svg>'


@pytest.mark.parametrize(
    "source",
    [
        f'<script>const said = "{ASK}"; box.textContent = said</script>',
        f'<script>new Typed("#box", {{strings: ["{ASK}", "Moss grows in shade"]}})</script>',
        f'<script>box.innerText = {WORDS}.join(" ")</script>',
        f'<script>box.innerText = "{ASK[::-1]}".split("").reverse().join("")</script>',
        f"<script>box.innerText = String.fromCharCode({','.join(str(ord(one)) for one in ASK)})</script>",
        f'<script>const coded = "{b64encode(ASK.encode()).decode()}"; box.innerText = atob(coded)</script>',
        f"<script>box.innerHTML = `<p>${{name}} {ASK}</p>`</script>",
        f"<script>sheet.insertRule(\"p::after{{content:'{ASK}'}}\")</script>",
        f'<script type="application/json">{{"label": "{ASK}"}}</script>',
        f'<script type="text/x-jquery-tmpl"><p>{ASK}</p></script>',
        f'<script src="data:text/javascript,{quote(f"alert({ASK!r})")}"></script>',
        f'<link rel="stylesheet" href="data:text/css,{quote(f"p::after{{content:{ASK!r}}}")}">',
        f'<video><track src="data:text/vtt,{quote(CUES)}"></video>',
        f'<picture><source srcset="data:image/svg+xml,{quote(SVG)} 1x"></picture>',
        f'<iframe srcdoc="&lt;script&gt;document.write(&quot;{ASK}&quot;)&lt;/script&gt;"></iframe>',
        f'<style>p::after{{content:counter(n) "{ASK}"}}</style>',
        f'<style>p::after{{content:var(--none, "{ASK}")}}</style>',
        f'<style>@property --t{{syntax:"<string>";initial-value:"{ASK}"}}</style>',
        f'<style>P::AFTER{{CONTENT:"{ASK}"}}</style>',
        f"<style>p{{background:url(\"data:image/svg+xml;utf8,<svg xmlns='x'><text>{ASK}</text></svg>\")}}</style>",
        f'<style>p::after{{content:attr(told)}}</style><p told="{ASK}">Moss</p>',
        f'<p uk-tooltip="{ASK}">Moss</p>',
        f"<p x-text=\"open ? '{ASK}' : ''\">Moss</p>",
        f'<meta itemprop="name" content="{ASK}">',
        f'<link rel="alternate" title="{ASK}" href="/x">',
        f'<script type="application/ld+json">{{"@graph":[{{"@type":"Article","award":{{"@value":"{ASK}"}}}}]}}</script>',
        f'<script type="application/ld+json">{{"description":"{ASK}",}}</script>',
        f"<svg><text><![CDATA[{ASK}]]></text></svg>",
        "<p>Book\n\na free\n\ncall with\n\nour team</p>",
        "<p>Bo<script></script>ok a fr<x-y>e</x-y>e call with our team</p>",
        '<style>.no{display:none}</style><p>Bo<span class="no">zq</span>ok a fr<i class="no">q</i>ee call with our team</p>',
        f'<style>.r{{unicode-bidi:bidi-override;direction:rtl}}</style><p class="r">{ASK[::-1]}</p>',
    ],
)
def test_a_page_is_read_in_its_last_corners(source: str) -> None:
    """What scripts keep in words, styles in strings, themes in keys of their own and data: addresses in other files is read."""
    assert sells("html", source)


@pytest.mark.parametrize(
    "source",
    [
        '<script>console.log("Book a free call with our team today"); throw new Error("Order your copy of our book now")</script>',
        "<script>// Book a free call with our team today\n/* Order your copy of our book now */ start()</script>",
        '<script>box.querySelector(".order .now .button").classList.add("is-open")</script>',
        '<script type="application/json">{"labels": ["Order by date", "Show the next page", "Book reviews of May"]}</script>',
        '<style>body{font-family:"Free Sans Now","Book Antiqua",serif} p{grid-template-areas:"book now call"}</style>',
        '<style>td[data-label="Order number of the plant"]::before{content:attr(data-label)}</style>',
        '<p data-controller="menu" x-data="{ open: false }" :class="open ? \'block\' : \'hidden\'">Moss</p>',
        '<img sizes="(max-width: 600px) 100vw, 50vw" srcset="a.png 1x, b.png 2x" alt="Moss on a wall in spring">',
        '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">',
        "<script>ask({note: \"If you have any questions about our cookie policy, please <a href='/contact'>contact us</a>.\"})</script>",
        '<link rel="next" title="Chapter 3. Order your copy of our lichens now" href="3.html">',
        '<script type="application/ld+json">{"@type":"Article","articleBody":"Whoever orders too much moss waters in vain."}</script>',
        "<p>Moss.</p>\n\n\n<p>Fern.\n\nIvy.</p>",
    ],
)
def test_the_honest_corners_of_a_page_pass(source: str) -> None:
    """What a script says to its programmer, a style of its fonts, a page of its build and a link of the next page's title is no ask.

    Words that a script keeps plainly, as notices of cookies do, weigh what they weigh in a text.
    """
    assert not sells("html", source)


def test_a_page_is_in_the_language_of_its_text() -> None:
    """Long notices in another language that a script in the head keeps do not make the page one that nobody judges."""
    notices = ", ".join(
        f'n{at}: "Il muschio beve con le foglie che ha, e non cresce dove il sole arriva per la strada {at}"'
        for at in range(20)
    )
    body = "<p>Moss grows in the shade of walls, and it drinks with its leaves, since it has no roots.</p>" * 4
    assert (
        check_html("a.html", f"<html><head><script>x = {{{notices}}}</script></head><body>{body}</body></html>") == []
    )


def test_blank_lines_in_a_page_keep_every_line_in_its_place() -> None:
    """A paragraph that goes on over blank lines is one, and an ask in it is told at its own line and column."""
    page = "<p>Moss\n\n  grows &amp; grows.\n   \n  Book a free call\n\nwith our team today.</p>"
    (finding,) = check_html("a.html", page, config=ENGLISH)
    assert (finding.line, finding.column) == (5, 3)


IN_ENGLISH = (
    "Moss grows in the shade of walls, and it drinks with its leaves, since it has no roots that could.\n\n" * 4
)
IN_GERMAN = (
    "Moos wächst dort, wo die Sonne nur kurz hinkommt, und es trinkt mit den Blättern, denn Wurzeln hat es keine.\n\n"
    * 4
)


@pytest.mark.parametrize(
    ("text", "ask"),
    [
        (IN_ENGLISH, "Buchen Sie jetzt Ihr kostenloses Erstgespräch bei mir."),
        (IN_ENGLISH, "Faites un don à notre refuge."),
        (IN_ENGLISH, "Moss is green. Spenden Sie jetzt für unser Tierheim."),
        (IN_GERMAN, "- Book a free consultation with me today."),
        (IN_GERMAN, "> Réservez dès maintenant votre consultation gratuite avec moi."),
        (IN_ENGLISH, "| Rooms |\n|---|\n| Buchen Sie jetzt Ihr kostenloses Erstgespräch bei mir. |"),
    ],
)
def test_an_ask_in_another_language_than_its_text_is_found(text: str, ask: str) -> None:
    """Who changes the language for one passage or one sentence asks all the same."""
    assert any(one.label == "sales-cta" for one in check_markdown("a.md", f"{text}{ask}\n\n{text}"))


@pytest.mark.parametrize(
    "guest",
    [
        "The sign said »Buchen Sie jetzt Ihr Erstgespräch bei uns«, and I walked on.",
        "Die Würde des Menschen ist unantastbar: so begins their law.",
        "Bestellung, Rechnung, Angebot, Termin, Preis: five words to learn.",
        "Le moss, c'est la mousse, and la mousse is also what one eats.",
        "`Buchen Sie jetzt Ihr kostenloses Erstgespräch bei mir.`",
        "| English | German |\n|---|---|\n| I would like to book a room | Ich möchte ein Zimmer buchen |\n"
        "| Where is the station? | Wo ist der Bahnhof? |\n| Call me tomorrow | Rufen Sie mich morgen an |",
    ],
)
def test_foreign_words_in_a_text_are_no_ask(guest: str) -> None:
    """Quotations, word lists, sayings in another language and tables that translate pass."""
    assert check_markdown("a.md", f"{IN_ENGLISH}{guest}\n") == []


@pytest.mark.parametrize(
    "source",
    [
        f"> [!TIP]\n> {ASK}",
        f"!!! note\n    {ASK}",
        f":::tip\n{ASK}\n:::",
        f"::box[{ASK}]",
        f'::box{{title="{ASK}"}}',
        f'[moss](/moss){{aria-label="{ASK}"}}',
        f"[box]{ASK}[/box]",
        f"{{{{< box `{ASK}` >}}}}",
        f"export const Box = () => <p>{ASK}</p>",
        f'Moss <style>p::after{{content:"{ASK}"}}</style> grows.',
        f'Moss <script>box.textContent = "{ASK}"</script> grows.',
        f'<script type="text/html"><p>{ASK}</p></script>',
        f'<iframe srcdoc="&lt;p&gt;{ASK}&lt;/p&gt;"></iframe>',
        f"<Box data={{{{label: '{ASK}'}}}} />",
    ],
)
def test_boxes_and_asides_of_markdown_are_read_as_they_are_printed(source: str) -> None:
    """The mark of a box is no word of what it says, and what a paragraph writes by style or script is read."""
    assert sells("md", f"{TEACHING}{source}\n\n{TEACHING}")


@pytest.mark.parametrize(
    "source",
    [
        "> [!NOTE]\n> Moss grows in shade, and nobody orders it.",
        "!!! note\n    Our moss likes shade.",
        'Pass `{title="Book a free call with our team today"}` to the box.',
        "The style of the book isn't ours, and it's \"order out of chaos as a rule\" that he called it.",
        "See [a] and [b], but [c] is [/d].",
        "```html\n<style>p::after{content:'Book a free call with our team today'}</style>\n```",
    ],
)
def test_honest_boxes_of_markdown_pass(source: str) -> None:
    """Boxes that teach, code samples and prose about style and brackets pass."""
    assert not sells("md", f"{TEACHING}{source}\n\n{TEACHING}")
