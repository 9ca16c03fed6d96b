"""From settings to a target: each kind opens, what is missing or unsafe is refused with its name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from builds import built
from funnel.mailing_list.event import Event, Phase
from funnel.publish.build import Site
from funnel.publish.history import last_publishes, overdue_words
from funnel.publish.stamp import Held
from funnel.publish.targets import NotDeployed, open_for_examination, open_target
from funnel.publish.targets.choose import local_folder
from funnel.publish.targets.git import address_of
from funnel.publish.targets.shipment import read_shipment, release_in
from funnel.settings import Settings, SettingsError, read_settings
from hypothesis import given
from hypothesis import strategies as st

COMPLETE: Mapping[str, Mapping[str, str]] = {
    "local": {},
    "rsync": {"DEPLOY_SSH_TARGET": "ssh://deploy@www.example.com:2222/srv/www/site"},
    "gh-pages": {"DEPLOY_GIT_REMOTE": "git@github.com:example/site.git"},
    "s3": {"DEPLOY_S3_BUCKET": "www.example.com"},
    "command": {"DEPLOY_COMMAND": "netlify deploy --prod --dir {folder}"},
}


@pytest.mark.parametrize("kind", COMPLETE)
def test_every_kind_opens_from_its_settings_without_asking_anybody(kind: str, tmp_path: Path) -> None:
    """Opening reaches for no network: a task that only shows its help must not wait."""
    settings = read_settings({"DEPLOY_TARGET": kind, **COMPLETE[kind]}, {})
    assert open_target(settings, Site(tmp_path)).name == kind
    assert open_for_examination(settings, Site(tmp_path)) is not None


@pytest.mark.parametrize("kind", ["rsync", "s3", "command"])
def test_a_kind_without_its_setting_names_it(kind: str, tmp_path: Path) -> None:
    """The message holds the name to write and an example."""
    (name,) = COMPLETE[kind]
    with pytest.raises(SettingsError, match=f'{name} = "'):
        open_target(read_settings({"DEPLOY_TARGET": kind}, {}), Site(tmp_path))


def test_the_task_gh_pages_overrules_the_setting(tmp_path: Path) -> None:
    """`invoke gh-pages` publishes to the branch whatever DEPLOY_TARGET says."""
    settings = Settings(deploy_git_remote="https://git.example.com/site.git")
    assert open_target(settings, Site(tmp_path), "gh-pages").name == "gh-pages"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEPLOY_TARGET", "ftp"),
        ("DEPLOY_SSH_TARGET", "ssh://-oProxyCommand=sh@host/srv/www"),
        ("DEPLOY_SSH_TARGET", "ssh://-host/srv/www"),
        ("DEPLOY_SSH_TARGET", "ssh://user:password@host/srv/www"),
        ("DEPLOY_SSH_TARGET", "ssh://host/"),
        ("DEPLOY_SSH_TARGET", "ssh://host/srv/../etc"),
        ("DEPLOY_SSH_TARGET", "ssh://host/srv/$(x y)"),
        ("DEPLOY_SSH_TARGET", "www.example.com:/srv/www"),
        ("DEPLOY_GIT_REMOTE", "--upload-pack=sh"),
        ("DEPLOY_GIT_REMOTE", "ext::sh -c x"),
        ("DEPLOY_GIT_REMOTE", "https://user:token@git.example.com/x.git"),
        ("DEPLOY_GIT_BRANCH", "-x"),
        ("DEPLOY_GIT_BRANCH", "a..b"),
        ("DEPLOY_DOMAIN", "https://www.example.com"),
        ("DEPLOY_S3_BUCKET", "Not A Bucket"),
        ("DEPLOY_S3_ENDPOINT", "minio.example.com"),
        ("DEPLOY_COMMAND", "netlify deploy --prod"),
        ("DEPLOY_COMMAND", 'netlify "{folder}'),
        ("DEPLOY_PATIENCE", -1),
        ("DEPLOY_SSH_TARGET", "ssh://deploy@host:99999/srv/www"),
        ("DEPLOY_S3_ENDPOINT", "https://"),
        ("DEPLOY_S3_ENDPOINT", "http://minio here"),
        ("DEPLOY_COMMAND", " "),
        ("DEPLOY_LOCAL_PATH", ""),
        ("SITEURL", "https://www.exa mple.org"),
        ("SITEURL", "https://www.example.org:port"),
        ("SITEURL", "https://[www.example.org"),
        ("SITEURL", "https://me:secret@www.example.org"),
    ],
)
def test_what_is_unsafe_or_cannot_be_meant_is_refused(name: str, value: object) -> None:
    """An option in disguise, a password, a folder above: the setting is named with what it should be."""
    with pytest.raises(SettingsError, match=name):
        read_settings({name: value}, {})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEPLOY_SSH_TARGET", "ssh://deploy:s3cret@host/srv/www"),
        ("DEPLOY_SSH_TARGET", "ssh://deploy:s3@cret@host/srv/www"),
        ("DEPLOY_GIT_REMOTE", "https://user:s3cret@git.example.com/x.git"),
        ("SITEURL", "https://me:s3cret@www.example.org"),
    ],
)
def test_a_refused_password_is_not_repeated(name: str, value: str) -> None:
    """The message names the setting and its form; it ends up in logs, so the password in the value is blotted out."""
    with pytest.raises(SettingsError, match=rf"{name}.*:\*\*\*@") as refused:
        read_settings({name: value}, {})
    assert "cret" not in str(refused.value)


def test_the_names_of_places_mean_the_same_from_every_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`~` is the home of whoever publishes; every other name counts from the site's folder, wherever the command was typed."""
    site = Site(tmp_path / "site")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    assert local_folder(Settings(deploy_local_path="~/www"), site) == tmp_path / "home/www"
    assert local_folder(Settings(deploy_local_path="www"), site) == tmp_path / "site/www"
    assert address_of("~/pages.git", site.root) == str(tmp_path / "home/pages.git")
    settings = Settings(
        deploy_target="rsync", deploy_ssh_target="ssh://127.0.0.1/srv/www", deploy_ssh_config="keys/config"
    )
    (found,) = open_for_examination(settings, site).examine()
    assert str(tmp_path / "site/keys/config") in found.mend


