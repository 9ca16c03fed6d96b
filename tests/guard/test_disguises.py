"""A disguised ask is found as the plain one is, and an honest text that only looks like a disguise passes."""

from __future__ import annotations

import pytest
from funnel.guard import check_html, check_markdown, check_text
from funnel.guard.alphabets import PAIRS
from funnel.guard.records import Finding

ASK = "Book a free call with our team today"


def swapped(letters: dict[str, str]) -> str:
    """The ask in other letters."""
    return ASK.translate(str.maketrans(letters))


def sells(findings: list[Finding]) -> bool:
    """Whether a sales CTA is among the findings."""
    return any(one.label == "sales-cta" for one in findings)


IN_TEXT = {
    "Cyrillic": swapped({"o": "о", "a": "а", "e": "е", "c": "с"}),
    "Greek": swapped({"o": "ο", "a": "α"}),
    "Cherokee and Lisu": swapped({"B": "ꓐ"}),
    "Armenian": swapped({"o": "օ", "u": "ս", "h": "հ"}),
    "full width": "".join(chr(ord(one) + 0xFEE0) if one != " " else one for one in ASK),
    "bold mathematics": "".join(chr(0x1D41A + ord(one) - 97) if one.islower() else one for one in ASK),
    "squared capitals": "".join(chr(0x1F170 + ord(one) - 65) if one.isalpha() else one for one in ASK.upper()),
    "zero width": "\u200b".join(ASK.split("ee")).replace("fr\u200b", "fr\u200bee").replace("oo", "o\u2060o"),
    "a filler of Korean": ASK.replace("oo", "o\u3164o").replace("all", "a\u115fll"),
    "tags of Unicode": ASK.replace("oo", "o\U000e0041o"),
    "marks above": "".join(one + "\u0336" if one.isalpha() else one for one in ASK),
    "marks around": "".join(one + "\u20dd" if one.isalpha() else one for one in ASK),
    "digits": "B00k a fr33 ca11 with our t3am t0day",
    "blanks": "B o o k  a  f r e e  c a l l  w i t h  o u r  t e a m",
    "an article among blanks": "B o o k a free call with our team",
    "dots": "B.o.o.k a fr.ee c.a.l.l with our team today",
    "reversed": "\u202e" + ASK[::-1] + "\u202c",
    "starred": "*" + ASK.replace(" ", "*") + "*",
}


@pytest.mark.parametrize("trick", IN_TEXT)
def test_letters_in_disguise_are_read(trick: str) -> None:
    """Whatever the letters are swapped for, split by or set apart by, the ask is found in Markdown and in text."""
    assert sells(check_text("a.txt", IN_TEXT[trick]))
    assert sells(check_markdown("a.md", IN_TEXT[trick]))


@pytest.mark.parametrize(
    "source",
    [
        f'<p><bdo dir="rtl">{ASK[::-1]}</bdo></p>',
        f'<p style="direction:rtl;unicode-bidi:bidi-override">{ASK[::-1]}</p>',
        '<style>p::after{content:"Book a fr" "ee call with us"}</style>',
        r'<style>p::after{content:"\42 ook a free call with us"}</style>',
        '<style>:root{--say:"Book a free call with us"}</style>',
        f"<noscript><p>{ASK}</p></noscript>",
        f'<iframe srcdoc="&lt;p&gt;{ASK}&lt;/p&gt;"></iframe>',
        f'<template shadowrootmode="open"><p>{ASK}</p></template>',
        '<meta http-equiv="refresh" content="3; url=https://pay.example.com/checkout">',
        '<div itemscope itemtype="https://schema.org/Offer"><span itemprop="price">49</span></div>',
        "<a href=\"javascript:location.assign('/checkout')\">next</a>",
        "<div onmousedown=\"window.location.replace('/checkout')\">next</div>",
        '<button formaction="/checkout">Go on</button>',
        '<a href="/%2563heckout/">next</a>',
        '<a href="/che&#10;ckout/">next</a>',
        '<a href="https://l.example/r?url=https%3A%2F%2Fpay.example.com%2Fcheckout">next</a>',
        f'<p aria-label="{ASK.replace(" ", "&nbsp;")}">x</p>',
        '<a href="https://give.example.org/donate"><img src="cup.svg" alt=""></a>',
    ],
)
def test_hidden_corners_of_a_page_are_read(source: str) -> None:
    """What a page says or does by style, script, frame, redirect or picture is judged like its text."""
    assert sells(check_html("a.html", source))


@pytest.mark.parametrize(
    "source",
    [
        f'cta_label: "{ASK}"',
        '<Box words={"Book a free " + "call with us"} />',
        f'<Box words="{ASK}" />',
        '<style>p::after{content:"Book a free " "call with us"}</style>',
        "Bo<!-- x -->ok a fr<!-- y -->ee call with us",
        "B&#111;ok a fr&#x65;e call with us",
    ],
)
def test_hidden_corners_of_markdown_are_read(source: str) -> None:
    """What Markdown says by a key, a component's argument, a style or a split word is judged like its text."""
    assert sells(check_markdown("a.md", source))


