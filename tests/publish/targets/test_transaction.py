"""Site first, proved live, then the letters: the whole transaction over small builds, a real list and a real web server."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from builds import built
from funnel.mailing_list.choose import open_list
from funnel.mailing_list.event import Event as Entry
from funnel.mailing_list.event import Phase
from funnel.mailing_list.ledger import Ledger
from funnel.mailing_list.port import MailingList
from funnel.newsletter.edition import Edition
from funnel.newsletter.frozen import freeze
from funnel.newsletter.load import write_edition
from funnel.publish import transaction
from funnel.publish.build import Built, Site
from funnel.publish.plan import make_plan
from funnel.publish.proof import Proof
from funnel.publish.rollback import roll_back
from funnel.publish.stamp import Record, write_record
from funnel.publish.targets import NotDeployed, Release
from funnel.publish.targets.local import LocalTarget
from funnel.publish.transaction import Event, Options, publish
from funnel.publish.verify import Patience
from funnel.settings import Settings
from hosts import read_from
from killing import moments, run_and_kill
from web import from_files, serving

NOW = datetime(2030, 1, 2, 9, 0, tzinfo=UTC)


class House:
    """A project whose build is chosen by the test: everything after the build is real."""

    def __init__(self, root: Path, patch: pytest.MonkeyPatch) -> None:
        self.site = Site(root)
        self.url = "https://site.example"
        self.words, self.pages, self.letters = "one", ["a", "b"], True
        patch.setattr(transaction, "build", self._build)

    @property
    def target(self) -> LocalTarget:
        return LocalTarget(self.site.var / "site", 4)

    @property
    def mailing_list(self) -> MailingList:
        settings = Settings(
            site_key="site",
            newsletter_from_name="The Desk",
            newsletter_from_address="desk@example.com",
            newsletter_postal_address=("1 Example Street",),
        )
        return open_list(settings, {}, self.site.var)

    def publish(self, **options: object) -> list[Event]:
        proof = Proof(self.url, Patience(0.5, 0.05))
        chosen = replace(Options(proof=proof), **options)  # type: ignore[arg-type]
        return list(publish(self.site, self.target, self.mailing_list, NOW, chosen))

    def ledger(self, action: str = "") -> list[tuple[str, Phase]]:
        entries = Ledger.open(self.site.ledger).events()
        return [(entry.action, entry.phase) for entry in entries if action in ("", entry.action)]

    def _build(self, _site: Site, _settings: str, output: Path, *_: object, **__: object) -> Built:
        made = built(output.parent, self.words, self.pages)
        record = write_record(made.record_folder, made.site, self.url, {"surfaces": 1, "rules_digest": "x"}, ())
        self._write_editions(made.record_folder / "editions")
        return replace(made, record=record)

    def _write_editions(self, folder: Path) -> None:
        """Whole or not at all, as a real build does it: these tests are killed here too."""
        new, old = folder.with_name("editions.new"), folder.with_name("editions.old")
        for left in (new, old):
            shutil.rmtree(left, ignore_errors=True)
        if folder.exists():
            folder.rename(old)
        if self.letters:
            write_edition(new / "1", self._edition())
            new.rename(folder)

    def _edition(self) -> Edition:
        body = "Hello %%funnel:name|friend%% %%funnel:consent%% %%funnel:address%% %%funnel:unsubscribe%% %%funnel:preferences%%"
        html = body.replace("%%funnel:unsubscribe%%", '<a href="%%funnel:unsubscribe%%">Leave</a>')
        address = f"{self.url}/a/"
        return Edition(
            "site/1", 1, "Issue 1", "News", "In short", f"<html><body><p>{html}</p></body></html>", body, NOW, None, (),
            "The Desk", "desk@example.com", address, (address,),
        )  # fmt: skip


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    (tmp_path / "var/build").mkdir(parents=True)
    return House(tmp_path, monkeypatch)


@pytest.fixture
def on_line(house: House) -> Iterator[House]:
    """The same with a web server that serves what is live, at an address of its own."""
    with serving(from_files(lambda path: read_from(house.site.var / "site/current", path))) as address:
        house.url = address
        yield house


def test_letters_come_after_the_proof(on_line: House) -> None:
    """Planned, deployed, fetched from the live address, and only then a letter; a second publish does nothing."""
    steps = [event.step for event in on_line.publish()]
    assert steps == ["planned", "deployed", "proved", "letter", "letter", "done"]
    assert on_line.ledger() == [
        ("deploy", Phase.INTENT), ("deploy", Phase.DONE), ("draft", Phase.INTENT), ("draft", Phase.DONE),
    ]  # fmt: skip
    assert [event.step for event in on_line.publish()] == ["planned", "nothing"]


@pytest.mark.parametrize(("live", "phase"), [(True, Phase.UNKNOWN), (False, Phase.FAILED)])
def test_a_deploy_that_was_cut_off_is_written_down_as_what_became_of_it(
    on_line: House, live: bool, phase: Phase
) -> None:
    """The next publish says of a deploy without an end whether its release is live, and proves what is."""
    on_line.publish()
    there = on_line.target.live()
    assert there
    cut_off = Entry(NOW, "deploy", Phase.INTENT, there.id if live else "f" * 16, "local", {"before": None})
    Ledger.open(on_line.site.ledger).append(cut_off)
    assert [event.step for event in on_line.publish()] == ["planned", "proved", "done"]
    assert on_line.ledger("deploy")[2:] == [("deploy", Phase.INTENT), ("deploy", phase), ("deploy", Phase.DONE)]
    assert Ledger.open(on_line.site.ledger).events()[-2].facts["settled"] is True


def test_a_site_that_is_not_seen_live_stops_before_the_letters(house: House) -> None:
    """A host that shows something else: the page is named, no letter is drafted, and the next publish proves again."""
    with serving(from_files(lambda _path: b"a parked domain")) as house.url:
        with pytest.raises(NotDeployed, match="/a/: its content is another one"):
            house.publish()
        with pytest.raises(NotDeployed, match="No letter was touched"):
            house.publish()
    assert house.ledger("draft") == []
    assert house.ledger()[-1] == ("deploy", Phase.UNKNOWN)
    with serving(from_files(lambda path: read_from(house.site.var / "site/current", path))) as house.url:
        assert "letter" in [event.step for event in house.publish()]


def test_without_the_proof_no_letter_is_due(on_line: House) -> None:
    """--no-verify is refused while a letter is due, before anything is changed; without letters it is allowed."""
    with pytest.raises(NotDeployed, match="--no-verify"):
        on_line.publish(proof=None)
    assert on_line.ledger() == []
    on_line.letters = False
    assert [event.step for event in on_line.publish(proof=None)] == ["planned", "deployed", "done"]
    assert [event.step for event in on_line.publish(proof=None)] == ["planned", "nothing"]
    assert [event.step for event in on_line.publish()] == ["planned", "proved", "done"]


def test_a_letter_that_links_to_what_is_not_there_is_not_touched(house: House) -> None:
    """Law 7, for a site without an address of the open net too."""
    house.pages = ["b"]
    with pytest.raises(NotDeployed, match="issue 1 links to"):
        house.publish()
    assert house.ledger("draft") == []


def test_what_drifted_is_put_right_by_the_next_publish(house: House) -> None:
    """The same release with a spoilt live file is deployed again; nothing else happens."""
    house.publish()
    (house.site.var / "site/current/a/index.html").write_text("spoilt", encoding="utf-8")
    assert [event.step for event in house.publish()] == ["planned", "deployed", "proved", "done"]
    assert list(house.target.drift()) == []


@pytest.mark.parametrize(("place", "task"), [("local", "publish"), ("gh-pages", "gh-pages")])
def test_what_another_machine_put_there_without_a_list_needs_a_word(
    house: House, monkeypatch: pytest.MonkeyPatch, place: str, task: str
) -> None:
    """When nobody can tell what would vanish, --yes-delete is asked for, of the task that goes to this very place."""
    named = LocalTarget(house.site.var / "site", 5, name=place)
    monkeypatch.setattr(House, "target", named)
    monkeypatch.setattr(LocalTarget, "live", lambda _self: Release("0123456789abcdef", {}, known=False))
    with pytest.raises(NotDeployed, match=f"invoke {task} --yes-delete"):
        house.publish()


def test_a_rollback_names_what_letters_that_are_out_have_lost(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page of a scheduled letter is gone after the rollback: that is said, not hidden."""
    house.pages, house.letters = ["b"], False
    house.publish()
    house.pages, house.letters, house.words = ["a", "b"], True, "two"
    original = House._edition
    monkeypatch.setattr(
        House, "_edition", lambda self: replace(original(self), send_at=datetime(2031, 1, 1, tzinfo=UTC))
    )
    house.publish()
    events = list(roll_back(house.site, house.target, None, NOW))
    assert [event.step for event in events] == ["rolled-back", "letters", "lost"]
    assert "/a/, which is gone now" in events[-1].words
    assert house.ledger("rollback") == [("rollback", Phase.INTENT), ("rollback", Phase.DONE)]
    back = list(roll_back(house.site, house.target, None, NOW))
    assert "1 pages back" in back[0].words


