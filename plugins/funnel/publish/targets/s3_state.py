"""What a bucket remembers beside the site: which release is live, who is at work, and what each kept release consists of.

.two-funnels/state.json              the live release, the one under way and who brings it; written by compare and swap
.two-funnels/records/ID-RANDOM.gz    what release ID consists of. The random part cannot be guessed, so that a bucket
                                     that everybody may read, but not list, does not tell its unlisted addresses
.two-funnels/objects/SHA256          what was overwritten or removed and a kept release still needs
"""

from __future__ import annotations

import gzip
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace

from funnel.publish.targets.port import NotDeployed
from funnel.publish.targets.s3_bucket import Bucket
from funnel.publish.targets.shipment import Shipment, read_shipment, shipment_text

OURS = ".two-funnels/"
STATE = f"{OURS}state.json"
RECORDS = f"{OURS}records/"
OBJECTS = f"{OURS}objects/"
LEASE = 300.0
"""Seconds without a sign of life after which a publish from another machine counts as dead."""
SIGN_OF_LIFE = 60.0
"""Seconds between two signs of life."""


@dataclass(frozen=True)
class State:
    """`live` is the whole release on-line; `towards` the one that `holder` is bringing on-line just now, or empty."""

    live: str = ""
    towards: str = ""
    holder: str = ""
    history: tuple[str, ...] = ()
    tag: str = ""

    @property
    def name(self) -> str | None:
        """The id of what is live: no build has the name of a half-way state."""
        return f"{self.live}..{self.towards}" if self.towards else self.live or None


@dataclass(frozen=True)
class Kept:
    """A release in the bucket, and the tag that each of its objects had when it was live."""

    shipment: Shipment
    tags: Mapping[str, str]


def read_state(bucket: Bucket, holder: str = "") -> State:
    """The state of the bucket. With `holder`, raises NotDeployed while another living one is at work."""
    stored = bucket.get(STATE)
    if stored is None:
        return State()
    try:
        rows = json.loads(stored.body)
        state = State(rows["live"], rows["towards"], rows["holder"], tuple(rows["history"]), stored.tag)
    except (ValueError, KeyError, TypeError) as fault:
        raise NotDeployed(
            f"{STATE} in the bucket cannot be read ({fault}). Bring back an older version of that object."
        ) from fault
    if holder and state.towards and state.holder != holder and stored.age < LEASE:
        raise NotDeployed(
            f"Another machine has been bringing release {state.towards} on-line; its last sign of life is {stored.age:.0f} seconds "
            f"old. Wait until it has ended; if it died, publish again in {LEASE - stored.age:.0f} seconds."
        )
    return state


def write_state(bucket: Bucket, state: State) -> State:
    """Replace the state that was read, and give the new one with its tag. Raises Overtaken when somebody else wrote meanwhile."""
    rows = asdict(state)
    del rows["tag"]
    tag = bucket.put(STATE, json.dumps(rows).encode(), onto=state.tag or None, only_new=not state.tag)
    return replace(state, tag=tag)


def write_record(bucket: Bucket, kept: Kept, name: str = "") -> str:
    """Write what a release consists of, and give the record's path, which a later writing takes as `name`."""
    name = name or f"{RECORDS}{kept.shipment.release}-{secrets.token_hex(16)}.gz"
    rows = {"shipment": shipment_text(kept.shipment), "tags": dict(kept.tags)}
    bucket.put(name, gzip.compress(json.dumps(rows, ensure_ascii=False).encode(), mtime=0))
    return name


def read_record(bucket: Bucket, release: str) -> Kept | None:
    """What a release consists of, or None where it is not kept."""
    found = sorted(records(bucket, release))
    stored = bucket.get(found[-1]) if found else None
    if stored is None:
        return None
    try:
        rows = json.loads(gzip.decompress(stored.body))
        return Kept(read_shipment(rows["shipment"], f"bucket {bucket.name}"), dict(rows["tags"]))
    except (OSError, EOFError, ValueError, KeyError, TypeError) as fault:
        raise NotDeployed(f"The record of release {release} in the bucket cannot be read ({fault}).") from fault


def records(bucket: Bucket, release: str = "") -> list[str]:
    """The paths of the records of one release, or of all."""
    if release and not release.isalnum():
        return []
    return list(bucket.tags(f"{RECORDS}{release}-" if release else RECORDS))
