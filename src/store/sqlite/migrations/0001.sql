-- Times are milliseconds since 1970, UTC. Bodies and summaries are compact JSON.

-- The current state of every document that there ever was.
CREATE TABLE documents (
    -- Never changes, and a removed document keeps it: roles of equal rank stand in its order.
    number   INTEGER PRIMARY KEY,
    kind     TEXT NOT NULL,
    owner    TEXT NOT NULL,
    id       TEXT NOT NULL,
    -- The newest revision: its number, whether it removed the document, and its place in the line of changes.
    revision INTEGER NOT NULL,
    deleted  INTEGER NOT NULL,
    at       INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    UNIQUE (kind, owner, id)
) STRICT;

CREATE INDEX documents_present ON documents (kind, owner, id) WHERE deleted = 0;

-- All revisions, in the order in which they were made.
CREATE TABLE revisions (
    sequence INTEGER PRIMARY KEY,
    document INTEGER NOT NULL REFERENCES documents (number),
    revision INTEGER NOT NULL,
    action   TEXT NOT NULL,
    at       INTEGER NOT NULL,
    author   TEXT NOT NULL,
    message  TEXT,
    -- Nothing for a deletion.
    body     TEXT,
    UNIQUE (document, revision)
) STRICT;

-- What was taken over from the program and from folders.
CREATE TABLE seeds (
    origin   TEXT NOT NULL,
    document INTEGER NOT NULL REFERENCES documents (number),
    digest   BLOB NOT NULL,
    release  INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (origin, document)
) STRICT, WITHOUT ROWID;

CREATE TABLE keys (
    number       INTEGER PRIMARY KEY,
    id           TEXT NOT NULL UNIQUE,
    name         TEXT NOT NULL,
    digest       BLOB NOT NULL,
    -- Arrays in JSON.
    scopes       TEXT NOT NULL,
    employers    TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER,
    last_used_at INTEGER,
    revoked_at   INTEGER
) STRICT;

-- What was done under an `Idempotency-Key`: claims, and the answers to those that are done.
CREATE TABLE replies (
    scope      TEXT NOT NULL,
    key        TEXT NOT NULL,
    digest     BLOB NOT NULL,
    attempt    BLOB NOT NULL,
    claimed_at INTEGER NOT NULL,
    -- Nothing until it is done.
    status     INTEGER,
    headers    TEXT,
    body       BLOB,
    PRIMARY KEY (scope, key)
) STRICT;

CREATE INDEX replies_by_age ON replies (claimed_at);

CREATE TABLE audit (
    number   INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    author   TEXT NOT NULL,
    key      TEXT,
    request  TEXT,
    action   TEXT NOT NULL,
    target   TEXT NOT NULL,
    revision INTEGER
) STRICT;

-- The index of roles: one row for every role that is not removed.
CREATE TABLE role_index (
    number   INTEGER PRIMARY KEY REFERENCES documents (number),
    id       TEXT NOT NULL,
    -- Folded.
    title    TEXT NOT NULL,
    updated  INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    summary  TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX role_index_by_id ON role_index (id);
CREATE INDEX role_index_by_title ON role_index (title, id);
CREATE INDEX role_index_by_update ON role_index (updated DESC, id);

-- What a search compares role by role, kept apart from the summaries so that many fit a page.
CREATE TABLE role_facts (
    number   INTEGER PRIMARY KEY REFERENCES role_index (number),
    updated  INTEGER NOT NULL,
    -- The pay band in ten-thousandths of a major unit; all or none of the four.
    low      INTEGER,
    high     INTEGER,
    currency TEXT,
    period   TEXT
) STRICT;

CREATE TABLE role_skills (
    number INTEGER NOT NULL REFERENCES role_index (number),
    skill  TEXT NOT NULL,
    name   TEXT NOT NULL,
    PRIMARY KEY (number, skill)
) STRICT, WITHOUT ROWID;

-- How many roles give a skill this name.
CREATE TABLE skill_names (
    skill TEXT NOT NULL,
    name  TEXT NOT NULL,
    roles INTEGER NOT NULL,
    PRIMARY KEY (skill, name)
) STRICT, WITHOUT ROWID;

-- Words and facets by role. Each is a token whose first letter says what it is (src/store/sqlite/token.rs),
-- so that the words of titles are found without passing over those of all texts.
CREATE VIRTUAL TABLE role_words USING fts5 (
    tokens, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii', prefix = '2 3 4'
);

-- Every word that ever stood in a role: tells which words begin like one of a search.
CREATE TABLE vocabulary (
    word TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
