"""Where a site goes on-line: the port, and an adapter for each kind of place."""

from funnel.publish.targets.choose import open_target
from funnel.publish.targets.port import NotDeployed, Release, Target

__all__ = ["NotDeployed", "Release", "Target", "open_target"]
