"""The desk's letters on their way to the mail server that the settings name."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage

import pytest
from funnel.publish.desk import NotHandedOver, by_smtp

from tests.mailing_list.mail_server import mail_server


def test_a_wrong_set_up_loses_no_letter_of_the_desk() -> None:
    """Where the mail server takes no letters as it is set up, the letter is put off, not lost, and the owner is told why."""
    message = EmailMessage()
    message["From"], message["To"] = "desk@example.com", "reader@example.com"
    message.set_content("Please confirm.")
    told: list[str] = []
    with mail_server() as room:
        with pytest.raises(NotHandedOver):
            by_smtp(replace(room.url, user="somebody"), told.append)(message)
        assert len(told) == 1 and "nothing was sent" in told[0] and "reader" not in told[0]
        assert not room.took
        by_smtp(room.url, told.append)(message)
        assert room.counts == {"reader@example.com": 1}
    assert len(told) == 1
