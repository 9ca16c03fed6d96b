"""The documentation of documents, made from the schema: docs/documents.md is this text."""

from __future__ import annotations

from .schema import COMMON, RESERVED, TYPES, DocumentType, Field

INTRODUCTION = """# Documents

<!-- Made from the schema: python -m funnel.frontmatter docs > docs/documents.md -->

Everything that you write lives in `content/`, one Markdown file for each document. The folder decides what it is.
The name of the file is the last part of its address: small letters, digits and hyphens, then `.md`.

{folders}

`images/` holds pictures; what lies in `extra/` goes to the top of the site (`extra/robots.txt` -> `/robots.txt`).
A picture or download may also lie beside the document that links to it with `{{attach}}`.

## How a file begins

```yaml
---
title: "Listening: a beginning"
date: 2026-05-04
status: published
tags: [trust, letters]
---

The text, in Markdown.
```

- Keys are written in small letters. A value that holds `: ` or ` #`, or begins with one of `& * ! % @ > | [`, stands in
  quotes. Otherwise what you type is what you get: `no` and `12:30` are not turned into something else. Values are
  plain words: Markdown and signs such as `&#8217;` would be seen as they are typed, and are refused.
- A list is written `[one, two]`, with a line `- one` for each, or as `one, two`. With a semicolon in it, the
  semicolons divide: `Doe, Jane; Roe, Rita`.
- A tag, a category, a series is spelled in one way everywhere: `Trust` and `trust` would share one page.
- Dates are ISO: `2026-05-04`; with a time `2026-05-04 09:30`, in the time zone of the site; or with an offset,
  `2026-05-04 09:30+02:00`; and as Ghost and Jekyll write it, `2026-05-04T07:30:00.000Z` and `2026-05-04 09:30:00 +0200`.
  A time that the change of clocks skips does not exist. One that it repeats needs its offset.
- Pelican's `Title: My post` lines are read too, as strictly: one value on each line, keys in any case, up to the first
  empty line. What Pelican reads from file names, folders and other settings is not used.
- Files are UTF-8. A byte order mark and Windows line ends are accepted. Tabs in the front matter are not.

## What is seen, and when

- Without `status: published` a document is a draft: no file, no title, no trace of it is on the site.
- The words that `invoke new` writes in your place (the text, the verdict of a review, the need of a request) are refused
  once the document is published.
- A document with a later `date` is withheld, whole, until a build after that moment.
- A request is gone after the day in `expires`. Links to it then lead to the list of requests.
- Files that play no part (hidden ones, backups of editors, files beside documents that no document links to) are listed
  with the reason. Every other file is used, or the build is refused.

## Links

- `{{filename}}/posts/first-steps.md` counts from `content/`; `first-steps.md` and `../pages/about.md` from the
  folder of the document. `{{issue}}3` is issue 3 of the newsletter. Addresses of the site, such as `/about/`, are good too.
- Pictures: `![Two funnels]({{static}}/images/two-funnels.svg)`. The words in brackets are for those who cannot see it.
  A picture that only decorates says so: `![]({{static}}/images/line.svg){{.decorative}}`.
- The pages load nothing from elsewhere. Pictures and films of other hosts, frames and scripts are refused: link to
  them. So are pictures that most browsers do not show (HEIC, TIFF): save them as JPEG.
- What readers would see as it was typed is refused too: `[words] (address)` with a space, a note without its mark, a
  tag that is never closed, a list or table with no empty line before it, and marks of other programs and other kinds of
  Markdown, each with what to write here: `~~so~~` (`<del>so</del>`), `==so==` (`<mark>so</mark>`), `- [ ]`, `[[page]]`,
  a backslash at the end of a line, Markdown inside of an HTML block (`<div markdown="1">`). What belongs to a point of a
  list is set in by four spaces, and code in it by eight: code between lines of ``` stands at the margin.
- An address alone is text and no link: write `<https://example.com>`, or better `[words](https://example.com)`.
- Refused are `style=` and `onclick=` in HTML, a form that sends to another host than the site and `SUBSCRIBE_URL`, and
  links that begin with `javascript:`, `data:` or `file:` or go by way of a house that notes who follows them.
- A link to nothing is refused, and so is a link to a document that readers cannot see yet, or one without words.

## Addresses that are taken

The site itself uses these names at its top level; pages and offers cannot have them:

{reserved}.
"""


def reference() -> str:
    """The whole page, as Markdown."""
    folders = "| folder | type | kind | address | |\n|---|---|---|---|---|\n" + "\n".join(map(_folder, TYPES.values()))
    names = ", ".join(f"`{name}`" for name in sorted(RESERVED))
    parts = [INTRODUCTION.format(folders=folders, reserved=names), *map(_type, TYPES.values()), _common()]
    return "\n".join(parts)


def _folder(kind: DocumentType) -> str:
    address = kind.address.replace("{slug}", "SLUG").replace("{number}", "NUMBER")
    return f"| `{kind.folder}/` | {kind.name} | {kind.kind} | `{address}` | {kind.help} |"


def _type(kind: DocumentType) -> str:
    common = {field.name for field in COMMON}
    own = [field for field in kind.fields.values() if field.name not in common]
    return f"## Keys: {kind.name}\n\n{_table(own)}\n"


def _common() -> str:
    return f"## Keys of every document\n\n{_table(COMMON)}\n"


def _table(fields: list[Field] | tuple[Field, ...]) -> str:
    head = "| key | value | without it | meaning | example |\n|---|---|---|---|---|\n"
    return head + "\n".join(map(_row, fields))


def _row(field: Field) -> str:
    value = " or ".join(f"`{word}`" for word in field.allowed) or field.value
    without = "**refused**" if field.required else _default(field.default)
    return f"| `{field.name}` | {value} | {without} | {field.help} | `{field.name}: {field.example}` |"


def _default(default: object) -> str:
    if default is False:
        return "no"
    return str(default) if default else "nothing"
