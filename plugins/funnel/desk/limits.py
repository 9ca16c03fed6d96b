"""Rate limits, kept in the store so that a restart or a second process does not forget them. No address is kept: only
its keyed hash.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from funnel.people import Book

NETWORKS = {4: 24, 6: 48}
"""How many bits of a network address count as one network."""


@dataclass(frozen=True)
class Limit:
    """At most `count` in each window of time."""

    kind: str
    count: int
    window: timedelta


def network_of(remote: str) -> str:
    """The network that an address belongs to; empty for this machine itself and for what is no address."""
    try:
        address = ipaddress.ip_address(remote)
    except ValueError:
        return ""
    address = (
        getattr(address, "ipv4_mapped", None) or address
    )  # ::ffff:192.0.2.1, as a socket for both families says it
    if address.is_loopback:
        return ""
    return str(ipaddress.ip_network(f"{address}/{NETWORKS[address.version]}", strict=False))


def admit(book: Book, limit: Limit, what: str, now: datetime) -> bool:
    """Count one more of `what` (an address, a network) and say whether that is still within the limit. Inside
    `Book.writing()`.
    """
    seconds = int(limit.window.total_seconds())
    slot = int(now.timestamp()) // seconds * seconds
    bucket = book.keys.seal(f"limit:{limit.kind}:{what}")[:32]
    (count,) = book.store.connection.execute(
        "INSERT INTO attempts VALUES (?, ?, 1) ON CONFLICT (bucket, slot) DO UPDATE SET count = count + 1 RETURNING count",
        (bucket, slot),
    ).fetchone()
    return int(count) <= limit.count


def forget_attempts(book: Book, now: datetime) -> None:
    """Drop counters whose window is over (the longest is a day)."""
    with book.writing():
        oldest = int((now - timedelta(days=2)).timestamp())
        book.store.connection.execute("DELETE FROM attempts WHERE slot < ?", (oldest,))
