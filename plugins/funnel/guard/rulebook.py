"""The rules, read from their YAML files and checked: word classes, signs, known hosts, paths, names. Read once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from funnel.guard.index import SignIndex
from funnel.guard.pattern import BadPattern, Pattern, Vocabulary, compile_pattern, telling_word
from funnel.guard.records import CouldNotJudge
from funnel.guard.rulefile import LANGUAGE_KEYS, SWITCHES, WEIGHTS, line_of, read_rules

SHIPPED = Path(__file__).parent / "rules"


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


@dataclass(frozen=True, slots=True)
class Rulebook:
    """All rules in force. `data` holds the tables that are not signs (hosts, paths, names of components, keys)."""

    languages: Mapping[str, Language]
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
        every = [*self.structure, *(sign for language in self.languages.values() for sign in language.signs)]
        return next((sign for sign in every if sign.id == identity), None)


@lru_cache(maxsize=8)
def rulebook(folders: tuple[str, ...] = (), off: tuple[str, ...] = (), languages: tuple[str, ...] = ()) -> Rulebook:
    """The shipped rules, with those in `folders` laid over them and those named in `off` taken out."""
    digest = hashlib.sha256(repr((off, languages)).encode())
    built: dict[str, Language] = {}
    signs: tuple[Sign, ...] = ()
    data: dict[str, Any] = {}
    known: dict[str, set[str]] = {}  # the ids of each file's rules
    for name, paths in _files(folders).items():  # one at a time: all of them read at once weigh megabytes
        node = _read(paths, digest)
        known[name] = {_identity(name, entry) for entry in node.get("signs", ())}
        if "stopwords" in node:
            if not languages or name in languages:
                built[name] = _language(name, node, off)
            continue
        if name == "structure":
            signs = tuple(_signs(name, node, Vocabulary({}), off))
        data |= {key: value for key, value in node.items() if key != "signs"}
    telling_word.cache_clear()
    _refuse_unknown(known, built, off, languages)
    tests = {test: tuple(sign for sign in signs if sign.test == test) for test in {sign.test for sign in signs}}
    return Rulebook(built, signs, tests, data, float(data.get("threshold", 4.0)), digest.hexdigest())


def _files(folders: tuple[str, ...]) -> dict[str, list[Path]]:
    """The rule files by name: the shipped one, then those that are laid over it. Raises CouldNotJudge for a folder without any."""
    found: dict[str, list[Path]] = {}
    for folder in (SHIPPED, *map(Path, folders)):
        paths = sorted(folder.glob("*.yml"))
        if not paths:
            raise CouldNotJudge(str(folder), "there is no rule file (*.yml) in this folder. Name the right one.")
        for path in paths:
            found.setdefault(path.stem, []).append(path)
    return found


def _read(paths: list[Path], digest: hashlib._Hash) -> dict[str, Any]:
    """What the files of one name say, each laid over the one before."""
    documents: dict[str, dict[str, Any]] = {}
    added: list[str] = []
    for path in paths:
        node, raw = read_rules(path)
        digest.update(path.name.encode() + b"\0" + raw + b"\0")
        _merge(documents, path, node, raw)
        if path.parent != SHIPPED:
            added += (entry for entries in node.get("hosts", {}).values() for entry in entries)
    return documents[paths[0].stem] | (
        {"added_hosts": added} if added else {}
    )  # they stand for the reader's own houses


def _merge(documents: dict[str, dict[str, Any]], path: Path, node: dict[str, Any], raw: bytes) -> None:
    """Lay one file over the one of the same name: lists and tables grow, single values are replaced, and so is a rule of the same id."""
    known = documents.setdefault(path.stem, {})
    allowed = frozenset(known) or LANGUAGE_KEYS
    for key, value in node.items():
        before = known.get(key)
        if path.parent != SHIPPED and (key not in allowed or (before is not None and _shape(before) != _shape(value))):
            what = f"`{key}` is no key of this file" if key not in allowed else f"`{key}` must be a {_shape(before)}"
            raise CouldNotJudge(str(path), f"{what}. Known: {', '.join(sorted(allowed))}.", line=line_of(raw, key))
        if key == "signs":
            value = [{**entry, "from": (str(path), raw)} for entry in value]
            again = {entry["id"] for entry in value}
            known[key] = [*(entry for entry in before or () if entry["id"] not in again), *value]
        elif isinstance(value, list) and before:
            known[key] = [*before, *value]
        elif isinstance(value, dict) and before:
            known[key] = before | {
                name: [*before[name], *entry]
                if isinstance(before.get(name), list) and isinstance(entry, list)
                else entry
                for name, entry in value.items()
            }
        else:
            known[key] = value
    if "stopwords" not in known and not known.keys().isdisjoint(("classes", "signs")) and path.stem != "structure":
        raise CouldNotJudge(
            str(path), "a language needs `stopwords`, its commonest words, by which its texts are known."
        )


def _shape(value: object) -> str:
    return "list" if isinstance(value, list) else "table" if isinstance(value, dict) else "number or word"


def _refuse_unknown(
    known: Mapping[str, set[str]], built: Mapping[str, Language], off: tuple[str, ...], languages: tuple[str, ...]
) -> None:
    """Raises CouldNotJudge for a rule or a language that is switched off or on, and is not there: a switch that does nothing."""
    for identity in off:
        if not any(identity in ids for ids in known.values()):
            raise CouldNotJudge("off", f"there is no rule `{identity}`. A finding names its rule between brackets.")
    for code in languages:
        if code not in built:
            raise CouldNotJudge(
                "languages", f"there are no rules for the language `{code}`. Take it out, or write {code}.yml."
            )


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
