"""Learn a first configuration from an existing site, and say what was guessed and why."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import yaml

from funnel.guard.config import Config
from funnel.guard.files import read_source
from funnel.guard.learn import Publisher, publisher
from funnel.guard.links import LinkTable
from funnel.guard.records import CouldNotJudge
from funnel.guard.rulebook import rulebook
from funnel.guard.walk import Source, sources

SELLING = frozenset({"payment", "booking", "shop", "course"})


def introduce(folder: Path) -> tuple[str, str]:
    """A configuration file for the site in the folder, and what was guessed, each as text.

    What cannot be read is told, and left out. Raises CouldNotJudge where there is no folder, or nothing in it that can be read.
    """
    read: list[tuple[Source, str]] = []
    refused: list[CouldNotJudge] = []
    for source in sources([folder], refused.append):
        try:
            read.append((source, source.text()))
        except CouldNotJudge as error:
            refused.append(error.at(source.where))
    if not read:
        raise refused[0]
    guessed = publisher(folder, folder.resolve().name, [text for _, text in read], Config())
    known = guessed.added_to(Config())
    table = LinkTable(rulebook().data, known)
    addresses: Counter[str] = Counter()
    for source, text in read:
        try:
            passages = read_source(source, text)
        except CouldNotJudge as error:
            refused.append(error.at(source.where))
            continue
        for passage in passages:
            addresses.update({link.target for link in passage.links if _sells(table.purposes(link.target))})
    return _file(guessed, addresses), _told(guessed, addresses, len(read), refused)


def _sells(purposes: frozenset[str]) -> bool:
    return "own" in purposes and bool(purposes & SELLING)


def _file(guessed: Publisher, addresses: Counter[str]) -> str:
    offers = [{"name": "name this offer", "addresses": sorted(addresses)}] if addresses else []
    node = {
        "own_hosts": list(guessed.hosts),
        "names": list(guessed.names),
        "offers": offers,
        "donations": True,
        "soft_asks": 1,
    }
    return (
        "# Guessed by `python -m funnel.guard init`: read it, and mend what is wrong (docs/guard.md).\n"
        + yaml.safe_dump(node, sort_keys=False, allow_unicode=True)
    )


def _told(guessed: Publisher, addresses: Counter[str], documents: int, refused: list[CouldNotJudge]) -> str:
    lines = [f"Read {documents} document{'' if documents == 1 else 's'}."]
    lines += [f"  left out: {error}" for error in refused]
    lines += [f"  guessed {reason}" for reason in guessed.reasons] or [
        "  nothing tells who publishes this site: fill in own_hosts and names."
    ]
    lines += [
        f"  guessed as the address of an offer: {address} ({count} links)"
        for address, count in sorted(addresses.items())
    ]
    return "\n".join(lines) + "\n"
