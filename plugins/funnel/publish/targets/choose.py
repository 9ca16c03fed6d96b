"""Opens the target that the settings name."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from funnel.publish.build import Built, Site
from funnel.publish.compress import compressed
from funnel.publish.headers import header_rules, redirect_rules
from funnel.publish.targets.command import CommandTarget
from funnel.publish.targets.gh_pages import GhPagesTarget
from funnel.publish.targets.git import Branch, address_of
from funnel.publish.targets.local import Extras, LocalTarget, no_extras
from funnel.publish.targets.port import Examined, Progress, Target, quiet
from funnel.publish.targets.rsync import RsyncTarget
from funnel.publish.targets.s3 import S3Target
from funnel.publish.targets.s3_bucket import open_bucket
from funnel.publish.targets.ssh import place_of
from funnel.publish.verify import address_of as live_address
from funnel.publish.verify import can_be_read, fetch
from funnel.settings import Settings, SettingsError


def open_target(settings: Settings, site: Site, kind: str = "", progress: Progress = quiet) -> Target:
    """The target of DEPLOY_TARGET, or of `kind`. Nothing is asked of the place yet.

    Raises SettingsError when a setting that this kind needs is empty, NotDeployed when its remote has no address.
    """
    return _open(settings, site, kind, progress)


def open_for_examination(settings: Settings, site: Site) -> Examined:
    """The same target, as `doctor` sees it. Raises what `open_target` raises."""
    return _open(settings, site, "", quiet)


def _open(
    settings: Settings, site: Site, kind: str, progress: Progress
) -> LocalTarget | RsyncTarget | GhPagesTarget | S3Target | CommandTarget:
    keep, deploy = settings.keep_releases, site.var / "deploy"
    ssh_config = str(site.root / Path(settings.deploy_ssh_config).expanduser()) if settings.deploy_ssh_config else ""
    kind = kind or settings.deploy_target
    _complete(settings, kind)
    if kind == "rsync":
        place = place_of(settings.deploy_ssh_target, ssh_config)
        return RsyncTarget(place, keep, extras=_smaller(settings, site), progress=progress)
    if kind == "gh-pages":
        remote = address_of(settings.deploy_git_remote, site.root)
        branch = Branch(deploy / "git", remote, settings.deploy_git_branch, keep + 5, ssh_config)
        return GhPagesTarget(branch, keep, cname=settings.deploy_domain, progress=progress)
    if kind == "s3":
        where = (
            settings.deploy_s3_bucket,
            settings.deploy_s3_prefix,
            settings.deploy_s3_endpoint,
            settings.deploy_s3_region,
        )
        return S3Target(partial(open_bucket, *where), keep, _machine(deploy / "machine"), progress=progress)
    if kind == "command":
        folder = deploy / "command"
        store = LocalTarget(folder, keep, extras=_rules)
        return CommandTarget(settings.deploy_command, site.root, folder, store, _reader(settings))
    return LocalTarget(local_folder(settings, site), keep, extras=_smaller(settings, site), progress=progress)


def local_folder(settings: Settings, site: Site) -> Path:
    """The folder of releases on this machine: `~` is the home of whoever publishes, other names count from the site's folder."""
    return site.root / Path(settings.deploy_local_path).expanduser()


NEEDS = {
    "rsync": ("deploy_ssh_target", "ssh://user@host/srv/www/site"),
    "s3": ("deploy_s3_bucket", "the name of your bucket"),
    "command": ("deploy_command", "netlify deploy --prod --dir {folder}"),
}
"""The setting without which a kind of target cannot work, and an example."""


def _complete(settings: Settings, kind: str) -> None:
    name, example = NEEDS.get(kind, ("", ""))
    if name and not getattr(settings, name):
        raise SettingsError(
            f'The target {kind} needs one more setting in publishconf.py, such as {name.upper()} = "{example}"'
        )


def _rules(built: Built) -> Mapping[str, bytes]:
    """The files that hosts like Netlify and Cloudflare Pages read."""
    rules = {"_headers": header_rules(built.site), "_redirects": redirect_rules(built.site)}
    return {name: text.encode() for name, text in rules.items() if text}


def _smaller(settings: Settings, site: Site) -> Extras:
    """Compressed copies, where the owner's server sends them."""
    if not settings.deploy_precompress:
        return no_extras
    return lambda built: compressed(built.site, built.record.manifest, site.var / "cache" / "compressed")


def _reader(settings: Settings) -> Callable[[str], bytes | None] | None:
    """Reads files from SITEURL; None where that is no address of the open net."""
    if not can_be_read(settings.siteurl):
        return None
    return lambda path: fetch(live_address(settings.siteurl, path), timeout=20.0, most=50_000_000)


def _machine(path: Path) -> str:
    """A name that only this machine has, made once: by it an interrupted publish to a bucket is known again."""
    if not path.is_file() or not path.read_text(encoding="utf-8").strip():
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_name(f"{path.name}.new")
        half.write_text(secrets.token_hex(16), encoding="utf-8")
        half.replace(path)
    return path.read_text(encoding="utf-8").strip()
