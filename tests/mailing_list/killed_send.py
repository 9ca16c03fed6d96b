"""Sends an issue in processes that kill themselves at a chosen write. Run as a program: PORT, jobs on stdin.

A job is a line `FOLDER COUNT before|after|both`: the process dies before or after its COUNT-th write; `both`: after it,
and the witness with it, as when a whole machine stops. `FOLDER 0 never` lets it run to its end.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from funnel.mailing_list import carry_out, ledger, letters, outbox, send, witnessed
from funnel.mailing_list.secret import Secret
from funnel.mailing_list.smtp_url import SmtpUrl

from .samples import edition, local_list


class Death:
    """Counts writes and dies at one of them."""

    def __init__(self, count: int, moment: str) -> None:
        self.left, self.moment = count, moment
        self.witnesses: list[int] = []

    def call(self, *args: Any, **more: Any) -> subprocess.Popen[bytes]:
        """Start a witness, and remember it."""
        started = subprocess.Popen(*args, **more)
        self.witnesses.append(started.pid)
        return started

    def around(self, write: Callable[..., Any]) -> Callable[..., Any]:
        def writes(*args: Any, **more: Any) -> Any:
            self.left -= 1
            if self.left == 0 and self.moment == "before":
                os.kill(os.getpid(), signal.SIGKILL)
            result = write(*args, **more)
            if self.left == 0:
                for witness in self.witnesses if self.moment == "both" else []:
                    os.kill(witness, signal.SIGKILL)
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return writes


def run(folder: Path, port: int, count: int, moment: str) -> None:
    if count:
        death = Death(count, moment)
        witnessed.subprocess = SimpleNamespace(**vars(subprocess) | {"Popen": death.call})  # type: ignore[assignment]
        for owner, name in (
            (ledger.Ledger, "append"),
            (letters.Letters, "begin"),
            (letters.Letters, "_set"),
            (letters.Letters, "finish"),
            (outbox, "write_whole"),
        ):
            setattr(owner, name, death.around(getattr(owner, name)))
    mailing_list = local_list(folder, SmtpUrl("127.0.0.1", port, "none", "", Secret("")))
    watch = carry_out.Watch(sleep=lambda _seconds: None)
    send.send_issue(1, [edition()], mailing_list, ledger.Ledger.open(folder / "ledger.jsonl"), watch)


def main() -> None:
    port = int(sys.argv[1])
    for job in sys.stdin:
        folder, count, moment = job.split()
        child = os.fork()
        if not child:
            run(Path(folder), port, int(count), moment)
            os._exit(0)
        _pid, status = os.waitpid(child, 0)
        print("killed" if os.WIFSIGNALED(status) else f"exit {os.WEXITSTATUS(status)}", flush=True)


if __name__ == "__main__":
    main()
