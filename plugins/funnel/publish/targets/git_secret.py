"""Keeps a password that stands in the address of a remote off every command line: those, anybody on the machine can read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

USER, PASSWORD = "FUNNEL_GIT_USER", "FUNNEL_GIT_PASSWORD"
TELL = f'!tell() {{ test "$1" = get && printf \'username=%s\\npassword=%s\\n\' "${USER}" "${PASSWORD}"; }}; tell'
"""A credential helper (gitcredentials(7)) whose words hold no secret: it takes both from the environment."""


_WHO = re.compile(r"(https?://)([^/?#]*)@([^/?#@]*)", re.IGNORECASE)


def without_secret(remote: str) -> str:
    """The address without who we are there. Only a web address is changed: ssh needs its user, and takes no password."""
    return _WHO.sub(r"\1\3", remote, count=1) if _WHO.match(remote) else remote


def with_secret(environ: Mapping[str, str], remote: str) -> dict[str, str]:
    """The environment in which git finds who we are at this remote, and at no other host: only the owner can read it.

    To name the whole address in git's settings would not do: git hands it to a program of its own as an argument.
    """
    found = _WHO.match(remote)
    if not found:
        return dict(environ)
    user, _, password = (unquote(part) for part in found[2].partition(":"))
    told = {**environ, USER: user, PASSWORD: password}
    count = environ.get("GIT_CONFIG_COUNT", "")
    before = int(count) if count.isdecimal() else 0
    settings = list(_settings(f"credential.{found[1]}{found[3]}", user, helped=bool(password)))
    for number, (name, value) in enumerate(settings, start=before):
        told |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    return {**told, "GIT_CONFIG_COUNT": str(before + len(settings))}


def _settings(where: str, user: str, *, helped: bool) -> Iterator[tuple[str, str]]:
    yield f"{where}.username", user
    if helped:  # what stands in the address comes before what other helpers know, as it does in git
        yield f"{where}.helper", ""
        yield f"{where}.helper", TELL