def test_a_plan_names_the_letters_that_lead_to_what_would_vanish(on_line: House) -> None:
    """An issue that is withdrawn after its letter went out takes away the page that every reader of the letter is led to."""
    on_line.publish()
    record = on_line.site.var / "build" / "site.record"
    (record / "editions/1/source.md").write_text("What it was made from.", encoding="utf-8")
    freeze(record, 1, on_line.site.kept_letters)
    shutil.rmtree(on_line.site.var / "build/site")
    on_line.pages, on_line.letters, on_line.words = ["b"], False, "two"
    planned = on_line.publish()[0]
    assert f"The letter of issue 1 is out and links to {on_line.url}/a/." in planned.words
    assert planned.data["pages"]["lost"] == [{"number": 1, "link": f"{on_line.url}/a/"}]


def test_a_plan_names_no_link_that_stays_or_never_led_anywhere(on_line: House) -> None:
    """Of the links in a letter that is out, the plan names those alone whose page is there now and would be gone."""
    on_line.publish()
    live = on_line.target.live()
    assert live is not None
    links = (
        f"{on_line.url}/a/",
        f"{on_line.url}/a/#top",
        f"{on_line.url}/b/",
        f"{on_line.url}/never/",
        "https://else.example/a/",
    )
    left = {path: entry for path, entry in live.manifest.items() if not path.startswith("a/")}
    record = Record("next", on_line.url, {}, left, ())
    plan = make_plan(record, live.manifest, live.id, (), lambda: [replace(on_line._edition(), links=links)])
    assert [lost.link for lost in plan.lost] == [f"{on_line.url}/a/", f"{on_line.url}/a/#top"]


