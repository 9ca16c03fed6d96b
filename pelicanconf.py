"""The settings of the site. The upper part is yours; docs/settings.md explains every name of ours."""

import sys
from pathlib import Path

here = Path(__file__).resolve().parent
sys.path[:0] = [entry for entry in (str(here / "plugins"),) if entry not in sys.path]

# --- The site -----------------------------------------------------------------------------------------------------
SITENAME = "Two Funnels"
SITESUBTITLE = "Earn trust first. Marketing teaches; selling is a conversation."
SITEURL = "http://localhost:8000"  # where `invoke serve` shows it; publishconf.py has the address of the real site
AUTHOR = "The Two Funnels makers"
TIMEZONE = "Europe/London"
DEFAULT_LANG = "en"
SITE_KEY = "two-funnels"

# --- The newsletter -----------------------------------------------------------------------------------------------
NEWSLETTER_NAME = "The Two Funnels Letter"
NEWSLETTER_CADENCE = "about once a month"
NEWSLETTER_FROM_NAME = "Two Funnels"
NEWSLETTER_FROM_ADDRESS = "letters@two-funnels.example"
NEWSLETTER_REPLY_TO = "hello@two-funnels.example"
NEWSLETTER_POSTAL_ADDRESS = ["Two Funnels (sample site)", "1 Example Street", "Exampleton EX1 1EX"]
NEWSLETTER_INTERESTS = []
MAILING_LIST_PROVIDER = "local"
SUBSCRIBE_URL = ""

# --- Where it goes on-line ----------------------------------------------------------------------------------------
DEPLOY_TARGET = "local"
DEPLOY_LOCAL_PATH = "var/site"
KEEP_RELEASES = 5

# --- How the house works: leave it unless you know why ------------------------------------------------------------
PATH = "content"
THEME = "theme"
OUTPUT_PATH = "output"
CACHE_PATH = "var/cache"
PLUGIN_PATHS = ["plugins"]
PLUGINS = [
    "funnel.frontmatter.plugin",  # strict documents; drafts and future ones stay out
    "funnel.newsletter.plugin",  # issues, archive, editions
    "funnel.site.plugin",  # feeds, sitemap, structured data, links
    "funnel.guard.plugin",  # no sales call-to-action on what is marketing
    "funnel.publish.plugin",  # a whole release or none
]
ARTICLE_PATHS = ["posts", "tips", "reviews"]
PAGE_PATHS = ["pages", "offers", "requests"]
STATIC_PATHS = ["images", "extra"]
EXTRA_PATH_METADATA = {
    f"extra/{path.relative_to(here / 'content/extra').as_posix()}": {
        "path": path.relative_to(here / "content/extra").as_posix()
    }
    for path in sorted((here / "content/extra").rglob("*"))
    if path.is_file()
}
ARTICLE_ORDER_BY = "reversed-date"
CATEGORY_URL = "topics/{slug}/"
CATEGORY_SAVE_AS = "topics/{slug}/index.html"
TAG_URL = "tags/{slug}/"
TAG_SAVE_AS = "tags/{slug}/index.html"
AUTHOR_SAVE_AS = ""
DRAFT_SAVE_AS = ""
DRAFT_PAGE_SAVE_AS = ""
DIRECT_TEMPLATES = ["index", "archives", "categories", "tags"]  # the site plugin writes 404, search and the rest
ARCHIVES_SAVE_AS = "archive/index.html"
CATEGORIES_SAVE_AS = "topics/index.html"
TAGS_SAVE_AS = "tags/index.html"
DEFAULT_CATEGORY = "Notes"
USE_FOLDER_AS_CATEGORY = False
FILENAME_METADATA = "(?!)"  # a file's name says nothing about its date: front matter does
WITH_FUTURE_DATES = True  # what is withheld is decided once, before Pelican reads anything
DEFAULT_PAGINATION = False
FEED_ALL_ATOM = FEED_ALL_RSS = CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
LOCALE = ["C"]
DEFAULT_DATE_FORMAT = "%-d %B %Y"
TYPOGRIFY = False
MARKDOWN = {
    "extension_configs": {
        "markdown.extensions.extra": {},
        "markdown.extensions.admonition": {},
        "markdown.extensions.sane_lists": {},
        "markdown.extensions.codehilite": {"css_class": "highlight", "guess_lang": False},
        "markdown.extensions.toc": {"permalink": False},
    },
    "output_format": "html5",
}

from funnel.publish.preflight import check_settings_file

check_settings_file(__file__, globals())
