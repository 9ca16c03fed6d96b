"""The rules are data that can be trusted: each names its ground, and its examples hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from funnel.guard import Config, CouldNotJudge
from funnel.guard.check import judge_for, read_text, verdicts
from funnel.guard.config import Offer
from funnel.guard.html import read_html
from funnel.guard.markdown import read_markdown
from funnel.guard.records import Label
from funnel.guard.rulebook import Sign, rulebook
from funnel.guard.structure import structural
from funnel.guard.words import sentences, without_quotations

SPOKEN = [(code, sign) for code, language in rulebook().languages.items() for sign in language.signs]
ASKS = [(code, sign) for code, sign in SPOKEN if sign.role == "ask"]
EVIDENCE = [(code, sign) for code, sign in SPOKEN if sign.role != "ask"]
STRUCTURE = rulebook().structure
EVERY = [*STRUCTURE, *(sign for _, sign in SPOKEN)]
HOUSE = Config(  # the publisher whose links and offers the examples of structure.yml speak of
    own_hosts=("two-funnels.example",),
    offers=(Offer("The Workshop", addresses=("https://two-funnels.example/the-workshop",)),),
    rules=(str(Path(__file__).parent / "house"),),
)


def label(text: str, code: str, *, in_company: bool = False) -> Label | None:
    (passage,) = read_text("example", text)
    passage.beside_sale = in_company
    return judge_for(Config(), code).verdict(passage).label


def reached(text: str, code: str) -> Label | None:
    """What the text is taken for beside what sells, where the threshold is all that it must reach: what a kind takes beyond is not the rule's."""
    (passage,) = read_text("example", text)
    passage.beside_sale = True
    verdict = judge_for(Config(), code).verdict(passage)
    sells = verdict.leading is not None and verdict.leading.sign.sales > 0
    return Label.SALES if sells and verdict.score >= rulebook().threshold else verdict.label


def found(sign: Sign) -> Label:
    """What an ask makes of its bad examples: a sales CTA where it sells, else what it asks for."""
    if sign.sales > 0:
        return Label.SALES
    return Label.PERMISSION if sign.permission > 0 else Label.SOFT


def evidence_in(text: str, code: str) -> set[str]:
    """The ids of the words' evidence that any sentence of the text shows."""
    spoken = sentences(text)
    without_quotations(spoken)
    return {match.sign for one in spoken for match in rulebook().languages[code].evidence.matches(one.stream)}


def structure_in(document: str) -> set[str]:
    """The ids of the structural signs that any passage shows, once the whole document was judged: a page, or Markdown."""
    read = read_html if document.startswith("<!doctype") else read_markdown
    judge, passages = judge_for(HOUSE, "en"), read("example", document)
    verdicts(passages, "en", HOUSE)  # tells each passage what stands beside it
    return {seen.sign.id for passage in passages for seen in structural(passage, judge.links, judge.book)}


def named(value: object) -> str:
    return value.id if isinstance(value, Sign) else ""


@pytest.mark.parametrize("sign", EVERY, ids=named)
def test_a_rule_names_its_ground_and_its_reason(sign: Sign) -> None:
    """Every shipped rule says why it is there and where that comes from, and shows what it sees and what it does not."""
    assert sign.ground.split(":")[0] in ("guide", "seed 000", "law")
    assert sign.because
    assert sign.flags and sign.passes
    assert all(isinstance(text, str) and len(text) > 1 for text in (*sign.flags, *sign.passes))


@pytest.mark.parametrize(("code", "sign"), EVIDENCE, ids=named)
def test_evidence_is_seen_in_its_examples(code: str, sign: Sign) -> None:
    """Evidence is seen in each of its bad examples, and in none of the good ones, which have much the same words."""
    for text in sign.flags:
        assert sign.id in evidence_in(text, code), text
    for text in sign.passes:
        assert sign.id not in evidence_in(text, code), text


@pytest.mark.parametrize("sign", STRUCTURE, ids=named)
def test_structure_is_seen_in_its_examples(sign: Sign) -> None:
    """A sign of structure is seen in the documents that show it, and not in those that only look like them."""
    for document in sign.flags:
        assert sign.id in structure_in(document), document
    for document in sign.passes:
        assert sign.id not in structure_in(document), document


