"""The settings of a site: one frozen typed record, read and checked once, all errors at a time."""

from funnel.settings.record import Settings, SettingsError, read_settings
from funnel.settings.source import check_source

__all__ = ["Settings", "SettingsError", "check_source", "read_settings"]
