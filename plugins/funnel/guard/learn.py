"""Learn from a site's own files who publishes it: its hosts and its names. Guesses, and said to be such."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from funnel.guard.config import Config
from funnel.guard.likeness import PLAIN, alike, beginnings, handles, hosts_in, label, squeezed, written_like
from funnel.guard.links import listed_as
from funnel.guard.rulebook import rulebook

SAID_IN = ("CNAME", "_config.yml", "config.toml", "hugo.toml", "config.yaml", "hugo.yaml", "gatsby-config.js", "gatsby-config.ts",
    "astro.config.mjs", "astro.config.ts", "pelicanconf.py", "publishconf.py", "package.json")  # fmt: skip
ADDRESS = re.compile(
    r"""(?:^|\s|["'{,])(?:url|baseurl|baseURL|siteUrl|site_url|site|SITEURL|homepage)["']?\s*[:=]\s*["']?(https?://[^\s"'<>,]+)""",
    re.I,
)
HOST = re.compile(r"https?://(?:www\.)?([a-z0-9.-]+\.[a-z]{2,})(?:/([\w/-]*))?", re.I)
MAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@([a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,})", re.I)
WE_AT = re.compile(
    r"\b(?:[Hh]ere at|[Aa]t|[Ww]e at|[Tt]eam at|with us at|owner of|founder of) "
    r"((?:[A-Z][\w&'’.-]*[\w&;](?: (?=[A-Z&])|(?=[,;:!]| we\b| our\b))){1,5}),? (?:we|our|I|you can|your)\b"
)
CHEZ = re.compile(
    r"\b(?:[Cc]hez|[Bb]ei|[Ee]n|[Aa]vec|[Ww]ir von|[Tt]eam von|[Ll]'équipe de|[Ee]l equipo de) [*_\[]{0,3}"
    r"((?:[A-Z][\w&'’.-]*[\w&](?: (?=[A-Z&])|(?=,| |[*_\]]))){1,4})(?:[*_\]]{1,3}(?:\([^()\s]*\))?)?,? "
    r"(?:nous|notre|nos|vous|wir|unsere?[mnrs]?|bieten|nosotros|nuestr[oa]s?|te|le|"
    r"(?!(?:(?:pod|v|vim|tuv|estuv|hic|encontr|us)[aei]|\w{4,}[aei]re)mos)\w+(?:amos|emos|imos))\b"  # no tool that we use, no town that we saw
)
CALLED = re.compile(
    r"\b(?:[Cc]ontact|[Cc]all|[Tt]eam at|[Pp]rofessionals at|[Ee]xperts at|[Aa]ttorneys at|[Ll]awyers at|[Vv]isit us at|[Cc]hoose|[Tt]rust|[Hh]ire) "
    r"(?:the )?((?:[A-Z][\w&'’-]*[\w]|&)(?: (?:[A-Z][\w&'’-]*[\w]|&)){1,4})"
)
TRADE = re.compile(
    r"(?:^|/)(?:pricing|prices|plans|sign-?up|signup|register|trial|free-trial|demo|book|booking|contact(?:-us)?|services?|products?|shop|store|"
    r"features?|get-started|solutions|quote|appointments?|courses?|tours?|checkout)(?:/|$|-)"
)
SORTED_BY = "(?:an?|(?i:ein(?:e[nmrs]?)?|de[rmns]|das|die|zu[mr]|beim|vom|une?|una|les|los|las))"  # what stands before a noun, not a name


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
    called = hosts_in(named)
    hosts = [*_configured(folder, reasons), *called]
    reasons |= dict.fromkeys(called, f"the folder `{named}` is called so")
    seen = Counted(handles(named), beginnings(named))
    for text in texts:
        seen.read(text)
    known = rulebook(config.rules, config.off, config.languages).data.get("hosts", {})
    foreign = frozenset(entry.split("/")[0] for entries in known.values() for entry in entries)
    hosts += _own_hosts(seen, foreign, named, reasons)
    for name in seen.likenesses():
        reasons.setdefault(name, f"it is written like the name of the folder `{named}`")
    for name, count in seen.names().items():
        if len(name) > 3 and name.lower() not in PLAIN:
            reasons.setdefault(name, f"the documents say `at {name}, we` ({count} times)")
    for name, count in seen.houses_with_a_counter().items():
        reasons.setdefault(name, f"{count} documents name it and link to where it trades")
    spoken = [name for host in hosts for name in seen.spoken.get(host, ())]
    for name in spoken:
        reasons.setdefault(name, "it is written like one of these hosts")
    found = [
        name for name in (*seen.names(), *seen.likenesses(), *spoken, *seen.houses_with_a_counter()) if name in reasons
    ]
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
    beginnings: list[str] = field(default_factory=list)
    documents: int = 0
    linked: Counter[str] = field(default_factory=Counter)
    mailed: Counter[str] = field(default_factory=Counter)
    houses: Counter[str] = field(default_factory=Counter)
    called: Counter[str] = field(default_factory=Counter)
    written: Counter[str] = field(default_factory=Counter)
    begun: Counter[str] = field(default_factory=Counter)
    ordinary: Counter[str] = field(default_factory=Counter)
    trading: Counter[str] = field(default_factory=Counter)
    spoken: dict[str, Counter[str]] = field(default_factory=dict)

    def read(self, text: str) -> None:
        self.documents += 1
        here, begun = Counter(written_like(text, self.handles)), Counter(written_like(text, self.beginnings))
        self.written.update(here)
        self.begun.update(begun)
        for name in {*here, *begun}:
            if name.isalpha():
                plain = rf"(?<![\w./@:-])(?:{name.lower()}(?![\w/@:-]|\.\w)|{SORTED_BY} {name}\b)"
                self.ordinary[name] += len(re.findall(plain, text))
        addresses = [(host.lower(), path.lower()) for host, path in HOST.findall(text)]
        hosts = list(dict.fromkeys(host for host, _ in addresses))  # in the order of the text, as all that is guessed
        self.linked.update(hosts)
        self.trading.update(host for host, path in addresses if TRADE.search(path))
        labels = {label(host): host for host in hosts if len(label(host)) > 4}
        for name in dict.fromkeys(written_like(text, labels)):
            host = next(labels[one] for one in squeezed(name) if one in labels)
            self.spoken.setdefault(host, Counter())[name] += 1
        self.mailed.update({host.lower() for host in MAIL.findall(text)})
        for house in (WE_AT, CHEZ):
            self.houses.update(_plain(match.group(1)) for match in house.finditer(text))
        self.called.update(list(dict.fromkeys(match.group(1) for match in CALLED.finditer(text))))

    def houses_with_a_counter(self) -> Counter[str]:
        """Where the folder does not tell: the names of linked hosts that half the documents, and two at least, speak of, and where one can trade."""
        enough = max(2, 0.5 * self.documents)
        if self.written or any(alike(label(host), handle) for host in self.linked for handle in self.handles):
            return Counter()  # the folder tells whose site this is
        return Counter({
            name: count
            for host, names in self.spoken.items() if self.trading[host] and sum(names.values()) >= enough
            for name, count in names.items()
        })  # fmt: skip

    def likenesses(self) -> list[str]:
        """The names that are written like the folder's, or like its first words; a word that is written small as often is no name."""
        whole = [name for name, count in self.written.items() if self.ordinary[name] < count]
        return whole + [
            name for name in self.begun if name[-1].isalnum() and not self.ordinary[name] and self._alone(name) > 1
        ]

    def _alone(self, name: str) -> int:
        """How often the name stands without the rest of a longer one."""
        longer = [
            self.begun[one] or self.written[one] for one in {*self.begun, *self.written} if one.startswith(f"{name} ")
        ]
        return self.begun[name] - max(longer, default=0)

    def names(self) -> Counter[str]:
        """The names of whom the documents speak as `at NAME, we`, or bid the reader call more than once."""
        return self.houses | Counter({name: count for name, count in self.called.items() if count > 1})


def _own_hosts(seen: Counted, foreign: frozenset[str], named: str, reasons: dict[str, str]) -> Iterable[str]:
    for host, count in seen.linked.most_common():
        if _platform(host, foreign):
            continue
        main = host.split(".")[-2] if "." in host else host
        if main == "example":  # kept for examples: nobody publishes there
            continue
        if any(alike(main, handle) for handle in seen.handles):
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
        found = [text.strip()] if name == "CNAME" else [_host(address) for address in ADDRESS.findall(text)]
        for host in found:
            host = host.lower().removeprefix("www.")
            if "." in host and not host.endswith(("github.com", "example.com", "localhost")):
                reasons.setdefault(host, f"{name} says so")
                yield host


def _host(address: str) -> str:
    """The host of an address; nothing where it is none, such as the https://[your-site].example of a template."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _platform(host: str, foreign: frozenset[str]) -> bool:
    labels = host.split(".")
    return any(not foreign.isdisjoint(listed_as(labels[at:])) for at in range(len(labels) - 1))


def _plain(name: str) -> str:
    return name.strip(" ,;:!.")
