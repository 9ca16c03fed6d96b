"""Law 6, under random lives: no import, restore, sync or merge ever raises a person; who left stays out until she asks
again.
"""

from __future__ import annotations

import random
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.people.model import LOWERING, PEOPLE, Twins

PERSON = st.sampled_from(PEOPLE)
FORGED = ("form", "owner", "report", "restore", "undo")
SEQUENCES, STEPS = 200, 50
MEMORY = Path("/dev/shm")


class Lives(RuleBasedStateMachine):
    """One random life of a contact book."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None))
        self.twins = Twins(self.folder)

    @rule(hours=st.integers(0, 60))
    def time_passes(self, hours: int) -> None:
        self.twins.later(hours)

    @rule(who=PERSON)
    def signs_up(self, who: str) -> None:
        self.twins.sign_up(who)

    @rule(who=PERSON)
    def confirms(self, who: str) -> None:
        self.twins.confirm(who)

    @rule(who=PERSON)
    def signs_up_and_confirms(self, who: str) -> None:
        self.twins.sign_up(who)
        self.twins.confirm(who)

    @rule(who=PERSON, how=st.sampled_from(["mailbox", "owner", "form"]))
    def leaves(self, who: str, how: str) -> None:
        self.twins.leave(who, how)

    @rule(who=PERSON)
    def leaves_and_returns(self, who: str) -> None:
        self.twins.change_her_mind(who)

    @rule(who=PERSON, state=st.sampled_from(["bounced", "complained"]))
    def is_refused(self, who: str, state: str) -> None:
        self.twins.refuse(who, state)

    @rule(
        who=PERSON,
        state=st.sampled_from(["confirmed", "pending", *LOWERING]),
        how=st.sampled_from(["import", "provider"]),
        age=st.sampled_from([0, 1, 30, 900]),
    )
    def somebody_claims(self, who: str, state: str, how: str, age: int) -> None:
        self.twins.claim(who, state, how, age)

    @rule(who=PERSON, how=st.sampled_from(FORGED))
    def somebody_forges(self, who: str, how: str) -> None:
        self.twins.forge(who, how)

    @rule(who=PERSON)
    def is_erased(self, who: str) -> None:
        self.twins.erase(who)

    @rule(keep=PERSON, drop=PERSON)
    def is_merged(self, keep: str, drop: str) -> None:
        self.twins.unite(keep, drop)

    @rule()
    def copy_is_kept(self) -> None:
        self.twins.keep_copy()

    @rule(which=st.integers(0, 3))
    def copy_is_put_back(self, which: int) -> None:
        self.twins.put_back(which)

    @rule()
    def export_is_written(self) -> None:
        self.twins.write_export()

    @rule(which=st.integers(0, 5))
    def export_is_imported(self, which: int) -> None:
        self.twins.read_export(which)

    @rule(days=st.sampled_from([0, 31]))
    def unconfirmed_are_forgotten(self, days: int) -> None:
        self.twins.later(days * 24)
        self.twins.forget()

    @rule()
    def book_is_reopened(self) -> None:
        self.twins.reopen()

    @invariant()
    def agrees(self) -> None:
        self.twins.check()

    def teardown(self) -> None:
        self.twins.check_ledger()
        self.twins.close()
        shutil.rmtree(self.folder)


Lives.TestCase.settings = settings(
    max_examples=SEQUENCES,
    stateful_step_count=STEPS,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)


class TestLives(Lives.TestCase):
    """In 200 random lives of 50 steps, the book and a mind that knows only law 6 agree after every step."""


@pytest.mark.heavy
def test_a_million_steps(tmp_path: Path) -> None:
    """A million random steps, in lives of a thousand, leave nobody raised and the ledger unbroken."""
    for life in range(1_000):
        chance = random.Random(life)
        folder = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else tmp_path))
        twins = Twins(folder)
        for _ in range(1_000):
            one_step(twins, chance)
            twins.check()
        twins.check_ledger()
        twins.close()
        shutil.rmtree(folder)


def one_step(twins: Twins, chance: random.Random) -> None:
    """Anything that can happen, at random."""
    who, other, which = chance.choice(PEOPLE), chance.choice(PEOPLE), chance.randrange(6)
    common = [
        lambda: twins.later(which * 10),
        lambda: twins.sign_up(who),
        lambda: twins.confirm(who),
        lambda: twins.leave(who, chance.choice(["mailbox", "owner", "form"])),
        lambda: twins.refuse(who, chance.choice(["bounced", "complained"])),
        lambda: twins.change_her_mind(who),
        lambda: twins.forge(who, chance.choice(FORGED)),
        lambda: twins.claim(
            who,
            chance.choice(["confirmed", "pending", *LOWERING]),
            chance.choice(["import", "provider"]),
            chance.choice([0, 1, 30, 900]),
        ),
    ]
    rare = [
        lambda: twins.erase(who),
        lambda: twins.unite(who, other),
        twins.keep_copy,
        lambda: twins.put_back(which),
        twins.write_export,
        lambda: twins.read_export(which),
        lambda: (twins.later(31 * 24), twins.forget()),
        twins.reopen,
    ]
    chance.choice(common if chance.random() < 0.9 else rare)()
