"""The rules, read from their YAML files and checked: word classes, signs, known hosts, paths, names. Read once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import yaml

from funnel.guard.index import SignIndex
from funnel.guard.layers import SHIPPED, read_layers, rule_files
from funnel.guard.pattern import BadPattern, Pattern, Vocabulary, compile_pattern, telling_word
from funnel.guard.records import CouldNotJudge
from funnel.guard.rulefile import SWITCHES, WEIGHTS, line_of
from funnel.guard.slips import Slip


@dataclass(frozen=True, slots=True)
class Sign:
    """One piece of evidence. `sales`, `soft`, `permission`: what it weighs for that label (negative: against).

    role: `ask` can found a finding; `for` and `against` only strengthen or weaken one that stands in the same sentence.
    spares: kinds of ask that this counter-evidence says nothing about. whatever: an ask that holds whatever the words around
    it say. carries: evidence that also bears on the next sentence. titles: evidence that in a title bears on the whole document.
    otherwise: an ask that counts only where nothing else is found in its passage. parties: evidence that tells who offers or
    who is asked.
    test: the name of a test on structure (links, names,
    place) instead of patterns.
    """

    id: str
    role: str
    kind: str
    because: str
    ground: str
    sales: float = 0.0
    soft: float = 0.0
    permission: float = 0.0
    pressure: bool = False
    spares: tuple[str, ...] = ()
    whatever: bool = False
    carries: bool = False
    titles: bool = False
    otherwise: bool = False
    parties: bool = False
    test: str = ""
    patterns: tuple[Pattern, ...] = ()
    flags: tuple[str, ...] = ()
    passes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Language:
    """The signs of one language; `asks` can found a finding, `evidence` only bears on one."""

    code: str
    stopwords: frozenset[str]
    signs: tuple[Sign, ...]
    asks: SignIndex
    evidence: SignIndex


class IdleSwitch(CouldNotJudge):
    """A switch that would do nothing: the key of the configuration, and which entry of it."""

    def __init__(self, key: str, entry: int, message: str) -> None:
        super().__init__(key, f"`{key}`: {message}")
        self.key, self.entry = key, entry


class Shelf(Mapping[str, Language]):
    """The languages that have rules, each taken down when a text in it is met: most sites need one of four."""

    def __init__(self, makers: Mapping[str, Callable[[], Language]]) -> None:
        self._makers = makers
        self._made: dict[str, Language] = {}

    def __getitem__(self, code: str) -> Language:
        if code not in self._made:
            self._made[code] = self._makers[code]()
        return self._made[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules in force. `data` holds the tables that are not signs (hosts, paths, names of components, keys).

    `stopwords`: the commonest words of each language, by which its texts are known.
    """

    languages: Mapping[str, Language]
    stopwords: Mapping[str, frozenset[str]]
    structure: tuple[Sign, ...]
    tests: Mapping[str, tuple[Sign, ...]]
    data: Mapping[str, Any]
    threshold: float
    digest: str

    def limit(self, kind: str, beside_sale: bool = False) -> float:
        """The sum from which an ask of this kind is a sales CTA, by itself or beside one."""
        return self.threshold + float(self.data.get("surer_beside" if beside_sale else "surer", {}).get(kind, 0.0))

    def lone_limit(self, kind: str) -> float:
        """The same for an ask that is the only one in its document."""
        spared = kind in self.data.get("lone_spares", ())
        return self.limit(kind) + (0.0 if spared else float(self.data.get("lone", 0.0)))

    def nobodys_limit(self, kind: str) -> float:
        """The same for an ask in a long document that nowhere tells who offers, or who is asked."""
        return self.limit(kind) + float(self.data.get("nobodys", 0.0))

    def sign(self, identity: str) -> Sign | None:
        spoken = self.languages.get(identity.partition(".")[0])
        return next((sign for sign in (spoken.signs if spoken else self.structure) if sign.id == identity), None)


@lru_cache(maxsize=8)
def rulebook(folders: tuple[str, ...] = (), off: tuple[str, ...] = (), languages: tuple[str, ...] = ()) -> Rulebook:
    """The shipped rules, with those in `folders` laid over them and those named in `off` taken out."""
    digest = hashlib.sha256(repr((off, languages)).encode())
    makers: dict[str, Callable[[], Language]] = {}
    stopwords: dict[str, frozenset[str]] = {}
    signs: tuple[Sign, ...] = ()
    data: dict[str, Any] = {}
    known: dict[str, set[str]] = {}  # the ids of each file's rules
    for name, paths in rule_files(folders).items():  # one at a time: all of them read at once weigh megabytes
        node = read_layers(paths, digest)
        known[name] = {_identity(name, entry) for entry in node.get("signs", ())}
        if "stopwords" in node:
            if not languages or name in languages:
                makers[name] = _maker(name, paths, node, off)
                stopwords[name] = frozenset(map(str, node["stopwords"]))
            continue
        if name == "structure":
            signs = tuple(_signs(name, node, Vocabulary({}), off))
        data |= {key: value for key, value in node.items() if key != "signs"}
    telling_word.cache_clear()
    _refuse_unknown(known, makers, off, languages)
    tests = {test: tuple(sign for sign in signs if sign.test == test) for test in {sign.test for sign in signs}}
    threshold = float(data.get("threshold", 4.0))
    return Rulebook(Shelf(makers), stopwords, signs, tests, data, threshold, digest.hexdigest())


