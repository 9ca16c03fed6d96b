"""What a publish tells to do next."""

from __future__ import annotations

import pytest
from funnel.publish.letters import what_next


@pytest.mark.parametrize(
    ("address", "told"), [("", "invoke serve --live"), ("https://site.example", "https://site.example")]
)
def test_the_site_is_looked_at_where_it_is(address: str, told: str) -> None:
    """A site on another machine is looked at by its address; only one in a folder here by `serve --live`."""
    words = what_next("local", 1, address)
    assert f"look at the site:           {told}\n" in words
    assert words.count("serve --live") == (not address)
