"""How the contact book and the desk bear 100,000 people: `python benchmarks/people.py` prints figures beside what is
promised.

Each measure runs in a process of its own on one core. Figures are wall-clock time, in brackets the time that the core
really worked for it (the two differ on a busy machine), and the highest resident memory of that process.
"""

from __future__ import annotations

import http.client
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "plugins"))

from funnel.desk import DeskOptions, Limits, Listening, open_desk, to_outbox
from funnel.desk.serve import server_options
from funnel.people import Book, commands
from funnel.people.verify import verify
from waitress.server import create_server

PEOPLE = 100_000
RATE, SECONDS, CLIENTS = 200, 20, 8
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Measure:
    """One thing measured, and what is promised for it."""

    name: str
    promised: str
    run: Callable[[Path], str]


class Watch:
    """Time since it was made: on the clock, and used of the core."""

    def __init__(self) -> None:
        self._wall, self._core = time.perf_counter(), time.process_time()

    def __str__(self) -> str:
        return f"{time.perf_counter() - self._wall:6.2f} s ({time.process_time() - self._core:.2f} s of the core)"


def write_list(file: Path) -> None:
    """A list of PEOPLE rows as another program might export it: quoted names, notes over two lines, some rows wrong."""
    with file.open("w", encoding="utf-8") as out:
        out.write("Email;First Name;Last Name;Consent date;Note\n")
        for number in range(PEOPLE):
            address = f"person{number}@example.com" if number % 100 else f"person{number} at example.com"
            out.write(f'{address};Zoë;"O\'Neil; {number}";2025-{number % 12 + 1:02}-01 10:00;"met\nonce"\n')


def import_all(var: Path) -> str:
    """The import of 100,000 rows with 1 % of them wrong."""
    watch = Watch()
    lines = commands.import_people(var, var / "list.csv", now=NOW)
    took = str(watch)
    landed = next(line.split()[0] for line in lines if "subscribers" in line)
    return f"{took}, {memory():.0f} MB, {landed} landed"


def import_again(var: Path) -> str:
    """The same file once more: nothing changes."""
    watch = Watch()
    commands.import_people(var, var / "list.csv", now=NOW)
    return f"{watch}, {memory():.0f} MB"


def select(var: Path) -> str:
    """Everybody who may get a letter, each with her own link; the best and the worst of five."""
    with Book.open(var / commands.BOOK) as book:
        results = []
        for _ in range(5):
            watch = Watch()
            people = book.recipients("newsletter", at=NOW)
            results.append(str(watch))
    return f"{sorted(results)[2]}, {memory():.0f} MB, {len(people)} people"


def may_receive(var: Path) -> str:
    """The question that is asked before each letter."""
    with Book.open(var / commands.BOOK) as book:
        watch = Watch()
        for number in range(10_000):
            book.may_receive(f"person{number}@example.com", "newsletter", at=NOW)
        return f"{watch} for 10,000"


def check(var: Path) -> str:
    """The whole chain of the ledger."""
    with Book.open(var / commands.BOOK) as book:
        watch = Watch()
        verdict = verify(book)
        return f"{watch}, {verdict.lines} lines, {len(verdict.problems)} problems"


def desk(var: Path) -> str:
    """RATE requests a second over real HTTP, a third of them writing, while another process selects, asks and writes as
    a send does.
    """
    options = DeskOptions(
        url="https://desk.example.com", site_name="Site", site_url="https://www.example.com", newsletter="Letter",
        sender_name="Site", sender_address="letter@example.com", words="I agree.", limits=Limits(10**9, 10**9, 10**9),
    )  # fmt: skip
    with Book.open(var / commands.BOOK) as book:
        tokens = [one.token for one in book.recipients("newsletter", at=NOW)[-4000:]]
    sending = subprocess.Popen([sys.executable, __file__, "send", str(var)])
    with open_desk(var, options, to_outbox(var / "outbox")) as app:
        server = create_server(app, **server_options(Listening(port=0)))
        threading.Thread(target=server.run, daemon=True).start()
        client = subprocess.run(
            [sys.executable, __file__, "ask", str(server.effective_port), *tokens],
            capture_output=True,
            text=True,
            check=True,
        )
        used = resource.getrusage(resource.RUSAGE_SELF)
    sending.kill()
    sending.wait()
    letters = len(list((var / "outbox").glob("*.eml")))
    share = (used.ru_utime + used.ru_stime) / SECONDS
    return f"{client.stdout.strip()}, {letters} letters; desk used {share:.0%} of a core, {memory():.0f} MB"


