"""Learn from a site's own files who publishes it: its hosts and its names. Guesses, and said to be such."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
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
CAPITALS = re.compile(r"\b[A-Z][\w&'’-]*(?: (?:[A-Z][\w&'’-]*|&)){0,5}")
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
    seen = Counted(_handles(named))
    for text in texts:
        seen.read(text)
    known = rulebook(config.rules, config.off, config.languages).data.get("hosts", {})
    foreign = frozenset(entry.split("/")[0] for entries in known.values() for entry in entries)
    hosts += _own_hosts(seen, foreign, named, reasons)
    for name in seen.written:
        reasons.setdefault(name, f"it is written like the name of the folder `{named}`")
    for name, count in seen.names().items():
        if len(name) > 3 and name.lower() not in PLAIN:
            reasons.setdefault(name, f"the documents say `at {name}, we` ({count} times)")
    found = [name for name in (*seen.names(), *seen.written) if name in reasons]
    labels = [host.split(".")[-2] for host in hosts if "." in host and " documents " not in reasons[host]]
    sure = seen.handles[:1] if "+" in named else []
    every = dict.fromkeys([*found, *(label for label in [*labels, *sure] if len(label) > 4 and label not in PLAIN)])
    return Publisher(
        tuple(dict.fromkeys(hosts)), tuple(every), tuple(f"{what}: {why}" for what, why in reasons.items())
    )


@dataclass(slots=True)
class Counted:
    """What the documents of one site name and link to, and how often."""

    handles: list[str]
    documents: int = 0
    linked: Counter[str] = field(default_factory=Counter)
    mailed: Counter[str] = field(default_factory=Counter)
    houses: Counter[str] = field(default_factory=Counter)
    called: Counter[str] = field(default_factory=Counter)
    written: Counter[str] = field(default_factory=Counter)

    def read(self, text: str) -> None:
        self.documents += 1
        self.written.update(_written(text, self.handles))
        self.linked.update({host.lower().removeprefix("www.") for host in HOST.findall(text)})
        self.mailed.update({host.lower() for host in MAIL.findall(text)})
        self.houses.update(_plain(match.group(1)) for match in WE_AT.finditer(text))
        self.called.update({match.group(1) for match in CALLED.finditer(text)})

    def names(self) -> Counter[str]:
        """The names of whom the documents speak as `at NAME, we`, or bid the reader call more than once."""
        return self.houses | Counter({name: count for name, count in self.called.items() if count > 1})


def _own_hosts(seen: Counted, foreign: frozenset[str], named: str, reasons: dict[str, str]) -> Iterable[str]:
    for host, count in seen.linked.most_common():
        if _platform(host, foreign):
            continue
        main = host.split(".")[-2] if "." in host else host
        if any(_same(main, handle) for handle in seen.handles):
            reasons.setdefault(host, f"its name is like that of the folder `{named}`")
        elif host in seen.mailed and count > 1:
            reasons.setdefault(host, "letters go there, and pages link there")
        elif count >= max(4, 0.5 * seen.documents):
            reasons.setdefault(host, f"{count} of {seen.documents} documents link there")
        else:
            continue
        yield host


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


def _written(text: str, handles: list[str]) -> Iterable[str]:
    """How the text writes one of the handles, as a name: `Dawn Web` for dawnweb."""
    for match in CAPITALS.finditer(text):
        words = match.group().split(" ")
        for size in range(1, min(len(words), 4) + 1):
            for at in range(len(words) - size + 1):
                name = " ".join(words[at : at + size])
                if re.sub(r"[^\w]|_", "", name).lower() in handles:
                    yield name


def _same(main: str, handle: str) -> bool:
    bare = main.replace("-", "")
    return bare == handle or (len(bare) > 5 and bare in handle) or (len(handle) > 5 and handle in bare)


def _platform(host: str, foreign: frozenset[str]) -> bool:
    labels = host.split(".")
    return any(".".join(labels[at:]) in foreign for at in range(len(labels) - 1))


def _plain(name: str) -> str:
    return name.strip(" ,;:!.")
