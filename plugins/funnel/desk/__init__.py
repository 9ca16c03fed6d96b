"""The subscription desk: the pages where people come, confirm, choose, leave and see their own data."""

from funnel.desk.app import DeskApp
from funnel.desk.options import DeskOptions, Limits, desk_options
from funnel.desk.post_room import Deliver
from funnel.desk.serve import Listening, open_desk, serve, to_outbox

__all__ = [
    "Deliver",
    "DeskApp",
    "DeskOptions",
    "Limits",
    "Listening",
    "desk_options",
    "open_desk",
    "serve",
    "to_outbox",
]