def ask(port: int, tokens: list[str]) -> str:
    """The visitors: CLIENTS of them, together RATE requests a second; counts answers that are not 200."""
    lost, times, lock = [0], list[float](), threading.Lock()

    def visit(client: int) -> None:
        chance = random.Random(client)  # noqa: S311 - traffic, no secret
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        began = time.perf_counter()
        for number in range(RATE * SECONDS // CLIENTS):
            time.sleep(max(0.0, began + number * CLIENTS / RATE - time.perf_counter()))
            asked = time.perf_counter()
            line.request(*_request(chance, client * 10**6 + number, tokens))
            answer = line.getresponse()
            answer.read()
            with lock:
                times.append(time.perf_counter() - asked)
                lost[0] += answer.status != 200

    threads = [threading.Thread(target=visit, args=(client,)) for client in range(CLIENTS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    times.sort()
    rate = len(times) / (time.perf_counter() - began)
    return f"{rate:.0f} a second, {lost[0]} lost of {len(times)}, median {times[len(times) // 2] * 1000:.1f} ms, " + (
        f"99 % under {times[len(times) * 99 // 100] * 1000:.0f} ms"
    )


def _request(chance: random.Random, number: int, tokens: list[str]) -> tuple[str, str, str | None, dict[str, str]]:
    kind = chance.random()
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    if kind < 0.3:
        return "POST", "/subscribe", f"email=new{number}%40example.com&name=New", form
    if kind < 0.35:
        return "POST", f"/unsubscribe/{chance.choice(tokens)}", "List-Unsubscribe=One-Click", form
    return "GET", f"/unsubscribe/{chance.choice(tokens)}", None, {}


def send(var: Path) -> None:
    """What a send does to the book: select, then ask before each letter, and now and then write a bounce."""
    while True:
        with Book.open(var / commands.BOOK) as book:
            for number, one in enumerate(book.recipients("newsletter", at=NOW)):
                book.may_receive(one.address, "newsletter", at=NOW)
                if number % 50 == 49:
                    book.bounce(one.address, "newsletter", when=datetime.now(UTC))
                time.sleep(0.002)


def memory() -> float:
    """The highest resident memory of this process, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


MEASURES = {
    "import": Measure("import of 100,000 rows", "<= 20 s, <= 150 MB", import_all),
    "again": Measure("the same import again", "", import_again),
    "select": Measure("selection of recipients", "<= 0.5 s, <= 150 MB", select),
    "may": Measure("may_receive", "", may_receive),
    "verify": Measure("verify", "", check),
    "desk": Measure("desk at 200 requests a second", "none lost, one core", desk),
}


def main(words: list[str]) -> None:
    """Without words: everything. With words: the part of one process."""
    if words[:1] in (["ask"], ["send"]):
        os.sched_setaffinity(0, range(os.cpu_count() or 1))
    if words[:1] == ["ask"]:
        print(ask(int(words[1]), words[2:]))
    elif words[:1] == ["send"]:
        send(Path(words[1]))
    elif words:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        print(MEASURES[words[0]].run(Path(words[1])))
    else:
        with tempfile.TemporaryDirectory() as folder:
            write_list(Path(folder) / "list.csv")
            for key, measure in MEASURES.items():
                result = subprocess.run(
                    [sys.executable, __file__, key, folder], capture_output=True, text=True, check=True
                )
                print(f"{measure.name:<32} {result.stdout.strip():<60} {measure.promised}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
