"""Names of files and folders: which are documents, which are left aside and why, and which are slips."""

from __future__ import annotations

import posixpath
import re

from unidecode import unidecode

from .problems import did_you_mean, nearest
from .schema import FILE_FOLDERS, FOLDERS

Fault = tuple[str, str]

SLUG_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
PLAIN_NAME = re.compile(r"[A-Za-z0-9._-]+", re.ASCII)
# Pictures and downloads may lie beside the document that uses them ({attach}).
ATTACHMENTS = (
    "avif",
    "csv",
    "epub",
    "gif",
    "ics",
    "jpeg",
    "jpg",
    "mp3",
    "mp4",
    "ogg",
    "pdf",
    "png",
    "svg",
    "webm",
    "webp",
    "zip",
)
LIKE_DOCUMENTS = re.compile(
    r"\.(?:md|markdown|mdown|mkdn?|mdx|rst|txt|html?|adoc|docx?|odt|rtf|pages|[a-z]?md|md[a-z]?|m|d)$", re.IGNORECASE
)
TWICE_NAMED = re.compile(r"\.(?:md|markdown)$", re.IGNORECASE)
"""Some editors add an ending of their own: post.md.txt."""
OF_WORD_PROCESSORS = re.compile(r"docx?|odt|rtf|pages", re.IGNORECASE)
IGNORED: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\.DS_Store|\._.*|Thumbs\.db|desktop\.ini", re.IGNORECASE), "made by the operating system"),
    (
        re.compile(r"~\$.*|\.~lock\..*#|.*~|#.*#|\.#.*|.*\.(?:sw[a-p]|bak|orig|tmp|part)", re.IGNORECASE),
        "a backup or lock file of an editor",
    ),
)
HIDDEN = re.compile(r"\..*")


def slug_of(title: str) -> str:
    """The part of an address that stands for a title: small letters, digits, hyphens ("" when nothing is left)."""
    text = "".join(sign for sign in title if not "\ud800" <= sign <= "\udfff")  # half characters of broken file names
    return re.sub(r"[^a-z0-9]+", "-", unidecode(text).replace("'", "").lower()).strip("-")


def ignored_because(path: str) -> str | None:
    """Why a file or folder plays no part; None when it does."""
    name = posixpath.basename(path)
    for pattern, reason in IGNORED:
        if pattern.fullmatch(name):
            return reason
    # extra/ carries files such as .htaccess and .well-known/ to the site.
    if HIDDEN.fullmatch(name) and not path.startswith("extra/"):
        return "hidden: its name begins with a dot"
    return None


def folder_name(path: str) -> Fault | None:
    """What is wrong with a folder."""
    first, *rest = path.split("/")
    if not rest:
        if first in FOLDERS or first in FILE_FOLDERS:
            return None
        known = (*FOLDERS, *FILE_FOLDERS)
        return f'there is no type of document for the folder "{first}"', did_you_mean(
            first, known
        ) or "Known folders: " + ", ".join(known) + "."
    name = rest[-1]
    if (SLUG_NAME if first in FOLDERS else PLAIN_NAME).fullmatch(name):
        return None
    return (
        "the name of this folder has signs that do not belong in an address",
        f"Rename it to {slug_of(name) or 'a name of letters'}",
    )


def document_name(path: str) -> Fault | None:
    """What is wrong with the name of a file in a folder of documents, or outside of every folder."""
    if "/" not in path:
        return "this file stands in no folder, so it has no type", "Move it: " + ", ".join(
            f"{kind.name} to {folder}/" for folder, kind in FOLDERS.items()
        ) + "."
    name = posixpath.basename(path)
    stem, dot, ending = name.rpartition(".")
    if dot and ending in ATTACHMENTS:
        return file_name(path)
    if ending != "md" or not dot:
        return _wrong_ending(name, stem, ending)
    if SLUG_NAME.fullmatch(stem):
        return None
    return (
        "the name of this file has signs that do not belong in an address",
        f"Rename it to {slug_of(stem) or 'a-name'}.md, and write that name in the links to it.",
    )


def _wrong_ending(name: str, stem: str, ending: str) -> Fault:
    near = nearest(ending, ATTACHMENTS)
    if near and not LIKE_DOCUMENTS.search(name):
        return f'files that end in ".{ending}" have no use here', f"Did you mean .{near}? Documents end in .md."
    suggestion = f"{slug_of(TWICE_NAMED.sub('', stem) or name) or 'a-name'}.md"
    first = "Save it as plain text (UTF-8) in" if OF_WORD_PROCESSORS.fullmatch(ending) else "Rename it to"
    return "a document is a file that ends in .md", f"{first} {suggestion}, or move it out of content/."


def file_name(path: str) -> Fault | None:
    """What is wrong with the name of a file that is copied as it is."""
    name = posixpath.basename(path)
    stem, _, ending = name.rpartition(".")
    if path.startswith("images/") and LIKE_DOCUMENTS.search(name):
        return "documents do not belong in images/", "Move it to the folder of its type, such as posts/."
    if PLAIN_NAME.fullmatch(name):
        return None
    return (
        "the name of this file has signs that do not belong in an address",
        f"Rename it to {slug_of(stem) or 'a-name'}.{slug_of(ending)}, and write that name in the links to it.",
    )
