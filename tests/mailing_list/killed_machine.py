"""Publishes and sends in processes that kill themselves at a chosen request or ledger write.

A program: URL, jobs on stdin.

A job is a line `FOLDER publish|send COUNT before|after`: the process dies before or after its COUNT-th effect.
`COUNT` 0 lets it run to its end.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from funnel.mailing_list.carry_out import Watch, apply_letters
from funnel.mailing_list.faults import MailingListFault
from funnel.mailing_list.ledger import Ledger
from funnel.mailing_list.mailchimp import Manner, open_mailchimp, wire
from funnel.mailing_list.plan import plan_letters
from funnel.mailing_list.send import send_issue

from .killed_send import Death
from .samples import edition
from .standin.server import KEY

SETTLE = 0.03


def run(folder: Path, url: str, what: str, count: int, moment: str) -> None:
    if count:
        death = Death(count, moment)
        Ledger.append = death.around(Ledger.append)  # type: ignore[method-assign]
        wire.Wire.request = death.around(wire.Wire.request)  # type: ignore[method-assign]
    environ = {
        "MAILCHIMP_API_KEY": KEY,
        "MAILCHIMP_LIST_ID": "a1b2c3d4e5",
        "MAILCHIMP_BASE_URL": url,
        "MAILCHIMP_SETTLE_SECONDS": str(SETTLE),
        "MAILCHIMP_DEADLINE_SECONDS": "2",
    }
    watch = Watch()
    mailing_list = open_mailchimp(environ, "site", Manner("The Desk", "desk@example.com"), watch)
    ledger = Ledger.open(folder / "ledger.jsonl")
    if what == "send":
        print(send_issue(1, [edition()], mailing_list, ledger, watch).words, flush=True)
        return
    steps = plan_letters([edition()], mailing_list.truth(), ledger.events(), watch.now())
    list(apply_letters(steps, mailing_list, ledger, watch))


def main() -> None:
    url = sys.argv[1]
    for job in sys.stdin:
        folder, what, count, moment = job.split()
        child = os.fork()
        if not child:
            try:
                run(Path(folder), url, what, int(count), moment)
            except MailingListFault as fault:
                print(fault, flush=True)
                os._exit(fault.exitcode)
            os._exit(0)
        _pid, status = os.waitpid(child, 0)
        print("=killed" if os.WIFSIGNALED(status) else f"={os.WEXITSTATUS(status)}", flush=True)


if __name__ == "__main__":
    main()
