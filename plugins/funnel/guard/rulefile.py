"""Read one rule file and check its shape, so that whoever writes rules is told the line that is wrong. What a rule means is no matter here."""

from __future__ import annotations

import math
import re
import re._constants as repeats  # type: ignore[import-not-found]  # the regex engine's own parser: nothing else knows what it will do
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

import yaml

from funnel.guard.config import read_yaml
from funnel.guard.records import CouldNotJudge

ROLES = ("ask", "for", "against")
WEIGHTS = ("sales", "soft", "permission")
SWITCHES = ("pressure", "whatever", "carries", "titles", "otherwise", "parties")
LISTS = ("match", "flags", "passes", "spares")
SIGN_KEYS = frozenset(("id", "role", "kind", "because", "ground", "test", *WEIGHTS, *SWITCHES, *LISTS))
LANGUAGE_KEYS = frozenset(("language", "stopwords", "classes", "signs"))
REPEATED = 10  # times: a repeat of more inside another such is tried in more ways than anybody can wait for


class Words(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML in which `no`, `on` and `off` are words, as rule files are full of them; only `true` and `false` are truth values."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {
        letter: [(tag, pattern) for tag, pattern in known if not tag.endswith((":bool", ":timestamp"))]
        for letter, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


Words.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), ["t", "f"])


class Misshapen(ValueError):
    """What is wrong with a rule file, and the word in it by which its line is found."""

    def __init__(self, what: str, word: str = "") -> None:
        super().__init__(what)
        self.word = word


def read_rules(path: Path) -> tuple[dict[str, Any], bytes]:
    """What a rule file says, and its bytes. Raises CouldNotJudge with the line for what is no rule file."""
    node, raw = read_yaml(path, "the rule file", "Check it.", Words)
    try:
        _check(node)
    except Misshapen as error:
        said = f"{error}. See docs/guard.md, Rules are data."
        raise CouldNotJudge(str(path), said, line=line_of(raw, error.word)) from error
    return node, raw


def line_of(raw: bytes, word: str) -> int:
    """The line of a rule file on which an id, a key or an entry stands; the first where none does."""
    text = raw.decode("utf-8", "replace")
    found = re.search(rf"(?<![\w.-]){re.escape(word)}(?![\w-])", text) if word else None
    return text.count("\n", 0, found.start()) + 1 if found else 1


def _check(node: object) -> None:
    if not isinstance(node, dict):
        raise Misshapen("a rule file must be a list of `key: value` lines")
    for key, value in node.items():
        if not isinstance(key, str):
            raise Misshapen(f"`{key}` is no key: write it between quotation marks", str(key))
        if key == "signs":
            known: set[str] = set()
            for entry in _listed(value, key):
                _check_sign(entry)
                if str(entry["id"]) in known:
                    raise Misshapen(f"two rules of this file are called `{entry['id']}`", str(entry["id"]))
                known.add(str(entry["id"]))
        elif key == "slugs":
            for name, pattern in _table(value, key).items():
                _check_regex(str(name), pattern)
        elif key in ("surer", "surer_beside", "threshold", "lone"):
            _check_numbers(key, value)
        elif isinstance(value, dict):
            for name, entries in value.items():
                list(_words(_listed(entries, str(name)), str(name)))
        elif isinstance(value, list):
            list(_words(value, key))


def _check_numbers(key: str, value: object) -> None:
    for name, number in value.items() if isinstance(value, dict) else [(key, value)]:
        if not _number(number):
            raise Misshapen(f"`{name}` must be a number", str(name))


def _check_sign(entry: object) -> None:
    if not isinstance(entry, dict):
        raise Misshapen(
            f"each entry of `signs` is a rule with `id`, `role`, `because` and `ground`, not `{entry}`", str(entry)[:40]
        )
    name = str(entry.get("id", ""))
    unknown, missing = set(map(str, entry)) - SIGN_KEYS, {"id", "role", "because", "ground"} - set(entry)
    if unknown:
        raise Misshapen(f"rule `{name}`: unknown key `{min(unknown)}`", min(unknown))
    if missing:
        raise Misshapen(f"rule `{name}`: no `{min(missing)}`", name)
    if entry["role"] not in ROLES:
        raise Misshapen(f"rule `{name}`: role `{entry['role']}` is none of {', '.join(ROLES)}", name)
    for key in WEIGHTS:
        if not _number(entry.get(key, 0)):
            raise Misshapen(f"rule `{name}`: `{key}` must be a number", name)
    for key in SWITCHES:
        if not isinstance(entry.get(key, False), bool):
            raise Misshapen(f"rule `{name}`: `{key}` must be true or false", name)
    for key in LISTS:
        try:
            list(_words(_listed(entry.get(key, []), key), key))
        except Misshapen as error:
            raise Misshapen(f"rule `{name}`: {error}", name) from error
    if not entry.get("match") and not entry.get("test"):
        raise Misshapen(f"rule `{name}` has neither `match` nor `test`", name)


def _check_regex(name: str, pattern: object) -> None:
    """Refuse what is no regular expression, or one whose repeats repeat: it may try for years."""
    if not isinstance(pattern, str):
        raise Misshapen(f"`{name}` must be a regular expression", name)
    try:
        nested = _nested(parser.parse(pattern), False)
    except (re.error, OverflowError, RecursionError) as error:
        raise Misshapen(f"`{name}` is no regular expression: {error}", name) from error
    if nested:
        raise Misshapen(f"`{name}` repeats what repeats, which may take for ever: write it without", name)


def _nested(parts: Any, repeated: bool) -> bool:
    """Whether in a parsed expression a long repeat, or a choice, stands inside a long repeat."""
    for kind, held in parts:
        long = kind in (repeats.MAX_REPEAT, repeats.MIN_REPEAT) and held[1] > REPEATED
        if repeated and (long or kind is repeats.BRANCH):
            return True
        if any(_nested(inner, repeated or long) for inner in _inside(held)):
            return True
    return False


def _inside(held: Any) -> Iterator[Any]:
    if isinstance(held, parser.SubPattern):
        yield held
    elif isinstance(held, tuple | list):
        for one in held:
            yield from _inside(one)


def _listed(value: object, key: str) -> list[Any]:
    if not isinstance(value, list):
        raise Misshapen(f"`{key}` must be a list", key)
    return value


def _table(value: object, key: str) -> Mapping[Any, Any]:
    if not isinstance(value, dict):
        raise Misshapen(f"`{key}` must be a table of `name: value` lines", key)
    return value


def _words(entries: list[Any], key: str) -> Iterator[str]:
    for entry in entries:
        if isinstance(entry, bool) or entry is None:
            raise Misshapen(
                f"in `{key}` a word is read as true, false or nothing: write it between quotation marks", key
            )
        if isinstance(entry, list | dict) or not str(entry).strip():
            raise Misshapen(f"each entry of `{key}` must be words", key)
        yield str(entry)


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
