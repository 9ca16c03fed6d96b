"""Structured data: what a page is, in the vocabulary of schema.org, as one JSON-LD graph.

Sources: https://schema.org and Google's guides for Article, Review snippet, Breadcrumb, Organization.
"""

from __future__ import annotations

import json
from typing import Any

from funnel.site.entry import Entry, shortened
from funnel.site.here import Here
from funnel.site.options import Options

Node = dict[str, Any]
HEADLINE_MOST = 110


def graph(here: Here, options: Options, image: str, facts: Node) -> str:
    """Give the JSON-LD of a page as text that is safe inside a script element.

    `image` is the absolute address of its picture, or empty. `facts` are the type's own front matter values
    (`verdict`, `item_title`, `price`, ...).
    """
    nodes = [_publisher(options)]
    if here.view == "home":
        nodes.append(_website(options))
    if here.entry is not None:
        nodes.append(_document(here, here.entry, options, image, facts))
    if here.crumbs:
        nodes.append(_breadcrumbs(here, options))
    text = json.dumps({"@context": "https://schema.org", "@graph": nodes}, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _absolute(options: Options, address: str) -> str:
    return f"{options.site_url}/{address}"


def _publisher(options: Options) -> Node:
    node: Node = {
        "@type": "Organization" if options.publisher == "organization" else "Person",
        "@id": _absolute(options, "#publisher"),
        "name": options.author,
        "url": _absolute(options, ""),
    }
    if options.publisher == "organization":
        node["logo"] = _absolute(options, "icons/icon-512.png")
    if options.social:
        node["sameAs"] = [address for _, address in options.social]
    return node


def _website(options: Options) -> Node:
    node: Node = {
        "@type": "WebSite",
        "@id": _absolute(options, "#website"),
        "name": options.site_name,
        "url": _absolute(options, ""),
        "inLanguage": options.language,
        "publisher": {"@id": _absolute(options, "#publisher")},
    }
    if options.subtitle:
        node["description"] = options.subtitle
    return node


def _breadcrumbs(here: Here, options: Options) -> Node:
    steps = [
        {"@type": "ListItem", "position": position, "name": crumb.label, "item": _absolute(options, crumb.address)}
        for position, crumb in enumerate(here.crumbs, start=1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": steps}


def _document(here: Here, entry: Entry, options: Options, image: str, facts: Node) -> Node:
    node: Node = {
        "@id": _absolute(options, here.address),
        "url": _absolute(options, here.address),
        "name": entry.title,
        "description": here.description,
        "inLanguage": here.language,
    }
    if image:
        node["image"] = image
    if entry.translation:
        node["translationOfWork"] = {"@id": _absolute(options, here.versions[0].address)}
    if entry.type == "offer":
        return {"@type": "WebPage", **node, "mainEntity": _offer(entry, options, facts)}
    if entry.published is None:
        return {"@type": "WebPage", **node, "publisher": {"@id": _absolute(options, "#publisher")}}
    node |= {
        "headline": shortened(entry.title, HEADLINE_MOST),
        "datePublished": entry.published.isoformat(),
        "dateModified": (entry.changed or entry.published).isoformat(),
        "author": _author(entry, options),
        "publisher": {"@id": _absolute(options, "#publisher")},
        "wordCount": entry.words,
        "mainEntityOfPage": _absolute(options, here.address),
    }
    if entry.section:
        node["articleSection"] = entry.section
    if entry.tags:
        node["keywords"] = list(entry.tags)
    if entry.type == "review":
        return _review(node, entry, facts)
    return {"@type": "BlogPosting", **node}


def _author(entry: Entry, options: Options) -> Node:
    if not entry.author or entry.author == options.author:
        return {"@id": _absolute(options, "#publisher")}
    return {"@type": "Person", "name": entry.author, "url": _absolute(options, "")}


def _review(node: Node, entry: Entry, facts: Node) -> Node:
    """A review of a book or an app. It has no stars: a verdict in words is not a rating."""
    item: Node = {
        "@type": "Book" if facts.get("reviewed") == "book" else "SoftwareApplication",
        "name": facts.get("item_title"),
    }
    if facts.get("item_author"):
        item["author"] = {"@type": "Person", "name": facts["item_author"]}
    if facts.get("isbn") and item["@type"] == "Book":
        item["isbn"] = str(facts["isbn"]).replace("-", "")
    if item["@type"] == "SoftwareApplication" and facts.get("link"):
        item["url"] = facts["link"]
    for name in ("wordCount", "articleSection"):
        node.pop(name, None)
    return {"@type": "Review", **node, "itemReviewed": item, "reviewBody": facts.get("verdict") or entry.summary}


def _offer(entry: Entry, options: Options, facts: Node) -> Node:
    service: Node = {
        "@type": "Service",
        "name": facts.get("offer_name") or entry.title,
        "provider": {"@id": _absolute(options, "#publisher")},
    }
    offer: Node = {"@type": "Offer", "itemOffered": service, "url": _absolute(options, entry.address)}
    if facts.get("price"):
        offer["description"] = str(facts["price"])
    return offer
