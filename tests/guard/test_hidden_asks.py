"""An ask that a text tool does not see is found wherever a reader meets it; what only looks so is let pass."""

from __future__ import annotations

from base64 import b64encode
from urllib.parse import quote

import pytest
from funnel.guard.scripted import embedded, linked_data, written

from tests.guard.selling import ASK, CHECKS, DRAWN, TEACHING, sells

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
