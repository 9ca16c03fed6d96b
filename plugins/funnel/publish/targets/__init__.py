"""Where a site goes on-line: the port, and an adapter for each kind of place."""

from funnel.publish.targets.choose import open_for_examination, open_target
from funnel.publish.targets.port import Examined, Finding, NotDeployed, Release, Target

__all__ = ["Examined", "Finding", "NotDeployed", "Release", "Target", "open_for_examination", "open_target"]
