"""The rules, read from their YAML files and checked: word classes, signs, known hosts, paths, names. Read once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from funnel.guard.config import not_yaml
from funnel.guard.index import SignIndex
from funnel.guard.pattern import BadPattern, Pattern, compile_pattern
from funnel.guard.records import CouldNotJudge

SHIPPED = Path(__file__).parent / "rules"
ROLES = ("ask", "for", "against")
SIGN_KEYS = frozenset(
    (
        "id",
        "role",
        "kind",
        "because",
        "ground",
        "sales",
        "soft",
        "permission",
        "pressure",
        "spares",
        "whatever",
        "carries",
        "titles",
    )
) | frozenset(("test", "match", "flags", "passes"))


@dataclass(frozen=True, slots=True)
class Sign:
    """One piece of evidence. `sales`, `soft`, `permission`: what it weighs for that label (negative: against).

    role: `ask` can found a finding; `for` and `against` only strengthen or weaken one that stands in the same sentence.
    spares: kinds of ask that this counter-evidence says nothing about. whatever: an ask that holds whatever the words around
    it say. carries: evidence that also bears on the next sentence. titles: evidence that in a title bears on the whole document.
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

    def limit(self, kind: str) -> float:
        """The sum from which an ask of this kind is a sales CTA."""
        return self.threshold + float(self.data.get("surer", {}).get(kind, 0.0))

    def lone_limit(self, kind: str) -> float:
        """The same for an ask that is the only one in its document."""
        spared = kind in self.data.get("lone_spares", ())
        return self.limit(kind) + (0.0 if spared else float(self.data.get("lone", 0.0)))

    def sign(self, identity: str) -> Sign | None:
        every = [*self.structure, *(sign for language in self.languages.values() for sign in language.signs)]
        return next((sign for sign in every if sign.id == identity), None)


@lru_cache(maxsize=8)
def rulebook(folders: tuple[str, ...] = (), off: tuple[str, ...] = (), languages: tuple[str, ...] = ()) -> Rulebook:
    """The shipped rules, with those in `folders` laid over them and those named in `off` taken out."""
    digest = hashlib.sha256(repr((off, languages)).encode())
    documents: dict[str, dict[str, Any]] = {}
    for folder in (SHIPPED, *map(Path, folders)):
        paths = sorted(folder.glob("*.yml"))
        if not paths:
            raise CouldNotJudge(str(folder), "there is no rule file (*.yml) in this folder. Name the right one.")
        for path in paths:
            raw = path.read_bytes()
            digest.update(path.name.encode() + b"\0" + raw + b"\0")
            _merge(documents, path, _document(path, raw))
    spoken = {
        code: node for code, node in documents.items() if "stopwords" in node and (not languages or code in languages)
    }
    built = {code: _language(code, node, off) for code, node in spoken.items()}
    structure = documents.get("structure", {})
    signs = tuple(_signs("structure", structure, {}, off))
    data = {
        key: value
        for name, node in documents.items()
        if name not in spoken
        for key, value in node.items()
        if key != "signs"
    }
    tests = {test: tuple(sign for sign in signs if sign.test == test) for test in {sign.test for sign in signs}}
    return Rulebook(built, signs, tests, data, float(structure.get("threshold", 4.0)), digest.hexdigest())


def _document(path: Path, raw: bytes) -> dict[str, Any]:
    try:
        node = yaml.load(raw.decode("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    except yaml.YAMLError as error:
        raise not_yaml(str(path), error) from error
    except UnicodeDecodeError as error:
        raise CouldNotJudge(str(path), f"the rule file is not UTF-8 (byte {error.start}). Save it as UTF-8.") from error
    if not isinstance(node, dict):
        raise CouldNotJudge(str(path), "a rule file must be a list of `key: value` lines.")
    node["__path__"] = str(path)
    return node


def _merge(documents: dict[str, dict[str, Any]], path: Path, node: dict[str, Any]) -> None:
    """Lay one file over the one of the same name: lists and tables grow, single values are replaced."""
    known = documents.setdefault(path.stem, {})
    for key, value in node.items():
        if isinstance(value, list) and isinstance(known.get(key), list):
            known[key] = [*known[key], *value]
        elif isinstance(value, dict) and isinstance(known.get(key), dict):
            for name, entry in value.items():
                before = known[key].get(name)
                known[key][name] = [*before, *entry] if isinstance(before, list) and isinstance(entry, list) else entry
        else:
            known[key] = value


def _language(code: str, node: Mapping[str, Any], off: tuple[str, ...]) -> Language:
    classes = {name: [str(entry) for entry in entries] for name, entries in node.get("classes", {}).items()}
    for name, entries in classes.items():
        grown = [
            word for entry in entries for word in (classes.get(entry[1:], []) if entry.startswith("@") else [entry])
        ]
        classes[name] = grown
    signs = tuple(_signs(code, node, classes, off))
    common = frozenset(str(word) for word in node["stopwords"])
    asks = SignIndex([(sign.id, sign.patterns) for sign in signs if sign.role == "ask"], common)
    evidence = SignIndex([(sign.id, sign.patterns) for sign in signs if sign.role != "ask"], common)
    return Language(code, common, signs, asks, evidence)


def _signs(code: str, node: Mapping[str, Any], classes: Mapping[str, list[str]], off: tuple[str, ...]) -> list[Sign]:
    found = []
    for entry in node.get("signs", []):
        identity = f"{code}.{entry.get('id', '')}" if code != "structure" else str(entry.get("id", ""))
        if identity in off:
            continue
        found.append(_sign(identity, entry, classes, str(node["__path__"])))
    return found


def _sign(identity: str, entry: Mapping[str, Any], classes: Mapping[str, list[str]], path: str) -> Sign:
    unknown = set(entry) - SIGN_KEYS
    missing = {"id", "role", "because", "ground"} - set(entry)
    if unknown or missing or entry["role"] not in ROLES:
        what = (
            f"unknown key `{min(unknown)}`"
            if unknown
            else f"no `{min(missing)}`"
            if missing
            else f"role `{entry['role']}`"
        )
        raise CouldNotJudge(path, f"rule `{identity}`: {what}. See docs/guard.md, Rules are data.")
    try:
        patterns = tuple(compile_pattern(str(source), classes) for source in entry.get("match", ()))
    except (BadPattern, ValueError) as error:
        raise CouldNotJudge(path, f"rule `{identity}`: {error}.") from error
    if not patterns and not entry.get("test"):
        raise CouldNotJudge(path, f"rule `{identity}` has neither `match` nor `test`.")
    values: dict[str, Any] = {label: float(entry.get(label, 0)) for label in ("sales", "soft", "permission")}
    values.update({name: bool(entry.get(name)) for name in ("pressure", "whatever", "carries", "titles")})
    values.update({name: tuple(entry.get(name, ())) for name in ("spares", "flags", "passes")})
    values.update({name: str(entry.get(name, "")) for name in ("role", "kind", "because", "ground", "test")})
    return Sign(id=identity, patterns=patterns, **values)
