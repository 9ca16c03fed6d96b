"""What stops an issue before anything leaves the machine. Every fault is said with file, line and column."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from urllib.parse import urlsplit

from turbohtml import Element, Text

from funnel.frontmatter import Document, Problem, Withheld
from funnel.newsletter.compose import IssueText
from funnel.newsletter.edition import Edition
from funnel.newsletter.forms import Block
from funnel.newsletter.fragment import SCHEMES, attribute, elements, foreign_tags, tree, words_of
from funnel.newsletter.limits import HTML_LIMIT, PREHEADER, SUBJECT_LIMIT, address_fault, preheader_fault
from funnel.newsletter.merge import AUTHORED
from funnel.newsletter.places import at_key, in_body

FIRST_YEAR = 1900
DEPTH = 80
"""Elements inside one another: no mail program shows as many."""
_SCHEME = re.compile(r"^([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_MARK = re.compile(rf"\{{name|\{{(?:{'|'.join(Block)})\}}")
_OPENING = 200


def check_source(document: Document, raw_html: str) -> list[Problem]:
    """Faults of what the author wrote; `raw_html` is its HTML before anything was taken out of it."""
    problems = [*_merge_fields(document), *_raw_html(document, raw_html), *_depth(document, raw_html)]
    if not document.body.strip():
        problems.append(in_body(document, "", "this issue has no text", "Write the letter below the second ---."))
    number = document.metadata["number"]
    if isinstance(number, int) and number >= FIRST_YEAR:
        advice = "The archive of a year has that address. Number the issues 1, 2, 3."
        problems.append(at_key(document, "number", f"the number {number} could be a year", advice))
    return problems


def _merge_fields(document: Document) -> Iterator[Problem]:
    advice = "Write {name|friend} where the reader's name should stand; there is no other field for authors."
    for key in ("title", "subject", "preheader"):
        if AUTHORED.search(str(document.metadata.get(key) or "")):
            yield at_key(document, key, "%%funnel: is for the machine; a letter would break here", advice)
    if found := AUTHORED.search(document.body):
        yield in_body(document, found[0], "%%funnel: is for the machine; a letter would break here", advice)


def _raw_html(document: Document, raw: str) -> Iterator[Problem]:
    for tag in foreign_tags(raw):
        advice = "docs/faces.md lists the elements that every face can show. Mail programs remove all others."
        yield in_body(document, f"<{tag}", f"<{tag}> cannot go into a letter", advice)
    for element in tree(raw).iter_elements():
        for name in ("href", "src", "poster"):
            scheme = _SCHEME.match(attribute(element, name))
            if scheme and scheme[1].lower() not in SCHEMES:
                advice = f"Use one of: {', '.join(sorted(SCHEMES))}."
                yield in_body(document, scheme[0], f"an address that begins with {scheme[0]} is not safe", advice)


def _depth(document: Document, raw: str) -> Iterator[Problem]:
    level, depth = list(elements(tree(raw))), 0
    while level and depth <= DEPTH:
        level, depth = [child for element in level for child in elements(element)], depth + 1
    if level:
        yield in_body(document, "", f"more than {DEPTH} elements stand one in another", "Take some of them apart.")


def check_text(document: Document, issue: IssueText) -> list[Problem]:
    """Faults that show once links are resolved and blocks are filled."""
    body = tree(issue.html)
    return [*_heads(document, issue, body), *_names(document, body)]


def _heads(document: Document, issue: IssueText, body: Element) -> Iterator[Problem]:
    if len(issue.subject) > SUBJECT_LIMIT:
        advice = f"Keep it under {SUBJECT_LIMIT}; a telephone shows about 40."
        yield at_key(document, "subject", f"the subject has {len(issue.subject)} characters", advice)
    for key in ("title", "subject", "preheader"):
        if "{name" in str(document.metadata.get(key) or ""):
            yield at_key(document, key, f"the {key} cannot hold the reader's name", "Use it in the text of the letter.")
    opening = words_of(body)[:_OPENING]
    if fault := preheader_fault(issue.preheader, issue.subject, opening):
        advice = f"Say in {PREHEADER.start} to {PREHEADER.stop - 1} characters what the subject leaves open."
        yield at_key(document, "preheader", fault, advice)


def _names(document: Document, body: Element) -> Iterator[Problem]:
    for node in body.descendants:
        found = _MARK.search(node.data) if isinstance(node, Text) and not _is_code(node) else None
        if found and found[0] == "{name":
            advice = "Write {name|friend}: the reader's name, or a plain word where we do not know it."
            yield in_body(document, "{name", "this mark for the reader's name is broken", advice)
        elif found:
            advice = "Put it on a line of its own, outside of raw HTML."
            yield in_body(document, found[0], f"{found[0]} does nothing here", advice)


def _is_code(node: Text) -> bool:
    return any(isinstance(holder, Element) and holder.tag in ("code", "pre") for holder in node.ancestors)


def check_links(document: Document, issue: IssueText, siteurl: str, withheld: Iterable[Withheld] = ()) -> list[Problem]:
    """Links that a reader could not open. `withheld` are the documents that are not on the site."""
    problems, held = [], {siteurl + one.document.address.rstrip("/"): one for one in withheld}
    for element in tree(issue.html).iter_elements(["a", "video", "source"]):
        address = attribute(element, "href") or attribute(element, "src")
        away = held.get(re.split("[?#]", address)[0].rstrip("/"))
        if away:
            fault, advice = f"leads to {away.document.path}, which is not on the site ({away.reason})", _NOT_YET
        else:
            fault, advice = "" if address.startswith("#") else address_fault(address, siteurl), "Mend the link."
        if address and fault:
            problems.append(in_body(document, needle_for(document, address), f"the link {address} {fault}", advice))
    return problems


_NOT_YET = "Take the link out until then, or publish both."


def check_topics(document: Document, topics: Collection[str]) -> list[Problem]:
    """Topics that nobody can have chosen. Where the site names none, there is nothing to compare them with."""
    known = {topic.strip().casefold() for topic in topics}
    wanted = document.metadata.get("interests")
    names = [str(name) for name in wanted] if isinstance(wanted, list | tuple) else []
    strange = [name for name in names if name.strip().casefold() not in known]
    if not known or not strange:
        return []
    advice = f"NEWSLETTER_INTERESTS (pelicanconf.py) names: {', '.join(topics)}."
    return [at_key(document, "interests", f"nobody can have chosen the topic {strange[0]!r}", advice)]


def needle_for(document: Document, address: str) -> str:
    """The longest part of an address that its source holds: all of it, its path, or the last name of the path."""
    path = urlsplit(address).path.rstrip("/")
    return next((part for part in (address, path, path.rsplit("/", 1)[-1]) if part and part in document.body), "")


def check_letter(document: Document, edition: Edition) -> list[Problem]:
    """Faults of the finished letter."""
    size = len(edition.html.encode())
    if size <= HTML_LIMIT:
        return []
    message = f"the letter has {size // 1024} KB; Gmail cuts a letter off at 102, and with it the way to unsubscribe"
    advice = f"Shorten it below {HTML_LIMIT // 1024} KB: put the long part into a post, and link to it."
    return [in_body(document, "", message, advice)]
