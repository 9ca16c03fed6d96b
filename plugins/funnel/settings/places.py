"""What the addresses of places must look like: where a site can be put. Each gives what is wrong, or the empty string."""

from __future__ import annotations

import re
import shlex
from urllib.parse import urlsplit

KINDS = ("local", "rsync", "gh-pages", "s3", "command")
"""Every kind of place that we have an adapter for."""
HOST = r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?"


def web_address(value: str) -> bool:
    """Whether a browser could take this for an address: no spaces, a host, and a port that can be."""
    try:
        parts = urlsplit(value)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname and parts.port != 0)
            and not re.search(r"\s", value)
        )
    except ValueError:
        return False


def folder_over_ssh(value: str) -> str:
    """`ssh://USER@HOST:PORT/FOLDER`; a name that begins with a hyphen would be an option for ssh, so it is refused."""
    if not value:
        return ""
    form = rf"ssh://([A-Za-z0-9_][\w.-]*@)?({HOST}|\[[0-9a-fA-F:]+\])(?P<port>:\d{{1,5}})?(/[^/\s'\"\\]+)+/?"
    found = re.fullmatch(form, value)
    if not found or "/../" in f"{value}/" or not 0 < int((found["port"] or ":22")[1:]) < 65536:
        return "must be of the form ssh://user@host/folder/of/the/site (a password has no place in it)"
    return ""


def git_remote(value: str) -> str:
    """The name of a remote, or an address without a password."""
    if not value or value.startswith("-") or re.search(r"\s", value):
        return "must be the name of a remote of this repository, such as origin, or the address of one"
    if "::" in value:
        return "must be an ordinary address: git runs a program of the name that stands before ::"
    return "must not hold a password: git asks its credential helper" if re.match(r"\w+://[^/@]*:[^/]*@", value) else ""


def git_branch(value: str) -> str:
    fits = (
        re.fullmatch(r"[A-Za-z0-9_][\w./-]*", value) and ".." not in value and not value.endswith(("/", ".", ".lock"))
    )
    return "" if fits else "must be the name of a branch, such as gh-pages"


def domain(value: str) -> str:
    return (
        "" if not value or re.fullmatch(HOST, value) else "must be a domain such as www.example.com, without https://"
    )


def bucket(value: str) -> str:
    return (
        "" if not value or re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", value) else "must be the name of a bucket"
    )


def command(value: str) -> str:
    try:
        words = shlex.split(value)
    except ValueError as fault:
        return f"cannot be read as a command: {fault}"
    if value and not any("{folder}" in word for word in words):
        return "must hold {folder}: there the folder of the site is put in"
    return ""
