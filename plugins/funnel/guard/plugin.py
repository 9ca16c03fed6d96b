"""The guard inside a Pelican build: documents before a byte is written, and everything that was written.

Settings read: `GUARD` (a mapping as in guard.yml), SITEURL, SITENAME, AUTHOR, DEFAULT_LANG, PATH, THEME, TIMEZONE. Offers are
learnt from the documents of type offer. A build that sells where it should teach ends with exit code 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pelican import signals

from funnel.guard.built import Allowed, bare_words, check_surface, once, surfaces, with_drawings
from funnel.guard.check import Judged
from funnel.guard.clean import Clean
from funnel.guard.config import Config, Offer, config_of
from funnel.guard.files import check_source
from funnel.guard.formats import as_text
from funnel.guard.policy import over_issue_budget, too_soon
from funnel.guard.records import Finding, Kind, Label
from funnel.guard.rulebook import prove_switches, rulebook
from funnel.guard.walk import Source

VERSION = "1"
KEY = "FUNNEL_GUARD_RUN"
SAID_IN = "pelicanconf.py GUARD"


class Refused(Exception):
    """The build sells where it should teach; the text is the whole message for the person."""

    exitcode = 3


class NotGuarded(Exception):
    """The guard did not judge this build from end to end, so that nothing may be published."""

    exitcode = 3


@dataclass(slots=True)
class Run:
    """What the guard did in one build."""

    config: Config
    allowed: Allowed
    documents: int = 0
    surfaces: int = 0
    waivers: int = 0
    judged_documents: bool = False
    judged_output: bool = False
    sealed: int = 0

    def seal(self) -> str:
        """Called by the theme's base template: a page cannot be made where the guard is not at work."""
        self.sealed += 1
        return ""


def register() -> None:
    """Connect the guard to the build."""
    signals.initialized.connect(begin)


def begin(pelican: Any) -> None:
    """Make ready for one build, and give the theme its seal."""
    run = Run(configured(pelican.settings), Allowed())
    pelican.settings[KEY] = run
    pelican.settings["JINJA_GLOBALS"] = {**pelican.settings.get("JINJA_GLOBALS", {}), "guard": run}


def configured(settings: dict[str, Any]) -> Config:
    """The guard's configuration from the site's settings."""
    config = config_of(settings.get("GUARD", {}), SAID_IN)
    prove_switches(config.rules, config.off, config.languages, SAID_IN, b"")
    host = urlsplit(settings.get("SITEURL") or "").hostname
    names = tuple(str(settings[key]) for key in ("SITENAME", "AUTHOR") if settings.get(key))
    language = str(settings.get("DEFAULT_LANG") or config.language)[:2]
    known = config.knowing(hosts=(host,) if host else (), names=names)
    return replace(known, language=language)


def _day_of_build(settings: Mapping[str, Any]) -> date:
    """The day of the site, after which waivers end: of the moment that decides what is due, where the documents were read by one."""
    now = getattr(settings.get("FUNNEL_TREE"), "now", None) or datetime.now(UTC)
    return now.astimezone(ZoneInfo(settings.get("TIMEZONE") or "UTC")).date()


def before_writing(generators: Iterable[Any]) -> None:
    """Judge every document that will be written; refuse before the first byte is."""
    generators = list(generators)
    contexts = [generator.context for generator in generators]
    if not contexts:
        raise NotGuarded("The guard saw no generator, so nothing was judged. Nothing was written.")
    run: Run = contexts[0][KEY]
    contents = [content for content in contexts[0]["generated_content"].values() if content is not None]
    offers = [content for content in contents if getattr(content, "type", "") == "offer"]
    today = _day_of_build(generators[0].settings)
    run.config = replace(run.config, today=today, offers=(*run.config.offers, *map(_offer, offers)))
    judged = [_judged(content, run.config, contexts[0]) for content in contents]
    run.documents, run.waivers = len(judged), sum(len(one.waived) for one in judged)
    run.allowed = Allowed(
        kinds={page: _kind(content) for content in contents for page in (content.save_as, *_old_pages(content))},
        titles=frozenset(bare_words(str(content.title)) for content in contents if _kind(content) is Kind.SALES),
        waived=frozenset(bare_words(text) for one in judged for text in one.waived_texts),
    )
    findings = [finding for one in judged for finding in one.findings]
    refuse(findings + _issues_over_budget(contents, judged), "Nothing was written.")
    run.judged_documents = True


