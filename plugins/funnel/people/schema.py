"""The tables of the contact book. Migrations only ever get longer; `user_version` counts those that have run."""

from __future__ import annotations

_FIRST = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE contacts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    subject TEXT NOT NULL UNIQUE,          -- random; the only name of a person in the ledger
    address TEXT NOT NULL UNIQUE,          -- RFC 5321: the domain in lower case, the local part as given
    who TEXT NOT NULL,                     -- keyed hash of the address in lower case
    name TEXT NOT NULL DEFAULT '',
    created_at TEXT NOT NULL,
    paused_until TEXT
);
CREATE INDEX contacts_who ON contacts (who);
CREATE TABLE consents (
    contact INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    purpose TEXT NOT NULL,
    state TEXT NOT NULL,
    since TEXT NOT NULL,
    seq INTEGER NOT NULL,                  -- the ledger line that says so
    PRIMARY KEY (contact, purpose)
) WITHOUT ROWID;
CREATE TABLE interests (
    contact INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    interest TEXT NOT NULL,
    PRIMARY KEY (contact, interest)
) WITHOUT ROWID;
CREATE TABLE facts (
    contact INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    source TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (contact, name, source)
) WITHOUT ROWID;
CREATE TABLE words (digest TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE ledger (
    seq INTEGER PRIMARY KEY,
    subject TEXT NOT NULL,
    purpose TEXT NOT NULL,
    state TEXT NOT NULL,
    how TEXT NOT NULL,
    at TEXT NOT NULL,
    words TEXT NOT NULL,                   -- digest of the words shown
    source TEXT NOT NULL,
    digest TEXT NOT NULL                   -- of this line and the one before it
);
CREATE INDEX ledger_subject ON ledger (subject);
CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END;
CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger only grows'); END;
CREATE TABLE requests (                    -- network addresses, only if the owner keeps them; deleted with the person
    seq INTEGER PRIMARY KEY,
    contact INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    address TEXT NOT NULL
);
CREATE TABLE departed (                    -- people who left and whose address is not kept (erased, lost with a backup)
    who TEXT NOT NULL,
    purpose TEXT NOT NULL,
    state TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (who, purpose)
) WITHOUT ROWID;
CREATE TABLE attempts (                    -- counters of the desk's rate limits
    bucket TEXT NOT NULL,
    slot INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (bucket, slot)
) WITHOUT ROWID;
"""

_SECOND = """
CREATE TABLE letters (                     -- letters of the desk: asked for, and sent once the post room took them
    contact INTEGER NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    purpose TEXT NOT NULL,
    seq INTEGER NOT NULL,
    asked_at TEXT NOT NULL,
    due_at TEXT,                           -- NULL: sent, or given up
    tries INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (contact, kind, purpose)
) WITHOUT ROWID;
CREATE INDEX letters_due ON letters (due_at) WHERE due_at IS NOT NULL;
"""

_THIRD = """
ALTER TABLE contacts ADD COLUMN mark TEXT NOT NULL DEFAULT '';  -- keyed: this name in the ledger belongs to this address
UPDATE contacts SET mark = mark_of(subject, who);
DELETE FROM words WHERE digest NOT IN (SELECT words FROM ledger JOIN contacts ON contacts.subject = ledger.subject);
"""

MIGRATIONS: tuple[str, ...] = (_FIRST, _SECOND, _THIRD)
"""`mark_of` is `Keys.mark`."""

TRIGGERS = frozenset(line.removesuffix(";") for line in _FIRST.splitlines() if line.startswith("CREATE TRIGGER"))
"""All that may act by itself in the file."""
