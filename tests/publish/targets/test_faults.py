"""What goes wrong at a host: a clear message, and yesterday's site live as it was."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from builds import built, words_in
from conftest import SshServer, free_port, start_ssh
from funnel.publish.build import Built
from funnel.publish.targets import NotDeployed
from funnel.publish.targets import rsync_scripts as scripts
from funnel.publish.targets.command import NOT_FOR_IT, CommandTarget
from funnel.publish.targets.local import LocalTarget
from funnel.publish.targets.rsync import RsyncTarget
from funnel.publish.targets.s3 import S3Target
from funnel.publish.targets.s3_bucket import Bucket, open_bucket
from funnel.publish.targets.ssh import ask, place_of
from hosts import Examinable, Host, command_host, git_host, local_host, rsync_host
from proxy import Line, forwarding


def pages(host: Host) -> set[str]:
    return words_in(content for path, content in host.files().items() if path.endswith(".html"))


def large(folder: Path, word: str) -> Built:
    """A build with a file that is larger than the small disk of these tests."""
    return built(folder, word, ["a", "b", "x" * 200, *[f"p{n}" for n in range(3)]], ballast=400_000)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 300 KB."""
    folder = tmp_path / "small"
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if done.returncode:
        pytest.skip("not run: making a small file system needs the rights of root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("kind", ["local", "rsync"])
def test_a_full_disk_leaves_the_old_site(
    kind: str, small_disk: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """No space left: the message says so, readers see the old site, and a smaller build can be deployed at once."""
    folder = small_disk / "www"
    host = local_host(folder) if kind == "local" else rsync_host(folder, request.getfixturevalue("ssh").place(folder))
    one = host.target().deploy(built(tmp_path / "1", "one"), None)
    with pytest.raises(NotDeployed, match=r"(?i)no space left.*\n.*live still"):
        host.target().deploy(large(tmp_path / "2", "two"), one.id)
    assert pages(host) == {"one"}
    assert list(host.target().drift()) == []
    host.target().deploy(built(tmp_path / "3", "three"), one.id)
    assert pages(host) == {"three"}


@pytest.mark.parametrize("kind", ["local", "rsync"])
def test_a_disk_that_became_read_only_leaves_the_old_site(
    kind: str, small_disk: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """A disk that takes no writes any more is named with what to do, by publish and by doctor; the site is read as before."""
    folder = small_disk / "www"
    host = local_host(folder) if kind == "local" else rsync_host(folder, request.getfixturevalue("ssh").place(folder))
    one = host.target().deploy(built(tmp_path / "1", "one"), None)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(NotDeployed, match="right"):
        host.target().deploy(built(tmp_path / "2", "two"), one.id)
    assert any("right to" in found.mend for found in host.target().examine())
    assert pages(host) == {"one"} and host.target().live() == one and list(host.target().drift()) == []
    subprocess.run(["mount", "-o", "remount,rw", str(small_disk)], check=True)
    host.target().deploy(built(tmp_path / "3", "three"), one.id)
    assert pages(host) == {"three"}


@pytest.mark.parametrize("kind", ["local", "rsync"])
def test_a_folder_that_nobody_may_write_is_named(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """A place where even root may write nothing is refused with what to do, by publish and by doctor."""
    folder = Path("/sys/two-funnels")
    target: Examinable = LocalTarget(folder, 2)
    if kind == "rsync":
        target = RsyncTarget(request.getfixturevalue("ssh").place(folder), 2)
    with pytest.raises(NotDeployed, match="right"):
        target.deploy(built(tmp_path / "1", "one"), None)
    assert any("right to" in found.mend for found in target.examine())


@pytest.mark.parametrize("kind", ["local", "rsync"])
def test_a_folder_in_the_place_of_the_link_is_refused(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """What is not ours is not replaced: the message names it, and nothing in it is touched."""
    folder = tmp_path / "www"
    host = local_host(folder) if kind == "local" else rsync_host(folder, request.getfixturevalue("ssh").place(folder))
    host.target().deploy(built(tmp_path / "1", "one"), None)
    (folder / "current").unlink()
    (folder / "current").mkdir()
    (folder / "current/mine.txt").write_text("mine", encoding="utf-8")
    for act in (lambda: host.target().live(), lambda: host.target().deploy(built(tmp_path / "2", "two"), None)):
        with pytest.raises(NotDeployed, match="Move it away"):
            act()
    assert any("Move it away" in found.mend for found in host.target().examine())
    assert (folder / "current/mine.txt").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("came", [b"", b'{"release": '])
def test_half_a_record_is_never_put_on_line(came: bytes, ssh: SshServer, tmp_path: Path) -> None:
    """A line that breaks while the record of a release is on its way looks like its end there: the old site stays."""
    folder = tmp_path / "www"
    host, place = rsync_host(folder, ssh.place(folder)), ssh.place(folder)
    one = host.target().deploy(built(tmp_path / "1", "one"), None)
    ask(place, scripts.BEGIN, ".cut.partial")
    with pytest.raises(NotDeployed, match="the line broke"):
        ask(place, scripts.SWITCH, ".cut.partial", "cut", one.id, "3", "400", given=came)
    assert pages(host) == {"one"} and host.target().live() == one
    assert [path.name for path in (folder / "releases").iterdir()] == [one.id]


@pytest.mark.parametrize("after", [500, 3_500, 5_500, 7_500])
def test_a_line_that_breaks_leaves_a_whole_site(after: int, ssh: SshServer, tmp_path: Path) -> None:
    """Wherever the connection is lost, the site is the old or the new one, and the next publish goes on from there."""
    folder = tmp_path / "www"
    host = rsync_host(folder, ssh.place(folder))
    one = host.target().deploy(built(tmp_path / "1", "one"), None)
    build = built(tmp_path / "2", "two")
    config = tmp_path / "config"
    text = ssh.config.read_text(encoding="utf-8")
    config.write_text(f"Host *\n  HostKeyAlias [127.0.0.1]:{ssh.port}\n{text}", encoding="utf-8")
    with forwarding(ssh.port, Line(after)) as port:
        place = replace(ssh.place(folder), port=port, config=str(config))
        with pytest.raises(NotDeployed) as told:
            RsyncTarget(place, 3).deploy(build, one.id)
    assert "publish again" in str(told.value) or "invoke status" in str(told.value)
    assert pages(host) in ({"one"}, {"two"})
    live = host.target().live()
    assert live is not None
    host.target().deploy(build, live.id)
    assert pages(host) == {"two"}
    assert list(host.target().drift()) == []


def test_no_clock_decides_what_is_kept(ssh: SshServer, tmp_path: Path) -> None:
    """With dates on the other machine that make no sense, the order of releases is still that in which they went on-line."""
    host = rsync_host(tmp_path / "www", ssh.place(tmp_path / "www"))
    before, names = None, []
    for number, year in enumerate((2001, 2040, 1999)):
        before = host.target(keep=2).deploy(built(tmp_path / str(number), f"n{number}"), before).id
        names.append(before)
        when = time.mktime((year, 1, 1, 0, 0, 0, 0, 0, 0))
        os.utime(tmp_path / "www/releases" / before, (when, when))
    assert list(host.target().kept()) == [names[2], names[1]]


def test_a_wrong_clock_is_told_by_doctor(ssh: SshServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An hour between two clocks is found before the first use."""
    target = RsyncTarget(ssh.place(tmp_path / "www"), 2)
    assert not any(found.mend for found in target.examine())
    now = time.time
    monkeypatch.setattr("funnel.publish.targets.rsync.time.time", lambda: now() + 3600)
    (late,) = [found for found in target.examine() if found.mend]
    assert "differs by 3" in late.mend


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("ssh://nobody-here@127.0.0.1:{port}/srv/www", "does not accept your key"),
        ("ssh://127.0.0.1:{closed}/srv/www", "Look at the connection"),
    ],
)
def test_a_machine_that_cannot_be_reached_is_said_plainly(
    address: str, words: str, ssh: SshServer, tmp_path: Path
) -> None:
    """A wrong user, or nobody at the port: what, why, what to do; and doctor says the same."""
    place = place_of(address.format(port=ssh.port, closed=free_port()), str(ssh.config))
    target = RsyncTarget(place, 2)
    with pytest.raises(NotDeployed, match=words):
        target.deploy(built(tmp_path / "1", "one"), None)
    assert any(words in found.mend for found in target.examine())


@pytest.mark.parametrize("forced", ["true", "echo This account is for file transfer only."])
def test_an_account_that_runs_no_command_is_named(forced: str, tmp_path: Path, need: Callable[[str], str]) -> None:
    """A key that is kept to one command lets us in and does nothing: said by publish and by doctor, with what to do."""
    folder = Path(tempfile.mkdtemp(prefix="two-funnels-ssh-"))
    server = start_ssh(need("sshd"), folder)
    key = (folder / "client.pub").read_text(encoding="utf-8")
    (folder / "authorized").write_text(f'command="{forced}" {key}', encoding="utf-8")
    target = RsyncTarget(server.place(tmp_path / "www"), 2)
    with pytest.raises(NotDeployed, match="ran no command of ours"):
        target.live()
    assert "may run sh and rsync" in target.examine()[0].mend
    server.process.terminate()
    server.process.wait()
    shutil.rmtree(folder)


def test_a_long_name_of_the_folder_for_passing_files_stops_nothing(
    ssh: SshServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the socket of a shared line would have too long a name, each call has a line of its own."""
    long = tmp_path / ("x" * 60)
    long.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(long))
    host = rsync_host(tmp_path / "www", ssh.place(tmp_path / "www"))
    assert host.target().deploy(built(tmp_path / "1", "one"), None) == host.target().live()


def test_rsync_takes_an_address_of_ipv6_in_brackets() -> None:
    """Else it would end the host at the first colon."""
    place = place_of("ssh://deploy@[2001:db8::1]/srv/www")
    assert (place.login, place.bracketed) == ("deploy@2001:db8::1", "deploy@[2001:db8::1]")
    assert place_of("ssh://deploy@www.example.com/srv/www").bracketed == "deploy@www.example.com"


def test_a_machine_that_is_another_one_is_not_trusted(ssh: SshServer, tmp_path: Path) -> None:
    """A changed host key stops everything before a byte is sent."""
    config = tmp_path / "config"
    text = ssh.config.read_text(encoding="utf-8")
    config.write_text("Host *\n  HostKeyAlias stranger\n" + text, encoding="utf-8")
    target = RsyncTarget(replace(ssh.place(tmp_path / "www"), config=str(config), host="localhost"), 2)
    with pytest.raises(NotDeployed, match="does not know that one"):
        target.live()


def test_a_branch_that_may_not_be_pushed_keeps_its_site(tmp_path: Path, need: Callable[[str], str]) -> None:
    """A hook of the host that says no: its words are passed on, and the branch stays."""
    need("git")
    host = git_host(tmp_path / "git")
    one = host.target().deploy(built(tmp_path / "1", "one"), None)
    hook = host.bare / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'this branch is protected'; exit 1\n", encoding="utf-8")
    hook.chmod(0o755)
    with pytest.raises(NotDeployed, match=r"(?s)protected.*live still"):
        host.target().deploy(built(tmp_path / "2", "two"), one.id)
    assert pages(host) == {"one"}


def test_a_command_that_fails_is_quoted_and_run_again(tmp_path: Path) -> None:
    """The last words of the program stand in the message; the next publish knows that it did not end well."""
    host = command_host(tmp_path / "host")
    one = host.target().deploy(built(tmp_path / "1", "one"), None)
    program = (host.folder / "host.py").read_text(encoding="utf-8")
    (host.folder / "host.py").write_text("print('the host is closed today'); raise SystemExit(9)", encoding="utf-8")
    build = built(tmp_path / "2", "two")
    with pytest.raises(NotDeployed, match=r"(?s)exit code 9.*closed today"):
        host.target().deploy(build, one.id)
    live = host.target().live()
    assert live is not None
    assert live.id == f"{one.id}..{build.record.release}"
    (host.folder / "host.py").write_text(program, encoding="utf-8")
    host.target().deploy(build, live.id)
    assert pages(host) == {"two"}


def test_a_host_s_program_is_given_none_of_the_letters_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What brings a site on-line has its own token, and sees neither the mail server's password nor Mailchimp's key."""
    for name in (*NOT_FOR_IT, "NETLIFY_AUTH_TOKEN"):
        monkeypatch.setenv(name, "hidden")
    host = command_host(tmp_path / "host")
    program = host.folder / "host.py"
    told = (
        "import os\nopen('told', 'w').write(' '.join(key for key, value in os.environ.items() if value == 'hidden'))\n"
    )
    program.write_text(told + program.read_text(encoding="utf-8"), encoding="utf-8")
    host.target().deploy(built(tmp_path / "1", "one"), None)
    assert (host.folder / "told").read_text(encoding="utf-8") == "NETLIFY_AUTH_TOKEN"


def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Before anything is run, and by doctor too."""
    store = LocalTarget(tmp_path / "mine", 2)
    target = CommandTarget("no-such-program {folder}", tmp_path, tmp_path / "mine", store, None)
    with pytest.raises(NotDeployed, match="no-such-program"):
        target.deploy(built(tmp_path / "1", "one"), None)
    assert target.live() is None
    assert "no-such-program" in target.examine()[0].mend


def test_a_service_that_is_away_is_named(bucket: Bucket, tmp_path: Path) -> None:
    """Nobody at the endpoint, and a bucket that is not there."""
    away = S3Target(lambda: open_bucket("site", "", f"http://127.0.0.1:{free_port()}", "us-east-1"), 2, "m")
    missing = S3Target(lambda: replace(bucket, name="no-such-bucket"), 2, "m")
    for target, words in ((missing, "Make the bucket"), (away, "Could not connect")):
        with pytest.raises(NotDeployed, match=words):
            target.deploy(built(tmp_path / "1", "one"), None)
        assert any(found.mend for found in target.examine())


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """boto3 is optional: without it the message says how to get it."""
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(NotDeployed, match="pip install boto3"):
        S3Target(lambda: open_bucket("site"), 2, "m").live()
