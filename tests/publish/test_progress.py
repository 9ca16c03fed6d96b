"""What is seen of a long upload and a long send."""

from __future__ import annotations

import io
import sys
from types import SimpleNamespace

import pytest
from funnel.publish import letter_tasks
from funnel.publish.progress import sending, shown


class Terminal(io.StringIO):
    """A stream that says that a person looks at it."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def able(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that can draw, whatever the tests are run in."""
    monkeypatch.setenv("TERM", "xterm")


def test_a_send_shows_how_far_it_is_on_a_terminal_alone() -> None:
    """A bar is drawn from the first letter on and taken away at the end; a file or a program gets nothing at all."""
    for stream in (Terminal(), io.StringIO()):
        with sending(stream) as progress:
            assert stream.getvalue() == ""
            progress(1, 3)
            progress(2, 3)
        seen = stream.getvalue()
        assert ("Sending" in seen and "2/3" in seen) == stream.isatty() == bool(seen)


def test_the_send_task_gives_its_progress_to_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `invoke send` shows is what the list tells of."""
    stream, heard = Terminal(), []
    monkeypatch.setattr(letter_tasks, "sending", lambda: sending(stream))
    monkeypatch.setattr(letter_tasks, "settings_of", lambda _site: None)
    monkeypatch.setattr(letter_tasks, "open_target", lambda *_: None)
    monkeypatch.setattr(letter_tasks, "open_list", lambda *_, progress: heard.append(progress) or progress(1, 2))
    monkeypatch.setattr(letter_tasks, "tell", lambda _events: None)
    context = SimpleNamespace(config=SimpleNamespace(run=SimpleNamespace(dry=False)))
    letter_tasks._with_list(None, context, "send", lambda *_: iter(()))
    assert len(heard) == 1 and "1/2" in stream.getvalue()


def test_what_goes_into_a_file_still_does_while_a_bar_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """`publish > log` at a terminal draws on the terminal, and the sentences stand in the log."""
    monkeypatch.setattr(sys, "stdout", log := io.StringIO())
    with shown("text", Terminal()) as progress:
        progress(1, 2)
        print("On-line")
    assert log.getvalue() == "On-line\n"