def _judged(content: Any, config: Config, context: dict[str, Any]) -> Judged:
    root = Path(context["PATH"])
    file = Path(content.source_path)
    inside = file.relative_to(root).as_posix() if file.is_relative_to(root) else file.name
    return check_source(Source(f"{root.name}/{inside}", str(file), ""), config, _kind(content))


def _issues_over_budget(contents: list[Any], judged: list[Judged]) -> list[Finding]:
    issues = [
        (int(content.number), content, one)
        for content, one in zip(contents, judged, strict=True)
        if getattr(content, "type", "") == "issue"
    ]
    issues.sort(key=lambda issue: issue[0])
    over = over_issue_budget([bool(one.soft_asks) for _, _, one in issues])
    return [too_soon(Path(issues[index][1].source_path).name) for index in over]


def _kind(content: Any) -> Kind:
    return Kind(str(getattr(content, "kind", None) or content.metadata.get("kind") or Kind.MARKETING))


def _aliases(content: Any) -> list[str]:
    return [str(alias).strip("/") for alias in _listed(getattr(content, "aliases", ()))]


def _old_pages(content: Any) -> list[str]:
    """The pages at its old addresses, which lead to it: what an offer may say, they may."""
    return [path if path.endswith((".html", ".htm")) else f"{path}/index.html" for path in _aliases(content)]


def _offer(content: Any) -> Offer:
    given = [str(address) for address in _listed(getattr(content, "addresses", ()))]
    given += [f"/{path}{'' if path.endswith(('.html', '.htm')) else '/'}" for path in _aliases(content)]
    name = str(getattr(content, "offer_name", "") or content.title)
    return Offer(
        name,
        tuple(map(str, _listed(getattr(content, "also_called", ())))),
        (*given, f"/{content.url}", str(content.url)),
    )


def _listed(value: Any) -> list[Any]:
    return [value] if isinstance(value, str) else list(value or ())


def after_writing(pelican: Any) -> None:
    """Judge everything that was written: the site with the theme's own furniture, and the letters in the build's record."""
    run: Run = pelican.settings[KEY]
    if not run.judged_documents:
        raise NotGuarded("The guard did not judge the documents of this build. Nothing may be published.")
    findings: list[Finding] = []
    clean = Clean(Path(pelican.settings["CACHE_PATH"]) / "clean-pages.txt", run.config, run.allowed)
    letters = Path(pelican.settings.get("FUNNEL_RECORD", "")) / "editions"
    for folder in (Path(pelican.output_path), letters):
        allowed = with_drawings(folder, run.allowed)
        for source in surfaces(folder):
            run.surfaces += 1
            kind = allowed.kinds.get(source.path, Kind.MARKETING)
            findings += clean.unless_known(source, kind, partial(check_surface, source, run.config, allowed))
    refuse(once(findings, Path(pelican.theme)), "This build is thrown away.")
    clean.keep()
    run.judged_output = True


def refuse(findings: list[Finding], consequence: str) -> None:
    """Raises Refused with the findings as text, if there are any."""
    if findings:
        selling = all(finding.label == Label.SALES for finding in findings)
        noun = f"{'passage' if selling else 'finding'}{'' if len(findings) == 1 else 's'}"
        count = f"{len(findings)} {noun}{' would sell' if selling else ''}"
        raise Refused(f"The guard refuses this build: {count}.\n\n{''.join(as_text(findings))}\n{consequence}")


def verdict(pelican: Any) -> dict[str, object]:
    """What `funnel.publish` stamps on a release; raises NotGuarded unless the guard judged all of this build."""
    run = pelican.settings.get(KEY)
    if not isinstance(run, Run) or not run.judged_documents or not run.judged_output:
        raise NotGuarded("The guard did not judge this build from end to end. Build it again with funnel.guard.plugin.")
    digest = rulebook(run.config.rules, run.config.off, run.config.languages).digest
    return {
        "version": VERSION,
        "rules_digest": digest,
        "documents": run.documents,
        "surfaces": run.surfaces,
        "waivers": run.waivers,
    }
