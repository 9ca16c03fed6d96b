"""Who gets a letter: one question to the book, answered for 100,000 people in less than half a second."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime

from funnel.people.contacts import interest_key
from funnel.people.law import Purpose
from funnel.people.records import Recipient
from funnel.people.store import Store
from funnel.people.tokens import Tokens
from funnel.people.when import to_text

_RECIPIENTS = """
WITH twins AS MATERIALIZED (SELECT who FROM contacts GROUP BY who HAVING count(*) > 1),
may AS (
    SELECT id, who, address, name, since, subject FROM contacts JOIN consents ON contact = id
    WHERE purpose = ? AND state = 'confirmed' AND (paused_until IS NULL OR paused_until <= ?)
    AND (? = '[]' OR EXISTS (
        SELECT 1 FROM interests i WHERE i.contact = id AND interest IN (SELECT value FROM json_each(?))
    ))
)
SELECT address, name, since, subject FROM may
WHERE who NOT IN twins OR id = (SELECT id FROM may twin WHERE twin.who = may.who ORDER BY since DESC, id DESC LIMIT 1)
ORDER BY id
"""
"""Of two spellings of one mailbox, the one that consented last: nobody gets two copies."""


def select(store: Store, tokens: Tokens, purpose: Purpose, interests: Collection[str], at: datetime) -> list[Recipient]:
    """Everybody confirmed for `purpose` and not pausing at the moment `at`; with `interests`, who chose at least one of
    them.
    """
    wanted = json.dumps(sorted(interest_key(one) for one in interests))
    rows = store.connection.execute(_RECIPIENTS, (purpose.value, to_text(at), wanted, wanted))
    sign, read = tokens.unsubscribe, datetime.fromisoformat
    return [Recipient(address, name, read(since), sign(subject)) for address, name, since, subject in rows]
