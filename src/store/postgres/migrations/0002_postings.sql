-- Postings. Their ids are unique over all employers.
CREATE UNIQUE INDEX documents_posting ON documents (id) WHERE kind = 'posting';

-- What a search looks at: the postings that are not removed.
CREATE TABLE posting_index (
    number bigint PRIMARY KEY,
    id text COLLATE "C" NOT NULL UNIQUE,
    employer text COLLATE "C" NOT NULL,
    slug text COLLATE "C" NOT NULL,
    title text COLLATE "C" NOT NULL,
    revision integer NOT NULL,
    at bigint NOT NULL,
    -- As it is written down. From `due` on it is in another one.
    state text COLLATE "C" NOT NULL,
    -- The least number for one that has no such moment: so it is the last in the order of the newest.
    opens bigint NOT NULL,
    closes bigint,
    due bigint,
    -- The pay that it shows, in ten-thousandths of a major unit; its currency and period are a facet.
    low bigint,
    high bigint,
    terms tsvector NOT NULL,
    UNIQUE (employer, slug)
) WITH (toast_tuple_target = 128);
-- What lists are sorted by, and what is compared, stays in the row; what hardly gets smaller is not compressed.
ALTER TABLE posting_index
    ALTER id SET STORAGE PLAIN,
    ALTER employer SET STORAGE PLAIN,
    ALTER slug SET STORAGE PLAIN,
    ALTER title SET STORAGE PLAIN,
    ALTER state SET STORAGE PLAIN,
    ALTER terms SET STORAGE EXTERNAL;
CREATE INDEX posting_index_by_opening ON posting_index (opens, id);
CREATE INDEX posting_index_of_state ON posting_index (state, opens, id);
CREATE INDEX posting_index_by_title ON posting_index (title, id);
CREATE INDEX posting_index_by_change ON posting_index ((- at), id);
CREATE INDEX posting_index_by_due ON posting_index (due, id) WHERE due IS NOT NULL;
CREATE INDEX posting_index_public ON posting_index (id) WHERE state IN ('scheduled', 'published');
CREATE INDEX posting_index_public_of_employer ON posting_index (employer, id)
    WHERE state IN ('scheduled', 'published');
CREATE INDEX posting_index_terms ON posting_index USING gin (terms) WITH (fastupdate = off);
ALTER TABLE posting_index ALTER terms SET STATISTICS 0;

-- How many postings of an employer are written down in which state, and the last change of any of them,
-- removals included. The row without an employer is that of all.
CREATE TABLE posting_lists (
    employer text COLLATE "C" PRIMARY KEY,
    draft bigint NOT NULL,
    scheduled bigint NOT NULL,
    published bigint NOT NULL,
    closed bigint NOT NULL,
    sequence bigint NOT NULL,
    at bigint NOT NULL
) WITH (fillfactor = 50);