@pytest.mark.parametrize(
    "source",
    [
        "The 1st of May, 3rd floor, at 7am, 5km from hall B2.",
        "A shot in the dark, at 1/15th, handheld: call me stubborn.",
        "Multiply 2 * 3 * 4; a*b*c*d stays as it is.",
        'В. И. Вернадский wrote "Биосфера" in 1926.',
        "Le 1ᵉʳ mai, the order of the day was muguet.",
        "The constant $HOME and the price of $100 are both strings.",
        'snake_case: "the value that we read"',
        'Example: "Book a free call with us"',
        "<p>می\u200cخواهم is one word with a joiner in it.</p>",
        "Let α be the slope, so that ν = αx + β holds for every order of magnitude.",
    ],
)
def test_honest_oddities_pass(source: str) -> None:
    """Ordinals, formulas, foreign words and joiners are no disguise."""
    assert not sells(check_markdown("a.md", source))


@pytest.mark.parametrize(
    "source",
    [
        '<style>a::after{content:" (" attr(href) ")"}</style>',
        '<meta http-equiv="refresh" content="0; url=/blog/2026/">',
        '<noscript><img src="https://stats.example/pixel.gif" alt=""></noscript>',
        '<p><bdo dir="rtl">שלום</bdo> means peace.</p>',
        '<div itemscope itemtype="https://schema.org/Article"><span itemprop="name">On offers</span></div>',
        '<a href="https://example.org/login?next=/blog/">log in</a>',
    ],
)
def test_honest_corners_pass(source: str) -> None:
    """Style, redirects, frames and microdata that sell nothing pass."""
    assert not sells(check_html("a.html", source))


def test_addresses_nested_without_end_are_survived() -> None:
    """An address that leads to itself over and over is judged without an error, however long it is."""
    for times in (100, 390, 20_000):
        check_html("a.html", f'<a href="{"/?u=" * times}">next</a>')


def test_a_word_without_end_is_read_in_time() -> None:
    """One word of letters and digits that never ends is judged at once, not in the square of its length."""
    assert not sells(check_markdown("a.md", "a0" * 40_000))


@pytest.mark.parametrize(
    "source",
    [
        "[F][R][E][E] [T][R][I][A][L] of our app",
        "(o)(r)(d)(e)(r) from our bakery",
        "D*nate to our sh*lter",
        "|3uy our candles n()w",
        "c;a;l;l us for a price",
        "D…o…n…a…t…e to our band",
        "En\u2011rol on our weav\u2011ing cou\u2011rse, £75.",
        "8uy our knives h3re",
        "5ave 2O% on our b1kes th1s w33k",
        "\U0001f1e7\u200b\U0001f1fa\u200b\U0001f1fe our flags",
        "Read on." + "".join(chr(0xE0000 + ord(one)) for one in "Buy our book now"),
        "ʍou ʞooq ɹno ʎnq",
        "2̲0̲%̲ o̲f̲f̲ our pens",
        "B\u2009u\u2009y\u2003o\u2009u\u2009r\u2003t\u2009e\u2009a",
        "Or🎂der our ca🎂kes",
        "✍️ up for our course 👉 £90",
        "B\nU\nY\nN\nO\nW\nfrom our shop",
        "| B | U | Y |\n|---|---|---|\n| o | u | r tea |",
        "| Do | nate |\n|---|---|\n| to our | hospice |",
        "~~Don't~~ buy our cheese",
        "We would never say ~~please donate to our hospice~~.",
        "#BuyOurHoneyNow",
        "CALLUSFORAQUOTE",
        "Write to book-a-free-call-with-us@example.com",
    ],
)
def test_an_ask_is_read_however_its_letters_are_set(source: str) -> None:
    """Boxes, masks, strokes, marks, flags, cells, lines and words run together hide no ask from the guard."""
    assert sells(check_markdown("a.md", source))


@pytest.mark.parametrize(
    "source",
    [
        "<table><tr><td>C</td><td>A</td><td>L</td><td>L</td><td>us for a quote</td></tr></table>",
        "<ul><li>O</li><li>R</li><li>D</li><li>E</li><li>R</li><li>from us</li></ul>",
        "<p>Book<br>a<br>free<br>call<br>with us</p>",
        "<svg><text><tspan>Do</tspan><tspan>nate</tspan> to us</text></svg>",
        "<p><ruby>B<rt>b</rt></ruby>uy our honey now</p>",
        "<p>This is <del>an advert. Buy our bread today</del> a blog.</p>",
        "<button aria-label='Start free trial'></button>",
        "<a href='/index.php?route=checkout/cart'>this</a>",
    ],
)
def test_an_ask_is_read_over_cells_and_lines_of_a_page(source: str) -> None:
    """What cells, items, line breaks, readings and struck words say together is judged as one."""
    assert sells(check_html("a.html", source))


