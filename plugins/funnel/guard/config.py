"""What the guard knows of the publisher: offers, names, own addresses, switches. Frozen, read and checked once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path, PurePath
from typing import Any

import yaml

from funnel.guard.records import CouldNotJudge
from funnel.guard.slips import Slip, refuse_twice

HOST = re.compile(r"[^\s:/?#@*.]+(?:\.[^\s:/?#@*.]+)*")


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that the publisher sells: its name, its other names, and the addresses where it can be had."""

    name: str
    also_called: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Config:
    """What is judged, and in whose voice. Every field may be given in `guard.yml`.

    own_hosts: host names of the publisher ("example.com" covers its subdomains). names: what the publisher is called.
    offers: what is for sale. components: names of components that sell, beside the shipped ones. donations: whether
    asking for gifts counts as a sale (default yes). soft_asks: how many soft asks one document may make.
    languages: rule files in use; empty means all that are shipped. language: what is assumed where nothing tells.
    off: rules that are switched off. rules: folders of further rule files. sales: paths of sales documents (globs).
    articles: last parts of the addresses of what is there to be read, beside those of the site's own files.
    today: the day against which waivers expire; given by the edge, not by a file.
    """

    own_hosts: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()
    components: tuple[str, ...] = ()
    donations: bool = True
    soft_asks: int = 1
    languages: tuple[str, ...] = ()
    language: str = "en"
    off: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    sales: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    today: date | None = None

    def knowing(
        self, *, hosts: tuple[str, ...] = (), names: tuple[str, ...] = (), articles: tuple[str, ...] = ()
    ) -> Config:
        """The same configuration with more own hosts, names and articles."""
        return replace(
            self,
            own_hosts=tuple(dict.fromkeys((*self.own_hosts, *hosts))),
            names=tuple(dict.fromkeys((*self.names, *names))),
            articles=tuple(dict.fromkeys((*self.articles, *articles))),
        )


def read_config(path: Path) -> Config:
    """The configuration in a YAML file; raises CouldNotJudge with the position of what is wrong."""
    node, raw = read_yaml(path, "the configuration", "Check the path.")
    where = yaml.compose(raw.decode("utf-8"), Loader=yaml.SafeLoader)
    try:
        refuse_twice(where)
        config = _config({} if node is None else node)
    except Slip as error:
        line, column = error.stands(where)
        raise CouldNotJudge(str(path), str(error), line=line, column=column) from error
    return replace(config, rules=tuple(str(path.parent / folder) for folder in config.rules))


def read_yaml(path: Path, called: str, unread: str, loader: Any = yaml.SafeLoader) -> tuple[Any, bytes]:
    """What a YAML file holds, and its bytes; raises CouldNotJudge with the position. `unread`: what to do where there is no reading it."""
    shown = str(path)
    try:
        raw = path.read_bytes()
        return yaml.load(raw.decode("utf-8"), Loader=loader), raw  # noqa: S506
    except OSError as error:
        raise CouldNotJudge(shown, f"{called} cannot be read ({error.strerror}). {unread}") from error
    except UnicodeDecodeError as error:
        raise CouldNotJudge(shown, f"{called} is not UTF-8 (byte {error.start}). Save it as UTF-8.") from error
    except yaml.YAMLError as error:
        raise not_yaml(shown, error) from error
    except (ValueError, RecursionError) as error:
        raise CouldNotJudge(shown, f"this is not YAML that can be read: {error}. Mend it.") from error


def not_yaml(path: str, error: yaml.YAMLError) -> CouldNotJudge:
    """A YAML error as a message with its position."""
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or "it cannot be read"
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    return CouldNotJudge(path, f"this is not YAML: {what}. Mend the line.", line=line, column=column)


def config_of(node: object, path: str) -> Config:
    """A configuration from plain data; raises CouldNotJudge naming the key that is wrong."""
    try:
        return _config(node)
    except Slip as error:
        raise CouldNotJudge(path, str(error)) from error


def _config(node: object) -> Config:
    if not isinstance(node, Mapping):
        raise Slip("the configuration must be a list of `key: value` lines.")
    known = {entry.name: entry for entry in fields(Config) if entry.name != "today"}
    values: dict[str, object] = {}
    for key, value in node.items():
        name = "off" if key is False else key
        if name not in known:
            raise Slip(f"`{key}` is not a key of the guard's configuration. Known: {', '.join(known)}.", key)
        values[str(name)] = _value(str(name), value)
    return Config(**values)  # type: ignore[arg-type]


def _value(key: str, value: object) -> object:
    if key == "donations":
        if not isinstance(value, bool):
            raise Slip("`donations` must be yes or no.", key)
        return value
    if key == "soft_asks":
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise Slip("`soft_asks` must be a whole number, 0 or more.", key)
        return value
    if key == "language":
        if not isinstance(value, str) or not value.strip():
            raise Slip("`language` must be the code of a language, as `en`.", key)
        return value.strip().lower()
    read = _offer if key == "offers" else _word
    return tuple(read(key, entry, index) for index, entry in enumerate(_sequence(key, value)))


def _word(key: str, entry: object, index: int) -> str:
    if isinstance(entry, bool | list | Mapping) or entry is None or not str(entry).strip():
        raise Slip(f"each entry of `{key}` must be words. Put it between quotation marks.", key, index)
    said = str(entry)
    if key == "own_hosts" and not HOST.fullmatch(said):
        raise Slip(f"`{said}` in `own_hosts` is not the name of a host. Write it as `example.com`.", key, index)
    if key == "sales" and not PurePath(said).name:
        raise Slip(f"`{said}` in `sales` names no path. Write a pattern, as `shop/**`.", key, index)
    return said


def _sequence(key: str, value: object, within: str = "", index: int | None = None) -> list[object]:
    if not isinstance(value, list):
        raise Slip(f"`{key}` must be a list.", within or key, index)
    return value


def _offer(key: str, entry: object, index: int) -> Offer:
    if isinstance(entry, str) and entry.strip():
        return Offer(entry)
    if not isinstance(entry, Mapping) or not isinstance(entry.get("name"), str) or not entry["name"].strip():
        raise Slip("each entry of `offers` needs a `name`.", key, index)
    unknown = set(entry) - {"name", "also_called", "addresses"}
    if unknown:
        raise Slip(f"`{sorted(map(str, unknown))[0]}` is not a key of an offer.", key, index)
    also, addresses = (
        tuple(str(said) for said in _sequence(part, entry.get(part, []), key, index))
        for part in ("also_called", "addresses")
    )
    return Offer(entry["name"], also, addresses)
