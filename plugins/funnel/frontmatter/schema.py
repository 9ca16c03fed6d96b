"""What may stand in the front matter of each type of document: one table, and nothing but the table decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Value(StrEnum):
    """The kinds of value that a key can take; the text is how the documentation names them."""

    TITLE = "text, one line, never empty"
    LINE = "text, one line"
    TEXT = "text"
    MOMENT = "date, or date and time"
    CLOCK = "date and time"
    DAY = "date"
    CHOICE = "one of the words listed"
    LIST = "list of words"
    YES_NO = "yes or no"
    NUMBER = "whole number, 1 or more"
    ORDER = "whole number"
    URL = "web address"
    URLS = "list of web addresses"
    ISBN = "ISBN-10 or ISBN-13"
    SLUG = "lower-case letters, digits and hyphens"
    MAILBOX = "e-mail address"
    LANGUAGE = "language tag"
    OLD_ADDRESSES = "list of addresses on this site"
    DOCUMENT_LINK = "link to a document"
    IMAGE_LINK = "link to a picture"
    WAIVERS = "list of waivers"


# Values in which every word may be meant: nothing but their writer can tell a slip in them.
FREE_TEXT = frozenset({Value.TITLE, Value.LINE, Value.TEXT, Value.LIST, Value.WAIVERS})


@dataclass(frozen=True)
class Field:
    """One key: `default` is the value (already typed) of a document that leaves the key out; None: it has none."""

    name: str
    value: Value
    help: str
    example: str
    required: bool = False
    default: object = None
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class DocumentType:
    """A type of document, the folder it lives in, and its address (`{slug}`, `{number}`)."""

    name: str
    folder: str
    kind: str
    address: str
    help: str
    fields: Mapping[str, Field]


def _table(*fields: Field) -> Mapping[str, Field]:
    return MappingProxyType({field.name: field for field in fields})


TITLE = Field(
    "title", Value.TITLE, "The heading of the document, as readers see it.", "What a newsletter is for", required=True
)
DATE = Field("date", Value.MOMENT, "When it is published. Later than now: it is withheld until then.", "2026-05-04")
DATE_NEEDED = Field("date", DATE.value, DATE.help, DATE.example, required=True)
STATUS = Field(
    "status",
    Value.CHOICE,
    "A draft leaves no trace on the site.",
    "published",
    default="draft",
    allowed=("draft", "published"),
)

COMMON = (
    Field(
        "modified",
        Value.MOMENT,
        "When it last changed in a way that matters to readers; not before `date`.",
        "2026-05-11",
    ),
    STATUS,
    Field(
        "slug",
        Value.SLUG,
        "The last part of the address. Without it: the name of the file.",
        "what-a-newsletter-is-for",
    ),
    Field(
        "summary",
        Value.TEXT,
        "One or two sentences for lists, feeds and search engines.",
        "Why a letter that asks for nothing is read.",
    ),
    Field("tags", Value.LIST, "Topics, for the topic pages.", "[trust, newsletters]", default=()),
    Field("lang", Value.LANGUAGE, "The language of the text, when it is not the site's.", "de"),
    Field("image", Value.IMAGE_LINK, "The picture that stands for the document.", "'{static}/images/two-funnels.svg'"),
    Field("image_alt", Value.LINE, "What that picture shows, for those who cannot see it.", "Two funnels side by side"),
    Field(
        "aliases",
        Value.OLD_ADDRESSES,
        "Old addresses of this document, which lead to it from now on. None of them may be an address that the site has.",
        "[/old-address/]",
        default=(),
    ),
    Field(
        "next",
        Value.DOCUMENT_LINK,
        "The one document to read next; it teaches, it never sells.",
        "'{filename}/posts/first-steps.md'",
    ),
    Field(
        "waivers", Value.WAIVERS, "Exceptions from the guard, each with its reason.", "['rule: the reason']", default=()
    ),
)
TRANSLATES = Field(
    "translates",
    Value.DOCUMENT_LINK,
    "The document of which this is a translation; `lang` says into which language.",
    "first-steps.md",
)
CATEGORY = Field("category", Value.LINE, "The one shelf on which it stands.", "Trust")
MENU = Field("menu", Value.YES_NO, "Whether the menu of the site shows it.", "yes", default=False)
ORDER = Field("order", Value.ORDER, "Its place in the menu, small numbers first.", "10")

SERIES = (
    Field("series", Value.LINE, "The name of the series that it belongs to.", "Starting a newsletter"),
    Field("series_index", Value.NUMBER, "Its place in the series, from 1.", "2"),
)

POST = _table(TITLE, DATE_NEEDED, *COMMON, TRANSLATES, CATEGORY, *SERIES)
TIP = _table(TITLE, DATE_NEEDED, *COMMON, TRANSLATES, CATEGORY)
ISSUE = _table(
    TITLE,
    Field("number", Value.NUMBER, "The number of the issue; its address for ever.", "7", required=True),
    DATE_NEEDED,
    Field("subject", Value.TITLE, "The subject line of the letter.", "Seven questions to ask first", required=True),
    *COMMON,
    Field("preheader", Value.LINE, "What mailboxes show after the subject.", "And one that is better left unasked"),
    Field("send_at", Value.CLOCK, "When the letter goes out by itself; half an hour after `date` or later.", "2026-05-04 09:30"),
    Field("interests", Value.LIST, "Only for those who chose one of these.", "[writing]", default=()),
    Field("reply_to", Value.MAILBOX, "Where answers go, if not to the site's own mailbox.", "hello@example.com"),
    *SERIES,
)  # fmt: skip
PAGE = _table(
    TITLE, DATE,
    Field("kind", Value.CHOICE, "`sales` when it sells.", "sales", default="marketing", allowed=("marketing", "sales")),
    *COMMON, TRANSLATES, MENU, ORDER,
)  # fmt: skip
OFFER = _table(
    TITLE, DATE,
    Field("offer_name", Value.TITLE, "The name of what is for sale.", "The listening course", required=True),
    *COMMON, TRANSLATES,
    Field("also_called", Value.LIST, "Its other names, for the guard to know.", "[listening week]", default=()),
    Field("addresses", Value.URLS, "Where it is sold or booked.", "['https://shop.example/listening']", default=()),
    Field("price", Value.LINE, "The price, as a reader shall see it.", "120 euros"),
    MENU, ORDER,
)  # fmt: skip
REVIEW = _table(
    TITLE, DATE_NEEDED,
    Field("reviewed", Value.CHOICE, "What was reviewed.", "book", required=True, allowed=("book", "app")),
    Field("item_title", Value.TITLE, "The title of the book or the app.", "A book about letters", required=True),
    Field("verdict", Value.TITLE, "The judgement in one sentence.", "Read the second half first.", required=True),
    Field("for_whom", Value.TITLE, "Whom it will help.", "People who write alone", required=True),
    *COMMON, TRANSLATES,
    Field("item_author", Value.LINE, "Who wrote or made it.", "The author's name"),
    Field("isbn", Value.ISBN, "The number on the back of the book; its check digit is checked.", "9780306406157"),
    Field("link", Value.URL, "Where to find it.", "https://publisher.example/a-book-about-letters"),
    Field("paid_link", Value.YES_NO, "Whether that link pays you.", "no", default=False),
    Field("disclosure", Value.TEXT, "What readers must know; needed when `paid_link` is yes.", "This link pays me."),
)  # fmt: skip
REQUEST = _table(
    TITLE, DATE_NEEDED,
    Field("need", Value.TEXT, "What is looked for.", "A printer who works with recycled paper", required=True),
    Field("for_whom", Value.TITLE, "For whom it is looked for.", "A bookseller in a small town", required=True),
    Field("agreed", Value.DAY, "The day on which that person agreed to be asked for.", "2026-05-02", required=True),
    Field("expires", Value.DAY, "The last day on which it stands on the site.", "2026-06-30", required=True),
    *COMMON,
    Field("answered", Value.YES_NO, "Whether the right person was found.", "no", default=False),
)  # fmt: skip

TYPES: Mapping[str, DocumentType] = MappingProxyType({
    kind.name: kind
    for kind in (
        DocumentType("post", "posts", "marketing", "/posts/{slug}/", "An article that teaches.", POST),
        DocumentType("tip", "tips", "marketing", "/tips/{slug}/", "One short thing to try.", TIP),
        DocumentType("review", "reviews", "marketing", "/reviews/{slug}/", "A book or an app, judged.", REVIEW),
        DocumentType("issue", "newsletter", "marketing", "/newsletter/{number}/", "One newsletter.", ISSUE),
        DocumentType("request", "requests", "marketing", "/requests/{slug}/", '"Do you know who ..."', REQUEST),
        DocumentType("page", "pages", "marketing", "/{slug}/", "A page of its own, such as \"about\".", PAGE),
        DocumentType("offer", "offers", "sales", "/{slug}/", "What is for sale.", OFFER),
    )
})  # fmt: skip
FOLDERS: Mapping[str, DocumentType] = MappingProxyType({kind.folder: kind for kind in TYPES.values()})
FILE_FOLDERS = ("images", "extra")
# What the site itself writes at its top level: no page, offer or file of `extra/` may take these.
RESERVED = frozenset({
    *FOLDERS, "assets", "icons", "images", "topics", "archive", "archives", "author", "authors", "categories", "category",
    "drafts", "feeds", "index", "pagefind",
    "search", "series", "static", "tag", "tags", "theme", "404",
})  # fmt: skip
