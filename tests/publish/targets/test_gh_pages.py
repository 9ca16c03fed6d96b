"""A branch as a live site: commits, the domain's file, and what people do to the branch by hand."""

from __future__ import annotations

import base64
import re
import subprocess
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from builds import built, words_in
from conftest import make_host
from funnel.publish.targets import NotDeployed
from funnel.publish.targets.git import Branch, address_of
from hosts import GitHost, git_host


@pytest.fixture
def git(request: pytest.FixtureRequest, tmp_path: Path) -> GitHost:
    request.getfixturevalue("need")("git")
    return git_host(tmp_path / "git")


def commits(host: GitHost) -> int:
    told = subprocess.run(
        ["git", "-C", str(host.bare), "rev-list", "--count", "gh-pages"], capture_output=True, text=True, check=True
    )
    return int(told.stdout)


def test_the_same_tree_is_not_pushed_again(git: GitHost, tmp_path: Path) -> None:
    """A deploy of what is live makes no commit; every other one makes exactly one."""
    build = built(tmp_path / "1", "one")
    one = git.target().deploy(build, None)
    git.target().deploy(build, one.id)
    assert commits(git) == 1
    git.target().deploy(built(tmp_path / "2", "two"), one.id)
    assert commits(git) == 2


def test_the_hosts_own_files_stay(git: GitHost, tmp_path: Path) -> None:
    """.nojekyll is always there; a CNAME that the host has written is kept, and is no part of the release."""
    one = git.target().deploy(built(tmp_path / "1", "one"), None)
    git.commit_by_hand({**git.files(), "CNAME": b"www.example.org\n"}, "Create CNAME")
    assert git.target().live() == one
    git.target().deploy(built(tmp_path / "2", "two"), one.id)
    assert git.files()["CNAME"] == b"www.example.org\n"
    assert git.files()[".nojekyll"] == b""


def test_a_branch_that_others_made_is_read_as_what_it_is(git: GitHost, tmp_path: Path) -> None:
    """A site that was there before us has a release of its own, so the plan can tell what would vanish."""
    git.commit_by_hand({"index.html": b"<title>by hand</title>", ".nojekyll": b""}, "First site")
    live = git.target().live()
    assert live is not None
    assert list(live.manifest) == ["index.html"]
    git.target().deploy(built(tmp_path / "1", "one"), live.id)
    assert words_in(content for path, content in git.files().items() if path.endswith(".html")) == {"one"}


