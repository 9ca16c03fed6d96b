"""What every test may count on."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent

INSTALL = {
    "chromium": "sudo apt install chromium",
    "sshd": "sudo apt install openssh-server",
    "rsync": "sudo apt install rsync",
    "git": "sudo apt install git",
    "npm": "sudo apt install npm",
    "smtpd": "sudo apt install opensmtpd",
    "dovecot": "sudo apt install dovecot-imapd",
    "spamassassin": "sudo apt install spamassassin",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--heavy", action="store_true", help="also run the tests that take minutes (docs/testing.md)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--heavy"):
        return
    for item in items:
        if "heavy" in item.keywords:
            item.add_marker(pytest.mark.skip(reason="heavy: run with --heavy (docs/testing.md)"))


def pytest_configure(config: pytest.Config) -> None:
    """The same cases at every run, so that a red run means a change; --heavy draws new ones each time."""
    settings.register_profile("same", derandomize=True, deadline=None)
    settings.register_profile("new", deadline=None)
    settings.load_profile("new" if config.getoption("--heavy", default=False) else "same")


@pytest.fixture(scope="session")
def need() -> Callable[[str], str]:
    """Find a program that a test needs. In CI a missing one is a failure; elsewhere the test is named as not run."""

    def find(program: str) -> str:
        if found := shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin"):
            return found
        words = f"not run: {program} is missing. To install it: {INSTALL[program]}"
        if os.environ.get("CI"):
            pytest.fail(words)
        pytest.skip(words)

    return find


@pytest.fixture(scope="session")
def project() -> Path:
    """The root of the project."""
    return ROOT