def test_each_build_for_a_command_has_the_rules_of_its_host(tmp_path: Path) -> None:
    """The folder that the command is given holds `_headers`; the build itself does not."""
    (tmp_path / "take.sh").write_text('#!/bin/sh\ncp -r "$1" taken\n', encoding="utf-8")
    (tmp_path / "take.sh").chmod(0o755)
    settings = Settings(
        siteurl="https://two-funnels.example", deploy_target="command", deploy_command="sh take.sh {folder}"
    )
    build = built(tmp_path / "build", "one")
    open_target(settings, Site(tmp_path)).deploy(build, None)
    assert "nosniff" in (tmp_path / "taken/_headers").read_text(encoding="utf-8")
    assert not (build.site / "_headers").exists()


@pytest.mark.parametrize("left", [None, "", "\n"])
def test_a_machine_has_a_name_even_after_a_full_disk(left: str | None, tmp_path: Path) -> None:
    """An empty file is no name: with it, two machines at work in one bucket would not know each other."""
    path = tmp_path / "var/deploy/machine"
    path.parent.mkdir(parents=True)
    if left is not None:
        path.write_text(left, encoding="utf-8")
    settings = Settings(deploy_target="s3", deploy_s3_bucket="bucket")
    open_target(settings, Site(tmp_path))
    name = path.read_text(encoding="utf-8")
    open_target(settings, Site(tmp_path))
    assert len(name) == 32 and path.read_text(encoding="utf-8") == name


def test_smaller_copies_are_served_where_they_are_asked_for(tmp_path: Path) -> None:
    """DEPLOY_PRECOMPRESS lays x.br and x.gz beside the site, and they count as part of what is live."""
    build = built(tmp_path / "build", "one", [f"page-number-{number}" for number in range(60)])
    settings = Settings(deploy_precompress=True)
    target = open_target(settings, Site(tmp_path))
    target.deploy(build, None)
    copy = tmp_path / "var/site/current/index.html.br"
    copy.write_bytes(copy.read_bytes() + b"x")
    assert list(target.drift()) == ["index.html.br"]


@given(st.text(max_size=300))
def test_what_is_no_record_is_refused(text: str) -> None:
    """A damaged record of a release is an error in words, never an empty site."""
    with pytest.raises(NotDeployed, match="cannot be read"):
        read_shipment(text, "somewhere")


@given(st.binary(max_size=200))
def test_only_a_label_is_taken_for_one(text: bytes) -> None:
    """A host's page for what is not there names no release."""
    named = release_in(text)
    assert named is None or text.strip() == named.encode()


def test_what_should_be_on_line_by_now_is_said() -> None:
    """A document whose date has come since the last build is named with what to do; others are not."""
    held = (
        Held("posts/a.md", "A", "future", "2030-01-01T00:00:00+00:00"),
        Held("posts/b.md", "B", "future", "2030-03-01T00:00:00+00:00"),
        Held("posts/c.md", "C", "draft", ""),
    )
    (line,) = overdue_words(held, datetime(2030, 2, 1, tzinfo=UTC), "Europe/Berlin")
    assert "posts/a.md" in line and "2030-01-01 01:00 Europe/Berlin (2030-01-01 00:00 UTC)" in line
    assert "invoke publish" in line


def test_the_last_publishes_stand_newest_first_with_their_end() -> None:
    """Two lines of the ledger about one deploy are one line here; a killed one is seen as begun."""
    one, two, three = (datetime(2030, 1, day, 9, 0, tzinfo=UTC) for day in (1, 2, 3))
    events = [
        Event(one, "deploy", Phase.INTENT, "a", "local"),
        Event(one, "deploy", Phase.DONE, "a", "local"),
        Event(one, "draft", Phase.DONE, "site/1", "local"),
        Event(two, "rollback", Phase.INTENT, "b", "local"),
        Event(two, "rollback", Phase.DONE, "b", "local"),
        Event(three, "deploy", Phase.INTENT, "c", "rsync"),
    ]
    assert list(last_publishes(events)) == [
        "2030-01-03 09:00 UTC  published c (rsync): begun, and not ended",
        "2030-01-02 09:00 UTC  rolled back to b (local): done",
        "2030-01-01 09:00 UTC  published a (local): done",
    ]


def test_the_recipe_for_actions_keeps_people_out_and_the_ledger_in(project: Path) -> None:
    """It can be read as YAML, gives the token one right, kills no publish, caches no address of a person, keeps the ledger."""
    recipe = yaml.safe_load((project / "docs/recipes/publish.yml").read_text(encoding="utf-8"))
    steps = recipe["jobs"]["publish"]["steps"]
    assert recipe["permissions"] == {"contents": "write"}
    assert recipe["concurrency"]["cancel-in-progress"] is False
    (cache,) = [step["with"]["path"].split() for step in steps if "cache" in step.get("uses", "")]
    assert set(cache) == {"var/cache", "var/deploy", "var/build/site.record"}
    commands = [step["run"] for step in steps if "run" in step]
    assert [line.split("bootstrap.py ")[1].split()[0] for line in commands if "bootstrap.py" in line] == [
        "check",
        "publish",
    ]
    assert "for kept in ledger.jsonl editions" in commands[-1] and "git push" in commands[-1]
    assert steps[-1]["if"] == "always()"
