"""One contract for every adapter: what the port promises, each of them keeps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from funnel.mailing_list.faults import MailingListFault, Refused
from funnel.mailing_list.port import MOVES, MailingList, Status

from .machines import Machine, readers
from .samples import NOW, ListedRoll, edition, local_list, people
from .standin.server import standing_in


@dataclass
class Adapter:
    list: MailingList
    at: datetime


@pytest.fixture(params=["local", "mailchimp"])
def adapter(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Adapter]:
    if request.param == "local":
        ListedRoll(tmp_path / "roll.json").write(people(3))
        yield Adapter(local_list(tmp_path), NOW + timedelta(hours=1))
        return
    with standing_in() as (account, url):
        readers(account)
        yield Adapter(Machine(tmp_path, account, url).list(), NOW + timedelta(hours=1))


def test_an_empty_list_has_readers_and_no_campaigns(adapter: Adapter) -> None:
    """Before anything was drafted there are readers and no campaigns."""
    truth = adapter.list.truth()
    assert (
        truth.provider == adapter.list.provider and truth.reachable == 3 and not truth.campaigns and not truth.doubles
    )
    assert truth.settle == adapter.list.settle and truth.schedule_grid > timedelta(0)


def test_a_draft_is_idempotent_by_its_key(adapter: Adapter) -> None:
    """Drafting twice, known or changed, leaves one campaign under the key, still a draft."""
    first = adapter.list.draft(edition(), None)
    again = adapter.list.draft(edition(words="Other words, and more of them."), first)
    truth = adapter.list.truth()
    assert first.id == again.id == truth.campaigns["site/1"].id and len(truth.campaigns) == 1
    assert truth.campaigns["site/1"].status is Status.DRAFT and first.key == "site/1"


def test_a_schedule_goes_and_comes_back(adapter: Adapter) -> None:
    """A schedule is seen in the truth as it was set, moves, and is taken back, twice without harm."""
    campaign = adapter.list.draft(edition(), None)
    for at in (adapter.at, adapter.at, adapter.at + timedelta(hours=1)):
        assert adapter.list.schedule(campaign, at).send_at == at
        assert adapter.list.truth().campaigns["site/1"].status is Status.SCHEDULED
    for _again in (1, 2):
        assert adapter.list.schedule(campaign, None).status is Status.DRAFT


def test_a_send_is_for_ever(adapter: Adapter) -> None:
    """After a send the count is told, a second send changes nothing, and neither draft nor schedule is taken."""
    campaign = adapter.list.draft(edition(), None)
    sent = adapter.list.send(campaign, edition(), None)
    assert sent.status in MOVES[Status.DRAFT] and sent.status.out and sent.sent_count == 3
    assert adapter.list.send(campaign, edition(), None).sent_count == 3
    for change in (
        lambda: adapter.list.draft(edition(words="New"), sent),
        lambda: adapter.list.schedule(sent, adapter.at),
        lambda: adapter.list.schedule(sent, None),
    ):
        with pytest.raises(Refused):
            change()
    assert adapter.list.truth().campaigns["site/1"].status is Status.SENT


def test_a_test_changes_nothing(adapter: Adapter) -> None:
    """A test to addresses leaves the campaign what it was."""
    campaign = adapter.list.draft(edition(), None)
    assert adapter.list.send(campaign, edition(), ["me@example.com"]).status is Status.DRAFT
    assert adapter.list.truth().campaigns["site/1"].status is Status.DRAFT


def test_a_letter_without_a_way_out_is_not_taken(adapter: Adapter) -> None:
    """No adapter takes a letter that nobody can unsubscribe from."""
    with pytest.raises(MailingListFault, match="no way to unsubscribe"):
        adapter.list.draft(replace(edition(), html="<p>Hello</p>"), None)
    assert not adapter.list.truth().campaigns
