"""Learn from a site's own files who publishes it: its hosts and its names. Guesses, and said to be such."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from funnel.guard.config import Config
from funnel.guard.rulebook import rulebook

SAID_IN = ("CNAME", "_config.yml", "config.toml", "hugo.toml", "config.yaml", "hugo.yaml", "gatsby-config.js", "gatsby-config.ts",
    "astro.config.mjs", "astro.config.ts", "pelicanconf.py", "publishconf.py", "package.json")  # fmt: skip
ADDRESS = re.compile(
    r"""(?:^|\s|["'{,])(?:url|baseurl|baseURL|siteUrl|site_url|site|SITEURL|homepage)["']?\s*[:=]\s*["']?(https?://[^\s"'<>,]+)""",
    re.I,
)
HOST = re.compile(r"https?://(?:www\.)?([a-z0-9.-]+\.[a-z]{2,})", re.I)
MAIL = re.compile(r"[\w.+-]+@([a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,})", re.I)
WE_AT = re.compile(
    r"\b(?:[Hh]ere at|[Aa]t|[Ww]e at|[Tt]eam at|with us at|owner of|founder of) "
    r"((?:[A-Z][\w&'’.-]*[\w&](?: (?=[A-Z&])|(?=[,;:!]| we\b| our\b))){1,5}),? (?:we|our|I)\b"
)
CALLED = re.compile(
    r"\b(?:[Cc]ontact|[Cc]all|[Tt]eam at|[Pp]rofessionals at|[Ee]xperts at|[Aa]ttorneys at|[Ll]awyers at|[Vv]isit us at|[Cc]hoose|[Tt]rust|[Hh]ire) "
    r"(?:the )?((?:[A-Z][\w&'’-]*[\w]|&)(?: (?:[A-Z][\w&'’-]*[\w]|&)){1,4})"
)
PLAIN = frozenset({"site", "blog", "home", "welcome", "github", "pages", "website", "content", "posts", "texts"})


@dataclass(frozen=True, slots=True)
class Publisher:
    """What was guessed of one site: host names, names, and a line of reasons for each."""

    hosts: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()

    def added_to(self, config: Config) -> Config:
        return config.knowing(hosts=self.hosts, names=self.names)


def publisher(folder: Path, named: str, texts: Iterable[str], config: Config) -> Publisher:
    """Guess the publisher of the documents `texts`, which stand in `folder`, in a site called `named` (may be empty)."""
    reasons: dict[str, str] = {}
    hosts = list(_configured(folder, reasons))
    linked, mailed, names, called, documents = Counter[str](), Counter[str](), Counter[str](), Counter[str](), 0
    for text in texts:
        documents += 1
        linked.update({host.lower().removeprefix("www.") for host in HOST.findall(text)})
        mailed.update({host.lower() for host in MAIL.findall(text)})
        names.update(_plain(match.group(1)) for match in WE_AT.finditer(text))
        called.update({match.group(1) for match in CALLED.finditer(text)})
    names.update({name: count for name, count in called.items() if count > 1})
    known = rulebook(config.rules, config.off, config.languages).data.get("hosts", {})
    foreign = frozenset(entry.split("/")[0] for entries in known.values() for entry in entries)
    handles = _handles(named)
    for host, count in linked.most_common():
        if _platform(host, foreign):
            continue
        main = host.split(".")[-2] if "." in host else host
        if any(_same(main, handle) for handle in handles):
            reasons.setdefault(host, f"its name is like that of the folder `{named}`")
        elif host in mailed and count > 1:
            reasons.setdefault(host, "letters go there, and pages link there")
        elif count >= max(4, 0.5 * documents):
            reasons.setdefault(host, f"{count} of {documents} documents link there")
        else:
            continue
        hosts.append(host)
    for name, count in names.items():
        if len(name) > 3 and name.lower() not in PLAIN:
            reasons.setdefault(name, f"the documents say `at {name}, we` ({count} times)")
    found = [name for name in names if name in reasons]
    labels = [host.split(".")[-2] for host in hosts if "." in host and " documents " not in reasons[host]]
    sure = handles[:1] if "+" in named else []
    every = dict.fromkeys([*found, *(label for label in [*labels, *sure] if len(label) > 4 and label not in PLAIN)])
    return Publisher(
        tuple(dict.fromkeys(hosts)), tuple(every), tuple(f"{what}: {why}" for what, why in reasons.items())
    )


def _configured(folder: Path, reasons: dict[str, str]) -> Iterable[str]:
    for name in SAID_IN:
        file = folder / name
        if not file.is_file():
            continue
        text = file.read_text(encoding="utf-8", errors="replace")[:20_000]
        found = (
            [text.strip()]
            if name == "CNAME"
            else [urlsplit(address).hostname or "" for address in ADDRESS.findall(text)]
        )
        for host in found:
            host = host.lower().removeprefix("www.")
            if "." in host and not host.endswith(("github.com", "example.com", "localhost")):
                reasons.setdefault(host, f"{name} says so")
                yield host


def _handles(named: str) -> list[str]:
    words = [
        word
        for part in re.split(r"[+/]", named.lower())
        for word in [re.sub(r"\.(github\.io|com|org|net|io|co|dev)$", "", part)]
    ]
    cut = [re.sub(r"(?:hq|-?website|-?site|-?blog|landing|-?web|-?marketing)$", "", word) for word in words]
    return [
        word
        for word in dict.fromkeys(re.sub(r"[^\w]", "", word) for word in cut)
        if len(word) > 4 and word not in PLAIN
    ]


def _same(main: str, handle: str) -> bool:
    bare = main.replace("-", "")
    return bare == handle or (len(bare) > 5 and bare in handle) or (len(handle) > 5 and handle in bare)


def _platform(host: str, foreign: frozenset[str]) -> bool:
    labels = host.split(".")
    return any(".".join(labels[at:]) in foreign for at in range(len(labels) - 1))


def _plain(name: str) -> str:
    return name.strip(" ,;:!.")