def _maker(name: str, paths: list[Path], node: Mapping[str, Any], off: tuple[str, ...]) -> Callable[[], Language]:
    """What makes a language. Its own rules are read at once, so that a slip in them is told before any text; ours when they are needed."""
    if len(paths) > 1 or paths[0].parent != SHIPPED:
        made = _language(name, node, off)
        return lambda: made
    return partial(_again, name, paths, off)


def _again(name: str, paths: list[Path], off: tuple[str, ...]) -> Language:
    """The rules of a language, read once more: kept as they were read they would weigh megabytes for nothing."""
    made = _language(name, read_layers(paths, hashlib.sha256()), off)
    telling_word.cache_clear()
    return made


def prove_switches(
    folders: tuple[str, ...], off: tuple[str, ...], languages: tuple[str, ...], path: str, raw: bytes
) -> None:
    """Raises CouldNotJudge, at its place in the configuration `raw`, which is called `path`, for a switch that would do nothing."""
    try:
        rulebook(folders, off, languages)
    except IdleSwitch as fault:
        line, column = Slip(fault.reason, fault.key, fault.entry).stands(yaml.compose(raw, Loader=yaml.SafeLoader))
        raise CouldNotJudge(path, fault.reason, line=line, column=column) from fault


def _refuse_unknown(
    known: Mapping[str, set[str]], built: Mapping[str, object], off: tuple[str, ...], languages: tuple[str, ...]
) -> None:
    """Raises IdleSwitch for a rule or a language that is switched off or on, and is not there."""
    for entry, identity in enumerate(off):
        if not any(identity in ids for ids in known.values()):
            raise IdleSwitch("off", entry, f"there is no rule `{identity}`. A finding names its rule between brackets.")
    for entry, code in enumerate(languages):
        if code not in built:
            said = f"there are no rules for the language `{code}`. Take it out, or write {code}.yml."
            raise IdleSwitch("languages", entry, said)


def _identity(code: str, entry: Mapping[str, Any]) -> str:
    return str(entry["id"]) if code == "structure" else f"{code}.{entry['id']}"


def _language(code: str, node: Mapping[str, Any], off: tuple[str, ...]) -> Language:
    classes = {name: [str(entry) for entry in entries] for name, entries in node.get("classes", {}).items()}
    for name, entries in classes.items():
        grown = [
            word for entry in entries for word in (classes.get(entry[1:], []) if entry.startswith("@") else [entry])
        ]
        classes[name] = grown
    signs = tuple(_signs(code, node, Vocabulary(classes), off))
    common = [str(word) for word in node["stopwords"]]
    leads = classes.get("lead_in", ())
    asks = SignIndex([(sign.id, sign.patterns) for sign in signs if sign.role == "ask"], common, leads)
    evidence = SignIndex([(sign.id, sign.patterns) for sign in signs if sign.role != "ask"], common, leads)
    return Language(code, frozenset(common), tuple(replace(sign, patterns=()) for sign in signs), asks, evidence)


def _signs(code: str, node: Mapping[str, Any], words: Vocabulary, off: tuple[str, ...]) -> list[Sign]:
    found = []
    for entry in node.get("signs", []):
        identity = _identity(code, entry)
        needed = "test" if code == "structure" else "match"  # a language has words, structure has facts
        if not entry.get(needed):
            raise _refused(entry, f"rule `{identity}` has no `{needed}`, by which a rule of this file is seen.")
        if identity not in off:
            found.append(_sign(identity, entry, words))
    return found


def _sign(identity: str, entry: Mapping[str, Any], words: Vocabulary) -> Sign:
    try:
        patterns = tuple(compile_pattern(str(source), words) for source in entry.get("match", ()))
    except (BadPattern, ValueError) as error:
        raise _refused(entry, f"rule `{identity}`: {error}.") from error
    values: dict[str, Any] = {label: float(entry.get(label, 0)) for label in WEIGHTS}
    values.update({name: bool(entry.get(name)) for name in SWITCHES})
    values.update({name: tuple(map(str, entry.get(name, ()))) for name in ("spares", "flags", "passes")})
    values.update({name: str(entry.get(name, "")) for name in ("role", "kind", "because", "ground", "test")})
    return Sign(id=identity, patterns=patterns, **values)


def _refused(entry: Mapping[str, Any], said: str) -> CouldNotJudge:
    """What is wrong with a rule, at its line."""
    path, raw = entry["from"]
    return CouldNotJudge(path, said, line=line_of(raw, str(entry["id"])))
