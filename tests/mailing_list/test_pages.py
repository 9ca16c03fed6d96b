"""Collections that Mailchimp shows page by page, while somebody works on them."""

from __future__ import annotations

from pathlib import Path

import pytest
from funnel.mailing_list.mailchimp import api

from .machines import Machine
from .standin.server import standing_in


@pytest.mark.parametrize("after", [1, 2, 3])
def test_what_slides_to_an_earlier_page_is_still_read(
    after: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A campaign is never passed over because another one was deleted between two pages: a letter could go out twice."""
    monkeypatch.setattr(api, "PAGE", 2)
    with standing_in() as (account, url):
        reading = Machine(tmp_path, account, url).list().api
        left = [f"c{number}" for number in range(8)]
        asked = 0

        def listing(*, count: int, offset: int) -> dict[str, object]:
            nonlocal asked
            asked += 1
            page = [{"id": name} for name in left[offset : offset + count]]
            answer = {"campaigns": page, "total_items": len(left)}
            if asked == after:
                left.pop(0)
            return answer

        read = [str(one["id"]) for one in reading.pages("reading", "campaigns", listing)]
    assert set(left) <= set(read) and len(read) == len(set(read))
