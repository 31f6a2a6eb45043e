-- Moments are milliseconds since 1970 UTC. Texts that are sorted, or compared, are so by their bytes,
-- whatever the database's collation. Bodies are text, not jsonb: they come back byte for byte.

-- The one line of changes. Whoever writes locks this row until the commit: writes are serialised, and
-- a lower number never appears after a higher one.
CREATE TABLE sequence (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    last bigint NOT NULL
);
INSERT INTO sequence (last) VALUES (0);

-- The current state of each document. `number` is that of the change which made it.
CREATE TABLE documents (
    kind text COLLATE "C" NOT NULL,
    owner text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    revision integer NOT NULL,
    deleted boolean NOT NULL,
    at bigint NOT NULL,
    number bigint NOT NULL,
    PRIMARY KEY (kind, owner, id)
) WITH (fillfactor = 90);
CREATE INDEX documents_kept ON documents (kind, owner, id) WHERE NOT deleted;

CREATE TABLE revisions (
    kind text COLLATE "C" NOT NULL,
    owner text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    revision integer NOT NULL,
    sequence bigint NOT NULL UNIQUE,
    action text NOT NULL,
    at bigint NOT NULL,
    author text NOT NULL,
    message text,
    body text,
    PRIMARY KEY (kind, owner, id, revision),
    FOREIGN KEY (kind, owner, id) REFERENCES documents
);

-- What a search looks at: the roles that are not removed. Wide values are moved out of the rows, so
-- that many rows fit a page.
CREATE TABLE role_index (
    number bigint PRIMARY KEY,
    id text COLLATE "C" NOT NULL UNIQUE,
    title text COLLATE "C" NOT NULL,
    revision integer NOT NULL,
    at bigint NOT NULL,
    band_min bigint,
    band_max bigint,
    summary text NOT NULL,
    skills text NOT NULL,
    terms tsvector NOT NULL
) WITH (toast_tuple_target = 128);
-- What lists are sorted by stays in the row; what hardly gets smaller is not compressed.
ALTER TABLE role_index
    ALTER id SET STORAGE PLAIN,
    ALTER title SET STORAGE PLAIN,
    ALTER terms SET STORAGE EXTERNAL;
CREATE INDEX role_index_by_title ON role_index (title, id);
CREATE INDEX role_index_by_change ON role_index ((- at), id);
-- A pending list would be searched entry by entry, and emptied at some unlucky writer's expense.
CREATE INDEX role_index_terms ON role_index USING gin (terms) WITH (fastupdate = off);
-- How to search is decided by counting, not by estimates: to gather them would read every value.
ALTER TABLE role_index ALTER terms SET STATISTICS 0;

-- How many roles give a skill which name. Names are too long for a key.
CREATE TABLE skill_names (
    skill text COLLATE "C" NOT NULL,
    digest bytea NOT NULL,
    name text COLLATE "C" NOT NULL,
    roles bigint NOT NULL,
    terms tsvector NOT NULL,
    PRIMARY KEY (skill, digest)
);

-- What was taken over from the program, and from files.
CREATE TABLE seeds (
    origin text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    owner text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    digest bytea NOT NULL,
    release bigint NOT NULL,
    revision integer NOT NULL,
    PRIMARY KEY (kind, owner, id, origin)
);

CREATE TABLE keys (
    id text COLLATE "C" PRIMARY KEY,
    number bigint GENERATED ALWAYS AS IDENTITY,
    name text NOT NULL,
    digest bytea NOT NULL,
    scopes text[] NOT NULL,
    employers text[] NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint,
    last_used_at bigint,
    revoked_at bigint
);

-- Claims, and the answers to those that were done. `id` is a digest of scope and key.
CREATE TABLE replies (
    id bytea PRIMARY KEY,
    digest bytea NOT NULL,
    attempt bytea NOT NULL,
    claimed_at bigint NOT NULL,
    status integer,
    headers text,
    body bytea
);
CREATE INDEX replies_by_age ON replies (claimed_at);

CREATE TABLE audit (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at bigint NOT NULL,
    author text NOT NULL,
    key text,
    request text,
    action text NOT NULL,
    target text NOT NULL,
    revision integer
);
