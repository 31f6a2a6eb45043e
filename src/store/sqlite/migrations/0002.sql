-- Postings. Their ids are unique over all employers.
CREATE UNIQUE INDEX documents_posting ON documents (id) WHERE kind = 'posting';

-- The index of postings: one row for every posting that is not removed.
CREATE TABLE posting_index (
    number   INTEGER PRIMARY KEY REFERENCES documents (number),
    id       TEXT NOT NULL,
    employer TEXT NOT NULL,
    slug     TEXT NOT NULL,
    -- Folded.
    title    TEXT NOT NULL,
    revision INTEGER NOT NULL,
    -- The moment of the revision, negated: the last change has the least.
    age      INTEGER NOT NULL,
    -- As it is written down. From `due` on it is in another one.
    state    TEXT NOT NULL,
    -- The least number for one that has no such moment: so it is the last in the order of the newest.
    opens    INTEGER NOT NULL,
    closes   INTEGER,
    due      INTEGER,
    -- The pay that it shows, in ten-thousandths of a major unit; its currency and period are a facet.
    low      INTEGER,
    high     INTEGER
) STRICT;

CREATE UNIQUE INDEX posting_index_by_id ON posting_index (id);
CREATE UNIQUE INDEX posting_index_by_slug ON posting_index (employer, slug);
CREATE INDEX posting_index_by_opening ON posting_index (opens, id);
CREATE INDEX posting_index_of_state ON posting_index (state, opens, id);
CREATE INDEX posting_index_by_title ON posting_index (title, id);
CREATE INDEX posting_index_by_age ON posting_index (age, id);
CREATE INDEX posting_index_by_due ON posting_index (due, id) WHERE due IS NOT NULL;
CREATE INDEX posting_index_public ON posting_index (id) WHERE state IN ('scheduled', 'published');
CREATE INDEX posting_index_public_of_employer ON posting_index (employer, id)
    WHERE state IN ('scheduled', 'published');

-- Its facets with a space around each, to look at posting by posting.
CREATE TABLE posting_facets (
    number INTEGER PRIMARY KEY REFERENCES posting_index (number),
    facets TEXT NOT NULL
) STRICT;

-- Words and facets by posting: tokens, as those of roles.
CREATE VIRTUAL TABLE posting_words USING fts5 (
    tokens, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii', prefix = '2 3 4'
);

-- Every word that ever stood in a posting.
CREATE TABLE posting_vocabulary (
    word TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- How many postings of an employer are written down in which state, and the last change of any of them,
-- removals included. The row without an employer is that of all.
CREATE TABLE posting_lists (
    employer  TEXT PRIMARY KEY,
    draft     INTEGER NOT NULL DEFAULT 0,
    scheduled INTEGER NOT NULL DEFAULT 0,
    published INTEGER NOT NULL DEFAULT 0,
    closed    INTEGER NOT NULL DEFAULT 0,
    sequence  INTEGER NOT NULL,
    at        INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