@pytest.mark.parametrize(
    "source",
    [
        "The old brand b-u-y of the eighties sold poorly.",
        'In English the word is "order", not "0rder", as pupils type it.',
        "The domain аррle.com, spelt with Cyrillic letters, fooled browsers in 2017.",
        "Room B00k, shelf 0rd3r: the archive's marks look like a child's cipher.",
        "Let 𝔽 be a free module over ℤ, and call 𝔭 its prime.",
        "=======  T H E   S A L E   B A R N  =======",
        "What a load of b*llocks, said my uncle.",
        "Clauses (a)(b)(c) and [x][y][z] were struck out.",
        "The 🇬🇧🇩🇪🇫🇷 teams met in 🇨🇭.",
        "| she | our | you |\n|---|---|---|\n| he | your | me |",
        "In React, OnClickOutside and UseOurCallback are hooks.",
    ],
)
def test_a_disguise_that_asks_nobody_passes(source: str) -> None:
    """A word that is quoted, spelt out or typed oddly where nobody is spoken to is no ask."""
    assert not sells(check_markdown("a.md", source))


def test_masks_without_end_are_read_in_time() -> None:
    """Stars, boxes and disguised words that never end are judged at once."""
    for source in ("a*" * 20_000, "[a]" * 20_000, "A B " * 20_000, "0rd3r " * 5_000, "B|3" * 20_000):
        check_markdown("a.md", source)


@pytest.mark.parametrize(
    "source",
    [
        "B-o-o-k a f-r-e-e c-a-l-l w-i-t-h our team",
        "B°o°o°k a f°r°e°e c°a°l°l with our team",
        "B•o•o•k a f•r•e•e c•a•l•l with our team",
        "B#o#o#k a f#r#e#e c#a#l#l with our team",
        "B\u3000o\u3000o\u3000k   a   f\u3000r\u3000e\u3000e   c\u3000a\u3000l\u3000l with our team",
        "Book👏a👏free👏call👏with👏our👏team",
        "Book\u2800a\u2800free\u2800call\u2800with\u2800our\u2800team",
        "B_ok a fr_e c_ll with our team",
        "B⭐ok a fr⭐e c⭐ll with our team",
        "🇧🇴🇴🇰 🇦 🇫🇷🇪🇪 🇨🇦🇱🇱 🇼🇮🇹🇭 🇴🇺🇷 🇹🇪🇦🇲",
        "BuchenSieIhrenTerminBeiUnsJetzt in Bonn",
        "B𐐬𐐬k a free call with our team",
        "Bဝဝk a free call with our team",
        "ᛒook a ᚠree call with our team",
        "Ⲃook a frⲉⲉ call with our team",
        "Schedule your appoitnment with our studio today.",
    ],
)
def test_a_mark_between_letters_hides_no_ask_whichever_it_is(source: str) -> None:
    """Any mark that is set between letters or words or for a vowel, letters of any script and letters that changed places are read."""
    assert sells(check_markdown("a.md", f"Moss grows in shade.\n\n{source}\n"))


@pytest.mark.parametrize(
    "source",
    [
        "He sang R•E•S•P•E•C•T until the sign said S·A·L·E.",
        "R&D, Q&A, a&b&c and x@y@z are marks of the trade.",
        "The 🇬🇧🇩🇪🇫🇷🇮🇹 teams met the 🇨🇭 and the 🇦🇹 ones.",
        "Play ⭐⭐⭐ and win ♥love♥ for moss.",
        "A re-order, an e-mail, a co-op, a T-shirt and a well-known by-law.",
        "The trail in the woods is a course of its own.",
        "STARGΛ̊TE, MΛGNΛ and SΛMSUNG are names in fancy letters, for you as for me.",
        "ΠροηγB.3. The shell and you",
        "ဝ is a Burmese letter, ᚠ is a rune, 𐐬 is one of Deseret, and ⲃ is Coptic.",
        "The look-alike of о in Cyrillic fools the eye, as ⲟ does and օ, its Armenian twin.",
        "In HTML, `&zwnj;` and `&#173;` part the letters of a word.",
        "BildSchirmArbeitsPlatz and MoosWandPflege are no German words.",
    ],
)
def test_marks_and_letters_that_hide_nothing_pass(source: str) -> None:
    """Flags, ratings, abbreviations, one word that is spelt out, fancy letters, glued words and an article on alphabets are no disguise."""
    assert not sells(check_markdown("a.md", f"Moss grows in shade.\n\n{source}\n"))


def test_alphabets_are_written_letter_for_letter() -> None:
    """Every letter of another alphabet has one Latin letter that it looks like."""
    assert [(other, latin) for other, latin in PAIRS if len(other) != len(latin) or not latin.isascii()] == []
