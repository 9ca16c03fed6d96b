"""How the parts of a pattern are matched against words."""

from __future__ import annotations

import re

from funnel.guard.pattern import Vocabulary, compile_pattern
from hypothesis import given, settings
from hypothesis import strategies as st

WORDS = ("call", "us", "now", "please", "our", "shop", "ab", "abc", ",", "!", "?")
CLASSES = {
    "lead_in": ["please", "now please", "call ,"],
    "verb": ["call", "call us", "ab*", "call us now"],
    "ours": ["our *", "us"],
}
ELEMENTS = (
    "call", "us", "now", "shop", "{verb}", "{verb}?", "{verb|ours}", "{ours}", "(call|us_now)", "(now|$)", "a*c", "us?", "our_*",
    "~0", "~1", "~3", "..1", "..4", "^", ",", "!",
)  # fmt: skip


def expression(source: str) -> str:
    """The pattern as a regular expression over words that each have a blank after them."""
    return "".join(map(element, source.split()))


def element(written: str) -> str:
    if written.startswith("~"):
        return rf"(?:[^ ,]+ ){{0,{written[1:]}}}?"
    if written.startswith(".."):
        return rf"(?:[^ ]+ ){{0,{written[2:]}}}?"
    if written in ("|^", "$"):
        return {"|^": "^", "$": "(?:[!?,] )*$"}[written]
    if written == "^":
        lead = one_of(CLASSES["lead_in"])
        return rf"(?:^|(?<=, )|(?<![^ ]){lead} )(?:{lead} ){{0,3}}"
    if written.endswith("?"):
        return rf"(?:(?<![^ ]){one_of(entries(written[:-1]))} )?"
    if "$" in entries(written):
        return rf"(?<![^ ])(?:{one_of([word for word in entries(written) if word != '$'])} |(?:[!?,] )*$)"
    return rf"(?<![^ ]){one_of(entries(written))} "


def entries(written: str) -> list[str]:
    if written.startswith("{"):
        return [entry for name in written.strip("{}").split("|") for entry in CLASSES[name]]
    return [entry.replace("_", " ") for entry in written.strip("()").split("|")]


def one_of(found: list[str]) -> str:
    """The entries, those with a star after the others, the longest first."""
    ordered = sorted(set(found), key=lambda entry: ("*" in entry, -len(entry), entry))
    return "(?:" + "|".join(re.escape(entry).replace(r"\*", "[^ ]*").replace(r"\ ", " ") for entry in ordered) + ")"


@settings(max_examples=1500)
@given(
    words=st.lists(st.sampled_from(WORDS), max_size=9),
    source=st.lists(st.sampled_from(ELEMENTS), min_size=1, max_size=5),
    first=st.sampled_from(["", "|^ "]),
    last=st.sampled_from(["", " $"]),
)
def test_a_pattern_fits_as_its_regular_expression_does(
    words: list[str], source: list[str], first: str, last: str
) -> None:
    """A pattern is found where a regular expression that says the same is found, at its first place and with the same end."""
    written = f"{first}{' '.join(source)} us{last}"
    stream = "".join(word + " " for word in words)
    expected = re.search(expression(written), stream)
    place = compile_pattern(written, Vocabulary(CLASSES)).find([*words, ""])
    told = place and tuple(len("".join(word + " " for word in words[:at])) for at in place)
    assert told == (expected and expected.span())


def test_a_star_stands_for_a_word_that_is_missing_at_the_end() -> None:
    """`our *` fits "our" at the end of a sentence: what is ours may be a picture."""
    assert compile_pattern("call ~1 {ours}", Vocabulary(CLASSES)).find(["call", "our", ""]) == (0, 2)


def test_no_pattern_and_no_text_take_long() -> None:
    """Ten gaps of twenty words, over a long sentence that almost fits, are looked through once and not in every combination."""
    pattern = compile_pattern(" ".join(["call", *["..20 call"] * 10, "now"]), Vocabulary(CLASSES))
    assert pattern.find([*["call"] * 2_000, ""]) is None  # every combination would take longer than the world is old
