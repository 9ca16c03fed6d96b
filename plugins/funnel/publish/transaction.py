"""Publish: gates, build, plan, deploy, read back, letters, ledger. A failure leaves yesterday's site live and the letters where they were."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from funnel.mailing_list.carry_out import apply_letters, note_what_went_out
from funnel.mailing_list.event import Event as Entry
from funnel.mailing_list.event import Fact, Phase
from funnel.mailing_list.foresee import foresee
from funnel.mailing_list.ledger import Ledger
from funnel.mailing_list.plan import plan_letters
from funnel.mailing_list.port import MailingList, Truth
from funnel.newsletter.edition import Edition
from funnel.newsletter.frozen import frozen_editions
from funnel.newsletter.load import load_editions
from funnel.publish.build import Built, Site, build
from funnel.publish.keeping import keep_what_was_sent
from funnel.publish.lock import only_one
from funnel.publish.plan import Plan, as_data, in_words, make_plan
from funnel.publish.proof import Proof, prove_live
from funnel.publish.stamp import verify
from funnel.publish.targets import NotDeployed, Release, Target

SETTINGS_FILE = "publishconf.py"


@dataclass(frozen=True)
class Event:
    """One thing that publishing did, or found: a word for machines, a sentence for people, and what belongs to it."""

    step: str
    words: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Options:
    """What the person asked for. `agree` puts a question to a person at a terminal; without one it says yes.

    `proof` says where the new site is to be seen; None leaves that out, which is refused when a letter is due.
    """

    timezone: str = "UTC"
    yes_delete: bool = False
    proof: Proof | None = field(default_factory=Proof)
    agree: Callable[[str], bool] = lambda _question: True


@dataclass(frozen=True)
class Prepared:
    """A build that passed every gate, what is live, and the plan that leads from one to the other."""

    built: Built
    live: Release | None
    plan: Plan


def prepare(
    site: Site,
    output: Path,
    target: Target,
    truth: Truth | None,
    ledger: Ledger,
    now: datetime,
    cache: Path | None = None,
    mailing_list: MailingList | None = None,
) -> Prepared:
    """Build, verify the stamp, and plan. Nothing outside `output` changes. `truth` None leaves the letters alone.

    `mailing_list` is asked what it would refuse.

    Raises NotBuilt, BadStamp and NotDeployed (a target that cannot be read).
    """
    built = build(site, SETTINGS_FILE, output, cache)
    verify(built.record, built.site)
    live = target.live()
    letters = plan_letters(load_editions(built.record_folder), truth, ledger.events(), now) if truth else ()
    if mailing_list:
        letters = foresee(letters, mailing_list)
    plan = make_plan(
        built.record, live.manifest if live else None, live.id if live else None, letters, partial(_sent, site)
    )
    return Prepared(built, live, plan)


def _sent(site: Site) -> Iterator[Edition]:
    """The letters that are out, as they went out."""
    return (one.edition for one in frozen_editions(site.kept_letters).values())


@contextmanager
def throw_away_folder(site: Site) -> Iterator[Path]:
    """A folder for a build that only looks: it is outside the project and gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="two-funnels-") as folder:
        if (site.var / "cache").is_dir():
            shutil.copytree(site.var / "cache", Path(folder) / "cache")
        yield Path(folder)


def publish(
    site: Site, target: Target, mailing_list: MailingList | None, now: datetime, options: Options
) -> Iterator[Event]:
    """Bring the site on-line and the letters to the list, and say each thing as it is done.

    `mailing_list` None leaves the letters alone. Raises what `prepare` and the list raise; NotDeployed when the site could not be put
    on-line or is not found live as it was built, before any letter is touched.
    """
    with only_one(site.var / "publish.lock"):
        ledger = Ledger.open(site.ledger)
        _settle(ledger, target, now)
        truth = _asked(mailing_list)
        if truth:
            keep_what_was_sent(site, lambda: truth)
            note_what_went_out(truth, ledger, now)
        prepared = prepare(site, site.var / "build" / "site", target, truth, ledger, now, mailing_list=mailing_list)
        plan = prepared.plan
        yield Event("planned", "\n".join(in_words(plan, options.timezone)), as_data(plan))
        deploys = plan.deploys or bool(target.drift())
        if plan.empty and not deploys and (not options.proof or _proved(ledger, plan.release)):
            yield Event("nothing", "Nothing to do: the live site and the letters are what they should be.")
            return
        _refuse_blind_letters(plan, options)
        if deploys:
            _allow_vanishing(prepared, options, target.name)
            yield from _deploy(prepared, target, ledger, now)
        if options.proof:
            yield from _prove(prepared, target, ledger, now, options.proof)
        if mailing_list:
            for written in apply_letters(plan.letters, mailing_list, ledger):
                yield Event("letter", _letter_words(written), written.as_record())
        yield Event("done", "Published.")


def _asked(mailing_list: MailingList | None) -> Truth | None:
    """What the provider says, asked before a long build: a wrong key or audience is told at once."""
    return mailing_list.truth() if mailing_list else None


