"""The subscription form: where it posts to, and what its fields are called there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from funnel.settings.interests import key_of
from funnel.site.options import Options, SiteRefused

_MAILCHIMP = ".list-manage.com"
_GROUP_FIELD = re.compile(r"group\[\d+\]\[(\d+)\]")
"""How Mailchimp's own embedded form names a check box: the group's number, then the box's."""


@dataclass(frozen=True)
class Topic:
    """A check box: the field that it sends, with which value, and what the reader sees beside it."""

    field: str
    value: str
    label: str


@dataclass(frozen=True)
class Form:
    """The form's address and the names of its fields; `trap` is for robots. An empty `action`: there is no list yet."""

    action: str
    email: str
    name: str
    trap: str
    topics: tuple[Topic, ...]


def form_of(options: Options) -> Form:
    """Give the form for Mailchimp's hosted page or for our desk; raises SiteRefused for topics that cannot be sent."""
    action = options.subscribe_url
    parts = urlsplit(action)
    if (parts.hostname or "").endswith(_MAILCHIMP):
        ids = parse_qs(parts.query)
        trap = "_".join(("b", *(ids.get(name, [""])[0] for name in ("u", "id"))))
        return Form(action, "EMAIL", "FNAME", trap, _hosted_topics(options))
    return Form(action, "email", "name", "website", _own_topics(options))


def _own_topics(options: Options) -> tuple[Topic, ...]:
    labels = {key_of(label): label for label in options.interests}
    if "" in labels:
        raise SiteRefused(f"NEWSLETTER_INTERESTS: {labels['']!r} is no name of a topic. Write one with letters.")
    return tuple(Topic("interest", key, label) for key, label in labels.items())


def _hosted_topics(options: Options) -> tuple[Topic, ...]:
    """Mailchimp tells the names of these fields in its embedded form only, not by its API: the owner copies them."""
    fields = dict(options.group_fields)
    for label, name in fields.items():
        if label not in options.interests:
            raise SiteRefused(f"MAILCHIMP_GROUP_FIELDS: {label!r} is not among NEWSLETTER_INTERESTS. Write both alike.")
        if not _GROUP_FIELD.fullmatch(name):
            raise SiteRefused(
                f"MAILCHIMP_GROUP_FIELDS: {name!r} is not what Mailchimp calls a check box. Copy the name from its "
                "embedded form; it looks like group[1234][1]."
            )
    known = [(label, fields[label]) for label in options.interests if label in fields]
    return tuple(Topic(name, _GROUP_FIELD.sub(r"\1", name), label) for label, name in known)
