-- What a run remembers of the articles in the store and of those it adds.
CREATE TABLE owner (article_id TEXT PRIMARY KEY, outlet_id TEXT NOT NULL) WITHOUT ROWID;

-- An article's newest version, of the outlets that were read. `earlier` are digests, parted by spaces.
CREATE TABLE known (
    article_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    version_no INTEGER NOT NULL,
    digest TEXT NOT NULL,
    url TEXT NOT NULL,
    final TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    observability TEXT NOT NULL,
    words INTEGER NOT NULL,
    earlier TEXT NOT NULL
) WITHOUT ROWID;

-- The versions of an outlet's articles while it is read.
CREATE TABLE version (
    article_id TEXT,
    seen_at TEXT,
    version_no INTEGER,
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    final TEXT NOT NULL,
    observability TEXT NOT NULL,
    words INTEGER NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (article_id, seen_at, version_no)
) WITHOUT ROWID;

-- Which article of an outlet has a text, by the text's digest.
CREATE TABLE told (
    outlet_id TEXT, digest TEXT, article_id TEXT NOT NULL, PRIMARY KEY (outlet_id, digest)
) WITHOUT ROWID;

-- Which article an address of an outlet led to.
CREATE TABLE led (
    outlet_id TEXT, url TEXT, article_id TEXT NOT NULL, PRIMARY KEY (outlet_id, url)
) WITHOUT ROWID;

-- What the files of an import say of the pages in them. Which URL was asked that led to another:
CREATE TABLE redirect (target TEXT PRIMARY KEY, asked TEXT NOT NULL) WITHOUT ROWID;

-- Whose listing named a page,
CREATE TABLE named (url TEXT PRIMARY KEY, outlet_id TEXT NOT NULL) WITHOUT ROWID;

-- and when listings say that it was published.
CREATE TABLE dated (
    url TEXT PRIMARY KEY,
    outlet_id TEXT NOT NULL,
    found_by TEXT NOT NULL,
    found_in TEXT NOT NULL,
    published TEXT NOT NULL,
    precision TEXT NOT NULL,
    archived TEXT
) WITHOUT ROWID;

-- A host's answer to an address that does not exist.
CREATE TABLE probe (host TEXT PRIMARY KEY, body BLOB NOT NULL);

-- The captures of a file that an import had noted when it was broken off; the place is -1 where there is none.
CREATE TABLE noted (
    place INTEGER, url TEXT, digest TEXT, PRIMARY KEY (place, url, digest)
) WITHOUT ROWID;