def _allow_vanishing(prepared: Prepared, options: Options, target: str) -> None:
    """Let pages vanish only when so few do that it is everyday work, or when the person says so."""
    say_so = f"invoke {'gh-pages' if target == 'gh-pages' else 'publish'} --yes-delete"
    gone = len(prepared.plan.vanish)
    pages_live = sum(path.endswith(".html") for path in prepared.live.manifest) if prepared.live else 0
    if options.yes_delete:
        return
    if prepared.live and not prepared.live.known:
        raise NotDeployed(
            f"Another machine put release {prepared.live.id} on-line, and this one has no list of its pages, so nobody can tell "
            f"which of them would vanish.\nCopy var/deploy from that machine, or say that it does not matter: {say_so}"
        )
    if not gone:
        return
    if prepared.plan.too_many_vanish(pages_live):
        raise NotDeployed(f"{gone} pages of the live site would vanish. If that is meant, say so: {say_so}")
    if not options.agree(f"{gone} page(s) of the live site will vanish. Go on?"):
        raise NotDeployed("Nothing was changed.")


def _deploy(prepared: Prepared, target: Target, ledger: Ledger, now: datetime) -> Iterator[Event]:
    release, before = prepared.plan.release, prepared.plan.live
    ledger.append(Entry(now, "deploy", Phase.INTENT, release, target.name, {"before": before}))
    try:
        live = target.deploy(prepared.built, before)
    except NotDeployed:
        ledger.append(Entry(now, "deploy", Phase.FAILED, release, target.name, {"before": before}))
        raise
    yield Event("deployed", f"On-line: release {release}, {len(live.manifest)} files.", {"release": release})


def _prove(prepared: Prepared, target: Target, ledger: Ledger, now: datetime, proof: Proof) -> Iterator[Event]:
    """Read the site back before any letter is touched, and write down that it is as it should be, or is not."""
    plan, live = prepared.plan, prepared.live
    facts: dict[str, Fact] = {"before": plan.live if plan.deploys else _begun_on(ledger, plan.release)}
    before = live.manifest if live and not (plan.release == plan.live and not _proved(ledger, plan.release)) else {}
    editions = [step.edition for step in plan.due_letters if step.edition]
    try:
        words = prove_live(target, prepared.built.record.manifest, before, editions, proof)
    except NotDeployed:
        ledger.append(Entry(now, "deploy", Phase.UNKNOWN, plan.release, target.name, facts))
        raise
    if not _proved(ledger, plan.release):
        ledger.append(Entry(now, "deploy", Phase.DONE, plan.release, target.name, facts))
    yield Event("proved", f"{words}: every byte is as it was built.", {"release": plan.release})


def _proved(ledger: Ledger, release: str) -> bool:
    """Whether this release is the last that was written down as live and read back."""
    last = next((entry for entry in reversed(ledger.events()) if entry.action in ("deploy", "rollback")), None)
    return bool(last and last.key == release and last.phase is Phase.DONE)


def _begun_on(ledger: Ledger, release: str) -> Fact:
    """What was live when the deploy of this release began that was not brought to its end then."""
    begun = (entry for entry in reversed(ledger.events()) if entry.action == "deploy" and entry.key == release)
    return next((entry.facts.get("before") for entry in begun if entry.facts.get("before") != release), None)


def _refuse_blind_letters(plan: Plan, options: Options) -> None:
    if not options.proof and plan.due_letters:
        raise NotDeployed(
            "--no-verify cannot be used while a letter is due: it might lead to pages that are not there. "
            "Leave it out, or leave the letters out: invoke publish --no-verify --no-letters"
        )


def _settle(ledger: Ledger, target: Target, now: datetime) -> None:
    """After a crash between an effect and its line in the ledger: write down what is true now."""
    last = next((entry for entry in reversed(ledger.events()) if entry.action in ("deploy", "rollback")), None)
    live = target.live()
    if last and last.phase is Phase.INTENT:
        phase = Phase.UNKNOWN if live and live.id == last.key else Phase.FAILED  # it is live, and was not read back yet
        facts: dict[str, Fact] = {**last.facts, "settled": True}
        ledger.append(Entry(now, last.action, phase, last.key, target.name, facts))


def _letter_words(written: Entry) -> str:
    number = written.key.rpartition("/")[2]
    outcome = {Phase.INTENT: "begun", Phase.DONE: "done", Phase.FAILED: "failed", Phase.UNKNOWN: "outcome unknown"}[
        written.phase
    ]
    why = written.facts.get("why") or written.facts.get("detail")
    return f"Letter {number}: {written.action}: {outcome}{f' ({why})' if why else ''}"


def describe(
    site: Site, target: Target, mailing_list: MailingList | None, now: datetime, timezone: str, form: str = "text"
) -> str:
    """The plan of a publish as text or JSON; nothing anywhere is changed. Raises what `prepare` raises."""
    truth = _asked(mailing_list)
    with throw_away_folder(site) as folder:
        ledger = Ledger.open(site.ledger)
        plan = prepare(site, folder / "site", target, truth, ledger, now, folder / "cache", mailing_list).plan
    if form == "json":
        return json.dumps(as_data(plan), ensure_ascii=False, indent=2)
    return "\n".join(in_words(plan, timezone))