def test_over_ssh_it_is_the_same(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Deploy and rollback through a real ssh server."""
    host = make_host("gh-pages over ssh", tmp_path, request)
    one = host.target().deploy(built(tmp_path / "1", "one"), None)
    two = host.target().deploy(built(tmp_path / "2", "two"), one.id)
    assert host.target().restore(one.id) == one
    assert host.target().kept() == [one.id, two.id]


def test_a_filter_of_the_owners_git_touches_no_byte(git: GitHost, tmp_path: Path) -> None:
    """A .gitattributes or an ignored name in the site changes nothing in what readers get."""
    build = built(tmp_path / "1", "one")
    for name, content in {
        ".gitattributes": b"* text eol=crlf\n",
        ".gitignore": b"*.html\n",
        "x.html": b"a\r\nb\n",
    }.items():
        (build.site / name).write_bytes(content)
    git.target().deploy(build, None)
    assert git.files()["x.html"] == b"a\r\nb\n"
    assert "index.html" in git.files()


def test_no_password_stands_in_a_message(tmp_path: Path) -> None:
    """A remote with a token in its address fails without showing it."""
    for password in ("s3cret", "s3@cret"):
        branch = Branch(tmp_path / "mirror", f"https://x:{password}@127.0.0.1:9/site.git", "gh-pages", 3)
        with pytest.raises(NotDeployed) as refused:
            branch.tip()
        assert "cret" not in str(refused.value)


class Asking(BaseHTTPRequestHandler):
    """A git server without branches that wants to know who comes, and looks at what runs on the machine meanwhile."""

    came: ClassVar[list[str]] = []
    lines: ClassVar[list[bytes]] = []

    def do_GET(self) -> None:
        for process in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                self.lines.append(process.read_bytes())
        self.came.append(self.headers.get("Authorization", ""))
        self.send_response(200 if self.came[-1] else 401)
        self.send_header("WWW-Authenticate", 'Basic realm="git"')
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_a_token_in_the_address_stands_on_no_command_line(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """git and its own programs show the address to everybody on the machine, so they get it without the token; the host is told."""
    request.getfixturevalue("need")("git")
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "credential.helper")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "!echo username=other; echo password=another #")
    monkeypatch.setattr(Asking, "came", [])
    monkeypatch.setattr(Asking, "lines", [])
    with ThreadingHTTPServer(("127.0.0.1", 0), Asking) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        remote = f"http://me:t0%40ken@127.0.0.1:{server.server_port}/site.git"
        assert Branch(tmp_path / "mirror", remote, "gh-pages", 3).tip() is None
        server.shutdown()
    assert Asking.came[-1] == f"Basic {base64.b64encode(b'me:t0@ken').decode()}"
    assert any(b"ls-remote" in line for line in Asking.lines) and any(b"remote-http" in line for line in Asking.lines)
    assert not [line for line in Asking.lines if re.search(rb"t0(%40|@)ken", line)]


@pytest.mark.parametrize(
    "told", [{}, {"user.email": "me@example.com"}, {"user.name": "Me", "user.email": "me@example.com"}]
)
def test_whoever_git_knows_or_nobody_can_publish(
    told: dict[str, str], git: GitHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that git was told for the site's repository alone is taken; what it was not told is filled in."""
    subprocess.run(["git", "init", "-q", str(tmp_path / "repo")], check=True)
    for name, value in told.items():
        subprocess.run(["git", "-C", str(tmp_path / "repo"), "config", name, value], check=True)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.chdir(tmp_path / "repo")
    git.target().deploy(built(tmp_path / "1", "one"), None)
    shown = ["git", "-C", str(git.bare), "log", "-1", "--format=%an %ae", "gh-pages"]
    who = subprocess.run(shown, capture_output=True, text=True, check=True).stdout
    assert who.split()[-1] == told.get("user.email", "publish@two-funnels.example")
    assert who.startswith(told.get("user.name", "Two Funnels"))


def test_settings_for_git_in_the_environment_are_kept_whole(
    git: GitHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where GIT_CONFIG_COUNT says that names and values follow, they do."""
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "user.email")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "job@example.com")
    assert git.target().deploy(built(tmp_path / "1", "one"), None) == git.target().live()


@pytest.mark.parametrize("left", ["shallow.lock", "refs/live.lock"])
def test_a_lock_that_a_killed_fetch_left_stops_no_publish(left: str, git: GitHost, tmp_path: Path) -> None:
    """Our repository is only a copy: where git cannot go on in it, it is made anew."""
    one = git.target().deploy(built(tmp_path / "1", "one"), None)
    git.commit_by_hand({**git.files(), "more.txt": b"more"}, "By hand")
    (git.folder / git.mirror / left).touch()
    live = git.target().live()
    assert live is not None and live != one
    git.target().deploy(built(tmp_path / "2", "two"), live.id)


def test_half_a_repository_of_ours_is_made_anew(git: GitHost, tmp_path: Path) -> None:
    """What a kill or a power cut left of it stops no publish: a file HEAD alone is no repository."""
    (git.folder / git.mirror).mkdir()
    (git.folder / git.mirror / "HEAD").touch()
    git.target().deploy(built(tmp_path / "1", "one"), None)


def test_a_remote_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The name of a remote that the repository does not have is refused with what to do."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    with pytest.raises(NotDeployed, match="git remote add nowhere"):
        address_of("nowhere", tmp_path)