@pytest.mark.parametrize(("code", "sign"), ASKS, ids=named)
def test_the_examples_of_a_rule_hold(code: str, sign: Sign) -> None:
    """A rule that can found a finding finds its bad examples, beside what sells at least, and lets its good ones pass."""
    for text in sign.flags:
        assert reached(text, code) is found(sign), text
    for text in sign.passes:
        assert label(text, code) is not found(sign), text


@pytest.mark.parametrize(("code", "sign"), ASKS, ids=named)
def test_a_curled_apostrophe_is_an_apostrophe(code: str, sign: Sign) -> None:
    """What is found with the apostrophe of a typewriter is found with that of a typesetter too."""
    for text in sign.flags:
        assert reached(text.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}"), code) is found(sign), text


def test_praise_alone_takes_more_than_praise_beside_what_sells() -> None:
    """A passage that only praises is let pass by itself, and is a finding beside a passage that sells."""
    praise = "We specialize in ponds for your garden, whatever its size."
    assert label(praise, "en") is not Label.SALES
    assert label(praise, "en", in_company=True) is Label.SALES


def test_what_is_said_earlier_bears_on_an_ask() -> None:
    """A wish that is named sentences before an invitation makes it more than an invitation."""
    wish, pause, invitation = "Thinking of selling your home this year?", "It rained.", "Call me today."
    judge = judge_for(Config(), "en")
    (alone,) = read_text("a", invitation)
    (whole,) = read_text("a", f"{wish} {pause} {invitation}")
    assert judge.verdict(whole).score > judge.verdict(alone).score


def test_every_language_is_shipped() -> None:
    """English, German, French and Spanish have rules."""
    assert set(rulebook().languages) == {"en", "de", "fr", "es"}


def test_a_rule_can_be_switched_off() -> None:
    """A rule named in `off` finds nothing."""
    (passage,) = read_text("a", "I am currently accepting new clients.")
    assert judge_for(Config(), "en").verdict(passage).label is Label.SALES
    assert judge_for(Config(off=("en.open-for",)), "en").verdict(passage).label is not Label.SALES


def test_own_words_can_be_added(tmp_path: Path) -> None:
    """A folder of further rules grows the shipped word classes."""
    (tmp_path / "en.yml").write_text("classes:\n  appointment: [powwow]\n")
    (passage,) = read_text("a", "Book a free powwow today.")
    assert judge_for(Config(), "en").verdict(passage).label is not Label.SALES
    assert judge_for(Config(rules=(str(tmp_path),)), "en").verdict(passage).label is Label.SALES


def test_own_rules_need_no_examples(tmp_path: Path) -> None:
    """Whoever adds a rule for himself need not write examples: it holds all the same."""
    rule = "{id: x, role: ask, sales: 4, because: b, ground: g, match: ['come aboard']}"
    (tmp_path / "en.yml").write_text(f"signs:\n  - {rule}\n")
    (passage,) = read_text("a", "Come aboard on Friday.")
    assert judge_for(Config(), "en").verdict(passage).label is None
    assert judge_for(Config(rules=(str(tmp_path),)), "en").verdict(passage).label is Label.SALES


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("signs: [\n", 2, "this is not YAML"),
        ("- a\n", 1, "a rule file must be"),
        ("signs:\n  - {id: x, role: ask, because: b, ground: g, match: ['{nothing}']}\n", 2, "no word class `nothing`"),
        ("signs:\n  - {id: x, role: maybe, because: b, ground: g, match: ['a b']}\n", 2, "role `maybe`"),
        (
            "signs:\n  - {id: x, role: ask, because: b, ground: g, weigth: 3, match: ['a b']}\n",
            2,
            "unknown key `weigth`",
        ),
    ],
)
def test_a_bad_rule_file_is_refused_with_its_place(tmp_path: Path, text: str, line: int, said: str) -> None:
    """A rule file with an error is no rule file: the message has the file and says what is wrong."""
    (tmp_path / "en.yml").write_text(text)
    with pytest.raises(CouldNotJudge, match=said) as caught:
        rulebook((str(tmp_path),))
    assert caught.value.line == line
    assert str(tmp_path) in str(caught.value)
