"""What a bucket needs beyond the contract: an order of uploads, kinds and times, a lease, and nothing that tells unlisted pages."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from builds import built, built_again, words_in
from conftest import free_port
from funnel.publish.manifest import Entry
from funnel.publish.targets import NotDeployed
from funnel.publish.targets.s3 import waves
from funnel.publish.targets.s3_bucket import Bucket, Stored, open_bucket
from funnel.publish.targets.s3_state import LEASE, OBJECTS, OURS, RECORDS, STATE, State, write_state
from funnel.publish.targets.shipment import LABEL
from hosts import S3Host

PATHS = [
    "index.html",
    "new/index.html",
    "assets/site.abc.css",
    "images/a.png",
    "feeds/all.json",
    "feeds/all.rss",
    "feeds/all.xml",
    "sitemap.xml",
    LABEL,
]


def test_the_most_talkative_log_holds_no_token(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """With `invoke --debug` every library may say all it likes; the credentials of the bucket are not in it."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "canary")
    caplog.set_level(logging.DEBUG)
    bucket = open_bucket("bucket", endpoint=f"http://127.0.0.1:{free_port()}", region="x")
    missing = SimpleNamespace(stream=lambda: [b"<Error><Code>NoSuchKey</Code></Error>"])
    bucket.client.meta.events.register("before-send.s3", lambda **_: AWSResponse("http://127.0.0.1/", 404, {}, missing))
    assert bucket.get("a") is None and "canary" not in caplog.text


def requests_of(bucket: Bucket) -> list[tuple[str, str]]:
    """Records what is asked of the service from now on: the operation and the key."""
    seen: list[tuple[str, str]] = []

    def note(params: dict[str, Any], model: Any, **_: object) -> None:
        seen.append((model.name, str(params.get("Key", ""))))

    bucket.client.meta.events.register("provide-client-params.s3", note)
    return seen


def test_what_pages_need_comes_before_them_and_what_announces_them_after() -> None:
    """Assets, new pages, changed pages, feeds, label: each wave is ended before the next begins."""
    assert waves(PATHS, {"index.html": Entry("1")}) == [
        ["assets/site.abc.css", "images/a.png"],
        ["new/index.html"],
        ["index.html"],
        ["feeds/all.json", "feeds/all.rss", "feeds/all.xml", "sitemap.xml"],
        [LABEL],
    ]


def test_only_what_changed_is_sent(bucket: Bucket, tmp_path: Path) -> None:
    """One changed page: that page, the label, and our own notes; nothing else is written."""
    host = S3Host(bucket)
    one = host.target().deploy(built(tmp_path / "1", "one"), None)
    build = built(tmp_path / "2", "one")
    (build.site / "a/index.html").write_text("<title>other</title>", encoding="utf-8")
    changed = built_again(tmp_path / "2")
    seen = requests_of(bucket)
    host.target().deploy(changed, one.id)
    sent = {key.removeprefix("www/") for name, key in seen if name == "PutObject"}
    assert {key for key in sent if not key.startswith(OURS)} == {"a/index.html", LABEL}
    assert not [key for name, key in seen if name == "DeleteObject" and not key.removeprefix("www/").startswith(OURS)]


def test_objects_say_what_they_are_and_how_long_they_keep(bucket: Bucket, tmp_path: Path) -> None:
    """Pages are asked for again each time, fingerprinted files are kept for ever, a feed opens as the page that it is."""
    S3Host(bucket).target().deploy(built(tmp_path / "1", "one"), None)

    def told(path: str) -> tuple[str, str]:
        head = bucket.client.head_object(Bucket=bucket.name, Key=f"www/{path}")
        return head["ContentType"], head["CacheControl"]

    style = next(path for path in bucket.tags("assets/"))
    assert told("index.html") == ("text/html; charset=utf-8", "public, max-age=0, must-revalidate")
    assert told(style) == ("text/css; charset=utf-8", "public, max-age=31536000, immutable")
    assert told("feeds/all.xml")[0] == "application/xml; charset=utf-8"


def test_objects_that_are_not_ours_are_left_alone(bucket: Bucket, tmp_path: Path) -> None:
    """A bucket may hold other things: what no release of ours had is neither removed nor called drift."""
    host = S3Host(bucket)
    bucket.put("downloads/mine.pdf", b"mine")
    one = host.target().deploy(built(tmp_path / "1", "one"), None)
    host.target().deploy(built(tmp_path / "2", "two"), one.id)
    assert host.files()["downloads/mine.pdf"] == b"mine"
    assert list(host.target().drift()) == []


def test_another_machine_at_work_is_waited_for_and_a_dead_one_is_not(
    bucket: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A living lease refuses with how long to wait; one without a sign of life is taken over, and the site made whole."""
    one = S3Host(bucket).target().deploy(built(tmp_path / "1", "one"), None)
    state = State(one.id, "0123456789abcdef", "somebody-else", (one.id,), bucket.get(STATE).tag)  # type: ignore[union-attr]
    write_state(bucket, state)
    build, half = built(tmp_path / "2", "two"), f"{one.id}..0123456789abcdef"
    with pytest.raises(NotDeployed, match="Another machine"):
        S3Host(bucket).target().deploy(build, half)
    old = Bucket.get

    def aged(self: Bucket, path: str) -> Stored | None:
        stored = old(self, path)
        return replace(stored, age=LEASE + 1) if stored else None

    monkeypatch.setattr(Bucket, "get", aged)
    S3Host(bucket).target().deploy(build, half)
    monkeypatch.undo()
    files = S3Host(bucket).files()
    assert words_in(content for path, content in files.items() if path.endswith(".html")) == {"two"}


def test_names_that_everybody_could_guess_tell_no_unlisted_page(bucket: Bucket, tmp_path: Path) -> None:
    """The list of a release's files lies under a name that cannot be guessed, and the state that can be read has no path."""
    S3Host(bucket).target().deploy(built(tmp_path / "1", "one", ["secret-gift"]), None)
    (record,) = bucket.tags(RECORDS)
    assert len(record.removeprefix(RECORDS).partition("-")[2]) >= 32
    assert "secret-gift" not in json.dumps(json.loads(bucket.get(STATE).body))  # type: ignore[union-attr]


def test_what_no_kept_release_needs_is_removed(bucket: Bucket, tmp_path: Path) -> None:
    """Copies for rollback go with the last release that needs them."""
    before = None
    for number in range(4):
        before = S3Host(bucket).target(keep=2).deploy(built(tmp_path / str(number), f"n{number}"), before).id
    kept = {path.removeprefix(RECORDS).partition("-")[0] for path in bucket.tags(RECORDS)}
    assert kept == set(S3Host(bucket).target(keep=2).kept())
    assert 0 < len(bucket.tags(OBJECTS)) <= 6


def test_a_release_with_a_lost_copy_is_not_brought_back(bucket: Bucket, tmp_path: Path) -> None:
    """Rather the site of today whole than that of yesterday in part."""
    host = S3Host(bucket)
    one = host.target().deploy(built(tmp_path / "1", "one"), None)
    host.target().deploy(built(tmp_path / "2", "two"), one.id)
    bucket.delete([next(iter(bucket.tags(OBJECTS)))])
    with pytest.raises(NotDeployed, match="not whole"):
        host.target().restore(one.id)
    assert words_in(content for path, content in host.files().items() if path.endswith(".html")) == {"two"}
