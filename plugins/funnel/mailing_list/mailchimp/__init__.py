"""The adapter for Mailchimp's Marketing API 3.0, over `mailchimp-marketing` 3.0.80.

Nothing outside this folder names it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from funnel.mailing_list.carry_out import Watch
from funnel.mailing_list.mailchimp.account import read_account
from funnel.mailing_list.mailchimp.adapter import MailchimpList
from funnel.mailing_list.mailchimp.api import Api
from funnel.mailing_list.mailchimp.body import Manner


def open_mailchimp(
    environ: Mapping[str, str],
    site_key: str,
    manner: Manner,
    watch: Watch,
    known: Callable[[], Mapping[str, str]] = dict,
) -> MailchimpList:
    """Open the list at Mailchimp. Asks nobody yet. Raises SetupFault where the environment is not enough.

    `known` gives the keys of the campaigns that we made, by their ids.
    """
    return MailchimpList(Api(read_account(environ), watch), site_key, manner, known)


__all__ = ["MailchimpList", "Manner", "open_mailchimp"]
