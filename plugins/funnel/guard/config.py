"""What the guard knows of the publisher: offers, names, own addresses, switches. Frozen, read and checked once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from funnel.guard.records import CouldNotJudge


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
    node, _ = read_yaml(path, "the configuration", "Check the path.")
    config = config_of({} if node is None else node, str(path))
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
    if not isinstance(node, Mapping):
        raise CouldNotJudge(path, "the configuration must be a list of `key: value` lines.")
    known = {entry.name: entry for entry in fields(Config) if entry.name != "today"}
    values: dict[str, object] = {}
    for key, value in node.items():
        key = "off" if key is False else key
        if key not in known:
            raise CouldNotJudge(path, f"`{key}` is not a key of the guard's configuration. Known: {', '.join(known)}.")
        values[str(key)] = _value(str(key), value, path)
    return Config(**values)  # type: ignore[arg-type]


def _value(key: str, value: object, path: str) -> object:
    if key == "offers":
        return tuple(_offer(entry, path) for entry in _sequence(key, value, path))
    if key == "donations":
        if not isinstance(value, bool):
            raise CouldNotJudge(path, "`donations` must be yes or no.")
        return value
    if key == "soft_asks":
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise CouldNotJudge(path, "`soft_asks` must be a whole number, 0 or more.")
        return value
    if key == "language":
        if not isinstance(value, str) or not value.strip():
            raise CouldNotJudge(path, "`language` must be the code of a language, as `en`.")
        return value.strip().lower()
    return tuple(_word(key, entry, path) for entry in _sequence(key, value, path))


def _word(key: str, entry: object, path: str) -> str:
    if isinstance(entry, bool | list | Mapping) or entry is None or not str(entry).strip():
        raise CouldNotJudge(path, f"each entry of `{key}` must be words. Put it between quotation marks.")
    return str(entry)


def _sequence(key: str, value: object, path: str) -> list[object]:
    if not isinstance(value, list):
        raise CouldNotJudge(path, f"`{key}` must be a list.")
    return value


def _offer(entry: object, path: str) -> Offer:
    if isinstance(entry, str):
        return Offer(entry)
    if not isinstance(entry, Mapping) or not isinstance(entry.get("name"), str) or not entry["name"].strip():
        raise CouldNotJudge(path, "each entry of `offers` needs a `name`.")
    unknown = set(entry) - {"name", "also_called", "addresses"}
    if unknown:
        raise CouldNotJudge(path, f"`{sorted(map(str, unknown))[0]}` is not a key of an offer.")
    also = tuple(str(name) for name in _sequence("also_called", entry.get("also_called", []), path))
    addresses = tuple(str(address) for address in _sequence("addresses", entry.get("addresses", []), path))
    return Offer(entry["name"], also, addresses)