def test_a_rollback_is_seen_by_a_reader(house: House) -> None:
    """What came back is fetched from the live address too; an address that keeps the other site is named, and the rollback stays."""
    first: dict[str, bytes] = {}
    with serving(
        from_files(lambda path: first.get(path) or read_from(house.site.var / "site/current", path))
    ) as house.url:
        house.publish()
        house.words = "two"
        house.publish()
        proof = Proof(house.url, Patience(0.3, 0.05))
        *_, last = roll_back(house.site, house.target, None, NOW, proof)
        assert last.step == "proved" and "pages and feeds are as they were" in last.words
        first["a/index.html"] = (house.site.var / "site/current/a/index.html").read_bytes()
        with pytest.raises(NotDeployed, match="a reader does not see it yet"):
            list(roll_back(house.site, house.target, None, NOW, proof))
    assert house.ledger("rollback")[-1] == ("rollback", Phase.DONE)


def killed(house: House, count: int) -> int:
    """Publish new words, with a new letter, kill it somewhere, look, and complete it; give how many kills hit."""
    hit, took = 0, 0.3
    for number, part in enumerate(moments(count, seed=5)):
        house.words = f"word {number}"
        hit += not run_and_kill(house.publish, part * took)
        last = house.ledger()[-1][0] if house.ledger() else ""
        drafted = [entry for entry in Ledger.open(house.site.ledger).events() if entry.action in ("draft", "update")]
        live = house.target.live()
        if last in ("draft", "update") and drafted:
            assert live is not None
            assert house.target.drift() == []
            deploys = [entry for entry in Ledger.open(house.site.ledger).events() if entry.action == "deploy"]
            assert (deploys[-1].phase, deploys[-1].key) == (Phase.DONE, live.id)
        began = time.monotonic()
        house.publish()
        took = max(time.monotonic() - began, 0.02)
        assert house.publish()[-1].step == "nothing"
    assert house.ledger("draft").count(("draft", Phase.DONE)) == 1
    return hit


def test_killed_anywhere_no_letter_comes_before_its_pages(house: House) -> None:
    """After every kill: a letter in the ledger means a whole site that was proved before; the next publish completes it."""
    killed(house, 6)


@pytest.mark.heavy
def test_killed_at_many_points_no_letter_comes_before_its_pages(house: House) -> None:
    """The same law at 200 points."""
    assert killed(house, 200) > 60
