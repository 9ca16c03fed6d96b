"""The front matter of a document: where it stands, whether it can be read, and what it says of its document's kind."""

from __future__ import annotations

import json
import re
import tomllib
from typing import NamedTuple

import yaml

from funnel.guard.config import not_yaml
from funnel.guard.records import CouldNotJudge

FRONT = re.compile(
    r"\A\ufeff?\s*(?:(---|\+\+\+|;;;)(ya?ml|toml|json)?[ \t]*\r?\n(.*?)(?:\r?\n)?^\1[ \t]*\r?$|(?=\{\s*\n\s*\x22)(.*?^\}[ \t]*\r?$))",
    re.S | re.M,
)
SYNTAX = {"---": "yaml", "+++": "toml", ";;;": "json", None: "json"}  # by the fence; JSON may have none
KIND = re.compile(r"^kind[ \t]*[:=][ \t]*[\"']?(sales|marketing)[\"']?[ \t]*(?:#.*)?\r?$", re.M)
COMMENT = re.compile(r"^#.*$", re.M)
KINDS = ("sales", "marketing")
IN_TOML = re.compile(r"\(at line (\d+), column (\d+)\)")


class Front(NamedTuple):
    """What stands between the two marks, the line on which it begins, and in which syntax it is: yaml, toml or json."""

    held: str
    line: int
    syntax: str

    def table(self) -> object:
        """What TOML or JSON says. Raises ValueError."""
        if self.syntax == "json":
            return json.loads(self.held)
        return tomllib.loads(self.held.replace("\r\n", "\n") + "\n")

    def read(self) -> object:
        """All that it says, dates and numbers as they are written in YAML; nothing where it cannot be read (`fault` says why)."""
        try:
            if self.syntax != "yaml":
                return self.table()
            return yaml.load(self.held, Loader=yaml.BaseLoader)  # noqa: S506 (BaseLoader makes strings only)
        except (yaml.YAMLError, ValueError, RecursionError):
            return None

    def tells(self) -> object:
        """All that it tells a machine, in a form that can be compared; nothing where it cannot be read."""
        try:
            return self.table() if self.syntax != "yaml" else [repr(event) for event in yaml.parse(self.held)]
        except (yaml.YAMLError, ValueError, RecursionError):
            return None

    def kind(self) -> str:
        """The kind that it says its document is of; nothing where it says none."""
        if self.syntax == "json":
            told = self.read()
            said = told.get("kind") if isinstance(told, dict) else ""
            return said if said in KINDS else ""
        found = KIND.search(self.held)
        return found.group(1) if found else ""


def front_matter(text: str) -> Front | None:
    """The front matter of a text, if it has any."""
    found = FRONT.match(text)
    if not found:
        return None
    fence, named, held, bare = found.groups()
    start = found.start(3) if fence else found.start(4)
    syntax = (named or SYNTAX[fence]).replace("yml", "yaml")
    return Front(held if fence else bare, text.count("\n", 0, start) + 1, syntax)


def uncommented(text: str) -> str:
    """The text without the comments at the left edge of its front matter: no generator shows them to anybody.

    Lines that only look like comments, since a quotation is open over them, stay: without them it would tell something else.
    """
    front = front_matter(text)
    if not front or not COMMENT.search(front.held):
        return text
    bare = front._replace(held=COMMENT.sub("", front.held))
    told = front.tells()
    return text if told is None or told != bare.tells() else text.replace(front.held, bare.held, 1)


def fault(path: str, front: Front) -> CouldNotJudge | None:
    """What is wrong with the front matter, at its line: a generator would take it for something else than was judged."""
    try:
        if front.syntax != "yaml":
            front.table()
        else:
            yaml.compose(front.held, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        seen = not_yaml(path, error)
        return CouldNotJudge(
            path, f"the front matter: {seen.reason}", line=seen.line + front.line - 1, column=seen.column
        )
    except tomllib.TOMLDecodeError as error:
        where = IN_TOML.search(str(error))
        line, column = (int(where.group(1)), int(where.group(2))) if where else (1, 1)
        said = f"the front matter: this is not TOML: {IN_TOML.sub('', str(error)).strip()}. Mend the line."
        return CouldNotJudge(path, said, line=line + front.line - 1, column=column)
    except json.JSONDecodeError as error:
        said = f"the front matter: this is not JSON: {error.msg}. Mend the line."
        return CouldNotJudge(path, said, line=error.lineno + front.line - 1, column=error.colno)
    except (ValueError, RecursionError):
        return CouldNotJudge(path, "the front matter is nested too deeply to be read. Mend it.", line=front.line)
    return None
