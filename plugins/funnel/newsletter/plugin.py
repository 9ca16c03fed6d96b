"""Connects the newsletter to Pelican: issue pages, the archive, and an edition of every published issue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2.environment import TemplateModule
from pelican import Pelican, signals
from pelican.contents import Content, SkipStub
from pelican.generators import Generator
from pelican.writers import Writer

from funnel.frontmatter import Refused
from funnel.newsletter.archive import Year, years_of
from funnel.newsletter.as_sent import FOLDER as AS_SENT
from funnel.newsletter.as_sent import plain_face
from funnel.newsletter.blocks import fill_blocks
from funnel.newsletter.build import Prepared, archive_of, prepare_editions
from funnel.newsletter.correction import Correction
from funnel.newsletter.cross_check import corrections, misplaced_blocks
from funnel.newsletter.edition import Edition
from funnel.newsletter.fragment import sanitise
from funnel.newsletter.frozen import frozen_editions
from funnel.newsletter.shelf import PelicanShelf
from funnel.newsletter.stationery import Stationery, open_stationery

FOLDER = "newsletter"
FORMS = "funnel.newsletter.forms"
PREPARED = "FUNNEL_EDITIONS"


@dataclass(frozen=True)
class Step:
    """One step of the way from home to a page, as the theme shows it; `address` is below the site's root."""

    label: str
    address: str


class Issue(Content):  # type: ignore[misc]
    """One numbered number of the newsletter. No Article: an Article would take the addresses and feeds of posts."""

    mandatory_properties = ("title", "number", "date", "url", "save_as")
    allowed_statuses = ("published", "skip")
    default_status = "published"
    default_template = "issue"
    previous_issue: Issue | None = None
    next_issue: Issue | None = None
    correction: Correction | None = None
    as_sent: Edition | None = None
    raw_html = ""
    paper: Stationery

    def letter_html(self, siteurl: str) -> str:
        """The body with its blocks. Raises BadBlocks."""
        since = self.previous_issue.date if self.previous_issue else None
        contents, path = self._context["generated_content"], self.get_relative_source_path()
        shelf = PelicanShelf(contents, self.settings["FUNNEL_TREE"], siteurl, path, since, self.date)
        return fill_blocks(super().get_content(siteurl), shelf, self._forms())

    def get_content(self, siteurl: str) -> str:
        """The body as the site and the feeds show it: with a note of what was corrected after the letter went out."""
        note = self._forms().correction(self.correction) if self.correction else ""  # type: ignore[attr-defined]
        return self.letter_html(siteurl) + str(note)

    def _forms(self) -> TemplateModule:
        return self.paper.blocks_in(self.paper.words(self.lang))


class IssuesGenerator(Generator):  # type: ignore[misc]
    """Reads content/newsletter, and writes a page for each issue, the archive, and a page for each year."""

    issues: list[Issue]
    issue_years: tuple[Year[Issue], ...]
    paper: Stationery

    def generate_context(self) -> None:
        """Put `issues` (newest first) and `issue_years` where every template sees them."""
        self.paper = open_stationery(Path(self.settings["THEME"]) / "email")
        found = [self._read(path) for path in sorted(self.get_files([FOLDER]))]
        self.issues = sorted(filter(None, found), key=lambda issue: -issue.number)
        for newer, older in zip(self.issues, self.issues[1:], strict=False):
            newer.previous_issue, older.next_issue = older, newer
        self.issue_years = years_of(self.issues)
        self._update_context(("issues", "issue_years"))

    def _read(self, path: str) -> Issue | None:
        issue: Issue | SkipStub = self.readers.read_file(
            base_path=self.path, path=path, content_class=Issue, context=self.context
        )
        if not isinstance(issue, Issue):
            return None
        issue.raw_html = issue._content
        issue._content = sanitise(issue.raw_html)
        issue.paper = self.paper
        self.add_source_path(issue)
        self.add_static_links(issue)
        return issue

    def prepare(self) -> Prepared:
        """Judge every issue and make its edition. Raises Refused."""
        documents = self.settings["FUNNEL_TREE"]
        strays = misplaced_blocks(documents, self.context["generated_content"])
        sent = frozen_editions(archive_of(self.settings))
        notes, problems = corrections(self.issues, sent, documents, Path(self.path))
        if strays or problems:
            raise Refused.because([*strays, *problems])
        prepared = prepare_editions(self.issues, self.paper, sent, self.context, self.settings)
        for issue in self.issues:
            issue.correction = notes.get(issue.number)
            issue.as_sent = next((edition for edition, _ in prepared.shown if edition.number == issue.number), None)
        return prepared

    def generate_output(self, writer: Writer) -> None:
        """Write the pages."""
        for issue in self.issues:
            self._write(writer, issue.save_as, issue.template, issue.url, issue=issue)
            if issue.as_sent:
                self._write_as_sent(writer, issue, issue.as_sent)
        self._write(writer, f"{FOLDER}/index.html", "newsletter", f"{FOLDER}/")
        for year in self.issue_years:
            self._write(writer, f"{year.url}index.html", "newsletter_year", year.url, year=year)

    def _write_as_sent(self, writer: Writer, issue: Issue, letter: Edition) -> None:
        """The page about the letter that went out. It is no document: it stands in no list, feed or index."""
        say, url = self.paper.words(issue.lang).say, f"{issue.url}{AS_SENT}/"
        self._write(
            writer,
            f"{url}index.html",
            "issue_as_sent",
            url,
            view="as_sent",
            heading=say("Issue {number}, as it was mailed", number=letter.number),
            description=f"{letter.title}: {letter.subject}. {letter.preheader}",
            language=issue.lang,
            letter=letter,
            letter_text=plain_face(letter),
            letter_page=f"{url}letter/",
            trail=(
                Step(self.settings.get("NEWSLETTER_NAME", "Newsletter"), f"{FOLDER}/"),
                Step(issue.title, issue.url),
            ),
        )

    def _write(self, writer: Writer, save_as: str, template: str, url: str, **values: Any) -> None:
        relative = self.settings["RELATIVE_URLS"]
        writer.write_file(save_as, self.get_template(template), self.context, relative_urls=relative, url=url, **values)


def add_forms(pelican: Pelican) -> None:
    """Let every document use our Markdown forms: a caption is a caption in a post too."""
    pelican.settings["MARKDOWN"].setdefault("extension_configs", {}).setdefault(FORMS, {})


def issues_generator(_pelican: Pelican) -> type[IssuesGenerator]:
    """The generator that Pelican is to run."""
    return IssuesGenerator


def before_writing(generators: Sequence[Any]) -> None:
    """Make every edition, so that a letter that cannot be sent stops the build before its first byte."""
    for generator in generators:
        if isinstance(generator, IssuesGenerator):
            generator.settings[PREPARED] = generator.prepare()


def after_writing(pelican: Pelican) -> None:
    """Write the letters' pictures into the site, and the editions into the record of the build."""
    prepared: Prepared = pelican.settings[PREPARED]
    output = Path(pelican.output_path)
    prepared.write(output, Path(pelican.settings.get("FUNNEL_RECORD") or f"{output}.record"))
    prepared.write_letters(output, pelican.settings["SITEURL"])


def register() -> None:
    """Connect to Pelican."""
    signals.initialized.connect(add_forms)
    signals.get_generators.connect(issues_generator)
