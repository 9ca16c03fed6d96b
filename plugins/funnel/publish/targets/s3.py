"""A bucket that serves the site. Objects change one by one, so the order is what keeps every moment whole for a reader:

1. style sheets, pictures and the like: no page asks for one that is not there;
2. pages that are new: nothing links to them yet;
3. pages that change: what they link to is there;
4. feeds, sitemap and the like, which announce pages; 5. the label; 6. removals: no page links there any more.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from funnel.publish.build import Built
from funnel.publish.manifest import Manifest
from funnel.publish.targets.port import Finding, NotDeployed, Progress, Release, not_kept, quiet, refuse_stale
from funnel.publish.targets.s3_bucket import AT_ONCE, Bucket, Gone, Overtaken
from funnel.publish.targets.s3_state import (
    OBJECTS,
    OURS,
    SIGN_OF_LIFE,
    Kept,
    State,
    read_record,
    read_state,
    records,
    write_record,
    write_state,
)
from funnel.publish.targets.shipment import LABEL, Shipment, load

CLOCK_SLACK = 120.0
"""Seconds by which two clocks may differ; at 900 the service refuses every request."""


def waves(paths: Iterable[str], old: Manifest) -> list[list[str]]:
    """The order in which files of a new release may become visible, given those that are live; a wave is ended before the next."""
    order: list[list[str]] = [[], [], [], [], []]
    for path in sorted(paths):
        page, announces = (
            path.endswith(".html"),
            path.endswith((".xml", ".rss", ".json", ".txt")) and not path.startswith("assets/"),
        )
        wave = 4 if path == LABEL else (2 if path in old else 1) if page else 3 if announces else 0
        order[wave].append(path)
    return order


class S3Target:
    """A bucket. `machine` is a name that only this machine has, by which it knows its own interrupted work again."""

    name = "s3"

    def __init__(self, bucket: Callable[[], Bucket], keep: int, machine: str, *, progress: Progress = quiet) -> None:
        self._open = bucket
        self._keep = keep
        self._machine = machine
        self._progress = progress

    def live(self) -> Release | None:
        bucket = self._open()
        state = read_state(bucket)
        return Release(state.name, _both(bucket, state)) if state.name else None

    def deploy(self, built: Built, onto: str | None) -> Release:
        bucket = self._open()
        state = read_state(bucket, self._machine)
        refuse_stale(onto, state.name)
        shipment, beside = load(built, {})
        folders = {**dict.fromkeys(shipment.manifest, built.site), **dict.fromkeys(shipment.beside, beside)}
        run = _Run(bucket, state, self._progress)
        changed = [path for path, folder in folders.items() if not run.has(path, shipment, _tag_of(folder / path))]
        run.bring(shipment, changed, lambda path: bucket.put(path, (folders[path] / path).read_bytes()), self._machine)
        self._prune(run)
        return Release(shipment.release, shipment.manifest)

    def restore(self, release: str) -> Release:
        bucket = self._open()
        state = read_state(bucket, self._machine)
        wanted = read_record(bucket, release)
        if wanted is None or release not in _kept(state):
            raise not_kept(release, self.kept())
        run, files = _Run(bucket, state, self._progress), wanted.shipment.files
        changed = [path for path in files if not run.has(path, wanted.shipment, wanted.tags.get(path))]
        if lost := [path for path in changed if f"{OBJECTS}{files[path].sha256}" not in run.there]:
            raise NotDeployed(
                f"Release {release} is not whole: {lost[0]} is gone from the bucket. Nothing was changed."
            )
        run.bring(
            wanted.shipment, changed, lambda path: bucket.copy(f"{OBJECTS}{files[path].sha256}", path), self._machine
        )
        return Release(release, wanted.shipment.manifest)

    def kept(self) -> Sequence[str]:
        return _kept(read_state(self._open()))[: self._keep]

    def drift(self) -> Sequence[str]:
        bucket = self._open()
        state = read_state(bucket)
        kept = read_record(bucket, state.live)
        there = bucket.tags() if kept else {}
        return sorted(path for path, tag in kept.tags.items() if there.get(path) != tag) if kept else []

    def examine(self) -> Sequence[Finding]:
        try:
            bucket = self._open()
            what, before = f"Bucket {bucket.name}", datetime.now(UTC)
            clock = bucket.clock()
            probe = f"{OURS}probe-{self._machine}"
            bucket.put(probe, b"")
            bucket.delete([probe])
        except NotDeployed as fault:
            return [Finding("The bucket", str(fault))]
        apart = abs((clock - before).total_seconds()) if clock else 0.0
        late = f"It differs from the service's by {apart:.0f} seconds. Set it (NTP)." if apart > CLOCK_SLACK else ""
        return [Finding(f"{what}: can be read and written"), Finding("The clock of this machine", late)]

    def _prune(self, run: _Run) -> None:
        """Forget releases that are too old, and what only they needed."""
        bucket, keep = run.bucket, _kept(run.state)[: self._keep]
        stale = [path for path in records(bucket) if path.removeprefix(f"{OURS}records/").partition("-")[0] not in keep]
        if stale:
            bucket.delete(stale)
            known = [kept for release in keep if (kept := read_record(bucket, release))]
            needed = {entry.sha256 for kept in known for entry in kept.shipment.files.values()}
            bucket.delete(path for path in bucket.tags(OBJECTS) if path.removeprefix(OBJECTS) not in needed)


class _Run:
    """One way from what lies in the bucket to a release: the lease, what is put by, the waves, the removals."""

    def __init__(self, bucket: Bucket, state: State, progress: Progress) -> None:
        self.bucket = bucket
        self.state = state
        self.there = bucket.tags()
        self._old = [kept for name in (state.live, state.towards) if name and (kept := read_record(bucket, name))]
        self._progress = progress
        self._beat = time.monotonic()

    def has(self, path: str, wanted: Shipment, tag: str | None) -> bool:
        """Whether an object is what is wanted: it has the tag, or still the one that it had when a release was live."""
        now, entry = self.there.get(path), wanted.files[path]
        same = (kept.tags.get(path) for kept in self._old if kept.shipment.files.get(path) == entry)
        return now is not None and (now == tag or now in same)

    def bring(self, new: Shipment, changed: Sequence[str], put: Callable[[str], str], machine: str) -> None:
        """Bring `new` on-line: `put` makes one changed file visible and gives its tag. Raises NotDeployed."""
        files = [kept.shipment.files for kept in self._old]
        gone = sorted({path for known in files for path in known if path in self.there} - new.files.keys())
        tags = {path: tag for path, tag in self.there.items() if path in new.files and path not in changed}
        self._step(replace(self.state, towards=new.release, holder=machine))
        record = write_record(self.bucket, Kept(new, tags))
        self._put_by({*changed, *gone})
        before = {path: entry for known in files for path, entry in known.items() if path in self.there}
        for wave in waves(changed, before):
            tags.update(zip(wave, self._each(put, wave, len(changed)), strict=True))
        self._each(lambda path: self.bucket.delete([path]), gone, 0)
        write_record(self.bucket, Kept(new, tags), record)
        self.bucket.delete(path for path in records(self.bucket, new.release) if path != record)
        history = (*(name for name in self.state.history if name != new.release), new.release)[-100:]
        self._step(State(new.release, "", "", history, self.state.tag))

    def _put_by(self, paths: set[str]) -> None:
        """Copy inside the bucket, by its content, what a release has and is about to lose."""
        copies = {
            f"{OBJECTS}{entry.sha256}": path
            for kept in self._old
            for path, entry in kept.shipment.files.items()
            if path in paths and self.there.get(path) == kept.tags.get(path)
        }
        self._each(
            lambda copy: self._copy_if_there(copies[copy], copy), [copy for copy in copies if copy not in self.there], 0
        )

    def _copy_if_there(self, source: str, copy: str) -> str:
        """Requests of a publish that was killed may still be carried out: what they removed meanwhile, they had put by."""
        try:
            return self.bucket.copy(source, copy)
        except Gone:
            return ""

    def _each(self, act: Callable[[str], str | None], paths: Sequence[str], of: int) -> list[str]:
        """Do it for every path, several at a time, and give the results in the order of the paths."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            running = {pool.submit(act, path): path for path in paths}
            results: dict[str, str] = {}
            try:
                for done, future in enumerate(as_completed(running), start=1):
                    results[running[future]] = future.result() or ""
                    self._show(done, of)
            except NotDeployed as fault:
                pool.shutdown(cancel_futures=True)
                raise NotDeployed(
                    f"{fault}\nThe new site is on-line in part: every page works, and links only to pages that are there. "
                    "No letter was touched. Publish again to complete it."
                ) from fault
        return [results[path] for path in paths]

    def _show(self, done: int, of: int) -> None:
        if of:
            self._progress(done, of)
        if time.monotonic() - self._beat > SIGN_OF_LIFE:
            self._step(self.state)

    def _step(self, state: State) -> None:
        try:
            self.state = write_state(self.bucket, state)
        except Overtaken:
            now = read_state(self.bucket)
            raise NotDeployed(
                f"Somebody else published meanwhile: now it is {now.name or 'nothing'} that is live. This publish stopped there. "
                "Fetch their changes, then publish again."
            ) from None
        self._beat = time.monotonic()


def _kept(state: State) -> list[str]:
    return list(reversed(state.history))


def _both(bucket: Bucket, state: State) -> Manifest:
    """The files of the live release; half-way, also those of the one under way."""
    found = [kept for name in (state.towards, state.live) if name and (kept := read_record(bucket, name))]
    manifests = [kept.shipment.manifest for kept in found]
    return {path: entry for manifest in manifests for path, entry in manifest.items()}


def _tag_of(path: Path) -> str:
    """The tag that S3 gives to an object that was written in one piece, without a key of the owner's: its MD5."""
    return f'"{hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()}"'
