"""How one name is written in a text, in the name of a folder and in a host: `Blue Kettle`, bluekettle-website, blue-kettle.example."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from unicodedata import combining, normalize

CAPITALS = re.compile(
    r"\b(?:(?:[A-Z]\.){2,3}|[A-Z][\w&'’-]*)(?: (?:[A-Z][\w&'’-]*|&(?:amp;)?|(?:the|of|and|for|in|de|la|und)(?= [A-Z]))){0,5}"
)
PLAIN = frozenset(("site", "blog", "home", "welcome", "github", "pages", "website", "content", "posts", "texts", "google", "facebook", "amazon",
    "apple", "microsoft", "twitter", "linkedin", "instagram", "youtube", "example"))  # fmt: skip
BUILT_WITH = frozenset(("11ty", "astro", "blog", "cms", "com", "content", "dev", "docs", "eleventy",
    "frontend", "gatsby", "ghost", "gridsome", "homepage", "hugo", "jekyll", "landing", "marketing", "mdx", "netlify",
    "next", "nextjs", "nuxt", "org", "page", "pages", "portfolio", "production", "react", "redesign", "site", "static", "svelte",
    "tailwind", "template", "theme", "v1", "v2", "v3", "v4", "vercel", "vue", "web", "webpage", "website", "webseite",
    "wordpress", "www"))  # fmt: skip
HOST_NAME = re.compile(r"(?:[a-z0-9-]+\.)+(?!(?:js|ts|md|py|go|rs|sh|rb)$)[a-z]{2,10}")  # no file and no program
ENDING = re.compile(r"\.(?:github\.io|[a-z]{2,10})$")


def handles(named: str) -> list[str]:
    """What a folder's name says that its site is called, in one word each, without what it was built with."""
    parts = re.split(r"[+/]", named.lower())
    whole = [re.sub(r"\.(?:github\.io|com|org|net|io|co|dev)$", "", part) for part in parts]
    cut = [re.sub(r"(?:hq|-?website|-?site|-?blog|landing|-?web|-?marketing)$", "", word) for word in whole]
    bare = ["".join(word for word in re.split(r"[-_.]", part) if word not in BUILT_WITH) for part in whole]
    short = [label(host) for host in hosts_in(named)]
    return [*_words([*cut, *bare, *(ENDING.sub("", part) for part in parts)]), *_words(short, least=3)]


def hosts_in(named: str) -> list[str]:
    """The host names that a folder's name holds: a site is often kept in a folder that is called by its address."""
    return [part for part in named.lower().split("+") if HOST_NAME.fullmatch(part)]


def beginnings(named: str) -> list[str]:
    """The first words of a folder's name, without what follows them: `harbour` and `harbourlight` of harbour-light-yoga."""
    parts = [
        [word for word in re.split(r"[-_.]", ENDING.sub("", part)) if word not in BUILT_WITH]
        for part in re.split(r"[+/]", named.lower())
    ]
    return _words(["".join(words[:size]) for words in parts for size in range(len(words) - 1, 0, -1)])


def _words(names: Iterable[str], least: int = 5) -> list[str]:
    words = dict.fromkeys(re.sub(r"[^\w]", "", name) for name in names)
    return [word for word in words if len(word) >= least and word not in PLAIN]


def written_like(text: str, handles: Collection[str]) -> Iterable[str]:
    """How the text writes one of the handles, as a name: `Blue Kettle` for bluekettle, `Oak & Reed` for oakandreed."""
    for match in CAPITALS.finditer(text):
        words = match.group().split(" ")
        for size in range(1, min(len(words), 5) + 1):
            for at in range(len(words) - size + 1):
                name = " ".join(words[at : at + size])
                if name[0].isalnum() and name[-1].isalnum() and not squeezed(name).isdisjoint(handles):
                    yield name.replace("&amp;", "&")


def squeezed(name: str) -> set[str]:
    """The name as an address would have it, with `and` for `&` and without."""
    plain = "".join(letter for letter in normalize("NFKD", name.replace("&amp;", "&")) if not combining(letter)).lower()
    return {re.sub(r"[\W_]", "", plain.replace("&", joint)) for joint in ("and", "")}


def label(host: str) -> str:
    """The part of a host that names somebody, in one word."""
    return host.split(".")[-2].replace("-", "") if "." in host else host


def alike(main: str, handle: str) -> bool:
    """Whether a host's name and a folder's are the same, or one is a long part of the other."""
    bare = main.replace("-", "")
    return bare == handle or (len(bare) > 5 and bare in handle) or (len(handle) > 5 and handle in bare)
