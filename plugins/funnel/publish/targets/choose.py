"""Opens the target that the settings name."""

from __future__ import annotations

from funnel.publish.build import Site
from funnel.publish.targets.local import LocalTarget
from funnel.publish.targets.port import Target
from funnel.settings import Settings


def open_target(settings: Settings, site: Site) -> Target:
    """The target of DEPLOY_TARGET; `funnel.settings` has made sure that it is one that we have."""
    return LocalTarget(site.root / settings.deploy_local_path, settings.keep_releases)
