"""An ask is found in the last corners of a page; what only looks so is let pass."""

from __future__ import annotations

from base64 import b64encode
from urllib.parse import quote

import pytest
from funnel.guard import check_html

from tests.guard.selling import ASK, ENGLISH, sells

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
